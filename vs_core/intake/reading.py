"""The shared reader: a CSV or Excel file becomes a header and rows of text, nothing guessed, nothing shifted."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from vs_core.intake.cells import in_form, likely_date_form
from vs_core.intake.problems import FileProblem
from vs_core.rules.formulas import unescaped

SEPARATORS = ",;\t"
EXCEL = (".xlsx", ".xlsm")
WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BYTE_ORDER_MARK = "\ufeff"
csv.field_size_limit(10_000_000)


@dataclass(frozen=True)
class Sheet:
    """A file as text. rows: one list of cells a row; row_numbers: as a spreadsheet counts them, the header being 1."""

    name: str
    sha256: str
    encoding: str
    header: list[str]
    rows: list[list[str]]
    row_numbers: list[int] = field(default_factory=list)


def read(path: Path, encoding: str | None = None, sheet: str | None = None) -> Sheet:
    """Read a file of the disk. Raises FileProblem."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileProblem(f"The file {path.name} cannot be opened: {error.strerror or 'unknown reason'}.") from error
    return read_bytes(path.name, content, encoding, sheet)


def sha256_of(path: Path) -> str:
    """By which the ledger knows a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_bytes(name: str, content: bytes, encoding: str | None = None, sheet: str | None = None) -> Sheet:
    """Read an uploaded file. Raises FileProblem."""
    sha256 = hashlib.sha256(content).hexdigest()
    if content.startswith(OLD_WORKBOOK):
        raise FileProblem(
            f"The file {name} is a workbook of the old form (.xls), or one that opens with a password:"
            " save it as .xlsx without a password."
        )
    if name.lower().endswith(EXCEL) or content.startswith(WORKBOOK):
        found, records = "Excel", _excel_records(name, content, sheet)
    else:
        found, records = _csv_records(name, content, encoding)
    numbers = [number for number, record in enumerate(records, start=1) if record]
    if not numbers:
        raise FileProblem(f"The file {name} is empty: it has not even a row of column names.")
    rows = [record for record in records if record]
    header = [cell.strip() for cell in rows.pop(0)]
    while header and not header[-1]:
        header.pop()
    for row in rows:
        while len(row) > len(header) and not row[-1]:
            row.pop()
    return Sheet(name, sha256, found, header, rows, numbers[1:])


def _csv_records(name: str, content: bytes, encoding: str | None) -> tuple[str, list[list[str]]]:
    found, text = _decoded(name, content, encoding)
    if "\x00" in text[:4096]:
        raise FileProblem(f"The file {name} is not text in {found}. Say its encoding (--encoding), such as utf-16.")
    first_line = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first_line.count)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise FileProblem(f"The file {name} is not a readable CSV file: {error}.") from error
    return found, [[unescaped(cell) for cell in record] for record in records] if "'" in text else records


def _decoded(name: str, content: bytes, encoding: str | None) -> tuple[str, str]:
    for candidate in [encoding] if encoding else ["utf-8-sig", "windows-1252"]:
        try:
            return candidate.replace("-sig", ""), content.decode(candidate).removeprefix(BYTE_ORDER_MARK)
        except UnicodeError:
            continue
        except LookupError as error:
            raise FileProblem(f"There is no encoding called '{candidate}'.") from error
    if encoding:
        raise FileProblem(f"The file {name} cannot be read as {encoding}: name another encoding, or none.")
    raise FileProblem(f"The file {name} cannot be read as UTF-8 or windows-1252. Say its encoding (--encoding).")


def _excel_records(name: str, content: bytes, sheet: str | None) -> list[list[str]]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            chosen = sheet or _only_visible_sheet(name, book)
            if chosen not in book.sheet_names:
                raise FileProblem(f"The workbook {name} has no sheet called '{chosen}'.")
            rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise FileProblem(f"The file {name} is not a readable Excel workbook.") from error
    records = [[_excel_text(cell) for cell in row] for row in _dates_as_in_their_column(rows)]
    return [record if any(record) else [] for record in records]


def _only_visible_sheet(name: str, book: CalamineWorkbook) -> str:
    """Charts on a sheet of their own are no sheets here."""
    visible = [
        sheet.name
        for sheet in book.sheets_metadata
        if str(sheet.visible).endswith("Visible") and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    if len(visible) != 1:
        listed = ", ".join(f"'{one}'" for one in visible)
        raise FileProblem(f"The workbook {name} has {len(visible)} visible sheets ({listed}): say which one (--sheet).")
    return visible[0]


def _dates_as_in_their_column(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """Dates that Excel knows as such, written in the form that the typed dates of their column have."""
    written = [list(row) for row in rows]
    for place in range(max(map(len, written), default=0)):
        cells = [row[place] for row in written if place < len(row)]
        if not any(isinstance(cell, datetime.date) for cell in cells):
            continue
        form = likely_date_form({cell for cell in cells if isinstance(cell, str)})
        for row in written if form else ():
            cell = row[place] if place < len(row) else None
            if isinstance(cell, datetime.date):
                row[place] = in_form(form, cell)
    return written


def _excel_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else _as_excel_shows(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(sep=" ")
    return "" if cell is None else _without_escapes(str(cell))


def _as_excel_shows(number: float) -> str:
    """With the fifteen digits that Excel keeps: 0.1 + 0.2 is 0.3."""
    text = format(Decimal(f"{number:.15g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _without_escapes(text: str) -> str:
    """The two non-characters that workbooks escape and the library leaves escaped."""
    return text.replace("_xFFFE_", "\ufffe").replace("_xFFFF_", "\uffff") if "_xFFF" in text else text

"""A released batch as a file for the finance system, in the layout that the council says.

The file holds no name of a child, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import xlsxwriter
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from vs_core.rules.excel import fitting, refuse_rows
from vs_core.rules.formulas import escaped
from vs_core.rules.payables import Line, label
from vs_core.rules.pp_plus import year_of_request
from vs_core.rules.words import ENGLAND
from vs_core.settings import DATA, settings

NAME = "payment_file.toml"
SHIPPED = DATA / "reference" / NAME
Field = Literal[
    "batch",
    "reference",
    "line",
    "vendor",
    "bank_reference",
    "urn",
    "school",
    "amount",
    "term",
    "financial_year",
    "fund",
    "cost_code",
    "invoice",
    "request",
    "released_on",
    "reason",
]
DATES = {"dd/mm/yyyy": "%d/%m/%Y", "yyyy-mm-dd": "%Y-%m-%d", "dd-mm-yyyy": "%d-%m-%Y", "yyyymmdd": "%Y%m%d"}


class LayoutProblem(ValueError):
    """The layout cannot be used; the text says where it is at fault."""


class LayoutColumn(BaseModel):
    """heading; field: what stands in it; text: the same words in every row instead."""

    model_config = ConfigDict(extra="forbid")
    heading: str
    field: Field | None = None
    text: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> LayoutColumn:
        if (self.field is None) == (self.text is None):
            raise ValueError("a column has a field or a text")
        return self


class Layout(BaseModel):
    """dates: how days are written; money: in pounds with two decimals, or in pence; payments: their sign, of which
    counter-entries have the other; headings: whether the first row has them; separator: of the CSV file."""

    model_config = ConfigDict(extra="forbid")
    dates: Literal["dd/mm/yyyy", "yyyy-mm-dd", "dd-mm-yyyy", "yyyymmdd"] = "dd/mm/yyyy"
    money: Literal["pounds", "pence"] = "pounds"
    payments: Literal["positive", "negative"] = "positive"
    headings: bool = True
    separator: Literal[",", ";", "|"] = ","
    columns: list[LayoutColumn]

    @property
    def header(self) -> list[str]:
        return [column.heading for column in self.columns]


def layout() -> Layout:
    """The council's layout, else the shipped one. Raises LayoutProblem."""
    own = settings().mapping_folder / NAME
    return read_layout(own if own.exists() else SHIPPED)


def read_layout(file: Path) -> Layout:
    """A layout from a TOML file. Raises LayoutProblem."""
    try:
        return Layout.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise LayoutProblem(f"The layout {file.name} cannot be opened: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LayoutProblem(f"The layout {file.name} is not TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "columns"
        raise LayoutProblem(f"The layout {file.name} has a fault at {where}: {first['msg'].lower()}.") from error


def csv_file(of: Layout, lines: Sequence[Line], *, reversed_ones: bool = False) -> bytes:
    """Lines as CSV: UTF-8 with a byte-order mark; text that a spreadsheet would run has an apostrophe before it.
    reversed_ones: the counter-entries of the lines, with the other sign."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=of.separator)
    if of.headings:
        writer.writerow([escaped(heading) for heading in of.header])
    for row in _rows(of, lines, reversed_ones):
        writer.writerow([_as_text(of, cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(of: Layout, lines: Sequence[Line], *, reversed_ones: bool = False) -> bytes:
    """Lines as one sheet: numbers as numbers, days as days, text as text whatever it begins with."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Payments")
        days = book.add_format({"num_format": of.dates})
        money = book.add_format({"num_format": "0.00" if of.money == "pounds" else "0"})
        rows = _rows(of, lines, reversed_ones)
        refuse_rows(len(rows) + 1)
        for number, row in enumerate([of.header, *rows] if of.headings else rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, days)
                elif isinstance(cell, Decimal):
                    sheet.write_number(number, place, float(cell), money)
                elif cell not in (None, ""):
                    sheet.write_string(number, place, fitting(str(cell)))
    return file.getvalue()


def _rows(of: Layout, lines: Sequence[Line], reversed_ones: bool) -> list[list[Any]]:
    """The cells: Decimal for money, date for days, else text."""
    return [[_cell(of, column, line, reversed_ones) for column in of.columns] for line in lines]


def _cell(of: Layout, column: LayoutColumn, line: Line, is_reversal: bool) -> Any:
    if column.text is not None:
        return column.text
    return _FIELDS[str(column.field)](of, line, is_reversal)


def _amount(of: Layout, line: Line, is_reversal: bool) -> Decimal:
    sign = -1 if is_reversal != (of.payments == "negative") else 1
    pence = Decimal(sign * line.amount_pence)
    return pence if of.money == "pence" else (pence / 100).quantize(Decimal("0.01"))


def _released_on(_of: Layout, line: Line, is_reversal: bool) -> date | None:
    at = line.reversed_at if is_reversal else line.released_at
    return at.astimezone(ENGLAND).date() if at else None


_FIELDS: dict[str, Any] = {
    "batch": lambda _of, line, _back: label(line.batch_id),
    "reference": lambda _of, line, back: f"{line.reference}-R" if back else line.reference,
    "line": lambda _of, line, _back: str(line.line_id),
    "amount": _amount,
    "released_on": _released_on,
    "financial_year": lambda _of, line, _back: year_of_request(line.term, None),
    "request": lambda _of, line, _back: line.request_id,
    "reason": lambda _of, line, back: line.reversed_why if back else "",
    **{
        name: (lambda _of, line, _back, name=name: getattr(line, name))
        for name in ("vendor", "bank_reference", "urn", "school", "term", "fund", "cost_code", "invoice")
    },
}


def _as_text(of: Layout, cell: Any) -> str:
    if isinstance(cell, date):
        return cell.strftime(DATES[of.dates])
    if isinstance(cell, Decimal):
        return str(cell)
    return escaped("" if cell is None else str(cell))

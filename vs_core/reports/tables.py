"""Tables as files: CSV and Excel in which no cell can be read as a formula, a link or a command."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pandas as pd
import xlsxwriter

from vs_core.rules.excel import fitting, refuse_rows
from vs_core.rules.formulas import escaped

LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """The frame's columns as CSV: UTF-8 with a byte-order mark, ISO dates, no index.

    Text that begins like a formula gets an apostrophe before it. Numbers stay numbers, negative ones too.
    """
    safe = frame.apply(lambda column: column.map(_safe))
    safe.columns = [escaped(str(name)) for name in frame.columns]
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _safe(value: Any) -> Any:
    return escaped(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, a line for each note, then the columns of the frame with a filter."""

    title: str
    frame: pd.DataFrame
    notes: Sequence[str] = ()


def xlsx_bytes(frame: pd.DataFrame, title: str, notes: Sequence[str] = ()) -> bytes:
    """One visible sheet, as `book_bytes` writes it."""
    return book_bytes(title, [Sheet(title, frame, notes)])


def book_bytes(title: str, sheets: Sequence[Sheet]) -> bytes:
    """A workbook of visible sheets with distinct titles.

    Text is written as text whatever it begins with; dates are dates; nothing names an author. Raises TooLargeForExcel
    for more rows or longer texts than a sheet can hold.
    """
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title, "author": "", "company": ""})
        for each in sheets:
            refuse_rows(len(each.notes) + 3 + len(each.frame))
            _write_sheet(book, each)
    return file.getvalue()


def _write_sheet(book: Any, each: Sheet) -> None:
    sheet = book.add_worksheet(_sheet_name(each.title))
    sheet.write_string(0, 0, fitting(each.title), book.add_format({"bold": True, "font_size": 14}))
    for row, note in enumerate(each.notes, start=1):
        sheet.write_string(row, 0, fitting(note))
    _write_rows(book, sheet, each.frame, len(each.notes) + 2)


def _write_rows(book: Any, sheet: Any, frame: pd.DataFrame, top: int) -> None:
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    dates = book.add_format({"num_format": "d mmm yyyy", "align": "left"})
    for place, name in enumerate(frame.columns):
        values = frame[name].tolist()
        sheet.set_column(place, place, _width(str(name), values))
        sheet.write_string(top, place, fitting(str(name)), heading)
        for row, value in enumerate(values, start=top + 1):
            _write(sheet, row, place, value, dates)
    sheet.freeze_panes(top + 1, 0)
    if len(frame.columns):
        sheet.autofilter(top, 0, top + len(frame), len(frame.columns) - 1)


def _write(sheet: Any, row: int, place: int, value: Any, dates: Any) -> None:
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return
    if isinstance(value, datetime | date):
        sheet.write_datetime(row, place, value, dates)
    elif isinstance(value, bool):
        sheet.write_string(row, place, "yes" if value else "no")
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    else:
        sheet.write_string(row, place, fitting(str(value)))


def _width(name: str, values: Sequence[Any]) -> int:
    longest = max((len(str(value)) for value in values[:500]), default=0)
    return min(60, max(len(name), longest, 8) + 2)


def _sheet_name(title: str) -> str:
    return " ".join(title.translate(_NOT_IN_SHEET_NAMES).split())[:LONGEST_SHEET_NAME] or "Table"

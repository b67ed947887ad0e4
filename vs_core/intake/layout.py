"""The current rows of a KIND in the layout that they came in: exporting and importing again changes nothing."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

import xlsxwriter
from sqlalchemy import ColumnElement, Connection, Select, or_, select

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind
from vs_core.rules.excel import fitting, refuse_rows
from vs_core.rules.formulas import escaped
from vs_core.store import schema


def header_of(kind: Kind) -> list[str]:
    """Column names of the layout."""
    return [column.name for column in _columns(kind)]


def current_rows(
    connection: Connection, kind: Kind, known_on: date | None = None, as_at: date | None = None
) -> Iterator[list[str]]:
    """Every row of a KIND that is believed, now or on the day `known_on`, as text by the columns of `header_of`.

    as_at: without the rows whose own day is later, where the kind has one; a row without its day stays."""
    columns = _columns(kind)
    writers = [_writer(column) for column in columns]
    expand = _half_days if kind.name == "attendance" else _numbered if kind.nth_of else _as_it_is
    for record in connection.execute(_rows(kind, known_on, as_at)).mappings():
        for row in expand(record):
            yield [write(row[column.to]) for column, write in zip(columns, writers, strict=True)]


def _columns(kind: Kind) -> list[Column]:
    if kind.name == "attendance":
        return [
            kind.column(to) for to in ("child_key", "day", "session", "code", "school_key", "received_at", "source")
        ]
    return [column for column in kind.columns if column.to in kind.table.c]


def _rows(kind: Kind, known_on: date | None, as_at: date | None) -> Select[Any]:
    """The rows with the numbers of children and schools in place of their keys."""
    table = kind.table
    chosen: dict[str, Any] = {column.name: column for column in table.c}
    source: Any = table
    if "child_key" in table.c:
        source = source.outerjoin(schema.child, schema.child.c.id == table.c.child_key)
        chosen["child_key"] = schema.child.c.child_id.label("child_key")
    if "school_key" in table.c:
        source = source.outerjoin(schema.school, schema.school.c.id == table.c.school_key)
        chosen["school_key"] = schema.school.c.urn.label("school_key")
    believed: ColumnElement[bool] = table.c.known_to.is_(None)
    if known_on:
        believed = (table.c.known_from <= known_on) & or_(believed, table.c.known_to > known_on)
    if as_at and kind.happens_on:
        own_day = table.c[kind.happens_on]
        believed = believed & or_(own_day.is_(None), own_day <= as_at)
    order = [table.c[name] for name in ("occurrence", "id") if name in table.c] or list(table.primary_key)
    if kind.name == "attendance":
        am, pm = schema.mark_source.alias(), schema.mark_source.alias()
        source = source.outerjoin(am, am.c.id == table.c.am_source).outerjoin(pm, pm.c.id == table.c.pm_source)
        chosen |= {"am_source": am.c.name.label("am_source"), "pm_source": pm.c.name.label("pm_source")}
    return select(*chosen.values()).select_from(source).where(believed).order_by(*order)


def _as_it_is(record: Any) -> Iterator[Any]:
    yield record


def _numbered(record: Any) -> Iterator[dict[str, Any]]:
    """A row that is not the first of its like, and has no number of its own, names its key in the place of one."""
    nth = record["occurrence"] > 1 and record["notice_id"] is None
    yield {**record, **({"notice_id": record["notice_key"]} if nth else {})}


def _half_days(record: Any) -> Iterator[dict[str, Any]]:
    for half in ("am", "pm"):
        if record[half] is not None:
            yield {
                "child_key": record["child_key"],
                "day": record["day"],
                "session": half.upper(),
                "code": record[half],
                "school_key": record["school_key"],
                "received_at": record[f"{half}_received_at"],
                "source": record[f"{half}_source"],
            }


def _writer(column: Column) -> Callable[[Any], str]:
    if column.reads in (cells.pounds, cells.hundredths):
        return lambda value: (
            "" if value is None else f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
        )
    return _text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def csv_file(header: list[str], rows: Iterable[list[str]]) -> bytes:
    """Rows as CSV; what a spreadsheet would run is escaped, and the reader of incoming files takes that off again."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(header: list[str], rows: Iterable[list[str]]) -> bytes:
    """Rows as one Excel sheet of text. Raises TooLargeForExcel for what a sheet cannot hold."""
    file = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("rows")
        for number, row in enumerate(itertools.chain([header], rows)):
            refuse_rows(number + 1)
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, fitting(cell))
    return file.getvalue()

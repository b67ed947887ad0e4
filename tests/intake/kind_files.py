"""For every KIND a full row, what of it is enough, a change to it and a cell that is wrong; and how to take them in."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine

from tests.intake.full_rows import FULL as FULL
from tests.intake.full_rows import Row as Row
from vs_core.intake import Reconciliation, layout, take_in
from vs_core.intake.kinds import KINDS
from vs_core.intake.reading import read_bytes
from vs_core.store.engine import reading

FIRST, SECOND, THIRD = date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21)
BY = "a test"

ALSO_ENOUGH = {"attendance": ("session", "code"), "project-places": ("child_id",)}
"""Columns that are not required one by one, but of which some must be there."""

CHANGED: dict[str, tuple[str, str]] = {
    "calendar": ("end", "22/10/2026"),
    "benchmarks": ("pt_overall", "9.6"),
    "schools": ("EstablishmentName", "Larkfield Academy"),
    "ssda903-header": ("SEX", "2"),
    "ssda903-episodes": ("PLACE", "U3"),
    "ssda903-uasc": ("DUC", "02/02/2028"),
    "children": ("dob", "02/02/2012"),
    "cohorts": ("type", "adopted"),
    "enrolments": ("nc_year", "10"),
    "attendance": ("code", "I"),
    "exclusions": ("sessions", "6"),
    "timetables": ("review_due", "17/10/2026"),
    "peps": ("due_on", "01/12/2026"),
    "pp-allocations": ("children", "901"),
    "pp-requests": ("amount", "601"),
    "pp-payments": ("amount", "501"),
    "courses": ("capacity", "25"),
    "bookings": ("status", "attended"),
    "project-places": ("status", "completed"),
    "project-usage": ("minutes", "60"),
    "licences": ("places", "120"),
    "admissions": ("decision", "refused"),
    "destinations": ("status", "neet"),
    "custody": ("setting", "SCH"),
}
"""A column that is not of the key, with another value."""

WRONG: dict[str, tuple[str, str]] = {
    "calendar": ("what", "half term 7"),
    "schools": ("OpenDate", "31-02-2011"),
    "ssda903-header": ("DOB", "yesterday"),
    "ssda903-episodes": ("LS", "Z9"),
    "ssda903-uasc": ("DUC", "32/01/2026"),
    "children": ("restricted", "maybe"),
    "cohorts": ("cohort", "in care"),
    "enrolments": ("sen", "S"),
    "attendance": ("code", "?"),
    "exclusions": ("reason1", "QQ"),
    "timetables": ("hours_per_week", "twelve"),
    "peps": ("quality", "blue"),
    "pp-allocations": ("stage", "draft"),
    "pp-requests": ("term", "2026 autumn"),
    "pp-payments": ("amount", "12.345"),
    "courses": ("capacity", "many"),
    "bookings": ("status", "maybe"),
    "project-places": ("status", "asleep"),
    "project-usage": ("week", "08/09/2026"),
    "licences": ("cost", "-x"),
    "admissions": ("needed_on", "2026"),
    "destinations": ("status", "elsewhere"),
    "custody": ("setting", "home"),
}
"""A cell outside its list or of no known form. Benchmarks are kept as published."""

KEY: dict[str, tuple[str, str]] = {
    "calendar": ("what", "half term 2"),
    "benchmarks": ("la_name", "Eastmere"),
    "schools": ("URN", "990002"),
    "pp-allocations": ("stage", "final"),
    "pp-requests": ("request_id", "R2"),
    "pp-payments": ("payment_id", "P2"),
    "courses": ("session_id", "S2"),
    "bookings": ("booking_id", "B2"),
    "licences": ("start", "02/09/2026"),
    "exclusions": ("notice_id", "N2"),
    **dict.fromkeys(("ssda903-header", "ssda903-episodes", "ssda903-uasc"), ("CHILD", "00124")),
}
"""A column of the key with another value; of the other kinds the child."""


def other(kind: str) -> Row:
    """The full row under another key."""
    column, value = KEY.get(kind, ("child_id", "00124"))
    return {**FULL[kind], column: value}


def changed(kind: str, row: Row | None = None) -> Row:
    column, value = CHANGED[kind]
    return {**(row or FULL[kind]), column: value}


def wrong(kind: str) -> Row:
    column, value = WRONG[kind]
    return {**other(kind), column: value}


def enough(kind: str) -> Row:
    """The full row with nothing but what it must have."""
    names = {column.name for column in KINDS[kind].columns if column.required} | set(ALSO_ENOUGH.get(kind, ()))
    return {name: value for name, value in FULL[kind].items() if name in names}


def csv_bytes(rows: Sequence[Row], header: Sequence[str] | None = None, separator: str = ",") -> bytes:
    """Rows under the names of the first one, or under `header` in its order."""
    return cells_as_csv([list(header or rows[0]), *([*row.values()] for row in rows)], separator)


def cells_as_csv(lines: Sequence[Sequence[str]], separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(lines)
    return text.getvalue().encode()


def taken_in(engine: Engine, kind: str, content: bytes, known_on: date = FIRST, **options: Any) -> Reconciliation:
    name = options.pop("name", f"{kind}.csv")
    encoding = options.pop("encoding", None)
    return take_in(engine, kind, read_bytes(name, content, encoding), known_on=known_on, by=BY, **options)


def rows_of(engine: Engine, kind: str, known_on: date | None = None) -> list[list[str]]:
    """Current rows in the layout of the kind, in no order that matters."""
    with reading(engine) as connection:
        return sorted(layout.current_rows(connection, KINDS[kind], known_on))

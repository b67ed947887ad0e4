"""How fresh and how complete each subject's data is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch, kinds_of
from vs_core.queries import attendance, care, knowledge, latest, rejected
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules.cohorts import COMPULSORY_YEARS
from vs_core.rules.frame import Frame
from vs_core.rules.school_calendar import CalendarNotLoaded, SchoolCalendar


@dataclass(frozen=True)
class Freshness:
    """last_kind, known_on, imported_at, imported_by: the latest delivery (None: none); last_on: the last day that the
    data speaks of; missing: kinds of which nothing has arrived; waiting: refused rows that wait for a person."""

    subject: str
    last_kind: str | None
    known_on: date | None
    imported_at: datetime | None
    imported_by: str | None
    last_on: date | None
    missing: tuple[str, ...]
    waiting: int


@dataclass(frozen=True)
class Coverage:
    """Half days with a mark out of those that children of statutory school age on a roll should have; None, with
    `why_not`, where that cannot be said."""

    received: int | None
    expected: int | None
    why_not: str = ""

    @property
    def percent(self) -> float | None:
        return self.received * 100 / self.expected if self.expected and self.received is not None else None


def freshness(connection: Connection, subject: str, frame: Frame) -> Freshness:
    """The freshness of a subject in a frame."""
    kinds = kinds_of(subject, frame.cohort)
    arrived = {row.kind for row in connection.execute(knowledge.arrived(kinds, frame.known_on))} if kinds else set()
    last = connection.execute(knowledge.deliveries(kinds, frame.known_on).limit(1)).first() if kinds else None
    waiting = connection.execute(rejected.waiting(kinds)).all() if kinds else []
    return Freshness(
        subject,
        last.kind if last else None,
        last.known_on if last else None,
        last.imported_at if last else None,
        last.imported_by if last else None,
        connection.execute(latest.last_day(subject, frame.as_at, frame.known_on)).scalar(),
        tuple(kind for kind in kinds if kind not in arrived),
        sum(row.rows for row in waiting),
    )


def coverage(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> Coverage:
    """Marks received of marks expected in the period: two a school day (by the calendar of the child's school or its
    authority) from the first day on the roll of `as_at`, for children of the cohort from reception to year 11."""
    return in_all(marks_by_pupil(connection, frame, scope))


def marks_by_pupil(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> pd.DataFrame | str:
    """The pupils that `coverage` counts: `figures.children.details` with `received` and `expected` half days in the
    period. A sentence in its place where the calendar is not loaded."""
    known = children.of_cohort(connection, frame, scope, frame.as_at, frame.as_at)
    pupils = known[known["year_group"].isin(COMPULSORY_YEARS) & known["on_roll"].astype(bool)]
    received = fetch.rows(connection, attendance.marks_received(frame, scope)).set_index("child_key")["marks"]
    calendar = fetch.school_calendar(connection, frame.known_on)
    try:
        days = [_school_days(calendar, frame, row) for row in pupils.itertuples()]
    except CalendarNotLoaded as error:
        return str(error)
    marked = pd.to_numeric(pupils["child_key"].map(received).fillna(0)).astype("int64")
    return pupils.assign(received=marked, expected=pd.Series(days, pupils.index, dtype="int64") * 2)


def in_all(marks: pd.DataFrame | str) -> Coverage:
    """The rows of `marks_by_pupil` added up."""
    if isinstance(marks, str):
        return Coverage(None, None, marks)
    if marks.empty:
        return Coverage(None, None, "No child of statutory school age is on a roll.")
    return Coverage(int(marks["received"].sum()), int(marks["expected"].sum()))


def registers(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> tuple[Coverage, pd.DataFrame]:
    """The coverage of the period, and the pupils of schools from which no register came: `figures.children.details` as
    the viewer may see them, and `school_number`, which tells their schools apart where those are hidden.

    Counted with the schools of restricted children, whose calendar counts whoever looks."""
    marks = marks_by_pupil(connection, frame, replace(scope, names=False, restricted=True))
    if isinstance(marks, str):
        return in_all(marks), pd.DataFrame()
    missing = without_register(marks)
    numbers = dict(zip(missing["child_key"], pd.factorize(missing["urn"])[0], strict=True))
    shown = children.details(connection, frame, scope, care.listed([int(key) for key in numbers]))
    return in_all(marks), shown.assign(school_number=shown["child_key"].map(numbers))


def without_register(marks: pd.DataFrame) -> pd.DataFrame:
    """Of the rows of `marks_by_pupil` the pupils of schools from which not one expected half day has come."""
    due = marks[marks["expected"] > 0]
    received = due.groupby("urn")["received"].transform("sum")
    return due[received == 0]


def _school_days(calendar: SchoolCalendar, frame: Frame, row: Any) -> int:
    first = max(frame.start, row.enrolled_from)
    la, urn = ("" if pd.isna(cell) else str(cell) for cell in (row.school_la, row.urn))
    return calendar.school_days_between(first, frame.end, la, urn) if first <= frame.end else 0

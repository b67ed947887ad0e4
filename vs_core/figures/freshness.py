"""How fresh and how complete each subject's data is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch, kinds_of
from vs_core.queries import attendance, knowledge, latest, rejected
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
    arrived = connection.execute(knowledge.deliveries(kinds, frame.known_on)).all() if kinds else []
    last = arrived[0] if arrived else None
    waiting = connection.execute(rejected.waiting(kinds)).all() if kinds else []
    return Freshness(
        subject,
        last.kind if last else None,
        last.known_on if last else None,
        last.imported_at if last else None,
        last.imported_by if last else None,
        connection.execute(latest.last_day(subject, frame.as_at, frame.known_on)).scalar(),
        tuple(kind for kind in kinds if kind not in {row.kind for row in arrived}),
        sum(row.rows for row in waiting),
    )


def coverage(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> Coverage:
    """Marks received of marks expected in the period: two a school day (by the calendar of the child's school or its
    authority) from the first day on the roll of `as_at`, for children of the cohort from reception to year 11."""
    known = children.of_cohort(connection, frame, scope, frame.as_at, frame.as_at)
    pupils = known[known["year_group"].isin(COMPULSORY_YEARS) & known["on_roll"].astype(bool)]
    if pupils.empty:
        return Coverage(None, None, "No child of statutory school age is on a roll.")
    received = fetch.rows(connection, attendance.marks_received(frame, scope)).set_index("child_key")["marks"]
    calendar = fetch.school_calendar(connection, frame.known_on)
    try:
        days = sum(_school_days(calendar, frame, row) for row in pupils.itertuples())
    except CalendarNotLoaded as error:
        return Coverage(None, None, str(error))
    marked = pupils["child_key"].map(received).fillna(0)
    return Coverage(int(pd.to_numeric(marked).sum()), 2 * days)


def _school_days(calendar: SchoolCalendar, frame: Frame, row: Any) -> int:
    first = max(frame.start, row.enrolled_from)
    la, urn = ("" if pd.isna(cell) else str(cell) for cell in (row.school_la, row.urn))
    return calendar.school_days_between(first, frame.end, la, urn) if first <= frame.end else 0

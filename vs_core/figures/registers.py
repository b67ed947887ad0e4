"""Register marks that should have come and those that have, by pupil and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import fetch
from vs_core.queries import care, children, registers
from vs_core.queries.scope import EVERYTHING, Scope, restricted_keys
from vs_core.rules.cohorts import Enrolment
from vs_core.rules.expected_marks import CADENCES, DAILY, DUE, Pupil, by_week, expected, received
from vs_core.rules.expected_marks import awaited as awaited_of
from vs_core.rules.frame import Frame
from vs_core.rules.school_calendar import CalendarRow, SchoolCalendar
from vs_core.rules.school_diary import Diary


@dataclass(frozen=True)
class Due:
    """rows: one row a pupil and school day (`expected_marks.received`); left_out: pupils whose school's term dates are
    not loaded, by `child_key`, with the sentence."""

    rows: pd.DataFrame
    left_out: Mapping[int, str]


def due(connection: Connection, frame: Frame, authority: str, scope: Scope = EVERYTHING) -> Due:
    """The half days of the period on which a child of the cohort, from reception to year 11, belonged to it, was on a
    roll and the school open, by the calendar of the school or of its authority.

    Counted with the schools of restricted children, whose calendar counts whoever looks; their `urn` is empty, and the
    sentence names no authority, for a viewer who may not know where they are.

    authority: ours, for schools of which nobody has said where they lie; empty: the only one with a calendar."""
    return _due(connection, frame, scope, authority, (DAILY,))


def due_by_cadence(connection: Connection, frame: Frame, scope: Scope = EVERYTHING, authority: str = "") -> Due:
    """The rows of `expected_marks.by_week`: of what `due` counts, and of what is due weekly of early years and
    post-16."""
    both = _due(connection, frame, scope, authority, tuple(CADENCES))
    return replace(both, rows=by_week(both.rows, frame.end))


def awaited(connection: Connection, frame: Frame, scope: Scope = EVERYTHING, authority: str = "") -> pd.DataFrame:
    """The rows of `expected_marks.awaited`: days of the period with a half day whose mark should have come by now."""
    return awaited_of(_due(connection, frame, scope, authority, tuple(CADENCES)).rows, frame.end)


def _due(connection: Connection, frame: Frame, scope: Scope, authority: str, cadences: Sequence[str]) -> Due:
    counted = replace(scope, restricted=True)
    of_cohort, days = pupils(connection, frame, counted), diary(connection, frame.known_on, authority).days
    parts = {name: expected(of_cohort, frame.start, frame.end, days, CADENCES[name]) for name in cadences}
    rows = pd.concat([rows.assign(cadence=name) for name, (rows, _) in parts.items()], ignore_index=True)
    left_out = {key: said for _, own in parts.values() for key, said in own.items()}
    came = received(rows[DUE], fetch.in_pieces(connection, partial(registers.marks, frame, counted), frame))
    found = came.merge(rows, on=DUE, how="left")
    hidden = set() if scope.restricted else set(connection.scalars(restricted_keys()))
    return Due(
        found.assign(urn=found["urn"].mask(found["child_key"].isin(hidden))),
        {key: NO_DATES if key in hidden else sentence for key, sentence in left_out.items()},
    )


MOST_LISTED = 5_000
"""Children whose enrolments are asked for by their keys; those of more are read with everybody's."""
NO_DATES = "The term dates of a school's authority are not loaded."


def pupils(connection: Connection, frame: Frame, scope: Scope) -> dict[int, Pupil]:
    """By `child_key`, the children of the cohort in the period with their days in it, their enrolments and births."""
    found: dict[int, Pupil] = {}
    for row in connection.execute(registers.days_in_cohort(frame, scope)):
        found.setdefault(row.child_key, Pupil()).spans.append(_days(row, frame))
    only = care.listed(sorted(found)) if len(found) <= MOST_LISTED else None
    for row in connection.execute(children.enrolments(frame.known_on, scope, only)).all():
        if row.child_key in found:
            own = Enrolment(str(row.child_key), row.urn, row.started_on, row.ended_on, row.year_group, row.status)
            found[row.child_key].enrolments.append(own)
    for row in connection.execute(children.births(frame.known_on, scope, only)).all():
        if row.child_key in found:
            found[row.child_key].born_on = row.born_on
    return found


def _days(row: Any, frame: Frame) -> tuple[date, date]:
    if frame.cohort == "all":
        return date.min, date.max
    return row.started_on, row.ended_on - timedelta(days=1) if frame.cohort == "in care" else row.ended_on


def diary(connection: Connection, known_on: date | None, authority: str = "") -> Diary:
    """School days of every school and authority. authority: as in `due`."""
    rows = fetch.calendar_rows(connection, known_on)
    lies_in = {row.urn: row.la for row in connection.execute(registers.authorities(known_on)) if row.la}
    return Diary(SchoolCalendar(rows), authority or _only(rows), lies_in)


def _only(rows: Iterable[CalendarRow]) -> str:
    named = {row.la for row in rows}
    return named.pop() if len(named) == 1 else ""

"""Attendance: figures and the children behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch
from vs_core.figures.subject import Answer, Behind, SubjectFigures
from vs_core.queries import attendance
from vs_core.queries.scope import Scope
from vs_core.rules import measures
from vs_core.rules.frame import Frame
from vs_core.rules.measures_attendance import absent_sessions, persistently_absent, severely_absent
from vs_core.rules.register import band_labels


def answer(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """rows: `children` (one row a child of the cohort with marks in the period; see `with_shares`)."""
    asked = partial(attendance.sessions_by_child, frame, scope, attendance.COUNTS)
    sessions = fetch.summed_in_pieces(connection, asked, frame, "child_key")
    known = children.of_cohort(connection, frame, scope, frame.start, frame.end)
    rows = with_shares(children.with_identity(sessions, known))
    return Answer(measures.attendance(rows), {"children": rows})


def with_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of counted sessions with `absent_sessions`, `attendance_percent` (0-100, empty without a session), `band`,
    `is_persistently_absent` and `is_severely_absent`."""
    counted = rows.astype({name: "int64" for name in attendance.COUNTS if name in rows})
    possible = counted["possible_sessions"]
    shared = (counted["attended_sessions"] * 100 / possible.where(possible > 0)).astype(float)
    return counted.assign(
        absent_sessions=absent_sessions(counted),
        attendance_percent=shared,
        band=band_labels(counted["attended_sessions"], possible),
        is_persistently_absent=persistently_absent(counted),
        is_severely_absent=severely_absent(counted),
    )


def weeks(connection: Connection, frame: Frame, scope: Scope) -> pd.DataFrame:
    """The cohort's trend: `week`, `children`, sessions, `attendance_percent`, `band`; one row a week with marks."""
    return with_shares(fetch.rows(connection, attendance.weeks(frame, scope)))


def weeks_by_child(
    connection: Connection, frame: Frame, scope: Scope, counts: Sequence[str] = attendance.HEADLINE
) -> pd.DataFrame:
    """One row a child and week: `child_key`, `week`, `counts` of sessions, `attendance_percent`, `band`."""
    return with_shares(fetch.in_pieces(connection, partial(attendance.weeks_by_child, frame, scope, counts), frame))


def apart(connection: Connection, frame: Frame, scope: Scope) -> pd.DataFrame:
    """Sessions that are in no figure of attendance, one row a child and code (D, Y1 to Y7): `child_key`, `code`,
    `sessions`."""
    return fetch.rows(connection, attendance.apart_by_child(frame, scope))


def schools_by_week(connection: Connection, frame: Frame, scope: Scope) -> pd.DataFrame:
    """One row a school and week: `school_key`, `week`, `children`, sessions, `attendance_percent`, `band`."""
    return with_shares(fetch.rows(connection, attendance.schools_by_week(frame, scope)))


def days_and_sessions(connection: Connection, frame: Frame, scope: Scope) -> pd.DataFrame:
    """One row a day and half day: `day`, `session`, `children`, sessions, `attendance_percent`, `band`."""
    return with_shares(fetch.rows(connection, attendance.days_and_sessions(frame, scope)))


def _picked(column: str) -> Behind:
    def rows(of: SubjectFigures) -> pd.DataFrame:
        return of.rows["children"][of.rows["children"][column] > 0]

    return rows


def _each(names: Sequence[str], column: str) -> dict[str, Behind]:
    return {name: _picked(column) for name in names}


BEHIND: Mapping[str, Behind] = {
    **_each(("children", "possible_sessions", "attendance_percent"), "possible_sessions"),
    **{name: _picked(name) for name in attendance.HEADLINE[1:]},
    **_each(("persistently_absent", "persistently_absent_percent"), "is_persistently_absent"),
    **_each(("severely_absent", "severely_absent_percent"), "is_severely_absent"),
}

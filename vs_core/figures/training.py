"""Training: figures, and the sessions and bookings behind them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import fetch
from vs_core.figures.subject import Answer, Behind, SubjectFigures
from vs_core.queries import training
from vs_core.queries.scope import Scope
from vs_core.rules import measures
from vs_core.rules.frame import Frame
from vs_core.rules.training import TAKEN_UP, bookings_of, sessions_in_period

COUNTED = {
    "booked": TAKEN_UP,
    "attended": ("attended",),
    "did_not_attend": ("did not attend",),
    "waiting": ("waiting",),
}


def answer(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """rows: `sessions` (not cancelled, with the numbers `booked`, `attended`, `did_not_attend`, `waiting`) and
    `bookings` (of those sessions, made by `as_at`, with `course` and `date`). No child is in them: of a scope
    only the right to names counts."""
    sessions = fetch.rows(connection, training.sessions(frame))
    bookings = fetch.rows(connection, training.bookings(frame, scope))
    held = sessions_in_period(sessions, frame)
    made = bookings_of(held, bookings, frame)
    rows = {"sessions": _with_numbers(held, made), "bookings": made.merge(held[["session_id", "course", "date"]])}
    return Answer(measures.training(sessions, bookings, frame), rows)


def _with_numbers(held: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    numbered = held.copy()
    for name, statuses in COUNTED.items():
        per_session = made[made["status"].isin(statuses)].groupby("session_id").size()
        numbered[name] = numbered["session_id"].map(per_session).fillna(0).astype("int64")
    return numbered


def _sessions(of: SubjectFigures) -> pd.DataFrame:
    return of.rows["sessions"]


def _courses(of: SubjectFigures) -> pd.DataFrame:
    """One row a course: `course`, `sessions`, `capacity` and the numbers of its bookings."""
    held = of.rows["sessions"]
    numbers = {name: (name, "sum") for name in ("capacity", *COUNTED)}
    return held.groupby("course", as_index=False).agg(sessions=("session_id", "size"), **numbers)


def _with_status(*statuses: str) -> Behind:
    def rows(of: SubjectFigures) -> pd.DataFrame:
        return of.rows["bookings"][of.rows["bookings"]["status"].isin(statuses)]

    return rows


BEHIND: Mapping[str, Behind] = {
    "courses": _courses,
    "sessions": _sessions,
    "places": _sessions,
    **{name: _with_status(*statuses) for name, statuses in COUNTED.items()},
}

"""Training that the virtual school gives: the figures."""

from __future__ import annotations

import pandas as pd

from vs_core.rules.day_columns import empty_or_after, within
from vs_core.rules.frame import Frame
from vs_core.rules.measure import Better, Figures, Measure

_SOURCE = "The training system's sessions and bookings"
TAKEN_UP = ("booked", "attended", "did not attend")
"""Statuses of a booking that hold, or held, a seat."""


def _measure(key: str, label: str, meaning: str, rule: str, better: Better | None, *needs: str) -> Measure:
    return Measure(key, "training", label, meaning, rule, _SOURCE, "count", better, needs)


MEASURES = (
    _measure(
        "courses",
        "Courses run",
        "Different courses with at least one session in the period.",
        "Distinct names of sessions dated in the period that were not cancelled.",
        None,
        "courses",
    ),
    _measure(
        "sessions",
        "Training sessions",
        "Times that a course was given in the period, up to the day.",
        "Sessions dated in the period, which never reaches past the day, that were not cancelled.",
        None,
        "courses",
    ),
    _measure(
        "places",
        "Seats",
        "How many people those sessions have room for.",
        "Capacities of the sessions added up.",
        None,
        "courses",
    ),
    _measure(
        "booked",
        "Seats booked",
        "Seats that somebody booked, whether or not they came.",
        "Bookings that are booked, attended or did not attend, made on or before the day.",
        "up",
        "courses",
        "bookings",
    ),
    _measure(
        "attended",
        "Attended",
        "People who came.",
        "Bookings with status attended.",
        "up",
        "courses",
        "bookings",
    ),
    _measure(
        "did_not_attend",
        "Did not attend",
        "People who had a seat and did not come.",
        "Bookings with status did not attend.",
        "down",
        "courses",
        "bookings",
    ),
    _measure(
        "waiting",
        "On a waiting list",
        "People who asked for a seat in a full session.",
        "Bookings with status waiting, made on or before the day.",
        "down",
        "courses",
        "bookings",
    ),
)


def training(sessions: pd.DataFrame, bookings: pd.DataFrame, frame: Frame) -> Figures:
    """The training figures.

    `sessions`: one row a session: `session_id`, `course`, `date`, `capacity`, `status`.
    `bookings`: one row a booking: `session_id`, `status`, `booked_on`.
    """
    held = sessions_in_period(sessions, frame)
    statuses = bookings_of(held, bookings, frame)["status"]
    return {
        "courses": int(held["course"].nunique()),
        "sessions": len(held),
        "places": int(pd.to_numeric(held["capacity"]).fillna(0).sum()),
        "booked": int(statuses.isin(TAKEN_UP).sum()),
        "attended": int((statuses == "attended").sum()),
        "did_not_attend": int((statuses == "did not attend").sum()),
        "waiting": int((statuses == "waiting").sum()),
    }


def sessions_in_period(sessions: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Sessions dated in the period that were not cancelled."""
    return sessions[within(sessions["date"], frame.start, frame.end) & (sessions["status"] != "cancelled")]


def bookings_of(sessions: pd.DataFrame, bookings: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Bookings of these sessions made on or before `frame.as_at` (or without a date)."""
    made_later = bookings["booked_on"].notna() & empty_or_after(bookings["booked_on"], frame.as_at)
    return bookings[bookings["session_id"].isin(sessions["session_id"]) & ~made_later]

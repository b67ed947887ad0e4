"""Personal education plans: their state on a day, and the figures."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd

from vs_core.rules.day_columns import within
from vs_core.rules.frame import Frame
from vs_core.rules.measure import COHORT_FILE, Figures, Measure
from vs_core.rules.register import percent_of

_GUIDANCE = "DfE, Promoting the education of looked-after and previously looked-after children: a plan every term"
_LOCAL = "The virtual school's quality assurance of plans: red, amber, green"
_NEEDS = ("peps", COHORT_FILE)


class PepState(StrEnum):
    """Where a plan stands on a day."""

    ON_TIME = "completed on time"
    LATE = "completed late"
    OVERDUE = "overdue"
    DUE = "due"


MEASURES = (
    Measure(
        "due",
        "pep",
        "Plans due",
        "Personal education plans that should be finished within the period.",
        "Plans whose due date lies in the period.",
        _GUIDANCE,
        "count",
        None,
        _NEEDS,
    ),
    Measure(
        "completed",
        "pep",
        "Plans completed",
        "Plans due in the period that the virtual school has checked and signed off.",
        "Quality-assured on or before the day.",
        _LOCAL,
        "count",
        "up",
        _NEEDS,
    ),
    Measure(
        "completed_on_time",
        "pep",
        "Completed on time",
        "Plans signed off on or before the day they were due.",
        "Quality-assured on or before both the due date and the day.",
        _LOCAL,
        "count",
        "up",
        _NEEDS,
    ),
    Measure(
        "overdue",
        "pep",
        "Plans overdue",
        "Plans due in the period whose due date has passed and that are not signed off; older ones are not in it.",
        "Due in the period, before the day, and not quality-assured by it.",
        _LOCAL,
        "count",
        "down",
        _NEEDS,
    ),
    Measure(
        "quality_green_percent",
        "pep",
        "Plans of good quality",
        "The share of signed-off plans that were rated green.",
        "Green of completed plans that have a rating.",
        _LOCAL,
        "percent",
        "up",
        _NEEDS,
    ),
)


def pep_state(due_on: date, quality_assured_on: date | None, as_at: date) -> PepState:
    """The state of a plan; quality assurance after `as_at` has not happened yet."""
    if quality_assured_on is None or quality_assured_on > as_at:
        return PepState.OVERDUE if due_on < as_at else PepState.DUE
    return PepState.ON_TIME if quality_assured_on <= due_on else PepState.LATE


COMPLETED = (PepState.ON_TIME, PepState.LATE)
RATINGS = ("red", "amber", "green")


def pep(due: pd.DataFrame) -> Figures:
    """The plan figures. `due`: rows of `plans_due`."""
    states, rated = due["state"], rated_plans(due)
    return {
        "due": len(due),
        "completed": int(states.isin(COMPLETED).sum()),
        "completed_on_time": int((states == PepState.ON_TIME).sum()),
        "overdue": int((states == PepState.OVERDUE).sum()),
        "quality_green_percent": percent_of(int((rated["quality"] == "green").sum()), len(rated)),
    }


def plans_due(rows: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Plans due in the period with their `state` (PepState) on `frame.as_at`: the list behind every figure.

    `rows`: one row a plan of the cohort's children: `due_on`, `quality_assured_on`, `quality`."""
    due = rows[within(rows["due_on"], frame.start, frame.end)].copy()
    states = [
        pep_state(_day(due_on), _day(done_on) if pd.notna(done_on) else None, frame.as_at)
        for due_on, done_on in zip(due["due_on"], due["quality_assured_on"], strict=True)
    ]
    due["state"] = pd.Series(states, due.index, dtype=object)
    return due


def rated_plans(due: pd.DataFrame) -> pd.DataFrame:
    """Rows of `plans_due` that are completed and have a rating."""
    return due[due["state"].isin(COMPLETED) & due["quality"].isin(RATINGS)]


def _day(value: Any) -> date:
    day: date = value.date() if isinstance(value, pd.Timestamp) else value
    return day

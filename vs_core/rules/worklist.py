"""What people have taken on to do: the figures."""

from __future__ import annotations

import pandas as pd

from vs_core.rules.day_columns import as_days, empty_or_after, on_or_before
from vs_core.rules.frame import Frame
from vs_core.rules.measure import Figures, Measure

_SOURCE = "The team's own worklist"

MEASURES = (
    Measure(
        "open",
        "actions",
        "Open actions",
        "Things that somebody has taken on to do and not finished.",
        "Opened on or before the day and not closed by it; owner and due date as they stood on the day.",
        _SOURCE,
        "count",
        None,
        (),
    ),
    Measure(
        "overdue",
        "actions",
        "Overdue actions",
        "Open actions whose due date has passed.",
        "Open on the day and due before it.",
        _SOURCE,
        "count",
        "down",
        (),
    ),
)


def actions(rows: pd.DataFrame, frame: Frame) -> Figures:
    """The action figures at `frame.as_at`. `rows`: one row an action: `opened_on`, `closed_on`, `due_on`."""
    current = open_actions(rows, frame)
    return {"open": len(current), "overdue": int(current["is_overdue"].sum())}


def open_actions(rows: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Actions open on the day, with `is_overdue` (bool)."""
    current = rows[on_or_before(rows["opened_on"], frame.as_at) & empty_or_after(rows["closed_on"], frame.as_at)].copy()
    current["is_overdue"] = as_days(current["due_on"]) < pd.Timestamp(frame.as_at)
    return current

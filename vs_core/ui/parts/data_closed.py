"""Days with marks or suspensions on which the calendar of their school says closed."""

from typing import Any

import pandas as pd

from vs_core.rules.closed_days import Closed, ClosedDays

PLACE = ["day", "urn", "la"]
COLUMNS = ["day", "why", "calendar", "schools", "marks", "notices"]


def listed(calendar: ClosedDays, marks: pd.DataFrame, notices: pd.DataFrame) -> pd.DataFrame:
    """One row a day, reason and calendar: `day`, `why`, `calendar` (whose), `schools`, `marks`, `notices`.

    marks: `day`, `urn`, `la`, `marks`; notices: `day`, `urn`, `la`, `notices`. Days that no calendar covers are left
    out, as are those with nothing but marks of a planned closure."""
    rows = marks[marks["marks"] > 0].merge(notices, on=PLACE, how="outer").fillna({"marks": 0, "notices": 0})
    lines = [line for row in rows.itertuples() if (line := _line(calendar, row))]
    closed = pd.DataFrame(lines, columns=COLUMNS).astype({"marks": "int64", "notices": "int64"})
    counts = {"schools": ("schools", "nunique"), "marks": ("marks", "sum"), "notices": ("notices", "sum")}
    return closed.groupby(["day", "why", "calendar"], as_index=False).agg(**counts)


def _line(calendar: ClosedDays, row: Any) -> tuple[Any, ...] | None:
    why = calendar.why(row.day, row.urn, None if pd.isna(row.la) else row.la)
    if not isinstance(why, Closed):
        return None
    return row.day, why.why, why.whose, row.urn, int(row.marks), int(row.notices)

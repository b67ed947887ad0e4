"""Attendance in the ten school days before and after somebody acted.

What it shows is what happened, not why: children are acted for when they are worst, and many would have come back.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from vs_core.rules.register import percent_of
from vs_core.rules.school_diary import Diary

KNOWN, NOT_YET, TOO_FEW = "known", "not yet", "too few sessions"
SAID = {
    NOT_YET: "The school days after it are not over yet.",
    TOO_FEW: "Too few sessions before or after it to say anything.",
}
_DAY = timedelta(days=1)


class Windows(NamedTuple):
    """First and last day before and after; the day itself is in neither."""

    before: tuple[date, date]
    after: tuple[date, date]


def windows(on: date, school_days: int, diary: Diary, urn: str = "") -> Windows:
    """As many school days on either side of a day, by the calendar of the child's school."""
    before = (diary.before(urn, on, school_days), on - _DAY)
    return Windows(before, (on + _DAY, diary.after(urn, on, school_days)))


def state(of: Windows, before_possible: int, after_possible: int, as_at: date, fewest: int) -> str:
    """NOT_YET until the last of the days after is over; TOO_FEW with under `fewest` possible sessions on a side."""
    if of.after[1] >= as_at:
        return NOT_YET
    return KNOWN if min(before_possible, after_possible) >= fewest else TOO_FEW


SIDES = ("before", "after")
COUNTED = tuple(f"{side}_{what}" for side in SIDES for what in ("possible", "attended"))


def by_kind(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a kind, the most frequent first: `kind`, `cases` (with both sides known), `not_yet`, `too_few`; of the
    cases `children`, `rose`, `fell` (attendance higher or lower after), COUNTED added up, `before_percent` and
    `after_percent` of all their sessions together, `change_points` (empty without a case).

    rows: one row an action (`figures.effects`): `child_key`, `kind`, `state`, COUNTED."""
    found = [_of_kind(str(kind), own) for kind, own in rows.groupby("kind")]
    every = pd.DataFrame(found, columns=list(_COLUMNS))
    return every.sort_values(["cases", "kind"], ascending=[False, True], ignore_index=True)


_COLUMNS = (
    "kind",
    "cases",
    "children",
    "not_yet",
    "too_few",
    "rose",
    "fell",
    *COUNTED,
    "before_percent",
    "after_percent",
    "change_points",
)


def _of_kind(kind: str, rows: pd.DataFrame) -> dict[str, object]:
    cases = rows[rows["state"] == KNOWN]
    sums = {name: int(cases[name].sum()) for name in COUNTED}
    before, after = (percent_of(sums[f"{side}_attended"], sums[f"{side}_possible"]) for side in SIDES)
    moved = cases["after_attended"] * cases["before_possible"] - cases["before_attended"] * cases["after_possible"]
    return {
        "kind": kind,
        "cases": len(cases),
        "children": int(cases["child_key"].nunique()),
        "not_yet": int((rows["state"] == NOT_YET).sum()),
        "too_few": int((rows["state"] == TOO_FEW).sum()),
        "rose": int((moved > 0).sum()),
        "fell": int((moved < 0).sum()),
        **sums,
        "before_percent": before,
        "after_percent": after,
        "change_points": None if before is None or after is None else after - before,
    }

"""Suspensions and permanent exclusions: what a notice is, its days, and the limits."""

from __future__ import annotations

from dataclasses import dataclass

SUSPENSION, LUNCHTIME, PERMANENT = "SUSP", "LNCH", "PERM"
CATEGORIES = {"SUSP": SUSPENSION, "FIXD": SUSPENSION, "LNCH": LUNCHTIME, "PERM": PERMANENT}
"""School census category codes; `FIXD` is the older name of a suspension."""
LUNCHTIME_DAYS = 0.5
"""A lunchtime suspension counts half a school day (DfE, suspension and permanent exclusion guidance)."""
REASON_NOT_GIVEN = "not given"


@dataclass(frozen=True)
class ExclusionLimits:
    """The limits in days, from thresholds of these names: days a term, days a year."""

    governors_may_meet_over_days: int
    governors_must_meet_over_days: int
    year_limit_days: int


def category_of(code: str) -> str:
    """`FIXD` as `SUSP`, the others as they are; ValueError for any other code."""
    try:
        return CATEGORIES[code.strip().upper()]
    except KeyError:
        raise ValueError(f"'{code}' is not a category of exclusion (SUSP, LNCH or PERM).") from None


def days_of(category: str, sessions: int | None) -> float:
    """School days that a notice takes: half its sessions, half a day for a lunchtime, none for a permanent one."""
    kind = category_of(category)
    if kind == LUNCHTIME:
        return LUNCHTIME_DAYS
    return (sessions or 0) / 2 if kind == SUSPENSION else 0.0


def is_counted(category: str, status: str | None) -> bool:
    """Whether a notice counts: not when withdrawn, nor a permanent exclusion whose child was reinstated."""
    if status == "withdrawn":
        return False
    return not (category_of(category) == PERMANENT and status == "reinstated")

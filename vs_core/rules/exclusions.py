"""Suspensions and permanent exclusions: days, limits and what governors must do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NamedTuple

from vs_core.rules.dated import Code, is_valid_code

SUSPENSION, LUNCHTIME, PERMANENT = "SUSP", "LNCH", "PERM"
CATEGORIES = {"SUSP": SUSPENSION, "FIXD": SUSPENSION, "LNCH": LUNCHTIME, "PERM": PERMANENT}
"""School census category codes; `FIXD` is the older name of a suspension."""
LUNCHTIME_DAYS = 0.5
"""A lunchtime suspension counts half a school day (DfE, suspension and permanent exclusion guidance)."""
REASON_NOT_GIVEN = "not given"


class Notice(NamedTuple):
    """One notice; `term` is `str(Term)` (`2026/27 autumn`) of its start date."""

    child_id: str
    start_date: date
    category: str
    sessions: int | None
    term: str
    status: str | None = None


class GovernorDuty(Enum):
    """What a governing board must do after a suspension or permanent exclusion, in words."""

    MUST_MEET = "must meet to consider reinstatement"
    MEET_IF_ASKED = "must meet if the parent asks"
    CONSIDER_REPRESENTATIONS = "must consider what the parent says, and cannot reinstate"


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


def governor_duty(
    category: str, days_in_term: float, limits: ExclusionLimits, misses_public_examination: bool = False
) -> GovernorDuty:
    """What governors must do, by the child's days in the term with this notice.

    Permanent, over 15 days or a missed public examination: must meet; over 5 up to 15: if the parent asks.
    Source: DfE, Suspension and permanent exclusion guidance.
    """
    if category_of(category) == PERMANENT or misses_public_examination:
        return GovernorDuty.MUST_MEET
    if days_in_term > limits.governors_must_meet_over_days:
        return GovernorDuty.MUST_MEET
    if days_in_term > limits.governors_may_meet_over_days:
        return GovernorDuty.MEET_IF_ASKED
    return GovernorDuty.CONSIDER_REPRESENTATIONS


def days_by_term(notices: Iterable[Notice]) -> dict[tuple[str, str], float]:
    """Days by (child, term). Withdrawn notices are in it: days that were served count against the limits."""
    days: dict[tuple[str, str], float] = {}
    for notice in notices:
        key = (notice.child_id, notice.term)
        days[key] = days.get(key, 0.0) + days_of(notice.category, notice.sessions)
    return days


def days_by_year(notices: Iterable[Notice]) -> dict[tuple[str, str], float]:
    """Days by (child, academic year `2026/27`), withdrawn notices included."""
    days: dict[tuple[str, str], float] = {}
    for (child, term), own in days_by_term(notices).items():
        key = (child, term.split(" ")[0])
        days[key] = days.get(key, 0.0) + own
    return days


def children_over(days: Mapping[tuple[str, str], float], limit_days: float) -> set[str]:
    """Children with more than `limit_days` in any one term or year (exactly the limit is not over it)."""
    return {child for (child, _), own in days.items() if own > limit_days}


def days_left(days: float, limit_days: float) -> float:
    """Days that can still be given before the limit is passed; never below 0."""
    return max(0.0, limit_days - days)


def is_valid_reason(code: str, on: date, reasons: Mapping[str, Iterable[Code]]) -> bool:
    """Whether a reason code stands in the list of the day (`data/reference/suspension_reasons.csv`)."""
    return is_valid_code(code, on, reasons)

"""Suspensions and exclusions: the figures and what they mean."""

from __future__ import annotations

import pandas as pd

from vs_core.rules.day_columns import within
from vs_core.rules.exclusions import (
    LUNCHTIME,
    PERMANENT,
    REASON_NOT_GIVEN,
    SUSPENSION,
    category_of,
    days_of,
    is_counted,
)
from vs_core.rules.frame import Frame
from vs_core.rules.measure import COHORT_FILE, Better, Figures, Measure, Unit

_GUIDANCE = "DfE, Suspension and permanent exclusion guidance"
_CENSUS = "DfE, school census: exclusion categories and reasons"


def _measure(key: str, label: str, meaning: str, rule: str, source: str = _CENSUS, unit: Unit = "count") -> Measure:
    better: Better | None = None if key == "by_reason" else "down"
    return Measure(key, "exclusions", label, meaning, rule, source, unit, better, ("exclusions", COHORT_FILE))


MEASURES = (
    _measure(
        "suspensions",
        "Suspensions",
        "Times that a child was sent home from school for a fixed number of days.",
        "Notices of category SUSP that start in the period, withdrawn ones left out.",
    ),
    _measure(
        "suspended_children",
        "Children suspended",
        "Children with at least one suspension; a child with three counts once.",
        "Different children among the suspensions.",
    ),
    _measure(
        "suspension_days",
        "Days of suspension",
        "School days lost to suspension.",
        "Sessions of the suspensions divided by two.",
        unit="days",
    ),
    _measure(
        "lunchtime_suspensions",
        "Lunchtime suspensions",
        "Times that a child was kept away from school over lunch.",
        "Notices of category LNCH that start in the period, withdrawn ones left out.",
    ),
    _measure(
        "lunchtime_days",
        "Days of lunchtime suspension",
        "Lunchtime suspensions as school days.",
        "Half a day for each.",
        _GUIDANCE,
        "days",
    ),
    _measure(
        "permanent_exclusions",
        "Permanent exclusions",
        "Children sent away from their school for good.",
        "Notices of category PERM that start in the period, those withdrawn or ended by reinstatement left out.",
    ),
    _measure(
        "days_lost",
        "Days lost",
        "School days lost to suspensions, lunchtimes included.",
        "Days of suspension and of lunchtime suspension together.",
        _GUIDANCE,
        "days",
    ),
    _measure(
        "by_reason",
        "Suspensions by reason",
        "Suspensions by the main reason that the school gave.",
        "First reason of each suspension; empty is 'not given'.",
        unit="by group",
    ),
    _measure(
        "over_15_days_in_term",
        "Over 15 days in a term",
        "Children suspended for more than 15 school days in one term: governors must meet.",
        "Days of suspension and lunchtimes by start date within autumn, spring or summer term; exactly 15 is not over. "
        "Days of a withdrawn notice were served and count.",
        _GUIDANCE,
    ),
    _measure(
        "over_45_days_in_year",
        "Over 45 days in a year",
        "Children suspended for more than 45 school days in one academic year, which the law does not allow.",
        "Days of suspension and lunchtimes by start date within an academic year; exactly 45 is not over. "
        "Days of a withdrawn notice were served and count.",
        _GUIDANCE,
    ),
)


def exclusions(notices: pd.DataFrame, by_term: pd.DataFrame, by_year: pd.DataFrame) -> Figures:
    """The exclusion figures. `notices`: rows of `notices_in_period`; `by_term`, `by_year`: rows of `days_by` of them,
    held against the limits of 15 and 45 days."""
    suspensions = counted(notices, SUSPENSION)
    lunchtimes = counted(notices, LUNCHTIME)
    suspension_days, lunchtime_days = float(suspensions["days"].sum()), float(lunchtimes["days"].sum())
    return {
        "suspensions": len(suspensions),
        "suspended_children": int(suspensions["child_id"].nunique()),
        "suspension_days": suspension_days,
        "lunchtime_suspensions": len(lunchtimes),
        "lunchtime_days": lunchtime_days,
        "permanent_exclusions": len(counted(notices, PERMANENT)),
        "days_lost": suspension_days + lunchtime_days,
        "by_reason": by_reason(suspensions),
        "over_15_days_in_term": len(most_days_over(by_term)),
        "over_45_days_in_year": len(most_days_over(by_year)),
    }


def notices_in_period(rows: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Notices that start in the period, with `kind` (SUSP, LNCH, PERM), `days`, `is_counted`, `academic_year`.

    `rows`: one row a notice of the cohort's children: `child_id`, `start_date` (date), `category`, `sessions`
    (int or empty), `reason1`, `status` (either may be empty), `term` (`2026/27 autumn`, of the start date)."""
    notices = rows[within(rows["start_date"], frame.start, frame.end)].copy()
    sessions = pd.to_numeric(notices["sessions"]).fillna(0).astype(int)
    statuses = notices["status"].astype(object).where(notices["status"].notna(), None)
    categories = list(notices["category"])
    notices["kind"] = pd.Series([category_of(code) for code in categories], notices.index, dtype=object)
    notices["days"] = pd.Series(map(days_of, categories, sessions), notices.index, dtype=float)
    notices["is_counted"] = pd.Series(map(is_counted, categories, statuses), notices.index, dtype=bool)
    notices["academic_year"] = notices["term"].astype(str).str.split(" ").str[0]
    return notices


def counted(notices: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Rows of `notices_in_period` of one kind that count as notices."""
    return notices[(notices["kind"] == kind) & notices["is_counted"]]


def by_reason(suspensions: pd.DataFrame) -> dict[str, int]:
    """Suspensions by first reason, most frequent first, then by code; empty is `not given`."""
    counts = {str(reason): int(number) for reason, number in first_reasons(suspensions).value_counts().items()}
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def first_reasons(suspensions: pd.DataFrame) -> pd.Series[str]:
    """The first reason of each suspension; empty is `not given`."""
    return suspensions["reason1"].astype(object).fillna("").replace("", REASON_NOT_GIVEN)


def days_by(notices: pd.DataFrame, span: str, limit_days: float) -> pd.DataFrame:
    """Days of each child in each `term` or `academic_year`: `child_id`, the span, `days`, `limit_days`, `is_over`.

    Exactly the limit is not over it. Withdrawn notices are in it: days that were served count against the limits."""
    days = notices.groupby(["child_id", span])["days"].sum().reset_index()
    return days.assign(limit_days=limit_days, is_over=days["days"] > limit_days)


def most_days_over(days: pd.DataFrame) -> pd.DataFrame:
    """Children of `days_by` who are over the limit, each with the span that has most days: the list and the figure."""
    over = days[days["is_over"].astype(bool)].sort_values("days", ascending=False, kind="stable")
    return over.drop_duplicates("child_id")

"""Suspensions, lunchtime suspensions and permanent exclusions that began in the period."""

from collections import Counter
from datetime import date
from typing import Any

from .deliveries import Row, day
from .setting import Setting
from .years import academic_year_start, term_of

NAMES = (
    "suspensions", "suspended_children", "suspension_days", "lunchtime_suspensions", "lunchtime_days",
    "permanent_exclusions", "days_lost", "by_reason", "over_15_days_in_term", "over_45_days_in_year",
)  # fmt: skip


def figures(s: Setting) -> dict[str, Any]:
    if not s.arrived("exclusions", *s.cohort_kinds()):
        return dict.fromkeys(NAMES)
    cohort = s.children_in_period()
    notices = [row for row in s.known.of("exclusions") if row["child_id"] in cohort and _in_period(s, row)]
    standing = [row for row in notices if row.get("status") != "withdrawn"]
    suspensions = [row for row in standing if _category(row) == "SUSP"]
    lunchtimes = [row for row in standing if _category(row) == "LNCH"]
    permanent = [row for row in standing if _category(row) == "PERM" and row.get("status") != "reinstated"]
    suspension_days = sum(_sessions(row) for row in suspensions) / 2
    return {
        "suspensions": len(suspensions),
        "suspended_children": len({row["child_id"] for row in suspensions}),
        "suspension_days": suspension_days,
        "lunchtime_suspensions": len(lunchtimes),
        "lunchtime_days": len(lunchtimes) * 0.5,
        "permanent_exclusions": len(permanent),
        "days_lost": suspension_days + len(lunchtimes) * 0.5,
        "by_reason": dict(Counter(row["reason1"].strip() or "not given" for row in suspensions)),
    } | _over_limits(s, notices)


def _over_limits(s: Setting, notices: list[Row]) -> dict[str, int]:
    """Children over 15 days in one term, over 45 in one year: days of withdrawn notices were served and count."""
    calendar = [*s.reference.get("terms", []), *s.known.of("calendar")]
    in_terms: Counter[tuple[str, tuple[int, str]]] = Counter()
    in_years: Counter[tuple[str, date]] = Counter()
    for row in notices:
        half_days = _sessions(row) if _category(row) == "SUSP" else 1 if _category(row) == "LNCH" else 0
        in_terms[row["child_id"], term_of(_start(row), calendar)] += half_days
        in_years[row["child_id"], academic_year_start(_start(row))] += half_days
    return {
        "over_15_days_in_term": len({child for (child, _), half_days in in_terms.items() if half_days > 30}),
        "over_45_days_in_year": len({child for (child, _), half_days in in_years.items() if half_days > 90}),
    }


def _in_period(s: Setting, row: Row) -> bool:
    return s.start <= _start(row) <= s.end


def _start(row: Row) -> date:
    found = day(row["start_date"])
    assert found is not None
    return found


def _category(row: Row) -> str:
    return "SUSP" if row["category"] == "FIXD" else row["category"]


def _sessions(row: Row) -> int:
    return int(row["sessions"] or 0)

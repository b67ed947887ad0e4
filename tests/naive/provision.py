"""Part-time timetables, alternative provision and children on no roll, at as_at."""

from typing import Any

from .deliveries import Row, day
from .setting import Setting

SCHOOL_YEARS = {"R", *(str(year) for year in range(1, 12))}


def figures(s: Setting) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(("part_time", "alternative_provision", "not_on_roll", "reviews_overdue"))
    if not s.arrived(*s.cohort_kinds()):
        return found
    cohort = s.children_on(s.as_at)
    if s.arrived("timetables"):
        running = [row for row in s.known.of("timetables") if row["child_id"] in cohort and _is_open(s, row)]
        found["part_time"] = len({row["child_id"] for row in running if row["kind"] == "part-time"})
        found["alternative_provision"] = len(
            {row["child_id"] for row in running if row["kind"] == "alternative provision"}
        )
        found["reviews_overdue"] = sum(_review_is_overdue(s, row) for row in running)
    if s.arrived("enrolments"):
        school_age = {child for child in cohort if s.year_group(child) in SCHOOL_YEARS}
        found["not_on_roll"] = sum(not s.enrolments_covering(child, s.as_at) for child in school_age)
    return found


def _is_open(s: Setting, row: Row) -> bool:
    start, end = day(row["start"]), day(row.get("end"))
    return start is not None and start <= s.as_at and (end is None or end >= s.as_at)


def _review_is_overdue(s: Setting, row: Row) -> bool:
    due, reviewed_on = day(row["review_due"]), day(row.get("reviewed_on"))
    if due is None or due >= s.as_at:
        return False
    return reviewed_on is None or reviewed_on > s.as_at or reviewed_on < due

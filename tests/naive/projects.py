"""Take-up of each project of the reference list."""

from datetime import timedelta
from typing import Any

from .deliveries import Row, day
from .percent import percent
from .setting import Setting

ENROLLED = ("enrolled", "completed", "left")
NAMES = ("eligible", "offered", "enrolled", "active", "take_up_percent")


def figures(s: Setting) -> dict[str, Any]:
    projects: dict[str, tuple[set[str], int | None, set[str]]] = s.reference.get("projects", {})
    return {name: _project(s, name, *own) for name, own in projects.items()}


def _project(s: Setting, name: str, years: set[str], minutes: int | None, cohorts: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(NAMES)
    eligible = {
        child for child in s.children_on(s.as_at) if s.year_group(child) in years and _is_for(s, child, cohorts)
    }
    if s.arrived(*s.cohort_kinds()) and (not cohorts or s.cohort in cohorts or s.arrived(*_files_of(cohorts))):
        found["eligible"] = len(eligible)
    if not s.arrived("project-places", *s.cohort_kinds()):
        return found
    ours = s.children_in_period()
    places = [row for row in s.known.of("project-places") if row["project"] == name and row.get("child_id") in ours]
    enrolments = [row for row in places if _is_enrolled(s, row)]
    enrolled = {row["child_id"] for row in enrolments}
    found["offered"] = len({row["child_id"] for row in places if _is_offered(s, row)})
    found["enrolled"] = len(enrolled)
    if found["eligible"] is not None:
        found["take_up_percent"] = percent(len(enrolled & eligible), len(eligible))
    found["active"] = _active(s, name, minutes, enrolments)
    return found


def _is_for(s: Setting, child: str, cohorts: set[str]) -> bool:
    """Whether the child is on the day in a cohort that the project is for; one that names none is for everybody."""
    return not cohorts or any(s.belongs(child, s.as_at, cohort) for cohort in cohorts)


def _files_of(cohorts: set[str]) -> set[str]:
    return {"ssda903-episodes" if cohort == "in care" else "cohorts" for cohort in cohorts}


def _is_offered(s: Setting, row: Row) -> bool:
    offered_on, end = day(row.get("offered_on")) or day(row["start"]), day(row.get("end"))
    return offered_on is not None and offered_on <= s.end and (end is None or end >= s.start)


def _is_enrolled(s: Setting, row: Row) -> bool:
    start, end = day(row["start"]), day(row.get("end"))
    return row["status"] in ENROLLED and start is not None and start <= s.end and (end is None or end >= s.start)


def _active(s: Setting, name: str, minutes: int | None, enrolments: list[Row]) -> int | None:
    here = {row["child_id"] for row in enrolments if (day(row.get("end")) or s.as_at) >= s.as_at}
    if minutes is None:
        return len(here)
    if not s.arrived("project-usage"):
        return None
    monday = s.as_at - timedelta(days=s.as_at.weekday())
    weeks = {monday - timedelta(weeks=back) for back in range(4)}
    busy = {
        row["child_id"]
        for row in s.known.of("project-usage")
        if row["project"] == name and day(row["week"]) in weeks and int(row["minutes"] or 0) >= minutes
    }
    return len(busy & here)

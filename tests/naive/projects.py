"""Take-up of each project of the reference list."""

from datetime import timedelta
from typing import Any

from .deliveries import Row, day
from .percent import percent
from .setting import Setting

ENROLLED = ("enrolled", "completed", "left")
NAMES = ("eligible", "offered", "enrolled", "active", "take_up_percent")


def figures(s: Setting) -> dict[str, Any]:
    projects: dict[str, tuple[set[str], int | None]] = s.reference.get("projects", {})
    return {name: _project(s, name, years, minutes) for name, (years, minutes) in projects.items()}


def _project(s: Setting, name: str, years: set[str], minutes: int | None) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(NAMES)
    eligible = {child for child in s.children_on(s.as_at) if s.year_group(child) in years}
    if s.arrived(*s.cohort_kinds()):
        found["eligible"] = len(eligible)
    if not s.arrived("project-places"):
        return found
    places = [row for row in s.known.of("project-places") if row["project"] == name and row.get("child_id")]
    enrolments = [row for row in places if _is_enrolled(s, row)]
    enrolled = {row["child_id"] for row in enrolments}
    found["offered"] = len({row["child_id"] for row in places if _is_offered(s, row)})
    found["enrolled"] = len(enrolled)
    if found["eligible"] is not None:
        found["take_up_percent"] = percent(len(enrolled & eligible), len(eligible))
    found["active"] = _active(s, name, minutes, enrolments)
    return found


def _is_offered(s: Setting, row: Row) -> bool:
    offered_on, end = day(row.get("offered_on")) or day(row["start"]), day(row.get("end"))
    return offered_on is not None and offered_on <= s.end and (end is None or end >= s.start)


def _is_enrolled(s: Setting, row: Row) -> bool:
    start, end = day(row["start"]), day(row.get("end"))
    return row["status"] in ENROLLED and start is not None and start <= s.end and (end is None or end >= s.start)


def _active(s: Setting, name: str, minutes: int | None, enrolments: list[Row]) -> int | None:
    if minutes is None:
        open_still = [row for row in enrolments if (day(row.get("end")) or s.as_at) >= s.as_at]
        return len({row["child_id"] for row in open_still})
    if not s.arrived("project-usage"):
        return None
    monday = s.as_at - timedelta(days=s.as_at.weekday())
    weeks = {monday - timedelta(weeks=back) for back in range(4)}
    busy = {
        row["child_id"]
        for row in s.known.of("project-usage")
        if row["project"] == name and day(row["week"]) in weeks and int(row["minutes"] or 0) >= minutes
    }
    return len(busy & {row["child_id"] for row in enrolments})

"""Personal education plans that fell due in the period."""

from typing import Any

from .deliveries import Row, day
from .percent import percent
from .setting import Setting


def figures(s: Setting) -> dict[str, Any]:
    if not s.arrived("peps", *s.cohort_kinds()):
        return dict.fromkeys(("due", "completed", "completed_on_time", "overdue", "quality_green_percent"))
    cohort = s.children_in_period()
    due = [row for row in s.known.of("peps") if row["child_id"] in cohort and _is_due(s, row)]
    completed = [row for row in due if _is_completed(s, row)]
    judged = [row["quality"] for row in completed if row.get("quality")]
    return {
        "due": len(due),
        "completed": len(completed),
        "completed_on_time": sum(_on_time(row) for row in completed),
        "overdue": sum(_is_overdue(s, row) for row in due),
        "quality_green_percent": percent(judged.count("green"), len(judged)),
    }


def _is_due(s: Setting, row: Row) -> bool:
    due_on = day(row["due_on"])
    return due_on is not None and s.start <= due_on <= s.end


def _is_completed(s: Setting, row: Row) -> bool:
    assured_on = day(row.get("quality_assured_on"))
    return assured_on is not None and assured_on <= s.as_at


def _on_time(row: Row) -> bool:
    assured_on, due_on = day(row["quality_assured_on"]), day(row["due_on"])
    return assured_on is not None and due_on is not None and assured_on <= due_on


def _is_overdue(s: Setting, row: Row) -> bool:
    due_on = day(row["due_on"])
    return due_on is not None and due_on < s.as_at and not _is_completed(s, row)

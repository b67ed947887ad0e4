"""What the invented team has taken on: actions about the cast, opened over the last weeks, some done, some late."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select

from vs_core.access import roles
from vs_core.demo.cast import BY_KEY
from vs_core.store.schema import action, child, child_details

BY = "demo"


class Action(NamedTuple):
    """Days are counted back from the day of the demo. `closed`: with `outcome`; None while it is open."""

    about: str
    subject: str
    next_step: str
    role: str
    opened: int
    due: int
    closed: int | None = None
    outcome: str = ""


ACTIONS = (
    Action("exactly_half", "Attendance", "Meet school and carer; agree a way back", "inclusion", 33, 12),
    Action("ten_percent", "Attendance", "Ask the school what it has tried", "inclusion", 19, -2),
    Action("days_16", "Suspensions", "Meet the governors; ask for a support plan", "inclusion", 12, -3),
    Action("days_44", "Suspensions", "Call the head before any other suspension", "headteacher", 26, 19, 20, "Done"),
    Action("permanently_excluded", "Permanent exclusion", "Prepare for the governors' meeting", "inclusion", 17, -4),
    Action("no_pep", "PEP", "Book the first meeting with the school", "adviser", 12, 2),
    Action("pep_overdue", "PEP", "Chase the designated teacher for the plan", "adviser", 26, 9),
    Action("part_time", "Part-time timetable", "Review the hours with the school", "inclusion", 21, 7, 6, "More hours"),
    Action("nothing_requested", "Pupil Premium Plus", "Ask the school for a request", "operations", 14, -7),
    Action("unpaid", "Pupil Premium Plus", "Ask the school for its invoice", "operations", 28, 14, 10, "It has come"),
    Action("neet", "Post-16", "Meet the young person; look at courses", "adviser", 40, 20),
    Action("custody", "Custody", "Share the PEP with the setting", "inclusion", 9, -1),
    Action("moved_school", "School move", "Check that the records have arrived", "adviser", 35, 21, 22, "They have"),
    Action("arrived", "School place", "Apply for a place near the placement", "adviser", 7, -5),
)


def write_actions(connection: Connection, as_at: date) -> None:
    """Every action as the day of the demo knows it, with a row for each state that it was in."""
    ids = [BY_KEY[each.about].child_id for each in ACTIONS]
    known = select(child.c.child_id, child.c.id, child_details.c.adviser).join(child_details)
    found = connection.execute(known.where(child.c.child_id.in_(ids), child_details.c.known_to.is_(None)))
    people = {row.child_id: row for row in found}
    for number, (each, child_id) in enumerate(zip(ACTIONS, ids, strict=True), 1):
        own = people[child_id]
        owner = own.adviser if each.role == "adviser" else f"{roles.ROLES[each.role].title} (demo)"
        about = {"action_id": number, "child_key": own.id, "owner": owner}
        connection.execute(insert(action), [about | state for state in _states(each, as_at)])


def _states(each: Action, as_at: date) -> list[dict[str, Any]]:
    opened_on, due_on = (as_at - timedelta(days=days) for days in (each.opened, each.due))
    opened = {
        "subject": each.subject,
        "next_step": each.next_step,
        "due_on": due_on,
        "opened_on": opened_on,
        **_written(opened_on),
    }
    if each.closed is None:
        return [opened | {"closed_on": None, "outcome": None, "known_to": None}]
    closed_on = as_at - timedelta(days=each.closed)
    done = {"closed_on": closed_on, "outcome": each.outcome, **_written(closed_on), "known_to": None}
    return [opened | {"closed_on": None, "outcome": None, "known_to": closed_on}, opened | done]


def _written(on: date) -> dict[str, Any]:
    at = datetime.combine(on, time(9), UTC).replace(tzinfo=None)
    return {"written_at": at, "written_by": BY, "known_from": on}

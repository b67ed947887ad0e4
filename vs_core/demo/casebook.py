"""What the invented team wrote about the children who miss most school: contacts, referrals, snoozes, more actions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from vs_core.store.schema import action, case_entry, child, child_details, child_year

MOST = 56
FEWEST_SESSIONS = 30
OFFICER = "Inclusion (demo)"
WRITERS = ("inclusion", "adviser", "headteacher")


class Written(NamedTuple):
    """Something written so many days before the day of the demo. more: further columns of the entry; `until_on` in days
    after the day of the demo."""

    days: int
    kind: str
    said: str
    more: dict[str, Any]


class Given(NamedTuple):
    """An action, in days before the day of the demo; `due` is negative for a day to come. closed: with its outcome."""

    opened: int
    due: int
    next_step: str
    by_adviser: bool = False
    closed: int | None = None
    outcome: str = ""


def _contact(days: int, how: str, with_whom: str, said: str, outcome: str | None = None) -> Written:
    return Written(days, "contact", said, {"how": how, "with_whom": with_whom, "outcome": outcome})


def _referral(days: int, to: str, said: str) -> Written:
    return Written(days, "referral", said, {"referred_to": to})


AEO, PEP, MONEY = "attendance entitlement officer", "PEP brought forward", "PP+ request"
CASES: tuple[tuple[Written | Given, ...], ...] = (
    (
        _contact(3, "phone", "carer", "Up at night and asleep in the morning; carer asks for help", "Visit on Tuesday"),
        Given(3, -2, "Visit the carer; agree a morning routine"),
    ),
    (
        _contact(33, "meeting", "school", "Lessons in small groups were tried for a week and stopped"),
        Given(32, 18, "Agree a way back with the head of year", closed=12, outcome="Back for mornings since half term"),
    ),
    (Written(2, "snooze", "In hospital until the end of the week; school has sent work", {"until_on": 6}),),
    (
        _referral(35, AEO, "No answer from the carer to three calls"),
        _contact(34, "visit", "carer", "Officer was let in; bullying on the bus was named", "School changes the route"),
    ),
    (),
    (
        _contact(20, "e-mail", "social worker", "Placement may end; asked for a date"),
        Given(21, 6, "Chase the social worker for the placement plan", by_adviser=True),
    ),
    (
        _referral(9, PEP, "Plan is from the old school and says nothing of mornings"),
        _contact(9, "phone", "school", "Meeting offered for next week"),
    ),
    (
        _referral(41, MONEY, "Taxi for four weeks until the bus pass comes"),
        Given(40, 26, "See that the taxi runs", closed=19, outcome="Comes every day by taxi"),
    ),
)
"""Of the children in order of attendance, the lowest first: each the next case, then from the first again."""


def write_casebook(connection: Connection, as_at: date) -> None:
    """The entries and actions, of children who are none of the cast and not restricted."""
    entries, actions = [], []
    number = int(connection.scalar(select(func.max(action.c.action_id))) or 0)
    for place, row in enumerate(connection.execute(_lowest(as_at))):
        for each in CASES[place % len(CASES)]:
            if isinstance(each, Given):
                number += 1
                owner = row.adviser if each.by_adviser and row.adviser else OFFICER
                own = {"action_id": number, "child_key": row.child_key, "owner": owner, "subject": "Attendance"}
                actions += [own | state for state in _states(each, as_at)]
            else:
                entries.append({"child_key": row.child_key, **_entry(each, place, as_at)})
    for table, rows in ((action, actions), (case_entry, entries)):
        if rows:
            connection.execute(insert(table), rows)


def _lowest(as_at: date) -> Any:
    year = as_at.year if as_at.month >= 9 else as_at.year - 1
    row, known = child_year, child_details
    share = row.c.attended_sessions * 1000 / row.c.possible_sessions
    source = row.join(child, child.c.id == row.c.child_key).join(known, known.c.child_key == child.c.id)
    return (
        select(row.c.child_key, known.c.adviser)
        .select_from(source)
        .where(row.c.academic_year == year, row.c.possible_sessions >= FEWEST_SESSIONS)
        .where(known.c.known_to.is_(None), ~known.c.restricted, child.c.child_id.not_like("WM900%"))
        .order_by(share, child.c.child_id)
        .limit(MOST)
    )


def _entry(each: Written, place: int, as_at: date) -> dict[str, Any]:
    on = _school_day(as_at, each.days)
    none = dict.fromkeys(("how", "with_whom", "outcome", "until_on", "referred_to"))
    more = each.more | ({"until_on": as_at + timedelta(each.more["until_on"])} if "until_on" in each.more else {})
    plain = {"kind": each.kind, "said": each.said, "happened_on": on, "known_from": on}
    return {**none, **plain, **more, "written_at": _at(on), "written_by": WRITERS[place % len(WRITERS)]}


def _states(each: Given, as_at: date) -> Iterator[dict[str, Any]]:
    opened_on, due_on = _school_day(as_at, each.opened), _school_day(as_at, each.due)
    opened = {"next_step": each.next_step, "due_on": due_on, "opened_on": opened_on, **_written(opened_on)}
    if each.closed is None:
        yield opened | {"closed_on": None, "outcome": None, "known_to": None}
        return
    closed_on = _school_day(as_at, each.closed)
    yield opened | {"closed_on": None, "outcome": None, "known_to": closed_on}
    yield opened | {"closed_on": closed_on, "outcome": each.outcome, **_written(closed_on), "known_to": None}


def _written(on: date) -> dict[str, Any]:
    return {"written_at": _at(on).replace(tzinfo=None), "written_by": WRITERS[0], "known_from": on}


def _at(on: date) -> datetime:
    return datetime.combine(on, time(9, 30), UTC)


def _school_day(as_at: date, days_before: int) -> date:
    """The day so many days before, or the Friday before it at a weekend."""
    day = as_at - timedelta(days_before)
    return day - timedelta(max(0, day.weekday() - 4))

"""How long each record of the door is kept, and the deletion of what is due: one table, stated on a page and kept to.

Days are those of UTC. What is kept for a number of years from 29 February is kept to 1 March: nothing goes early.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, delete, exists, func, select, tuple_

from vs_core.access import trail
from vs_core.settings import Settings
from vs_core.store.access_tables import TRAIL_YEARS, audit_event, draft, last_look, session, sign_in_attempt
from vs_core.store.engine import reading, writing
from vs_core.store.schema import case_entry

SESSION_DAYS = 400
ATTEMPT_DAYS = 30
DRAFT_DAYS = 30
LOOK_DAYS = 400
_CORRECTION = case_entry.alias("correction")
SLICE = 1_000
"""Rows that go in one transaction, so that nobody waits long for SQLite's write lock."""
DELETED = "records deleted"
NO_RULE = (
    "Nothing else is deleted by itself. Payments (batches, vendors, invoices) and actions have no rule yet: no source "
    "at hand says how long, so the authority's own schedule is to be asked. The child's case record is kept elsewhere."
)


@dataclass(frozen=True)
class Rule:
    """what: the records of `table`; kept: how long, in words; why; age: the moment from which their time runs; before:
    those whose time runs since before this moment are due; kept_for: others of the same table for whose sake they
    stay."""

    what: str
    kept: str
    why: str
    table: Table
    age: ColumnElement[Any]
    before: datetime
    kept_for: ColumnElement[bool] | None = None

    @property
    def is_due(self) -> ColumnElement[bool]:
        own = self.age < self.before
        return own if self.kept_for is None else and_(own, ~self.kept_for)


def schedule(rules: Settings, today: date) -> list[Rule]:
    """The rules in force, with what they make due today."""
    return [*_kept_for_years(rules, today), *_kept_for_days(today)]


def _kept_for_years(rules: Settings, today: date) -> list[Rule]:
    return [
        Rule(
            "Trail",
            f"{rules.trail_years} years",
            "Who did what and who looked at whom must be known as long as an entry of a school's register is kept "
            "(School Attendance Regulations 2024: six years). The database refuses to delete anything younger.",
            audit_event,
            audit_event.c.at,
            years_before(today, rules.trail_years),
        ),
        Rule(
            "Contacts, notes, snoozes and referrals",
            f"{TRAIL_YEARS} years after they were written, or after their correction",
            "They explain a child's absence, and are kept as long as the entry of the school's register that they are "
            "about. They are not the child's case record. The database refuses to delete anything younger.",
            case_entry,
            case_entry.c.written_at,
            years_before(today, TRAIL_YEARS),
            exists().where(_CORRECTION.c.replaces == case_entry.c.id),
        ),
    ]


def _kept_for_days(today: date) -> list[Rule]:
    return [
        Rule(
            "Sessions",
            f"{SESSION_DAYS} days after their end",
            "So that a year can be looked back on: who was signed in, when and from where.",
            session,
            func.coalesce(session.c.ended_at, session.c.expires_at),
            _days_before(today, SESSION_DAYS),
        ),
        Rule(
            "Tries to sign in",
            f"{ATTEMPT_DAYS} days",
            "For the lockout, and to understand an attack afterwards. The name that was typed is not kept.",
            sign_in_attempt,
            sign_in_attempt.c.at,
            _days_before(today, ATTEMPT_DAYS),
        ),
        Rule(
            "Notes not saved yet",
            f"{DRAFT_DAYS} days after they were written",
            "So that a note outlasts its writer's holiday. Nobody else can read it.",
            draft,
            draft.c.written_at,
            _days_before(today, DRAFT_DAYS),
        ),
        Rule(
            "Last looks",
            f"{LOOK_DAYS} days after the last",
            "So that a page can say what is new since its reader last looked. Nobody else can read it.",
            last_look,
            last_look.c.looked_at,
            _days_before(today, LOOK_DAYS),
        ),
    ]


def years_before(day: date, years: int) -> datetime:
    """The beginning of the day so many years earlier; of 29 February, where that year has none, of the 28th."""
    try:
        earlier = day.replace(year=day.year - years)
    except ValueError:
        earlier = day.replace(year=day.year - years, day=28)
    return datetime.combine(earlier, time(), UTC)


def due(connection: Connection, rules: Settings, today: date) -> dict[str, int]:
    """How many records of each kind are due today."""
    listed = schedule(rules, today)
    counts = {rule.what: select(func.count()).select_from(rule.table).where(rule.is_due) for rule in listed}
    return {what: connection.execute(count).scalar_one() for what, count in counts.items()}


def delete_due(engine: Engine, who: str, rules: Settings, today: date) -> Iterator[tuple[str, int]]:
    """Delete what is due in slices, each with its event on the trail; what was deleted, and how many, slice by slice.
    who: as the trail names it."""
    for rule in schedule(rules, today):
        make = _of_trail if rule.table is audit_event else _of_others
        while number := _slice(engine, make, who, rule):
            yield rule.what, number


def _slice(engine: Engine, make: Callable[[Connection, str, Rule], int], who: str, rule: Rule) -> int:
    with reading(engine) as connection:
        if not connection.scalar(select(select(rule.table).where(rule.is_due).exists())):
            return 0
    with writing(engine) as connection:
        return make(connection, who, rule)


def _of_trail(connection: Connection, who: str, rule: Rule) -> int:
    return trail.shorten(connection, who, rule.before, SLICE)


def _of_others(connection: Connection, who: str, rule: Rule) -> int:
    key = tuple_(*rule.table.primary_key.columns)
    oldest = select(*rule.table.primary_key.columns).where(rule.is_due).limit(SLICE)
    number = connection.execute(delete(rule.table).where(key.in_(oldest))).rowcount
    if number:
        trail.record(connection, who, DELETED, rule.what, {"rows": number, "older than": str(rule.before)})
    return number


def _days_before(day: date, days: int) -> datetime:
    return datetime.combine(day - timedelta(days), time(), UTC)

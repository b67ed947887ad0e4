"""What the team wrote about children: contacts, notes, snoozes, referrals; and every state that their actions were in.

Of a restricted child, unless allowed, and without the right to names nobody's name and none of the words leave the
query; that something was written, and when, does, because figures are made of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, select, true

from vs_core.queries.children import is_restricted, people, places, with_current
from vs_core.queries.scope import EVERYTHING, Scope, child_id, in_scope, is_listed, somebody
from vs_core.store.access_tables import user_account
from vs_core.store.schema import action, case_entry, child

_LATER = case_entry.alias("later_entry")


def entries(as_at: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """The entries that hold, one row each, the earliest first: `child_key`, `child_id`, `is_listed`, `entry_id`, `kind`
    (contact, note, snooze, wake, referral), `on` (the day that it is about, `as_at` at the latest), `at` (when it was
    written, UTC), `by`, `who` (with whom), `how`, `said`, `outcome`, `until_on`, `referred_to`, `action_id`, `replaces`
    (the entry that it corrects). One that was corrected is left out."""
    return every_entry(as_at, known_on, scope).where(_LATER.c.id.is_(None))


def every_entry(as_at: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """The same with those that were corrected, and `replaced_by`: the entry that corrects it."""
    row = case_entry
    whose = [row.c.child_key, child_id(scope), is_listed(row.c.child_key, scope)]
    plain = [row.c.id.label("entry_id"), row.c.kind, row.c.happened_on.label("on"), row.c.written_at.label("at")]
    chosen = places(scope, row.c.with_whom.label("who"), row.c.how, row.c.referred_to)
    written = people(scope, row.c.said, row.c.outcome)
    numbers = [row.c.until_on, row.c.action_id, row.c.replaces, _LATER.c.id.label("replaced_by")]
    corrected = and_(_LATER.c.replaces == row.c.id, _by_then(_LATER, known_on))
    source = row.join(child, child.c.id == row.c.child_key).outerjoin(_LATER, corrected)
    return (
        select(*whose, *plain, _by(row.c.written_by, scope), *chosen, *written, *numbers)
        .select_from(with_current(_with_writer(source, row.c.written_by), row.c.child_key))
        .where(_by_then(row, known_on), row.c.happened_on <= as_at, in_scope(row.c.child_key, scope))
        .order_by(row.c.happened_on, row.c.id)
    )


def action_states(as_at: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Every state that the actions about children were in, one row each, the earliest first: `child_key`, `child_id`,
    `is_listed`, `row_id`, `action_id`, `at` (when it was written, UTC), `on` (the day of it), `by`, `owner`, `due_on`,
    `opened_on`, `closed_on`, `subject`, `next_step`, `outcome`."""
    row = action
    names = ("action_id", "due_on", "opened_on", "closed_on")
    whose = [row.c.child_key, child_id(scope), is_listed(row.c.child_key, scope)]
    when = [row.c.id.label("row_id"), row.c.written_at.label("at"), row.c.known_from.label("on")]
    written = [*places(scope, row.c.subject), *people(scope, row.c.next_step, row.c.outcome)]
    owner = somebody(row.c.owner, is_restricted(), scope)
    source = _with_writer(row.join(child, child.c.id == row.c.child_key), row.c.written_by)
    return (
        select(*whose, *when, *(row.c[name] for name in names), _by(row.c.written_by, scope), owner, *written)
        .select_from(with_current(source, row.c.child_key))
        .where(_by_then(row, known_on), row.c.known_from <= as_at, in_scope(row.c.child_key, scope))
        .order_by(row.c.id)
    )


def _by_then(row: FromClause, known_on: date | None) -> ColumnElement[bool]:
    return true() if known_on is None else row.c.known_from <= known_on


def _with_writer(source: FromClause, name: ColumnElement[str]) -> FromClause:
    return source.outerjoin(user_account, user_account.c.name == name)


def _by(name: ColumnElement[str], scope: Scope) -> ColumnElement[Any]:
    """Who wrote it, by the name that others see."""
    shown = func.coalesce(user_account.c.display_name, name).label("by")
    return somebody(shown, is_restricted(), scope)

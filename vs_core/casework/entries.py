"""What somebody writes down about a child: a contact, a note, a snooze, a referral. Nothing of it is ever changed.

Each entry is one transaction with its event on the trail, which keeps that it was written and none of its words. A
correction is an entry that names the one in whose place it stands. Raises PermissionError for a viewer who may not,
ActionError (a sentence for the person) when it cannot be done, and Overtaken when somebody else was quicker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert

from vs_core.access import roles, trail
from vs_core.access.openings import subject_of
from vs_core.access.viewer import Viewer, scope
from vs_core.casework.turns import ActionError, Overtaken, alone, is_shown, moment_of, said
from vs_core.queries import case_entries
from vs_core.rules import case_history
from vs_core.rules.case_history import (
    CONTACT,
    HOW,
    NOTE,
    ONE_AFTER_THE_OTHER,
    REFERRAL,
    REFERRED_TO,
    SNOOZE,
    WAKE,
    WITH_WHOM,
)
from vs_core.store.engine import engine as own_engine
from vs_core.store.engine import writing
from vs_core.store.schema import case_entry

LONGEST_TEXT = 2_000
EVENTS = {
    CONTACT: "contact written down",
    NOTE: "note written down",
    SNOOZE: "child snoozed",
    WAKE: "child woken",
    REFERRAL: "child referred",
}
MISSING = {
    CONTACT: "note of what was said",
    NOTE: "note",
    SNOOZE: "reason",
    WAKE: "reason",
    REFERRAL: "reason",
}


@dataclass(frozen=True)
class NewEntry:
    """What is written down about a child. kind: contact, note, snooze, wake, referral; on: the day of a contact; how,
    with_whom, outcome: of a contact; until_on: of a snooze; referred_to: of a referral; action_id: where it belongs to
    an action."""

    child_key: int
    kind: str
    said: str
    on: date | None = None
    how: str | None = None
    with_whom: str | None = None
    outcome: str = ""
    until_on: date | None = None
    referred_to: str | None = None
    action_id: int | None = None


def write(viewer: Viewer, new: NewEntry, today: date, *, after: int | None = None, engine: Engine | None = None) -> int:
    """Write an entry down; gives its number.

    after: the number of the last snooze, waking or referral of the child that the viewer had seen (0: none); when there
    is a later one another snooze, waking or referral is not written. None: it does not matter."""
    _may_write(viewer)
    values = _checked(new, today)
    with writing(engine or own_engine()) as connection:
        alone(connection)
        _check_child(connection, viewer, new.child_key)
        if new.kind in ONE_AFTER_THE_OTHER and after is not None:
            _check_not_overtaken(connection, viewer, new.child_key, after, today)
        return _written(connection, viewer, values, today)


def correct(viewer: Viewer, entry_id: int, new: NewEntry, today: date, engine: Engine | None = None) -> int:
    """Write an entry in the place of one's own earlier one about the same child, of the same kind; gives its number."""
    _may_write(viewer)
    values = _checked(new, today)
    with writing(engine or own_engine()) as connection:
        alone(connection)
        _check_child(connection, viewer, new.child_key)
        before = _entry(connection, viewer, new.child_key, entry_id, today)
        if (before.child_key, before.kind) != (new.child_key, new.kind):
            raise ActionError("A correction is about the same child and of the same kind.")
        return _written(connection, viewer, values | {"replaces": entry_id}, today)


def _may_write(viewer: Viewer) -> None:
    if not viewer.may(roles.ASSIGN):
        raise PermissionError("This role may not write about a child.")


def _checked(new: NewEntry, today: date) -> dict[str, Any]:
    """The columns of the entry. Raises ActionError for what is missing or cannot be."""
    if new.kind not in EVENTS:
        raise ActionError(f"There is no kind of entry called {new.kind}.")
    on = new.on if new.kind == CONTACT and new.on else today
    if on > today:
        raise ActionError("A contact cannot be on a day to come.")
    values: dict[str, Any] = {"child_key": new.child_key, "kind": new.kind, "happened_on": on}
    values |= {"said": said(new.said, MISSING[new.kind], LONGEST_TEXT), "action_id": new.action_id}
    return values | _OF_KIND.get(new.kind, _nothing)(new, today)


def _nothing(_new: NewEntry, _today: date) -> dict[str, Any]:
    return {}


def _contact(new: NewEntry, _today: date) -> dict[str, Any]:
    _one_of(new.how, HOW, "way of the contact")
    _one_of(new.with_whom, WITH_WHOM, "person of the contact")
    outcome = " ".join(new.outcome.split())[:LONGEST_TEXT]
    return {"how": new.how, "with_whom": new.with_whom, "outcome": outcome or None}


def _snooze(new: NewEntry, today: date) -> dict[str, Any]:
    if new.until_on is None or new.until_on <= today:
        raise ActionError("A child is snoozed until a day after today.")
    return {"until_on": new.until_on}


def _referral(new: NewEntry, _today: date) -> dict[str, Any]:
    _one_of(new.referred_to, REFERRED_TO, "place of the referral")
    return {"referred_to": new.referred_to}


_OF_KIND = {CONTACT: _contact, SNOOZE: _snooze, REFERRAL: _referral}


def _one_of(value: str | None, words: Mapping[str, object], what: str) -> None:
    if value is None or value not in words:
        raise ActionError(f"The {what} is missing.")


def _check_child(connection: Connection, viewer: Viewer, child_key: int) -> None:
    if not is_shown(connection, viewer, child_key):
        raise ActionError("This child is not among yours.")


def _entry(connection: Connection, viewer: Viewer, child_key: int, entry_id: int, today: date) -> Row[Any]:
    """The viewer's own entry that is to be corrected, not corrected yet."""
    found = {row.entry_id: row for row in _entries(connection, viewer, child_key, today)}
    row = found.get(entry_id)
    if row is None:
        raise ActionError("There is no such entry about this child.")
    if row.replaced_by is not None:
        later = found.get(row.replaced_by)
        raise Overtaken(f"This entry was corrected already{moment_of(later)}.")
    if row.writer != viewer.name:
        raise PermissionError("Only who wrote an entry corrects it; write a note instead.")
    return row


def _check_not_overtaken(connection: Connection, viewer: Viewer, child_key: int, after: int, today: date) -> None:
    rows = _entries(connection, viewer, child_key, today)
    later = [row for row in rows if row.entry_id > after and row.kind in ONE_AFTER_THE_OTHER]
    if later:
        raise Overtaken(f"{case_history.entry(later[-1])}{moment_of(later[-1])}, while you were writing.")


def _entries(connection: Connection, viewer: Viewer, child_key: int, today: date) -> list[Row[Any]]:
    own = replace(scope(viewer), child=child_key)
    query = case_entries.every_entry(today, None, own).add_columns(case_entry.c.written_by.label("writer"))
    return sorted(connection.execute(query).all(), key=lambda row: int(row.entry_id))


def _written(connection: Connection, viewer: Viewer, values: dict[str, Any], today: date) -> int:
    at = datetime.now(UTC).replace(microsecond=0)
    made = insert(case_entry).values(**values, written_at=at, written_by=viewer.name, known_from=today)
    (number,) = connection.execute(made).inserted_primary_key or (0,)
    told = {name: values[name] for name in ("until_on", "replaces", "action_id") if values.get(name) is not None}
    trail.record(connection, viewer, EVENTS[values["kind"]], subject_of(values["child_key"]), {"entry": number} | told)
    return int(number)

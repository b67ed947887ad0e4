"""What somebody takes on to do: an action is opened, given to another, closed. Nothing of it is overwritten.

Each change is one transaction: the row that held is closed, the next is written, and the trail says who did it. A
change says what it was made against, and is refused when somebody else has changed that meanwhile. Raises
PermissionError for a viewer who may not, ActionError (a sentence for the person) when it cannot be done, Overtaken when
somebody was quicker; nothing is written then."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select, update

from vs_core.access import roles, trail, users
from vs_core.access.viewer import Viewer, scope
from vs_core.casework.turns import ActionError, Overtaken, alone, is_shown, said, utc
from vs_core.queries import case_entries, casework
from vs_core.queries.scope import may_open
from vs_core.rules import case_history, words
from vs_core.store.engine import engine as own_engine
from vs_core.store.engine import reading, writing
from vs_core.store.schema import action, child_details

__all__ = ["LONGEST_TEXT", "ActionError", "Given", "NewAction", "Overtaken"]

LONGEST_TEXT = 500
MOST_AT_ONCE = 200
_OWN_WORDS = frozenset({"subject", "next_step", "outcome"})
_KEPT = ("action_id", "child_key", "subject", "next_step", "owner", "due_on", "opened_on", "closed_on", "outcome")


@dataclass(frozen=True)
class NewAction:
    """What is asked of whom. subject: what it is about; child_key: the child, None when it is not about one."""

    subject: str
    next_step: str
    owner: str
    due_on: date
    child_key: int | None = None


@dataclass(frozen=True)
class Given:
    """What became of giving an action for each of several children. opened: number of the action by child; acting: the
    children for whom somebody acts already, whose actions stay as they are."""

    opened: dict[int, int]
    acting: tuple[int, ...]


def owners(viewer: Viewer, engine: Engine | None = None) -> dict[str, str]:
    """Who can be given an action: role by name; an adviser by the name of the caseload, with or without a sign-in.
    Who works with restricted children only is left out for who may not be shown them."""
    of_every_caseload = replace(scope(viewer), adviser=None)
    with reading(engine or own_engine()) as connection:
        people = [user for user in users.listed(connection) if not user.disabled]
        known = child_details.c
        advisers = connection.scalars(
            select(known.adviser)
            .where(known.known_to.is_(None), known.adviser.is_not(None), may_open(known.child_key, of_every_caseload))
            .distinct()
        ).all()
    able = [user for user in people if user.role not in ("analyst", "administrator")]
    named = {owner_name(user.display_name, user.caseload_adviser): user.role for user in able}
    return named | {name: "adviser" for name in sorted(advisers) if name not in named}


def owner_name(display_name: str, caseload_adviser: str | None) -> str:
    """The name under which a person owns actions."""
    return caseload_adviser or display_name


def may_change(viewer: Viewer, owner: str | None) -> bool:
    """Whoever may assign, and the owner of the action."""
    return viewer.may(roles.ASSIGN) or owner == owner_name(viewer.display_name, viewer.adviser)


def open_action(
    viewer: Viewer,
    new: NewAction,
    today: date,
    engine: Engine | None = None,
    *,
    beside: Collection[int] | None = None,
) -> int:
    """Open an action from today on; gives its number.

    beside: the rows (`row_id`) of the child's open actions that the viewer had seen; when there is another, nothing is
    opened. None: it does not matter."""
    values = _checked(viewer, new, today)
    with writing(engine or own_engine()) as connection:
        alone(connection)
        _check_child(connection, viewer, new.child_key)
        if beside is not None and new.child_key is not None:
            _check_nobody_else(connection, viewer, new.child_key, beside, today)
        return _opened(connection, viewer, values, today)


def open_for_each(
    viewer: Viewer, new: NewAction, child_keys: Sequence[int], today: date, engine: Engine | None = None
) -> Given:
    """Open the same action for each of several children, all or none: each child has its own. Who has an open action
    keeps it and gets no other."""
    values = _checked(viewer, new, today)
    if len(child_keys) > MOST_AT_ONCE:
        raise ActionError(f"No more than {MOST_AT_ONCE} children at once.")
    opened, acting = {}, []
    with writing(engine or own_engine()) as connection:
        alone(connection)
        for key in dict.fromkeys(child_keys):
            _check_child(connection, viewer, key)
            if connection.scalars(_open_rows(key)).first() is not None:
                acting.append(key)
            else:
                opened[key] = _opened(connection, viewer, {**values, "child_key": key}, today)
    return Given(opened, tuple(acting))


def _checked(viewer: Viewer, new: NewAction, today: date) -> dict[str, Any]:
    """The columns of a new action. Raises PermissionError and ActionError."""
    if not viewer.may(roles.ASSIGN):
        raise PermissionError("This role may not assign actions.")
    texts = {"subject": _said(new.subject, "subject"), "next_step": _said(new.next_step, "next step")}
    _check_due(new.due_on, today)
    owner = _said(new.owner, "owner")
    return {**texts, "owner": owner, "due_on": new.due_on, "opened_on": today, "child_key": new.child_key}


def _opened(connection: Connection, viewer: Viewer, values: dict[str, Any], today: date) -> int:
    number = int(connection.scalar(select(func.max(action.c.action_id))) or 0) + 1
    _write(connection, viewer, {"action_id": number, **values}, today)
    told = {"owner": values["owner"], "due_on": values["due_on"], "child": values["child_key"]}
    _tell(connection, viewer, "action opened", number, **told)
    return number


def _open_rows(child_key: int) -> Select[int]:
    """The current rows of a child's open actions."""
    own = action.c.child_key == child_key
    return select(action.c.id).where(own, action.c.known_to.is_(None), action.c.closed_on.is_(None))


def _check_nobody_else(
    connection: Connection, viewer: Viewer, child_key: int, beside: Collection[int], today: date
) -> None:
    """Raises Overtaken where the child has an open action in a state that the viewer had not seen."""
    unseen = set(connection.scalars(_open_rows(child_key))) - set(beside)
    if unseen:
        raise Overtaken(_told(connection, viewer, child_key, max(unseen), today))


def _told(connection: Connection, viewer: Viewer, child_key: int | None, row_id: int, today: date) -> str:
    """Who brought an action into the state of a row, when, and what it is now."""
    states: list[Any] = []
    if child_key is not None:
        own = replace(scope(viewer), child=child_key)
        states = list(connection.execute(case_entries.action_states(today, None, own)))
    row = next((each for each in states if each.row_id == row_id), None)
    if row is None:
        return "Somebody else has changed this action meanwhile. Look at it again before you save."
    first = min(each.row_id for each in states if each.action_id == row.action_id)
    what = case_history.state(row, is_first=row.row_id == first)
    at = words.moment(utc(row.at))
    return f"Meanwhile, on {at}, {row.by or 'somebody'} {what}. Look at it again before you save."


def assign(
    viewer: Viewer,
    action_id: int,
    owner: str,
    due_on: date,
    today: date,
    note: str = "",
    engine: Engine | None = None,
    *,
    seen: int | None = None,
) -> None:
    """Give an open action to somebody, or another day. note: takes the place of the next step; empty leaves it; seen:
    the row (`row_id`) that the viewer had seen, None when it does not matter."""
    changed: dict[str, Any] = {"owner": _said(owner, "owner"), "due_on": due_on}
    if note.strip():
        changed["next_step"] = _said(note, "next step")
    _check_due(due_on, today)
    _change(viewer, action_id, changed, "action assigned", today, engine, seen)


def close(
    viewer: Viewer,
    action_id: int,
    outcome: str,
    today: date,
    engine: Engine | None = None,
    *,
    seen: int | None = None,
) -> None:
    """Close an open action today, with what came of it. seen: as for `assign`."""
    changed = {"closed_on": today, "outcome": _said(outcome, "outcome")}
    _change(viewer, action_id, changed, "action closed", today, engine, seen)


def _change(
    viewer: Viewer,
    action_id: int,
    changed: dict[str, Any],
    what: str,
    today: date,
    engine: Engine | None,
    seen: int | None,
) -> None:
    with writing(engine or own_engine()) as connection:
        alone(connection)
        row = _open_row(connection, viewer, action_id, today, seen)
        if not may_change(viewer, row.owner):
            raise PermissionError("Only the owner, or who may assign, changes an action.")
        held = {name: getattr(row, name) for name in _KEPT}
        if row.known_from > today:
            raise ActionError("The action was changed on a later day than this.")
        connection.execute(update(action).where(action.c.id == row.id).values(known_to=today))
        _write(connection, viewer, held | changed, today)
        _tell(connection, viewer, what, action_id, **changed)


def _open_row(connection: Connection, viewer: Viewer, action_id: int, today: date, seen: int | None) -> Row[Any]:
    """The current row of an open action that the viewer can see, about a child that the viewer may be shown."""
    own = {row.action_id for row in connection.execute(casework.actions(today, None, scope(viewer)))}
    current = select(action).where(action.c.action_id == action_id, action.c.known_to.is_(None))
    row = connection.execute(current).first() if action_id in own else None
    if row is None or not is_shown(connection, viewer, row.child_key):
        raise ActionError(f"There is no action {action_id}.")
    if seen is not None and row.id != seen:
        raise Overtaken(_told(connection, viewer, row.child_key, row.id, today))
    if row.closed_on is not None:
        raise ActionError("Somebody has closed this action already.")
    return row


def _write(connection: Connection, viewer: Viewer, values: dict[str, Any], today: date) -> None:
    written_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    connection.execute(
        insert(action).values(**values, written_at=written_at, written_by=viewer.name, known_from=today, known_to=None)
    )


def _tell(connection: Connection, viewer: Viewer, what: str, action_id: int, **detail: Any) -> None:
    """What somebody wrote in their own words may name a child: the trail keeps that it was written, not what."""
    told = {name: "written" if name in _OWN_WORDS else value for name, value in detail.items()}
    trail.record(connection, viewer, what, f"action {action_id}", told)


def _check_child(connection: Connection, viewer: Viewer, child_key: int | None) -> None:
    if not is_shown(connection, viewer, child_key):
        raise ActionError("This child is not among yours.")


def _check_due(due_on: date, today: date) -> None:
    if due_on < today:
        raise ActionError("An action cannot be due before today.")


def _said(value: str, what: str) -> str:
    return said(value, what, LONGEST_TEXT)

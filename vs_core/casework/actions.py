"""What somebody takes on to do: an action is opened, given to another, closed. Nothing of it is overwritten.

Each change is one transaction: the row that held is closed, the next is written, and the trail says who did it. Raises
PermissionError for a viewer who may not, ActionError (a sentence for the person) when it cannot be done; nothing is
written then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, text, update

from vs_core.access import roles, trail, users
from vs_core.access.viewer import Viewer, scope
from vs_core.queries import casework
from vs_core.queries.scope import may_open
from vs_core.store.engine import engine as own_engine
from vs_core.store.engine import reading, writing
from vs_core.store.schema import action, child, child_details

LONGEST_TEXT = 500
_LOCK = 7_251_002
_OWN_WORDS = frozenset({"subject", "next_step", "outcome"})
_KEPT = ("action_id", "child_key", "subject", "next_step", "owner", "due_on", "opened_on", "closed_on", "outcome")


class ActionError(ValueError):
    """The change cannot be made; the text is a sentence for the person who asked."""


@dataclass(frozen=True)
class NewAction:
    """What is asked of whom. subject: what it is about; child_key: the child, None when it is not about one."""

    subject: str
    next_step: str
    owner: str
    due_on: date
    child_key: int | None = None


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


def open_action(viewer: Viewer, new: NewAction, today: date, engine: Engine | None = None) -> int:
    """Open an action from today on; gives its number."""
    if not viewer.may(roles.ASSIGN):
        raise PermissionError("This role may not assign actions.")
    owner, step, subject = _said(new.owner, "owner"), _said(new.next_step, "next step"), _said(new.subject, "subject")
    _check_due(new.due_on, today)
    with writing(engine or own_engine()) as connection:
        _alone(connection)
        _check_child(connection, viewer, new.child_key)
        number = (connection.scalar(select(func.max(action.c.action_id))) or 0) + 1
        row = {"action_id": number, "child_key": new.child_key, "subject": subject, "next_step": step}
        _write(connection, viewer, {**row, "owner": owner, "due_on": new.due_on, "opened_on": today}, today)
        _tell(connection, viewer, "action opened", number, owner=owner, due_on=new.due_on, child=new.child_key)
    return number


def assign(
    viewer: Viewer, action_id: int, owner: str, due_on: date, today: date, note: str = "", engine: Engine | None = None
) -> None:
    """Give an open action to somebody, or another day. note: takes the place of the next step; empty leaves it."""
    changed: dict[str, Any] = {"owner": _said(owner, "owner"), "due_on": due_on}
    if note.strip():
        changed["next_step"] = _said(note, "next step")
    _check_due(due_on, today)
    _change(viewer, action_id, changed, "action assigned", today, engine)


def close(viewer: Viewer, action_id: int, outcome: str, today: date, engine: Engine | None = None) -> None:
    """Close an open action today, with what came of it."""
    changed = {"closed_on": today, "outcome": _said(outcome, "outcome")}
    _change(viewer, action_id, changed, "action closed", today, engine)


def _change(
    viewer: Viewer, action_id: int, changed: dict[str, Any], what: str, today: date, engine: Engine | None
) -> None:
    with writing(engine or own_engine()) as connection:
        _alone(connection)
        row = _open_row(connection, viewer, action_id, today)
        if not may_change(viewer, row.owner):
            raise PermissionError("Only the owner, or who may assign, changes an action.")
        held = {name: getattr(row, name) for name in _KEPT}
        if row.known_from > today:
            raise ActionError("The action was changed on a later day than this.")
        connection.execute(update(action).where(action.c.id == row.id).values(known_to=today))
        _write(connection, viewer, held | changed, today)
        _tell(connection, viewer, what, action_id, **changed)


def _open_row(connection: Connection, viewer: Viewer, action_id: int, today: date) -> Row[Any]:
    """The current row of an open action that the viewer can see, about a child that the viewer may be shown."""
    seen = {row.action_id for row in connection.execute(casework.actions(today, None, scope(viewer)))}
    current = select(action).where(action.c.action_id == action_id, action.c.known_to.is_(None))
    row = connection.execute(current).first() if action_id in seen else None
    if row is None or not _is_shown(connection, viewer, row.child_key):
        raise ActionError(f"There is no action {action_id}.")
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


def _alone(connection: Connection) -> None:
    """One change of actions at a time, as on SQLite: else two could take the same number."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _check_child(connection: Connection, viewer: Viewer, child_key: int | None) -> None:
    if not _is_shown(connection, viewer, child_key):
        raise ActionError("This child is not among yours.")


def _is_shown(connection: Connection, viewer: Viewer, child_key: int | None) -> bool:
    """Whether something may be written about the child; None: about no child."""
    own = select(child.c.id).where(child.c.id == child_key, may_open(child.c.id, scope(viewer)))
    return child_key is None or connection.scalar(own) is not None


def _check_due(due_on: date, today: date) -> None:
    if due_on < today:
        raise ActionError("An action cannot be due before today.")


def _said(value: str, what: str) -> str:
    said = " ".join(value.split())[:LONGEST_TEXT]
    if not said:
        raise ActionError(f"The {what} is missing.")
    return said

"""A signed-in person changes their own password. The old one is compared under the same lockout as at the sign-in, so
that nobody guesses it at a screen that was left open."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from vs_core.access import admission, attempts, passwords, sessions, trail
from vs_core.access.attempts import Booked, Try
from vs_core.access.users import UserError
from vs_core.access.viewer import Viewer
from vs_core.settings import Settings
from vs_core.store.access_tables import session, user_account
from vs_core.store.engine import reading, writing

SIGNED_OUT = "You are signed out. Reload this page to sign in again."
NONE_HERE = "You sign in with your council account, and have no password here to change."
OF_THE_DEMO = "The passwords of the demo stay as they are."
NOT_RIGHT = "Your present password is not right."
THE_SAME = "The new password is the same as the present one."


def change(viewer: Viewer, old: str, new: str, rules: Settings, of: Engine | None = None) -> None:
    """Give the person the new password and end their other sessions; this one lasts. Raises UserError with a sentence
    for the person. It has transactions of its own, because a try must be written down before it is compared."""
    with reading(of) as connection:
        person, one = _read(connection, viewer, rules)
    _check(person, old, new, rules)
    with writing(of) as connection:
        booked = attempts.begin(connection, one, sessions.now())
    if not isinstance(booked, Booked):
        raise UserError(admission.LOCKED[booked])
    right = passwords.matches(old, person.password_hash)
    kept = passwords.hashed(new) if right else ""
    with writing(of) as connection:
        attempts.finish(connection, booked, right)
        changed = right and _write(connection, viewer, person, kept)
        what = "own password changed" if changed else "own password refused"
        trail.record(connection, viewer, what, viewer.name)
    if not changed:
        raise UserError(NOT_RIGHT)


def _read(connection: Connection, viewer: Viewer, rules: Settings) -> tuple[Row[Any], Try]:
    at = sessions.now()
    if not isinstance(sessions.look_up(connection, viewer.session_id, rules, at), Viewer):
        raise UserError(SIGNED_OUT)
    mine = select(user_account, session.c.address).join(session, session.c.user_id == user_account.c.id)
    person = connection.execute(mine.where(session.c.token_hash == viewer.session_id)).one()
    who = attempts.name_hash(person.name_folded, rules)
    one = Try(who, attempts.place_of(person.address or ""), browser=viewer.session_id)
    closed = attempts.locked(connection, one, at)
    if closed:
        raise UserError(admission.LOCKED[closed])
    return person, one


def _check(person: Row[Any], old: str, new: str, rules: Settings) -> None:
    if not person.password_hash or not rules.password_sign_in:
        raise UserError(NONE_HERE)
    if person.is_demo:
        raise UserError(OF_THE_DEMO)
    refusal = THE_SAME if old == new else passwords.refusal(new, person.name, rules.authority)
    if refusal:
        raise UserError(refusal)


def _write(connection: Connection, viewer: Viewer, person: Row[Any], kept: str) -> bool:
    at = sessions.now()
    mine = (user_account.c.id == person.id) & (user_account.c.password_hash == person.password_hash)
    done = connection.execute(update(user_account).where(mine).values(password_hash=kept, changed_at=at))
    if done.rowcount != 1:
        return False
    sessions.end_all_of(connection, person.id, sessions.PASSWORD_CHANGED, at, but=viewer.session_id)
    return True

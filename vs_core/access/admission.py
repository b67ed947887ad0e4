"""A name and a password: let in or not, in the same steps for whoever is named.

Every try runs the same statements and compares one bcrypt hash, whether the name is unknown, disabled, without a
password (single sign-on only) or of the demo outside it, so that the time tells nobody apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from vs_core.access import attempts, known_browser, passwords, sessions, trail, users
from vs_core.access.attempts import Booked, Locked, Try
from vs_core.access.viewer import Viewer
from vs_core.settings import Settings
from vs_core.store.access_tables import user_account
from vs_core.store.engine import reading, writing

PERSON = ("id", "name", "display_name", "role", "password_hash", "disabled", "is_demo")
WRONG = "The name or the password is not right."
LOCKED: dict[Locked, str] = {
    "name": "Too many tries with this name. It opens again by itself in five minutes.",
    "place": "Too many tries from your network. It opens again by itself in five minutes.",
}


@dataclass(frozen=True)
class Asked:
    """Who asks to be let in. address: the person's own; known_browser: the cookie of that name; user_agent: what the
    browser says of itself; session_before: id of the session that this browser has now, whoever's it is."""

    name: str
    password: str
    address: str
    known_browser: str = ""
    user_agent: str = ""
    session_before: str | None = None


@dataclass(frozen=True)
class LetIn:
    """The values of the cookies to set."""

    session: str
    known_browser: str


@dataclass(frozen=True)
class Refused:
    """Nobody was let in. sentence: what may be said about it; locked: the password was not even looked at."""

    sentence: str
    locked: bool


def admit(asked: Asked, rules: Settings, of: Engine | None = None) -> LetIn | Refused:
    """The cookies of a new session for the right name and password, else why not. A try that is refused for the
    lockout writes nothing at all; the trail says `sign-in locked` once, with the try that used up the last."""
    with reading(of) as connection:
        person = _person(connection, asked.name, rules)
        one = _try(asked, person, rules)
        closed = attempts.locked(connection, one, sessions.now())
    if closed:
        return Refused(LOCKED[closed], locked=True)
    with writing(of) as connection:
        booked = attempts.begin(connection, one, sessions.now())
    if not isinstance(booked, Booked):
        return Refused(LOCKED[booked], locked=True)
    right = passwords.matches(asked.password, person.password_hash if person else None)
    with writing(of) as connection:
        now = _person(connection, asked.name, rules)
        if right and person is not None and _still_counts(person, now):
            attempts.finish(connection, booked, worked=True)
            return _let_in(connection, person, asked, rules)
        attempts.finish(connection, booked, worked=False)
        _record_failure(connection, asked, person, right, booked)
    return Refused(WRONG, locked=False)


def _person(connection: Connection, name: str, rules: Settings) -> Row[Any] | None:
    wanted = users.folded(name).replace("\x00", "\ufffd")
    columns = [user_account.c[name] for name in PERSON]
    found = connection.execute(select(*columns).where(user_account.c.name_folded == wanted)).one_or_none()
    return None if found is not None and found.is_demo and not rules.demo else found


def _try(asked: Asked, person: Row[Any] | None, rules: Settings) -> Try:
    who = attempts.name_hash(users.folded(asked.name), rules)
    kept = person.password_hash if person else ""
    browser = known_browser.found_in(asked.known_browser, who, kept, rules, sessions.now())
    return Try(who, attempts.place_of(asked.address), browser if kept else None)


def _still_counts(person: Row[Any], now: Row[Any] | None) -> bool:
    """Is the person let in, with the password that was compared, also at the end of the comparison?"""
    return now is not None and not now.disabled and now.password_hash == person.password_hash


def _let_in(connection: Connection, person: Row[Any], asked: Asked, rules: Settings) -> LetIn:
    at = sessions.now()
    cookie = sessions.open_session(
        connection,
        person.id,
        asked.address,
        rules,
        at,
        browser=asked.user_agent,
        instead_of=asked.session_before,
    )
    viewer = Viewer(person.id, person.name, person.display_name, person.role, sessions.session_id_of(cookie))
    trail.record(connection, viewer, "signed in", detail={"address": asked.address, "how": "password"})
    who = attempts.name_hash(users.folded(asked.name), rules)
    return LetIn(cookie, known_browser.with_person(asked.known_browser, who, person.password_hash, rules, at))


def _record_failure(connection: Connection, asked: Asked, person: Row[Any] | None, right: bool, booked: Booked) -> None:
    tried = person.name if person else "unknown"
    detail = {"address": asked.address, "why": _why(person, right)}
    trail.record(connection, tried, "sign-in failed", detail=detail)
    if booked.closes:
        over = {"address": asked.address, "of": booked.closes}
        trail.record(connection, tried, "sign-in locked", detail=over)


def _why(person: Row[Any] | None, right: bool) -> str:
    if person is None:
        return "no such name"
    if not person.password_hash:
        return "comes in through single sign-on only"
    return "disabled" if right and person.disabled else "wrong password"

"""Whose account a council account belongs to: found by its subject, or linked by name the first time. Roles come from
our own table only; nothing that a provider says of a person's rights is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from vs_core.access import keys, sessions, trail
from vs_core.access.single_sign_on_token import Vouched
from vs_core.access.viewer import Viewer
from vs_core.settings import Settings
from vs_core.store.access_tables import user_account
from vs_core.store.engine import writing


@dataclass(frozen=True)
class Seen:
    """Where a person signs in from. user_agent: what the browser says of itself; session_before: id of the session
    that this browser has now, whoever's it is."""

    address: str
    user_agent: str
    session_before: str | None


def admit(who: Vouched, seen: Seen, rules: Settings, of: Engine | None = None) -> str | None:
    """The cookie of a new session, or None for a person whom nobody has given access."""
    with writing(of) as connection:
        at = sessions.now()
        person, why = _account(connection, who, rules, at)
        if person is None or why:
            _record_refusal(connection, who, seen, rules, person, why)
            return None
        cookie = sessions.open_session(
            connection,
            person.id,
            seen.address,
            rules,
            at,
            how=sessions.SINGLE_SIGN_ON,
            browser=seen.user_agent,
            instead_of=seen.session_before,
        )
        detail = {"address": seen.address, "how": sessions.SINGLE_SIGN_ON}
        trail.record(connection, _as_viewer(person, cookie), "signed in", detail=detail)
        return cookie


def _account(connection: Connection, who: Vouched, rules: Settings, at: datetime) -> tuple[Row[Any] | None, str]:
    """The person's account, if there is one, and why it may not come in, or an empty text."""
    person = _linked(connection, who)
    if person is not None:
        return person, _shut(person, rules)
    person = _named(connection, who)
    if person is None:
        return None, "nobody has this name"
    if person.sso_subject is not None:  # perhaps since we looked, by the same person at the same moment
        is_theirs = (person.sso_issuer, person.sso_subject) == (who.issuer, who.subject)
        return person, _shut(person, rules) if is_theirs else "linked to another council account"
    why = _shut(person, rules)
    if why:
        return person, why
    _link(connection, person, who, at)
    linked = _linked(connection, who)
    return (linked, "") if linked is not None else (person, "linked to another council account")


def _linked(connection: Connection, who: Vouched) -> Row[Any] | None:
    mine = (user_account.c.sso_issuer == who.issuer, user_account.c.sso_subject == who.subject)
    return connection.execute(select(user_account).where(*mine)).one_or_none()


def _named(connection: Connection, who: Vouched) -> Row[Any] | None:
    for name in who.names:
        found = connection.execute(select(user_account).where(user_account.c.sso_name == name)).one_or_none()
        if found is not None:
            return found
    return None


def _shut(person: Row[Any], rules: Settings) -> str:
    if person.disabled:
        return "disabled"
    return "of the demo" if person.is_demo and not rules.demo else ""


def _link(connection: Connection, person: Row[Any], who: Vouched, at: datetime) -> None:
    """Tie an account that is not tied yet. Where another sign-in was faster, nothing happens."""
    still_free = (user_account.c.id == person.id, user_account.c.sso_subject.is_(None))
    link = {"sso_issuer": who.issuer, "sso_subject": who.subject, "sso_linked_at": at, "changed_at": at}
    if connection.execute(update(user_account).where(*still_free).values(**link)).rowcount:
        trail.record(connection, person.name, "single sign-on linked", person.name)


def _record_refusal(
    connection: Connection, who: Vouched, seen: Seen, rules: Settings, person: Row[Any] | None, why: str
) -> None:
    """Of a person unknown to us the trail keeps nothing but a keyed hash, by which two refusals can be told to be one
    person's."""
    detail = {
        "address": seen.address,
        "how": sessions.SINGLE_SIGN_ON,
        "why": why,
        "who": keys.signed(rules, "council account", f"{who.issuer} {who.subject}"),
    }
    trail.record(connection, "unknown", "sign-in refused", person.name if person else "", detail)


def _as_viewer(person: Row[Any], cookie: str) -> Viewer:
    return Viewer(person.id, person.name, person.display_name, person.role, sessions.session_id_of(cookie))

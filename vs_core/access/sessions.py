"""Signed-in sessions: opened, looked up again at every message, ended. The cookie itself is kept nowhere."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from vs_core.access import activity
from vs_core.access.viewer import Viewer
from vs_core.settings import Settings
from vs_core.store.access_tables import SIGN_INS, session, user_account

PASSWORD, SINGLE_SIGN_ON = SIGN_INS
SIGNED_OUT = "signed out"
DISABLED = "disabled"
PASSWORD_CHANGED = "password changed"
ROLE_CHANGED = "role changed"
SIGN_IN_CHANGED = "sign-in changed"
IDLE = "idle"
EXPIRED = "expired"
SIGNED_IN_AGAIN = "signed in again"
LONGEST_BROWSER = 200
ENDED_BY_ADMINISTRATOR = "ended by an administrator"
ENDED_ELSEWHERE = "ended elsewhere"
_UNWRITTEN_FOR = timedelta(minutes=1)
"""A person's last deed stands in the database within this time (`activity`)."""


@dataclass(frozen=True)
class Ended:
    """A session that no longer counts, and why; `why` is empty when there never was such a session."""

    why: str = ""


@dataclass(frozen=True)
class OpenSession:
    """A session that counts now, and whose it is. id: hash of its cookie; last_seen_at: the person's last deed."""

    id: str
    user_id: int
    name: str
    display_name: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str | None
    how: str
    browser: str | None


def now() -> datetime:
    return datetime.now(UTC)


def session_id_of(cookie: str) -> str:
    """What the database knows a cookie by."""
    return hashlib.sha256(cookie.encode("utf-8", "surrogateescape")).hexdigest()


def open_session(
    connection: Connection,
    user_id: int,
    address: str,
    rules: Settings,
    at: datetime,
    *,
    how: str = PASSWORD,
    browser: str = "",
    instead_of: str | None = None,
) -> str:
    """A new session for a person who has shown who they are; returns the cookie's value.

    how: one of `access_tables.SIGN_INS`; browser: its User-Agent header; instead_of: id of the session that this
    browser had until now, whoever's it was, which ends."""
    cookie = secrets.token_urlsafe(32)
    if instead_of is not None:
        end(connection, instead_of, SIGNED_IN_AGAIN, at)
    connection.execute(
        insert(session).values(
            token_hash=session_id_of(cookie),
            user_id=user_id,
            created_at=at,
            last_seen_at=at,
            expires_at=at + timedelta(hours=rules.absolute_hours),
            address=address,
            how=how,
            browser="".join(sign for sign in browser if sign.isprintable())[:LONGEST_BROWSER],
        )
    )
    return cookie


def look_up(connection: Connection, session_id: str, rules: Settings, at: datetime) -> Viewer | Ended:
    """Who this session belongs to now, or why it no longer counts."""
    row = connection.execute(
        select(session, user_account).join(user_account).where(session.c.token_hash == session_id)
    ).one_or_none()
    if row is None:
        return Ended()
    why = _why_over(row, rules, at)
    return Ended(why) if why else _viewer(row)


def end(connection: Connection, session_id: str, why: str, at: datetime) -> None:
    """End one session; a session that has ended stays as it is."""
    connection.execute(
        update(session)
        .where(session.c.token_hash == session_id, session.c.ended_at.is_(None))
        .values(ended_at=at, ended_why=why)
    )


def end_all_of(connection: Connection, user_id: int, why: str, at: datetime, but: str = "") -> None:
    """End every open session of one person, or every one but that whose id is `but`."""
    connection.execute(
        update(session)
        .where(session.c.user_id == user_id, session.c.ended_at.is_(None), session.c.token_hash != but)
        .values(ended_at=at, ended_why=why)
    )


def seconds_left(connection: Connection, session_id: str, rules: Settings, at: datetime) -> float:
    """How long a session lasts from `at` when nothing more is done in it; 0 when it is over."""
    row = connection.execute(
        select(session, user_account).join(user_account).where(session.c.token_hash == session_id)
    ).one_or_none()
    if row is None or _why_over(row, rules, at):
        return 0
    idle_at = activity.last_seen(row.token_hash, row.last_seen_at) + timedelta(minutes=rules.idle_minutes)
    return (min(idle_at, row.expires_at) - at).total_seconds()


def open_now(
    connection: Connection, rules: Settings, at: datetime, *, user_id: int | None = None, session_id: str | None = None
) -> list[OpenSession]:
    """The sessions that count now, the latest deed first: everybody's, one person's, or one."""
    quiet = at - timedelta(minutes=rules.idle_minutes) - _UNWRITTEN_FOR
    wanted = [session.c.ended_at.is_(None), session.c.expires_at > at, session.c.last_seen_at > quiet]
    wanted += [session.c.user_id == user_id] if user_id is not None else []
    wanted += [session.c.token_hash == session_id] if session_id is not None else []
    shown = [session.c[name] for name in ("token_hash", "user_id", "created_at", "last_seen_at", "expires_at")]
    shown += [session.c[name] for name in ("address", "how", "browser", "ended_at", "ended_why")]
    shown += [user_account.c[name] for name in ("name", "display_name", "disabled", "is_demo")]
    rows = connection.execute(select(*shown).select_from(session.join(user_account)).where(*wanted))
    found = [_open(row) for row in rows if not _why_over(row, rules, at)]
    return sorted(found, key=lambda one: one.last_seen_at, reverse=True)


def _open(row: Row[Any]) -> OpenSession:
    return OpenSession(
        id=row.token_hash,
        user_id=row.user_id,
        name=row.name,
        display_name=row.display_name,
        created_at=row.created_at,
        last_seen_at=activity.last_seen(row.token_hash, row.last_seen_at),
        expires_at=row.expires_at,
        address=row.address,
        how=row.how,
        browser=row.browser,
    )


def _why_over(row: Row[Any], rules: Settings, at: datetime) -> str:
    if row.ended_at is not None:
        return str(row.ended_why)
    if row.disabled or (row.is_demo and not rules.demo):
        return DISABLED
    if not _is_a_way_in(row.how, rules):
        return SIGN_IN_CHANGED
    if row.expires_at <= at:
        return EXPIRED
    quiet = at - activity.last_seen(row.token_hash, row.last_seen_at)
    return IDLE if quiet >= timedelta(minutes=rules.idle_minutes) else ""


def _is_a_way_in(how: str, rules: Settings) -> bool:
    return rules.password_sign_in if how == PASSWORD else rules.single_sign_on is not None


def _viewer(row: Row[Any]) -> Viewer:
    return Viewer(
        user_id=row.user_id,
        name=row.name,
        display_name=row.display_name,
        role=row.role,
        session_id=row.token_hash,
        adviser=row.caseload_adviser,
        sees_restricted=row.sees_restricted,
    )

"""What the pages People and What may I see read: who may sign in, and who is signed in now. Nothing here is kept,
because a session that has ended must not be listed a moment longer."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from vs_core.access import retention, roles, sessions
from vs_core.access.administering import may_administer
from vs_core.access.sessions import OpenSession
from vs_core.access.viewer import Viewer
from vs_core.figures import fetch
from vs_core.queries import people
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui import words

NEVER = "never"
LONGEST_BROWSER = 60
_MAKES = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def everybody(viewer: Viewer) -> pd.DataFrame:
    """One row a person, by display name: `name`, `display_name`, `role`, `role_title`, `caseload`, `sees_restricted`,
    `disabled`, `state` (in words), `last_seen`, `how`, `sso`. Raises PermissionError without the right."""
    may_administer(viewer)
    rows = retried(lambda connection: fetch.rows(connection, people.everybody()))
    rows["role_title"] = [roles.ROLES[name].title for name in rows["role"]]
    rows["caseload"] = rows["caseload_adviser"]
    rows["state"] = [_state(row) for row in rows.itertuples()]
    rows["last_seen"] = [_last_seen(row, sessions.now()) for row in rows.itertuples()]
    rows["sso"] = [_single_sign_on(row) for row in rows.itertuples()]
    return rows


def advisers(viewer: Viewer) -> list[str]:
    """The advisers whom the children file names, without any child. Raises PermissionError without the right to
    administer: these names are what a caseload is chosen from."""
    may_administer(viewer)
    return list(retried(lambda connection: connection.scalars(people.advisers(viewer)).all()))


def open_sessions(viewer: Viewer) -> pd.DataFrame:
    """One row a session that counts now, the latest deed first: see `_sessions`. Raises PermissionError without the
    right to administer."""
    may_administer(viewer)
    return _sessions(viewer, None)


def own_sessions(viewer: Viewer) -> pd.DataFrame:
    """The viewer's own sessions that count now: see `_sessions`."""
    return _sessions(viewer, viewer.user_id)


def administrators(viewer: Viewer) -> list[str]:
    """Who lets people in and gives roles, by the names that others see: whom to ask."""
    rows = retried(lambda connection: fetch.rows(connection, people.names()))
    may = [roles.may(role, roles.ADMINISTER) for role in rows["role"]]
    counts = ~rows["disabled"].astype(bool) & (settings().demo | ~rows["is_demo"].astype(bool))
    asked = rows[pd.Series(may, index=rows.index, dtype=bool) & counts]
    return [f"{row.display_name} ({roles.ROLES[str(row.role)].title})" for row in asked.itertuples()]


def _sessions(viewer: Viewer, user_id: int | None) -> pd.DataFrame:
    """`id` (never drawn), `name`, `display_name`, `since`, `last_deed`, `until`, `address`, `browser`, `how`,
    `this`."""
    at, rules = sessions.now(), settings()
    found = retried(lambda connection: sessions.open_now(connection, rules, at, user_id=user_id))
    columns = ("id", "name", "display_name", "since", "last_deed", "until", "address", "browser", "how", "this")
    return pd.DataFrame([_session(one, viewer) for one in found], columns=pd.Index(columns))


def _session(one: OpenSession, viewer: Viewer) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "display_name": one.display_name,
        "since": words.moment(one.created_at),
        "last_deed": words.moment(one.last_seen_at),
        "until": words.moment(one.expires_at),
        "address": one.address,
        "browser": browser(one.browser),
        "how": one.how,
        "this": "this one" if one.id == viewer.session_id else None,
    }


def browser(said: str | None) -> str | None:
    """What a browser says of itself, in two words where they can be told: `Edge on Windows`."""
    if not said:
        return None
    make = next((name for part, name in _MAKES if re.search(rf"{part}\w*/", said)), None)
    system = next((name for part, name in _SYSTEMS if part in said), None)
    return f"{make} on {system}" if make and system else said[:LONGEST_BROWSER]


def _last_seen(row: Any, now: datetime) -> str:
    """Sessions are forgotten in their time, and with them when somebody was seen."""
    if not pd.isna(row.last_seen_at):
        return words.moment(row.last_seen_at)
    is_new = now - row.created_at < timedelta(retention.SESSION_DAYS)
    return NEVER if is_new else f"not for {retention.SESSION_DAYS} days"


def _state(row: Any) -> str:
    if row.disabled:
        return "✗ disabled"
    if row.is_demo:
        return "✓ in the demo only"
    has_account = isinstance(row.sso_name, str) or not pd.isna(row.sso_linked_at)
    return "✓ may sign in" if row.has_password or has_account else "○ has no way in"


def _single_sign_on(row: Any) -> str | None:
    if not pd.isna(row.sso_linked_at):
        return f"linked {words.moment(row.sso_linked_at)}"
    return f"waits for {row.sso_name}" if isinstance(row.sso_name, str) else None

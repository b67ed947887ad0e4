"""When each signed-in person last did something, kept in memory between the writes to the database.

A long import holds SQLite's write lock for seconds; a page must not wait for it only to note that somebody clicked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from vs_core.store.access_tables import session

_seen: dict[str, datetime] = {}


def note(session_id: str, at: datetime) -> None:
    """This session's person did something at `at`."""
    _seen[session_id] = at


def last_seen(session_id: str, written: datetime) -> datetime:
    """The later of what the database says and what is not written yet."""
    return max(written, _seen.get(session_id, written))


def unwritten() -> dict[str, datetime]:
    """Sessions and their last deed that the database does not know yet."""
    return dict(_seen)


def write_down(connection: Connection, noted: Mapping[str, datetime]) -> None:
    """Put what was noted into the database; it never moves a session's last deed backwards."""
    mine = session.c.token_hash == bindparam("noted_id")
    change = update(session).where(mine, session.c.last_seen_at < bindparam("noted_at"))
    rows = [{"noted_id": session_id, "noted_at": at} for session_id, at in noted.items()]
    connection.execute(change.values(last_seen_at=bindparam("noted_at")), rows)


def forget(noted: Mapping[str, datetime]) -> None:
    """Drop what is safely written, but not what was noted since."""
    for session_id, at in noted.items():
        if _seen.get(session_id) == at:
            del _seen[session_id]

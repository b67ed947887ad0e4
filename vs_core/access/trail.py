"""The trail: who did what, to whom, when. Rows are only added, each chained to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text

from vs_core.access.viewer import Viewer
from vs_core.store.access_tables import audit_event

FIRST = "0" * 64
_LOCK = 7_251_001


def record(
    connection: Connection,
    who: Viewer | str,
    what: str,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Add one event inside the caller's write transaction, so that the deed and its record stand or fall together.

    who: a Viewer, or a name for the command line; subject: what it was done to, e.g. "child 123"; detail: JSON values.
    """
    row = {
        "at": (at or datetime.now(UTC)).replace(microsecond=0),
        "user_id": who.user_id if isinstance(who, Viewer) else None,
        "user_name": who.name if isinstance(who, Viewer) else who,
        "what": what,
        "subject": subject,
        "detail": json.dumps(dict(detail or {}), sort_keys=True, ensure_ascii=False, default=str),
        "previous_hash": _last_hash(connection),
    }
    connection.execute(insert(audit_event).values(**row, hash=_hash(row)))


def first_broken(connection: Connection) -> int | None:
    """The id of the first event that does not follow from the one before it, or None when the chain holds."""
    previous = FIRST
    for row in connection.execute(select(audit_event).order_by(audit_event.c.id)).mappings():
        if row["previous_hash"] != previous or row["hash"] != _hash(row):
            return int(row["id"])
        previous = row["hash"]
    return None


def _last_hash(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    return connection.scalar(select(audit_event.c.hash).order_by(audit_event.c.id.desc()).limit(1)) or FIRST


def _hash(row: Mapping[Any, Any]) -> str:
    parts = [row["previous_hash"], row["at"].astimezone(UTC).isoformat(), row["user_id"], row["user_name"]]
    parts += [row["what"], row["subject"], row["detail"]]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

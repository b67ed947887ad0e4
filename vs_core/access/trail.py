"""The trail: who did what, to whom, when. Rows are only added, each chained to the one before; the oldest are deleted
when they have been kept for their time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from vs_core.access.viewer import Viewer
from vs_core.store.access_tables import audit_event

FIRST = "0" * 64
SHORTENED = "trail shortened"
_LOCK = 7_251_001
_AT_ONCE = 5_000
_AS_JSON = json.JSONEncoder(ensure_ascii=False).encode
_CHAINED = tuple(audit_event.c[name] for name in "id at user_id user_name what subject detail previous_hash".split())


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


@dataclass(frozen=True)
class Followed:
    """How far the chain has been followed. events: how many follow from one another, up to the one with `last_id` and
    `last_hash`; broken: id of the first that does not follow, None while the chain holds."""

    events: int = 0
    last_id: int = 0
    last_hash: str = FIRST
    broken: int | None = None


def first_broken(connection: Connection) -> int | None:
    """The id of the first event that does not follow from the one before it, or None when the chain holds.

    Where the oldest events have been deleted in their time, the chain begins with the event after the last that an
    event `trail shortened` of this very chain names."""
    return follow(connection).broken


def follow(connection: Connection, after: Followed | None = None, most: int | None = None) -> Followed:
    """Follow the chain on from where it has been followed to, `most` events at most."""
    done = after or Followed()
    rows = select(*_CHAINED, audit_event.c.hash).where(audit_event.c.id > done.last_id).order_by(audit_event.c.id)
    count, last_id, previous = done.events, done.last_id, done.last_hash
    for row in connection.execute(rows.limit(most).execution_options(yield_per=_AT_ONCE)):
        follows = row.previous_hash == previous or _begins(connection, row.previous_hash, last_id)
        if not follows or row.hash != _hash(row._mapping):
            return Followed(count, last_id, previous, int(row.id))
        count, last_id, previous = count + 1, row.id, row.hash
    return Followed(count, last_id, previous)


def _begins(connection: Connection, previous_hash: str, last_id: int) -> bool:
    """Whether the chain begins here: the event that was followed last, if any was, has been deleted since."""
    is_there = connection.scalar(select(audit_event.c.id).where(audit_event.c.id == last_id)) is not None
    return not is_there and previous_hash in _beginnings(connection)


def _beginnings(connection: Connection) -> set[str]:
    """The hashes of events that were the last to be deleted in their time, as the chain itself says."""
    told = connection.scalars(select(audit_event.c.detail).where(audit_event.c.what == SHORTENED))
    return {json.loads(detail)["last_hash"] for detail in told}


def shorten(connection: Connection, who: Viewer | str, before: datetime, most: int, at: datetime | None = None) -> int:
    """Delete the oldest events in a row that are older than a moment, `most` at most, with an event that names the last
    of them; how many. The database refuses what is younger than it keeps."""
    _last_hash(connection)
    columns = (audit_event.c.id, audit_event.c.at, audit_event.c.hash)
    oldest = connection.execute(select(*columns).order_by(audit_event.c.id).limit(most)).all()
    due = list(takewhile(lambda row: row.at < before, oldest))
    if due:
        last = due[-1]
        detail = {"events": len(due), "last": last.id, "last_at": last.at.isoformat(), "last_hash": last.hash}
        record(connection, who, SHORTENED, detail=detail, at=at)
        connection.execute(delete(audit_event).where(audit_event.c.id <= last.id))
    return len(due)


def _last_hash(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    return connection.scalar(select(audit_event.c.hash).order_by(audit_event.c.id.desc()).limit(1)) or FIRST


def _hash(row: Mapping[Any, Any]) -> str:
    parts = [row["previous_hash"], row["at"].astimezone(UTC).isoformat(), row["user_id"], row["user_name"]]
    parts += [row["what"], row["subject"], row["detail"]]
    return hashlib.sha256(_AS_JSON(parts).encode()).hexdigest()

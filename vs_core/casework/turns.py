"""One after the other: who writes about the same child at the same time neither overwrites nor overlooks the other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, text

from vs_core.access.viewer import Viewer, scope
from vs_core.queries.scope import may_open
from vs_core.rules.words import moment
from vs_core.store.schema import child

_LOCK = 7_251_002


class ActionError(ValueError):
    """The change cannot be made; the text is a sentence for the person who asked."""


class Overtaken(ActionError):
    """Somebody else has changed meanwhile what this change was made against; the text says who, what and when."""


def alone(connection: Connection) -> None:
    """One change of actions and entries at a time, as on SQLite: else two could take the same number, or neither would
    see what the other has just done."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def is_shown(connection: Connection, viewer: Viewer, child_key: int | None) -> bool:
    """Whether something may be written about the child; None: about no child."""
    own = select(child.c.id).where(child.c.id == child_key, may_open(child.c.id, scope(viewer)))
    return child_key is None or connection.scalar(own) is not None


def said(value: str, what: str, longest: int) -> str:
    """What somebody wrote, on one line and not longer than may be. Raises ActionError when there is nothing."""
    written = " ".join(value.split())[:longest]
    if not written:
        raise ActionError(f"The {what} is missing.")
    return written


def moment_of(row: Any) -> str:
    """` by A. Officer on 20 Nov 2026, 09:15`; empty where the row is not known."""
    if row is None:
        return ""
    return f" by {row.by or 'somebody'} on {moment(utc(row.at))}"


def utc(at: datetime) -> datetime:
    """A time as the tables keep it, with its zone."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)

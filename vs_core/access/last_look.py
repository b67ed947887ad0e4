"""When somebody last looked at a page that shows what is new since then."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from vs_core.access.viewer import Viewer
from vs_core.rules.words import ENGLAND
from vs_core.store.access_tables import last_look
from vs_core.store.engine import retried, writing


def looking(viewer: Viewer, page: str, now: datetime, engine: Engine | None = None) -> datetime | None:
    """The person looks at the page now; gives the last look of an earlier day in England (None: never before).

    However often somebody looks on one day, what is new since the days before stays new until the next."""
    found = retried(lambda connection: _found(connection, viewer, page), engine)
    if found is not None and _day(found.looked_at) == _day(now):
        return found.before_at
    try:
        with writing(engine) as connection:
            return _written(connection, viewer, page, now)
    except IntegrityError:
        return None


def _written(connection: Connection, viewer: Viewer, page: str, now: datetime) -> datetime | None:
    found = _found(connection, viewer, page)
    own = (last_look.c.user_id == viewer.user_id) & (last_look.c.page == page)
    if found is None:
        connection.execute(insert(last_look).values(user_id=viewer.user_id, page=page, looked_at=now))
        return None
    if _day(found.looked_at) >= _day(now):
        return found.before_at
    connection.execute(update(last_look).where(own).values(looked_at=now, before_at=found.looked_at))
    return found.looked_at


def _found(connection: Connection, viewer: Viewer, page: str) -> Row[Any, Any] | None:
    own = (last_look.c.user_id == viewer.user_id) & (last_look.c.page == page)
    return connection.execute(select(last_look.c.looked_at, last_look.c.before_at).where(own)).one_or_none()


def _day(at: datetime) -> date:
    return at.astimezone(ENGLAND).date()

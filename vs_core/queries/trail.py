"""The trail as it is read: pages of events, who has looked at a child, what somebody did; and the child behind a key.

Events name a child by its key only, so that no right to names is needed to read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select

from vs_core.access.openings import OPENED, subject_of
from vs_core.queries.children import identity, with_current
from vs_core.queries.scope import Scope, child_id, may_open
from vs_core.store.access_tables import audit_event
from vs_core.store.schema import child


@dataclass(frozen=True)
class Asked:
    """Which events: empty or None stands for all. start: from this moment; end: before this moment."""

    person: str = ""
    what: str = ""
    subject: str = ""
    start: datetime | None = None
    end: datetime | None = None


def events(asked: Asked, most: int, *, before: int | None = None, after: int | None = None) -> Select:
    """One row an event, newest first: `id`, `at`, `user_name`, `what`, `subject`, `detail`. The newest of those with a
    smaller id than `before`, or of those with a greater one than `after` the oldest, which then come oldest first."""
    row = audit_event.c
    query = select(row.id, row.at, row.user_name, row.what, row.subject, row.detail).where(*_asked(asked)).limit(most)
    if after is not None:
        return query.where(row.id > after).order_by(row.id)
    return (query.where(row.id < before) if before is not None else query).order_by(row.id.desc())


def who_looked(child_key: int, asked: Asked) -> Select:
    """One row a person who opened a child's page, the latest first: `user_name`, `times`, `first_at`, `last_at`."""
    row = audit_event.c
    by = Asked(asked.person, OPENED, subject_of(child_key), asked.start, asked.end)
    last = func.max(row.at)
    return (
        select(row.user_name, func.count().label("times"), func.min(row.at).label("first_at"), last.label("last_at"))
        .where(*_asked(by))
        .group_by(row.user_name)
        .order_by(last.desc())
    )


def what_somebody_did(asked: Asked) -> Select:
    """One row a kind of event of `asked.person`, the most frequent first: `what`, `times`, `last_at`."""
    row = audit_event.c
    times = func.count()
    return (
        select(row.what, times.label("times"), func.max(row.at).label("last_at"))
        .where(*_asked(asked))
        .group_by(row.what)
        .order_by(times.desc(), row.what)
    )


def children(keys: list[int], scope: Scope) -> Select:
    """One row a child whose page the viewer may open: `queries.children.identity`."""
    named = select(*identity(scope)).select_from(with_current(child, child.c.id))
    return named.where(child.c.id.in_(keys), may_open(child.c.id, scope))


def child_of_number(number: str, scope: Scope) -> Select:
    """One row with the `id` of the child that has this number, as far as the viewer knows children by their numbers
    (`queries.scope.child_id`) and may open them."""
    return select(child.c.id).where(child_id(scope) == number, may_open(child.c.id, scope))


def stands_there(column: str, text: str) -> Select:
    """One row if an event has this text in the column (`user_name`, `what` or `subject`)."""
    return select(audit_event.c.id).where(audit_event.c[column] == text).limit(1)


def _asked(asked: Asked) -> list[ColumnElement[bool]]:
    row = audit_event.c
    wanted: list[ColumnElement[bool]] = []
    wanted += [row.user_name == asked.person] if asked.person else []
    wanted += [row.what == asked.what] if asked.what else []
    wanted += [row.subject == asked.subject] if asked.subject else []
    wanted += [row.at >= asked.start] if asked.start is not None else []
    wanted += [row.at < asked.end] if asked.end is not None else []
    return wanted

"""Children and the school that they wait for or have left: one row a child."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, func, or_, select

from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, in_scope
from vs_core.store.schema import admission, enrolment


def open_searches(as_at: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """The latest search for a place that had begun and not ended by `as_at`: `child_key`, `needed_on`, `applied_on`,
    `decision`, `directed_on`."""
    row = admission
    names = ("child_key", "needed_on", "applied_on", "decision", "directed_on")
    rank = func.row_number().over(partition_by=row.c.child_key, order_by=row.c.needed_on.desc())
    ranked = (
        select(*(row.c[name] for name in names), rank.label("rank"))
        .where(known(row, known_on), row.c.needed_on <= as_at, in_scope(row.c.child_key, scope))
        .where(or_(row.c.started_on.is_(None), row.c.started_on > as_at))
        .subquery("ranked")
    )
    return select(*(ranked.c[name] for name in names)).where(ranked.c.rank == 1)


def last_rolls(as_at: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """The last day that each child was on a roll before `as_at`: `child_key`, `last_on`."""
    row = enrolment
    return (
        select(row.c.child_key, func.max(row.c.ended_on).label("last_on"))
        .where(known(row, known_on), row.c.ended_on < as_at, in_scope(row.c.child_key, scope))
        .group_by(row.c.child_key)
    )

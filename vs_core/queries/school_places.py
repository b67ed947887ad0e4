"""Children and the school that they wait for or have left: one row a child."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CTE, Column, ColumnElement, Select, and_, case, func, null, or_, select

from vs_core.queries.children import among, places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, in_scope
from vs_core.store.schema import admission, enrolment, school, school_details


def open_searches(as_at: date, known_on: date | None, scope: Scope = EVERYTHING, only: CTE | None = None) -> Select:
    """The latest search for a place (of each of `only`) that had begun and not ended by `as_at`: `child_key`,
    `needed_on`, `applied_on`, `decision`, `directed_on`; those of the last three that came after `as_at` are empty."""
    row = admission
    rank = func.row_number().over(partition_by=row.c.child_key, order_by=row.c.needed_on.desc())
    seen = (
        _unless_later(row.c.applied_on, row.c.applied_on, as_at),
        *places(scope, _unless_later(row.c.decision, row.c.decided_on, as_at)),
        _unless_later(row.c.directed_on, row.c.directed_on, as_at),
    )
    ranked = (
        select(row.c.child_key, row.c.needed_on, *seen, rank.label("rank"))
        .select_from(with_current(row, row.c.child_key))
        .where(known(row, known_on), row.c.needed_on <= as_at, in_scope(row.c.child_key, scope))
        .where(among(row.c.child_key, only))
        .where(or_(row.c.started_on.is_(None), row.c.started_on > as_at))
        .subquery("ranked")
    )
    names = ("child_key", "needed_on", "applied_on", "decision", "directed_on")
    return select(*(ranked.c[name] for name in names)).where(ranked.c.rank == 1)


def _unless_later(column: Column[Any], on: Column[Any], as_at: date) -> ColumnElement[Any]:
    return case((on > as_at, null()), else_=column).label(column.name)


def last_rolls(as_at: date, known_on: date | None, scope: Scope = EVERYTHING, only: CTE | None = None) -> Select:
    """The roll that each child (of `only`) left last before `as_at`: `child_key`, `last_from`, `last_on` (its first and
    last day), `last_urn`, `last_la` (the school and its authority, for its calendar)."""
    row, place = enrolment, school_details
    rank = func.row_number().over(
        partition_by=row.c.child_key, order_by=(row.c.ended_on.desc(), row.c.started_on.desc(), row.c.id)
    )
    left = (
        select(row.c.child_key, row.c.started_on, row.c.ended_on, row.c.school_key, rank.label("rank"))
        .where(known(row, known_on), row.c.ended_on < as_at, in_scope(row.c.child_key, scope))
        .where(among(row.c.child_key, only))
        .subquery("left_roll")
    )
    source = left.join(school, school.c.id == left.c.school_key).outerjoin(
        place, and_(place.c.school_key == left.c.school_key, known(place, known_on))
    )
    return (
        select(
            left.c.child_key,
            left.c.started_on.label("last_from"),
            left.c.ended_on.label("last_on"),
            *places(scope, school.c.urn.label("last_urn"), place.c.la_name.label("last_la")),
        )
        .select_from(with_current(source, left.c.child_key))
        .where(left.c.rank == 1)
    )


def next_rolls(as_at: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """The first day on the next roll that each child has a place on after `as_at`: `child_key`, `next_from`."""
    row = enrolment
    return (
        select(row.c.child_key, func.min(row.c.started_on).label("next_from"))
        .where(known(row, known_on), row.c.started_on > as_at, in_scope(row.c.child_key, scope))
        .group_by(row.c.child_key)
    )

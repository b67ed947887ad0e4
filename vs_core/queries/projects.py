"""Projects: places, weekly use and licences."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, or_, select

from vs_core.queries.children import places as where_it_is
from vs_core.queries.children import with_current
from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, child_id, in_scope, is_listed
from vs_core.store.schema import child, licence, project_place, project_usage, school


def places(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Places of children and of schools: `project`, `child_key`, `child_id` (empty: a school's), `is_listed`,
    `school_key`, `urn`, `start`, `end`, `status`, `offered_on`, `instrument`, `device`, `cost_pence`."""
    row = project_place
    names = ("project", "child_key", "status", "offered_on", "cost_pence")
    source = row.outerjoin(child, child.c.id == row.c.child_key).join(school, school.c.id == row.c.school_key)
    return (
        select(
            child_id(scope),
            is_listed(row.c.child_key, scope),
            *where_it_is(scope, row.c.school_key, school.c.urn, row.c.instrument, row.c.device),
            *(row.c[name] for name in names),
            row.c.started_on.label("start"),
            row.c.ended_on.label("end"),
        )
        .select_from(with_current(source, row.c.child_key))
        .where(known(row, known_on), or_(row.c.child_key.is_(None), in_scope(row.c.child_key, scope)))
        .order_by(row.c.project, row.c.started_on, row.c.id)
    )


def usage(start: date, end: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Use in the weeks whose Monday lies from `start` to `end`: `project`, `child_key`, `child_id`, `is_listed`,
    `week`, `minutes`, `progressions`, `level`, `sessions_offered`, `sessions_attended`."""
    row = project_usage
    names = ("project", "child_key", "week", "minutes", "progressions", "sessions_offered", "sessions_attended")
    told = where_it_is(scope, row.c.level)
    return (
        select(child_id(scope), is_listed(row.c.child_key, scope), *(row.c[name] for name in names), *told)
        .select_from(with_current(row.join(child, child.c.id == row.c.child_key), row.c.child_key))
        .where(known(row, known_on), row.c.week.between(start, end), in_scope(row.c.child_key, scope))
        .order_by(row.c.project, row.c.child_key, row.c.week)
    )


def licences(known_on: date | None) -> Select:
    """`project`, `start`, `end`, `places`, `cost_pence`, `renewal_on`."""
    row = licence
    return select(
        row.c.project,
        row.c.started_on.label("start"),
        row.c.ended_on.label("end"),
        row.c.places,
        row.c.cost_pence,
        row.c.renewal_on,
    ).where(known(row, known_on))

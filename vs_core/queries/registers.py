"""What registers are held against: days in a cohort, and the marks that came."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, case, select

from vs_core.queries.care import belonging, islands_of, members
from vs_core.queries.children import places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules.frame import Frame
from vs_core.rules.periods import Piece
from vs_core.store.schema import child_day, school, school_details


def days_in_cohort(frame: Frame, scope: Scope = EVERYTHING) -> Select:
    """Days that the children of the cohort in the period belong to it: `child_key`, `started_on`, `ended_on` (the last
    day, in care the first one out of it). For `all` there are none: everybody belongs on every day."""
    member = members(frame.cohort, frame.start, frame.end, frame.known_on, scope)
    if frame.cohort == "all":
        return select(member.c.child_key)
    row = belonging(frame.cohort, frame.known_on)
    own = select(row).where(row.c.child_key.in_(select(member.c.child_key))).cte("own")
    span = islands_of(own)
    return select(span.c.child_key, span.c.started_on, span.c.ended_on)


def marks(frame: Frame, scope: Scope = EVERYTHING, piece: Piece | None = None) -> Select:
    """One row a day and school with marks of a child of the cohort: `child_key`, `day`, `urn` (empty: not known), `am`,
    `pm` (1: a mark came); of one of the period's pieces (`rules.periods.pieces`), or of all."""
    member, row = members(frame.cohort, frame.start, frame.end, frame.known_on, scope), child_day
    came = (case((row.c[half].is_not(None), 1), else_=0).label(half) for half in ("am", "pm"))
    source = member.join(row, row.c.child_key == member.c.child_key).join(school, school.c.id == row.c.school_key)
    return (
        select(row.c.child_key, row.c.day, *places(scope, school.c.urn), *came)
        .select_from(with_current(source, row.c.child_key))
        .where(row.c.day.between(*(piece or (frame.start, frame.end))), known(row, frame.known_on))
    )


def authorities(known_on: date | None) -> Select:
    """In which authority each school lies, as far as somebody has said: `urn`, `la`."""
    row = school_details
    return (
        select(school.c.urn, row.c.la_name.label("la"))
        .join(row, row.c.school_key == school.c.id)
        .where(known(row, known_on), row.c.la_name.is_not(None))
    )

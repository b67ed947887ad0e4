"""Requests for Pupil Premium Plus with what they are grouped by: the school's authority, and whether impact came."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, func, select

from vs_core.queries.children import believed, is_restricted, places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.pp_plus import of_year
from vs_core.queries.pp_waiting import elsewhere_column
from vs_core.queries.scope import EVERYTHING, Scope, in_scope, is_listed, opaque
from vs_core.store.schema import pp_request, school_details


def facts(known_on: date | None, year: str, authority: str, scope: Scope = EVERYTHING) -> Select:
    """Requests of a financial year: `request_id`, `child_key`, `is_listed`, `requested_on`, `out_of_county` (whether
    the school that it is for is another authority's; empty: not known, or not told of a restricted child)."""
    row, its = pp_request, believed(school_details, known_on, ("school_key", "la_name"))
    source = row.outerjoin(its, its.c.school_key == row.c.school_key)
    is_hidden = func.coalesce(is_restricted(), False)
    return (
        select(
            opaque(row.c.request_id, row.c.request_id, is_hidden, scope),
            row.c.child_key,
            is_listed(row.c.child_key, scope),
            row.c.requested_on,
            *places(scope, elsewhere_column(its.c.la_name, authority).label("out_of_county")),
        )
        .select_from(with_current(source, row.c.child_key))
        .where(known(row, known_on), in_scope(row.c.child_key, scope), of_year(row, year))
    )

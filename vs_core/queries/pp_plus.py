"""Pupil Premium Plus: notices of allocation, requests and payments. Money in integer pence."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, literal, not_, or_, select, true

from vs_core.queries.children import people, places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.scope import (
    EVERYTHING,
    Scope,
    child_id,
    hidden_if_restricted,
    in_scope,
    is_listed,
    opaque,
    restricted_keys,
)
from vs_core.rules.frame import financial_year_of_label
from vs_core.store.schema import child, pp_allocation, pp_payment, pp_request, school, school_details


def allocations(known_on: date | None) -> Select:
    """`financial_year`, `fund`, `stage`, `children`, `amount_pence` (empty: 0),
    `notified_on`, `rate_pence`, `count_year`."""
    row = pp_allocation
    names = ("financial_year", "fund", "stage", "children", "amount_pence", "notified_on", "rate_pence", "count_year")
    amount = func.coalesce(row.c.amount_pence, 0).label("amount_pence")
    columns = (amount if name == "amount_pence" else row.c[name] for name in names)
    return select(*columns).where(known(row, known_on)).order_by(row.c.notified_on, row.c.id)


def requests(known_on: date | None, year: str, decided_from: date, scope: Scope = EVERYTHING) -> Select:
    """Requests of a financial year and those of any year decided from a day on, in order.

    `request_id`, `child_key`, `child_id`, `is_listed`, `urn`, `school`, `term`, `amount_pence`,
    `approved_amount_pence`, `area` (of spending), `status`, `requested_on`, `decided_on`, `decided_by`, `fund`,
    `target`, `intervention`, `exceptional`, `adviser_agreed_on`, `starts_on`, `impact`. What was written of a
    restricted child may say where it is."""
    row = pp_request
    source = (
        row.join(child, child.c.id == row.c.child_key)
        .join(school, school.c.id == row.c.school_key)
        .outerjoin(school_details, (school_details.c.school_key == row.c.school_key) & known(school_details, known_on))
    )
    names = ("child_key", "term", "amount_pence", "approved_amount_pence", "status", "requested_on")
    more = ("decided_on", "fund", "exceptional", "adviser_agreed_on", "starts_on")
    return (
        select(
            child_id(scope),
            is_listed(row.c.child_key, scope),
            opaque(row.c.request_id, row.c.request_id, _is_hidden(row.c.request_id), scope),
            *places(scope, school.c.urn, school_details.c.name.label("school"), row.c.intervention, row.c.area),
            *people(scope, row.c.decided_by, row.c.target, row.c.impact),
            *(row.c[name] for name in (*names, *more)),
        )
        .select_from(with_current(source, row.c.child_key))
        .where(known(row, known_on), in_scope(row.c.child_key, scope))
        .where(or_(of_year(row, year), row.c.decided_on >= decided_from))
        .order_by(row.c.requested_on, row.c.request_id)
    )


def payments(known_on: date | None, year: str, scope: Scope = EVERYTHING) -> Select:
    """Payments of a financial year (of their request, else of their date), in order.

    `payment_id`, `request_id`, `is_listed`, `urn`, `amount_pence`, `status`, `paid_on`,
    `batch`, `vendor`, `invoice`, `cost_code`, `fund`. An adviser sees those of the caseload's requests. Who was paid
    for a restricted child is where it is."""
    row = pp_payment
    names = ("amount_pence", "status", "paid_on", "fund")
    whom = (school.c.urn, row.c.vendor, row.c.invoice, row.c.cost_code, row.c.batch)
    is_hidden = _is_hidden(row.c.request_id)
    asked, bounds = pp_request, financial_year_of_label(year)
    source = row.join(school, school.c.id == row.c.school_key).outerjoin(
        asked, and_(asked.c.request_id == row.c.request_id, known(asked, known_on))
    )
    dated = and_(asked.c.request_id.is_(None), row.c.paid_on.between(*bounds))
    query = (
        select(
            *(row.c[name] for name in names),
            (literal(True) if scope.restricted else not_(is_hidden)).label("is_listed"),
            opaque(row.c.payment_id, row.c.payment_id, is_hidden, scope),
            opaque(row.c.request_id, asked.c.request_id, is_hidden, scope),
            *(hidden_if_restricted(column, is_hidden, scope) for column in whom),
        )
        .select_from(source)
        .where(known(row, known_on), or_(dated, of_year(asked, year)))
        .order_by(row.c.paid_on, row.c.payment_id)
    )
    if scope.adviser is None and scope.child is None:
        return query
    return query.where(in_scope(asked.c.child_key, scope))


def requests_of_restricted() -> Select:
    """Requests that were ever known to be for a child who is restricted now: `request_id`."""
    row = pp_request.alias("ever_asked")
    return select(row.c.request_id).where(row.c.child_key.in_(restricted_keys()))


def _is_hidden(request_id: ColumnElement[str]) -> ColumnElement[bool]:
    return func.coalesce(request_id.in_(requests_of_restricted()), False)


def of_year(request: FromClause, year: str) -> ColumnElement[bool]:
    """Requests of a financial year, by their term, else by the day they were made on."""
    made = request.c.requested_on.between(*financial_year_of_label(year))
    return or_(request.c.financial_year == year, and_(request.c.financial_year.is_(None), made))


def first_known(known_on: date | None, holds: ColumnElement[bool], name: str) -> FromClause:
    """The first day (`name`) on which each request (`request_id`) was known so, of the versions that were believed for
    a day. holds: of columns of `pp_request`."""
    version = pp_request.c
    believed = or_(version.known_to.is_(None), version.known_to > version.known_from)
    by_then = true() if known_on is None else version.known_from <= known_on
    first = func.min(version.known_from).label(name)
    return select(version.request_id, first).where(holds, believed, by_then).group_by(version.request_id).subquery(name)

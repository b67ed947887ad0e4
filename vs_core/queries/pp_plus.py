"""Pupil Premium Plus: notices of allocation, requests and payments. Money in integer pence."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, or_, select

from vs_core.queries.children import is_restricted, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, child_id, hidden_if_restricted, in_scope
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

    `request_id`, `child_key`, `child_id`, `urn`, `school`, `term`, `amount_pence`,
    `approved_amount_pence`, `area`, `status`, `requested_on`, `decided_on`, `decided_by`, `fund`, `target`,
    `intervention`, `exceptional`, `adviser_agreed_on`, `starts_on`, `impact`."""
    row = pp_request
    source = (
        row.join(child, child.c.id == row.c.child_key)
        .join(school, school.c.id == row.c.school_key)
        .outerjoin(school_details, (school_details.c.school_key == row.c.school_key) & known(school_details, known_on))
    )
    names = (
        "request_id",
        "child_key",
        "term",
        "amount_pence",
        "approved_amount_pence",
        "area",
        "status",
        "requested_on",
    )
    more = (
        "decided_on",
        "decided_by",
        "fund",
        "target",
        "intervention",
        "exceptional",
        "adviser_agreed_on",
        "starts_on",
    )
    return (
        select(
            child_id(scope),
            hidden_if_restricted(school.c.urn, is_restricted(), scope),
            hidden_if_restricted(school_details.c.name.label("school"), is_restricted(), scope),
            *(row.c[name] for name in (*names, *more, "impact")),
        )
        .select_from(with_current(source, row.c.child_key))
        .where(known(row, known_on), in_scope(row.c.child_key, scope))
        .where(or_(_of_year(row, year), row.c.decided_on >= decided_from))
        .order_by(row.c.requested_on, row.c.request_id)
    )


def payments(known_on: date | None, year: str, scope: Scope = EVERYTHING) -> Select:
    """Payments of a financial year (of their request, else of their date), in order.

    `payment_id`, `request_id`, `urn`, `amount_pence`, `status`, `paid_on`,
    `batch`, `vendor`, `invoice`, `cost_code`, `fund`. An adviser sees those of the caseload's requests."""
    row = pp_payment
    names = ("payment_id", "request_id", "amount_pence", "status", "paid_on", "batch", "vendor", "invoice", "cost_code")
    asked, bounds = pp_request, financial_year_of_label(year)
    source = row.join(school, school.c.id == row.c.school_key).outerjoin(
        asked, and_(asked.c.request_id == row.c.request_id, known(asked, known_on))
    )
    dated = and_(asked.c.request_id.is_(None), row.c.paid_on.between(*bounds))
    query = (
        select(*(row.c[name] for name in (*names, "fund")), school.c.urn)
        .select_from(source)
        .where(known(row, known_on), or_(dated, _of_year(asked, year)))
        .order_by(row.c.paid_on, row.c.payment_id)
    )
    if scope.adviser is None:
        return query
    return query.where(in_scope(asked.c.child_key, scope))


def _of_year(request: FromClause, year: str) -> ColumnElement[bool]:
    """Requests of a financial year, by their term, else by the day they were made on."""
    made = request.c.requested_on.between(*financial_year_of_label(year))
    return or_(request.c.financial_year == year, and_(request.c.financial_year.is_(None), made))

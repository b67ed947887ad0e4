"""Requests and payments of every year, as few columns as a forecast needs. Money in integer pence."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, and_, func, select

from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, in_scope
from vs_core.store.schema import pp_payment, pp_request


def requests(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Requests of every financial year: `request` (a number of the row, nobody's), `financial_year` (of its term,
    empty without), `amount_pence`, `approved_amount_pence`, `status`, `requested_on`, `decided_on`, `fund`."""
    row = pp_request
    names = ("financial_year", "amount_pence", "approved_amount_pence", "status", "requested_on", "decided_on", "fund")
    return (
        select(row.c.id.label("request"), *(row.c[name] for name in names))
        .where(known(row, known_on), in_scope(row.c.child_key, scope))
        .order_by(row.c.id)
    )


def payments(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Payments of every financial year that have a day: `request` (as in `requests`; empty for an unknown one),
    `amount_pence` (empty: 0), `status`, `paid_on`, `fund`. An adviser sees those of the caseload's requests."""
    row, asked = pp_payment, pp_request
    source = row.outerjoin(asked, and_(asked.c.request_id == row.c.request_id, known(asked, known_on)))
    query = (
        select(
            asked.c.id.label("request"),
            func.coalesce(row.c.amount_pence, 0).label("amount_pence"),
            row.c.status,
            row.c.paid_on,
            row.c.fund,
        )
        .select_from(source)
        .where(known(row, known_on), row.c.paid_on.is_not(None))
        .order_by(row.c.paid_on, row.c.id)
    )
    if scope.adviser is None and scope.child is None:
        return query
    return query.where(in_scope(asked.c.child_key, scope))

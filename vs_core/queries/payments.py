"""What can be paid, what stands in batches and what finance answered. Money in integer pence.

Who is paid for a restricted child is where it is: of such a child, unless allowed, rows are counted and say nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)

from vs_core.queries.care import care_spans
from vs_core.queries.children import CURRENT, is_restricted, people, places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.pp_plus import first_known, requests_of_restricted
from vs_core.queries.scope import (
    EVERYTHING,
    Scope,
    child_id,
    hidden_if_restricted,
    in_scope,
    is_listed,
    opaque,
    person,
)
from vs_core.queries.vendors import first_set_up, paid_before, set_up_on
from vs_core.rules.pp_plus import APPROVED_STATES
from vs_core.store.access_tables import user_account
from vs_core.store.schema import (
    child,
    invoice_received,
    payee,
    payment_agreed,
    payment_batch,
    payment_line,
    payment_release,
    payment_reversal,
    payment_taken_out,
    pp_payment,
    pp_request,
    school,
    school_details,
)

LABEL = "VS-"
"""What our batches are called begins so: `VS-7`."""


def payable(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Approved requests that are not paid in full, those that have their like, and every request that was ever in a
    batch, in order.

    `key` (of the request, in addresses), `request_id`, `child_key`, `child_id`, `is_listed`, `restricted`, `forename`,
    `surname`, `school_key`, `urn`, `school`, `school_status`, `school_closed_on`, `school_la`, `term`, `fund`,
    `intervention`, `target`, `status`, `requested_on`, `decided_on`, `decided_by`, `impact`, `approved_pence`,
    `paid_pence`, `recovered_pence`; how the school is paid: `vendor`, `bank_reference`, `sends_invoice`, `vendor_at`,
    `vendor_by`, `vendor_why` (set up here), `last_vendor`, `last_invoice`, `last_cost_code`, `last_fund` (of the last
    payment to it), `first_vendor_on` (the day on which it became a vendor here, empty where finance had paid it
    before); `invoice`, `invoice_on`, `invoice_by` (that came); the first days on which the request was known so:
    `queried_on`, `approved_known_on`, `impact_on`."""
    row, moved = pp_request, _moved(known_on)
    how, last, came = _payees(), _last_payments(known_on, scope), _invoices()
    source: FromClause = (
        row.join(child, child.c.id == row.c.child_key)
        .join(school, school.c.id == row.c.school_key)
        .outerjoin(school_details, (school_details.c.school_key == school.c.id) & known(school_details, known_on))
        .outerjoin(moved, moved.c.request_id == row.c.request_id)
        .outerjoin(how, how.c.school_key == row.c.school_key)
        .outerjoin(last, last.c.school_key == row.c.school_key)
        .outerjoin(came, came.c.request_id == row.c.request_id)
    )
    source, days = _with_days(source, known_on)
    return (
        select(
            row.c.id.label("key"),
            row.c.child_key,
            child_id(scope),
            is_listed(row.c.child_key, scope),
            is_restricted().label("restricted"),
            opaque(row.c.request_id, row.c.request_id, is_restricted(), scope),
            *(row.c[name] for name in ("term", "fund", "status", "requested_on", "decided_on")),
            *days,
            _approved(row).label("approved_pence"),
            func.coalesce(moved.c.paid_pence, 0).label("paid_pence"),
            func.coalesce(moved.c.recovered_pence, 0).label("recovered_pence"),
            *places(
                scope, row.c.intervention, *_school(), *_vendor(how, last), *_labelled(came, invoice_on="received_on")
            ),
            *people(scope, CURRENT.c.forename, CURRENT.c.surname, *(row.c[name] for name in _WRITTEN)),
            *people(scope, *_labelled(how, vendor_by="by", vendor_why="reason"), *_labelled(came, invoice_by="by")),
            *places(scope, func.coalesce(came.c.invoice, moved.c.invoice).label("invoice")),
        )
        .select_from(with_current(source, row.c.child_key))
        .where(known(row, known_on), in_scope(row.c.child_key, scope), _is_wanted(row, moved, known_on))
        .order_by(row.c.decided_on, row.c.request_id)
    )


_FIRST_KNOWN = {
    "queried_on": pp_request.c.status == "queried",
    "approved_known_on": pp_request.c.status.in_(sorted(APPROVED_STATES)),
    "impact_on": func.coalesce(pp_request.c.impact, "") != "",
}


def _with_days(source: FromClause, known_on: date | None) -> tuple[FromClause, list[ColumnElement[Any]]]:
    """The tables with those that tell the days of steps, and these days."""
    row, first, before = pp_request, first_set_up(known_on), paid_before(known_on)
    for each in (first, before):
        source = source.outerjoin(each, each.c.school_key == row.c.school_key)
    days: list[ColumnElement[Any]] = [set_up_on(first, before).label("first_vendor_on")]
    for name, holds in _FIRST_KNOWN.items():
        known_so = first_known(known_on, holds, name)
        source = source.outerjoin(known_so, known_so.c.request_id == row.c.request_id)
        days.append(known_so.c[name])
    return source, days


_WRITTEN = ("decided_by", "target", "impact")


def _labelled(of: Subquery, **names: str) -> list[ColumnElement[Any]]:
    return [of.c[name].label(label) for label, name in names.items()]


def _school() -> list[ColumnElement[Any]]:
    its = {"school": "name", "school_status": "status", "school_closed_on": "closed_on", "school_la": "la_name"}
    told = [school_details.c[name].label(label) for label, name in its.items()]
    return [school.c.id.label("school_key"), school.c.urn, *told]


def _vendor(how: Subquery, last: Subquery) -> list[ColumnElement[Any]]:
    set_up = [how.c.vendor, how.c.bank_reference, how.c.sends_invoice, how.c.written_at.label("vendor_at")]
    return [*set_up, *(last.c[f"last_{name}"] for name in _OF_LAST)]


_OF_LAST = ("vendor", "invoice", "cost_code", "fund")


def _approved(row: FromClause) -> ColumnElement[int]:
    return func.coalesce(row.c.approved_amount_pence, row.c.amount_pence, 0)


def _is_due(row: FromClause, moved: Subquery) -> ColumnElement[bool]:
    due = func.coalesce(moved.c.paid_pence, 0) < _approved(row)
    return and_(row.c.status.in_(sorted(APPROVED_STATES)), due)


def _is_wanted(row: FromClause, moved: Subquery, known_on: date | None) -> ColumnElement[bool]:
    return or_(_is_due(row, moved), _was_in_a_batch(row), _has_its_like(row, known_on))


def _has_its_like(row: FromClause, known_on: date | None) -> ColumnElement[bool]:
    """Another approved request of the year buys the same for the same child at the same amount."""
    twin = pp_request.alias("its_like")
    same = [twin.c[name] == row.c[name] for name in ("child_key", "financial_year", "intervention")]
    other = and_(twin.c.request_id != row.c.request_id, _approved(twin) == _approved(row), *same)
    both = [each.c.status.in_(sorted(APPROVED_STATES)) for each in (row, twin)]
    return exists().where(known(twin, known_on), other, *both)


def _was_in_a_batch(row: FromClause) -> ColumnElement[bool]:
    return row.c.request_id.in_(select(payment_line.c.request_id))


def _moved(known_on: date | None) -> Subquery:
    """What was paid and recovered of each request, and against which invoice."""
    row = pp_payment
    sums = (
        cast(func.sum(case((row.c.status == status, row.c.amount_pence), else_=0)), BigInteger).label(f"{status}_pence")
        for status in ("paid", "recovered")
    )
    own = known(row, known_on), row.c.request_id.is_not(None)
    invoice = func.max(func.nullif(row.c.invoice, "")).label("invoice")
    return select(row.c.request_id, invoice, *sums).where(*own).group_by(row.c.request_id).subquery("moved")


def _payees() -> Subquery:
    """How each school is paid: its last entry."""
    last = select(func.max(payee.c.id)).group_by(payee.c.school_key)
    names = ("school_key", "vendor", "bank_reference", "sends_invoice", "reason", "written_at")
    source = payee.outerjoin(user_account, user_account.c.name == payee.c.written_by)
    by = func.coalesce(user_account.c.display_name, payee.c.written_by).label("by")
    return (
        select(*(payee.c[name] for name in names), by).select_from(source).where(payee.c.id.in_(last)).subquery("how")
    )


def _invoices() -> Subquery:
    """The last invoice that came for each request."""
    row = invoice_received
    last = select(func.max(row.c.id)).group_by(row.c.request_id)
    source = row.outerjoin(user_account, user_account.c.name == row.c.written_by)
    by = func.coalesce(user_account.c.display_name, row.c.written_by).label("by")
    chosen = (row.c.request_id, row.c.invoice, row.c.received_on, by)
    return select(*chosen).select_from(source).where(row.c.id.in_(last)).subquery("came")


def _last_payments(known_on: date | None, scope: Scope) -> Subquery:
    """Of the payments to each school the last that names a vendor."""
    row = pp_payment
    order = (row.c.paid_on.desc(), row.c.id.desc())
    rank = func.row_number().over(partition_by=row.c.school_key, order_by=order).label("rank")
    own = known(row, known_on), row.c.status == "paid", func.coalesce(row.c.vendor, "") != "", row.c.school_key != 0
    columns = (row.c[name].label(f"last_{name}") for name in _OF_LAST)
    every = select(row.c.school_key, *columns, rank).where(*own)
    if not scope.restricted:
        every = every.where(func.coalesce(row.c.request_id, "").not_in(requests_of_restricted()))
    if scope.adviser is not None or scope.child is not None:
        own_requests = select(pp_request.c.request_id).where(in_scope(pp_request.c.child_key, scope))
        every = every.where(row.c.request_id.in_(own_requests))
    found = every.subquery("paid_before")
    return select(found).where(found.c.rank == 1).subquery("last")


def lines(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Every line of every batch, in order: `line_id`, `batch_id`, `turn`, `child_key`, `child_id`, `is_listed`,
    `request_id`, `school_key`, `urn`, `school`, `vendor`, `bank_reference`, `invoice`, `cost_code`, `term`, `fund`,
    `amount_pence`; of its batch `built_at`, `builder` (sign-in name), `built_by`, `released_at`, `released_by`; of the
    line `taken_out_at`, `taken_out_by`, `taken_out_why`, `reversed_at`, `reversed_by`, `reversed_why`. known_on: of
    the schools' names."""
    row, batch, release = payment_line, payment_batch, payment_release
    out, back = payment_taken_out, payment_reversal
    who = [user_account.alias(f"who_{name}") for name in ("built", "released", "took_out", "reversed")]
    source: FromClause = (
        row.join(batch, batch.c.id == row.c.batch_id)
        .join(child, child.c.id == row.c.child_key)
        .join(school, school.c.id == row.c.school_key)
        .outerjoin(school_details, (school_details.c.school_key == school.c.id) & known(school_details, known_on))
        .outerjoin(release, release.c.batch_id == batch.c.id)
        .outerjoin(out, out.c.line_id == row.c.id)
        .outerjoin(back, back.c.line_id == row.c.id)
    )
    for user, of in zip(who, (batch, release, out, back), strict=True):
        source = source.outerjoin(user, user.c.name == of.c.written_by)
    by = [
        func.coalesce(user.c.display_name, of.c.written_by).label(label)
        for user, of, label in zip(who, (batch, release, out, back), _BY, strict=True)
    ]
    where = (school.c.id.label("school_key"), school.c.urn, school_details.c.name.label("school"))
    paying = (row.c.vendor, row.c.bank_reference, row.c.invoice)
    at = zip((batch, release, out, back), ("built_at", "released_at", "taken_out_at", "reversed_at"), strict=True)
    why = (out.c.reason.label("taken_out_why"), back.c.reason.label("reversed_why"))
    return (
        select(
            row.c.id.label("line_id"),
            *(row.c[name] for name in ("batch_id", "turn", "child_key", "amount_pence")),
            child_id(scope),
            is_listed(row.c.child_key, scope),
            opaque(row.c.request_id, pp_request.c.request_id, is_restricted(), scope),
            batch.c.term,
            batch.c.fund,
            *(of.c.written_at.label(label) for of, label in at),
            person(batch.c.written_by.label("builder"), scope),
            *(person(column, scope) for column in by[:2]),
            *places(scope, *where, *paying, row.c.cost_code),
            *people(scope, *by[2:], *why),
        )
        .select_from(with_current(source, row.c.child_key))
        .where(in_scope(row.c.child_key, scope))
        .order_by(row.c.id)
    )


_BY = ("built_by", "released_by", "taken_out_by", "reversed_by")


def agreed(scope: Scope = EVERYTHING) -> Select:
    """What somebody has agreed to of lines, in order: `line_id`, `child_key`, `is_listed`, `rule`, `reason`, `at`,
    `by`."""
    row, line = payment_agreed, payment_line
    source = row.join(line, line.c.id == row.c.line_id).outerjoin(user_account, user_account.c.name == row.c.written_by)
    by = func.coalesce(user_account.c.display_name, row.c.written_by).label("by")
    about = (row.c.line_id, line.c.child_key, is_listed(line.c.child_key, scope))
    return (
        select(*about, row.c.rule, row.c.written_at.label("at"), *people(scope, row.c.reason, by))
        .select_from(with_current(source, line.c.child_key))
        .where(in_scope(line.c.child_key, scope))
        .order_by(row.c.id)
    )


def written() -> Select:
    """One row that differs after anything is written here: how many rows each table has."""
    before = (payee, invoice_received, payment_batch, payment_line, payment_taken_out)
    counts = (
        select(func.count()).select_from(each).scalar_subquery().label(each.name)
        for each in (*before, payment_agreed, payment_release, payment_reversal)
    )
    return select(*counts)


def answers(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """What the finance system says of requests that are or were in a batch, and of batches named as ours are, in
    order: `payment_id`, `request_id` (empty: none is named), `child_key`, `is_listed`, `urn`, `amount_pence`,
    `status`, `paid_on`, `batch`, `vendor`, `invoice`. Of one viewer's children only those of their requests."""
    row, asked = pp_payment, pp_request.alias("request_now")
    of_request = and_(asked.c.request_id == row.c.request_id, known(asked, known_on))
    source = row.join(school, school.c.id == row.c.school_key).outerjoin(asked, of_request)
    hidden = func.coalesce(row.c.request_id.in_(requests_of_restricted()), False)
    whom = (school.c.urn, row.c.batch, row.c.vendor, row.c.invoice)
    ours = or_(row.c.request_id.in_(select(payment_line.c.request_id)), row.c.batch.startswith(LABEL))
    query = (
        select(
            asked.c.child_key,
            (literal(True) if scope.restricted else not_(hidden)).label("is_listed"),
            opaque(row.c.payment_id, row.c.payment_id, hidden, scope),
            opaque(row.c.request_id, pp_request.c.request_id, hidden, scope),
            *(row.c[name] for name in ("amount_pence", "status", "paid_on")),
            *(hidden_if_restricted(column, hidden, scope) for column in whom),
        )
        .select_from(source)
        .where(known(row, known_on), ours)
        .order_by(row.c.paid_on, row.c.payment_id)
    )
    if scope.adviser is None and scope.child is None:
        return query
    return query.where(in_scope(asked.c.child_key, scope))


def days_in_care(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """When the children of whom a request was ever approved were in care, short breaks left out: `child_key`,
    `started_on`, `ended_on` (first day out of it; empty: still)."""
    span: CTE = care_spans(known_on)
    asked = select(pp_request.c.child_key).where(known(pp_request, known_on))
    asked = asked.where(pp_request.c.status.in_(sorted(APPROVED_STATES)))
    return (
        select(span.c.child_key, span.c.started_on, span.c.ended_on)
        .where(in_scope(span.c.child_key, scope), ~span.c.short_break, span.c.child_key.in_(asked))
        .order_by(span.c.child_key, span.c.started_on)
    )

"""What became of requests for Pupil Premium Plus, over every year and fund: each step with the day on which it was."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, exists, func, not_, or_, select

from vs_core.queries.children import is_restricted, people, places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.pp_plus import first_known
from vs_core.queries.pp_waiting import elsewhere_column
from vs_core.queries.scope import EVERYTHING, Scope, child_id, in_scope, is_listed, opaque
from vs_core.queries.vendors import first_set_up, paid_before, payees, set_up_on, who_wrote
from vs_core.rules.pp_plus import APPROVED_STATES
from vs_core.store.schema import (
    child,
    invoice_received,
    payment_batch,
    payment_line,
    payment_release,
    payment_reversal,
    payment_taken_out,
    pep,
    pp_payment,
    pp_request,
    school,
    school_details,
)


def requests(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Every request, in order: `request_id`, `child_key`, `child_id`, `is_listed`, `term`, `fund`, `amount_pence`,
    `approved_amount_pence`, `status`, `requested_on`, `decided_on`, `starts_on`, `urn`, `school`, `area`,
    `intervention`, `target`, `impact`, `has_impact` (something is recorded, whoever may read it), `queried_on` and
    `impact_on` (the first days on which it was known as queried, and with an impact)."""
    row = pp_request
    queried = first_known(known_on, pp_request.c.status == "queried", "queried_on")
    came = first_known(known_on, func.coalesce(pp_request.c.impact, "") != "", "impact_on")
    its = and_(school_details.c.school_key == row.c.school_key, known(school_details, known_on))
    source = row.join(child, child.c.id == row.c.child_key).join(school, school.c.id == row.c.school_key)
    source = source.outerjoin(school_details, its)
    for each in (queried, came):
        source = source.outerjoin(each, each.c.request_id == row.c.request_id)
    names = ("child_key", "term", "fund", "amount_pence", "approved_amount_pence", "status", "requested_on")
    where = (school.c.urn, school_details.c.name.label("school"), row.c.area, row.c.intervention)
    return (
        select(
            opaque(row.c.request_id, row.c.request_id, is_restricted(), scope),
            child_id(scope),
            is_listed(row.c.child_key, scope),
            *(row.c[name] for name in (*names, "decided_on", "starts_on")),
            *places(scope, *where),
            *people(scope, row.c.target, row.c.impact),
            (func.coalesce(row.c.impact, "") != "").label("has_impact"),
            queried.c.queried_on,
            came.c.impact_on,
        )
        .select_from(with_current(source, row.c.child_key))
        .where(known(row, known_on), in_scope(row.c.child_key, scope))
        .order_by(row.c.requested_on, row.c.request_id)
    )


def payments(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """What finance says of requests, in order: `request_id`, `child_key`, `is_listed`, `fund` (its own, where it names
    one), `amount_pence`, `status`, `paid_on`, `sent_on` (the first day on which finance had it in a batch; empty: never
    said), `has_invoice` (it names one)."""
    row, asked, version = pp_payment, pp_request, pp_payment.alias("version")
    first = select(version.c.payment_id, func.min(version.c.known_from).label("sent_on"))
    sent = first.where(version.c.status == "in batch").group_by(version.c.payment_id).subquery("sent")
    source = row.join(asked, and_(asked.c.request_id == row.c.request_id, known(asked, known_on)))
    source = source.outerjoin(sent, sent.c.payment_id == row.c.payment_id)
    names = ("fund", "amount_pence", "status", "paid_on")
    return (
        select(
            *_of_request(asked, scope),
            *(row.c[name] for name in names),
            sent.c.sent_on,
            (func.coalesce(row.c.invoice, "") != "").label("has_invoice"),
        )
        .select_from(with_current(source, asked.c.child_key))
        .where(known(row, known_on), in_scope(asked.c.child_key, scope))
        .order_by(row.c.paid_on, row.c.payment_id)
    )


def lines(known_on: date | None, end: date, scope: Scope = EVERYTHING) -> Select:
    """Lines of our own batches that hold on a day, in order: `request_id`, `child_key`, `is_listed`, `amount_pence`,
    `built_on`, `built_by`, `released_on` (empty: not by then), `released_by`."""
    row, batch, release = payment_line, payment_batch, payment_release
    last = end if known_on is None else min(end, known_on)
    source = row.join(batch, batch.c.id == row.c.batch_id)
    source = source.outerjoin(release, and_(release.c.batch_id == batch.c.id, release.c.known_from <= last))
    gone = [
        exists().where(and_(each.c.line_id == row.c.id, each.c.known_from <= last))
        for each in (payment_taken_out, payment_reversal)
    ]
    days = (batch.c.known_from.label("built_on"), release.c.known_from.label("released_on"))
    by = who_wrote(batch, "built_by"), who_wrote(release, "released_by")
    return (
        select(*_of_request(row, scope), row.c.amount_pence, *days, *people(scope, *by))
        .select_from(with_current(source, row.c.child_key))
        .where(in_scope(row.c.child_key, scope), batch.c.known_from <= last, *(not_(each) for each in gone))
        .order_by(row.c.id)
    )


def invoices(known_on: date | None, end: date, scope: Scope = EVERYTHING) -> Select:
    """Invoices that had come by a day: `request_id`, `child_key`, `is_listed`, `received_on`, `invoice_by`."""
    row = invoice_received
    came = row.c.received_on <= end
    return (
        select(*_of_request(row, scope), row.c.received_on, *people(scope, who_wrote(row, "invoice_by")))
        .select_from(with_current(row, row.c.child_key))
        .where(in_scope(row.c.child_key, scope), came if known_on is None else and_(came, row.c.known_from <= known_on))
        .order_by(row.c.id)
    )


def ways(known_on: date | None, authority: str, scope: Scope = EVERYTHING) -> Select:
    """What the steps of requests take beside the requests: `request_id`, `child_key`, `is_listed`, `decided_by`,
    `approved_known_on` (the first day on which it was known as approved); of its school `sends_invoice` (as it was set
    up, else as it was paid last, else whether it is another authority's), `has_vendor`, `vendor_on` and `vendor_by`
    (when it was set up here first and by whom; empty where finance had paid it as a vendor before)."""
    row = pp_request
    agreed = first_known(known_on, row.c.status.in_(sorted(APPROVED_STATES)), "approved_known_on")
    its = and_(school_details.c.school_key == row.c.school_key, known(school_details, known_on))
    set_up, paid, first = payees(known_on), paid_before(known_on), first_set_up(known_on)
    source = row.outerjoin(school_details, its).outerjoin(agreed, agreed.c.request_id == row.c.request_id)
    for each in (set_up, paid, first):
        source = source.outerjoin(each, each.c.school_key == row.c.school_key)
    invoice = (set_up.c.sends_invoice, paid.c.had_invoice, elsewhere_column(school_details.c.la_name, authority))
    has_vendor = or_(set_up.c.vendor.is_not(None), paid.c.school_key.is_not(None))
    return (
        select(
            *_of_request(row, scope),
            agreed.c.approved_known_on,
            func.coalesce(*invoice).label("sends_invoice"),
            has_vendor.label("has_vendor"),
            set_up_on(first, paid).label("vendor_on"),
            *people(scope, row.c.decided_by, first.c.vendor_by),
        )
        .select_from(with_current(source, row.c.child_key))
        .where(known(row, known_on), in_scope(row.c.child_key, scope))
    )


def plans(known_on: date | None, end: date, scope: Scope = EVERYTHING) -> Select:
    """Plans that were quality-assured by a day, in order: `child_key`, `is_listed`, `quality_assured_on`, `quality`."""
    row = pep
    return (
        select(row.c.child_key, is_listed(row.c.child_key, scope), row.c.quality_assured_on, row.c.quality)
        .where(known(row, known_on), in_scope(row.c.child_key, scope))
        .where(row.c.quality_assured_on <= end)
        .order_by(row.c.quality_assured_on, row.c.id)
    )


def _of_request(row: Table, scope: Scope) -> list[ColumnElement[Any]]:
    number = opaque(row.c.request_id, pp_request.c.request_id, func.coalesce(is_restricted(), False), scope)
    return [number, row.c.child_key, is_listed(row.c.child_key, scope)]

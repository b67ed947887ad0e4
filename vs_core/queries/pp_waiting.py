"""What it takes to say why a request is not paid: its school's kind, when it was queried, its child's plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    Table,
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

from vs_core.queries.children import believed, places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.payments import LABEL
from vs_core.queries.pp_plus import first_known, of_year, requests_of_restricted
from vs_core.queries.scope import EVERYTHING, Scope, in_scope, is_listed, opaque
from vs_core.queries.vendors import paid_before, payees
from vs_core.rules.pp_policy_schools import NOT_KNOWN, OTHER, WORDS
from vs_core.rules.projects import ENROLLED
from vs_core.store.schema import (
    enrolment,
    invoice_received,
    payment_batch,
    payment_line,
    payment_release,
    payment_reversal,
    payment_taken_out,
    pep,
    pp_request,
    project_place,
    school_details,
)

SAYS = "says_"


def asked(
    known_on: date | None, year: str, authority: str, words: Mapping[str, Sequence[str]], scope: Scope = EVERYTHING
) -> Select:
    """Requests of a financial year: `request_id`, `child_key`, `is_listed`, `queried_on` (first known as queried),
    `school_kind` (`rules.pp_policy_schools.KINDS`), `out_of_county` (empty: not known), and for each name of `words`
    (in small letters) `says_NAME`: whether target or intervention has one of them; `thing` (the same number for the
    same child, term and intervention; empty where that is not said), `has_plan_of_care` (an education, health and care
    plan on the day it was made), `laptop_given_on` (the first that a project gave the child), `has_vendor` (finance
    has its school) and `sends_invoice` (as its school was set up, else as it was paid last; empty: neither)."""
    row, queried = pp_request, first_known(known_on, pp_request.c.status == "queried", "queried_on")
    its = believed(school_details, known_on, ("school_key", "type", "la_name"))
    source = row.outerjoin(its, its.c.school_key == row.c.school_key)
    source = source.outerjoin(queried, queried.c.request_id == row.c.request_id)
    laptops = _laptops(known_on)
    source = source.outerjoin(laptops, laptops.c.child_key == row.c.child_key)
    set_up, paid = payees(known_on), paid_before(known_on)
    source = source.outerjoin(set_up, set_up.c.school_key == row.c.school_key)
    source = source.outerjoin(paid, paid.c.school_key == row.c.school_key)
    is_hidden = func.coalesce(row.c.request_id.in_(requests_of_restricted()), False)
    said = func.lower(func.coalesce(row.c.target, "") + literal(" ") + func.coalesce(row.c.intervention, ""))
    return (
        select(
            row.c.child_key,
            is_listed(row.c.child_key, scope),
            opaque(row.c.request_id, row.c.request_id, is_hidden, scope),
            queried.c.queried_on,
            kind_column(its.c.type).label("school_kind"),
            elsewhere_column(its.c.la_name, authority).label("out_of_county"),
            *(_has_one(said, those).label(f"{SAYS}{name}") for name, those in words.items()),
            _thing().label("thing"),
            _has_plan(known_on).label("has_plan_of_care"),
            laptops.c.laptop_given_on,
            or_(set_up.c.vendor.is_not(None), paid.c.school_key.is_not(None)).label("has_vendor"),
            func.coalesce(set_up.c.sends_invoice, paid.c.had_invoice).label("sends_invoice"),
        )
        .select_from(with_current(source, row.c.child_key))
        .where(known(row, known_on), in_scope(row.c.child_key, scope), of_year(row, year))
    )


def plans(known_on: date | None, end: date, scope: Scope = EVERYTHING) -> Select:
    """Plans by child and term: `child_key`, `term`, `signed_on` (the first of them quality-assured by the day; empty:
    none is)."""
    row = pep
    signed = case((row.c.quality_assured_on <= end, row.c.quality_assured_on))
    return (
        select(row.c.child_key, row.c.term, func.min(signed).label("signed_on"))
        .where(known(row, known_on), in_scope(row.c.child_key, scope))
        .group_by(row.c.child_key, row.c.term)
    )


def batched(known_on: date | None, end: date, scope: Scope = EVERYTHING) -> Select:
    """Lines that our own batches hold on a day: `request_id`, `child_key`, `is_listed`, `batch` (its label, none of a
    restricted child unless allowed), `is_released`."""
    row, by_then = payment_line, _by_then(known_on, end)
    out, back, release = payment_taken_out, payment_reversal, payment_release
    gone = (exists().where(and_(each.c.line_id == row.c.id, by_then(each))) for each in (out, back))
    is_released = exists().where(and_(release.c.batch_id == row.c.batch_id, by_then(release)))
    source = row.join(payment_batch, payment_batch.c.id == row.c.batch_id)
    return (
        select(
            *_of_request(row, scope),
            *places(scope, (literal(LABEL) + cast(row.c.batch_id, String)).label("batch")),
            is_released.label("is_released"),
        )
        .select_from(with_current(source, row.c.child_key))
        .where(in_scope(row.c.child_key, scope), by_then(payment_batch), *(not_(each) for each in gone))
        .order_by(row.c.id)
    )


def invoices(known_on: date | None, end: date, scope: Scope = EVERYTHING) -> Select:
    """Requests of which an invoice had come by a day: `request_id`, `child_key`, `is_listed`."""
    row = invoice_received
    came = (
        row.c.received_on <= end if known_on is None else and_(row.c.received_on <= end, row.c.known_from <= known_on)
    )
    return (
        select(*_of_request(row, scope))
        .select_from(with_current(row, row.c.child_key))
        .where(came, in_scope(row.c.child_key, scope))
    )


def _of_request(row: Table, scope: Scope) -> list[ColumnElement[Any]]:
    is_hidden = func.coalesce(row.c.request_id.in_(requests_of_restricted()), False)
    number = opaque(row.c.request_id, pp_request.c.request_id, is_hidden, scope)
    return [number, row.c.child_key, is_listed(row.c.child_key, scope)]


def _by_then(known_on: date | None, end: date) -> Callable[[FromClause], ColumnElement[bool]]:
    """What was written by the day, and by that on which it was known."""
    last = end if known_on is None else min(end, known_on)
    return lambda table: table.c.known_from <= last


def _thing() -> ColumnElement[Any]:
    row = pp_request.c
    what = func.lower(func.trim(func.coalesce(row.intervention, "")))
    return case((what != "", func.min(row.id).over(partition_by=(row.child_key, row.term, what))))


def _has_plan(known_on: date | None) -> ColumnElement[bool]:
    """Whether the child had an education, health and care plan on the day on which a request was made."""
    row, asked_of = enrolment.c, pp_request.alias("asked_of")
    with_plan = select(row.child_key, row.started_on, row.ended_on).where(known(enrolment, known_on), row.sen == "E")
    plan = with_plan.cte("plan_of_care").prefix_with("MATERIALIZED")
    until = or_(plan.c.ended_on.is_(None), plan.c.ended_on >= asked_of.c.requested_on)
    covers = and_(plan.c.child_key == asked_of.c.child_key, plan.c.started_on <= asked_of.c.requested_on, until)
    return pp_request.c.id.in_(select(asked_of.c.id).join(plan, covers))


def _laptops(known_on: date | None) -> FromClause:
    """The first laptop that a project gave each child: `child_key`, `laptop_given_on`."""
    row = project_place.c
    given = and_(func.lower(row.project).contains("laptop"), row.status.in_(sorted(ENROLLED)))
    return (
        select(row.child_key, func.min(row.started_on).label("laptop_given_on"))
        .where(known(project_place, known_on), given, row.child_key.is_not(None))
        .group_by(row.child_key)
        .subquery("laptops")
    )


def kind_column(type_of_establishment: ColumnElement[Any] | str | None) -> ColumnElement[str]:
    """As `rules.pp_policy_schools.kind_of_school`: counted for restricted children too, whose school nobody is told."""
    text = func.lower(func.trim(func.coalesce(type_of_establishment, literal(""))))
    kinds = [(_has_one(text, those), kind) for kind, those in WORDS]
    return case((text == "", NOT_KNOWN), *kinds, else_=OTHER)


def elsewhere_column(la_name: ColumnElement[Any] | str | None, authority: str) -> ColumnElement[Any]:
    """Whether a school is another authority's, by the name that the department's list of schools gives; empty where
    either is not known. Case and spaces around a name do not count."""
    la_name = cast(la_name, String) if la_name is None or isinstance(la_name, str) else la_name
    ours, theirs = authority.strip().lower(), func.lower(func.trim(la_name))
    return case((or_(la_name.is_(None), theirs == "", literal(ours) == ""), None), else_=theirs != ours)


def _has_one(text: ColumnElement[str], those: Sequence[str]) -> ColumnElement[bool]:
    found = [text.contains(word, autoescape=True) for word in those]
    return or_(*found) if found else literal(False)

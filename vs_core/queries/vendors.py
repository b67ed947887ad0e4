"""How and since when schools are paid: as they were set up here, and as the finance system has paid them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func, or_, select

from vs_core.queries.knowledge import known
from vs_core.store.access_tables import user_account
from vs_core.store.schema import payee, pp_payment


def payees(known_on: date | None) -> FromClause:
    """How each school is paid, by its last entry: `school_key`, `vendor`, `sends_invoice`."""
    row = payee.c
    last = select(func.max(row.id)).group_by(row.school_key)
    last = last if known_on is None else last.where(row.known_from <= known_on)
    return select(row.school_key, row.vendor, row.sends_invoice).where(row.id.in_(last)).subquery("set_up")


def paid_before(known_on: date | None) -> FromClause:
    """Schools that were paid as a vendor: `school_key`, `had_invoice` (of the last payment), `first_paid_on`."""
    row = pp_payment.c
    order = (row.paid_on.desc(), row.id.desc())
    rank = func.row_number().over(partition_by=row.school_key, order_by=order).label("rank")
    had = (func.coalesce(row.invoice, "") != "").label("had_invoice")
    own = known(pp_payment, known_on), row.status == "paid", func.coalesce(row.vendor, "") != "", row.school_key != 0
    first = func.min(row.paid_on).over(partition_by=row.school_key).label("first_paid_on")
    every = select(row.school_key, had, rank, first).where(*own).subquery("every_payment")
    return (
        select(every.c.school_key, every.c.had_invoice, every.c.first_paid_on)
        .where(every.c.rank == 1)
        .subquery("paid_before")
    )


def first_set_up(known_on: date | None) -> FromClause:
    """When each school was first set up as a vendor here, and by whom: `school_key`, `vendor_on`, `vendor_by`."""
    row = payee.c
    first = select(func.min(row.id)).group_by(row.school_key)
    first = first if known_on is None else first.where(row.known_from <= known_on)
    days = select(row.school_key, row.known_from.label("vendor_on"), who_wrote(payee, "vendor_by"))
    return days.where(row.id.in_(first)).subquery("first_set_up")


def set_up_on(first: FromClause, paid: FromClause) -> ColumnElement[Any]:
    """The day on which a school became a vendor here; empty where finance had paid it as one before. first: of
    `first_set_up`; paid: of `paid_before`."""
    is_new = or_(paid.c.first_paid_on.is_(None), paid.c.first_paid_on > first.c.vendor_on)
    return case((is_new, first.c.vendor_on))


def who_wrote(table: FromClause, name: str) -> ColumnElement[Any]:
    """Who wrote a row, as a person is called; the sign-in name of somebody who has no account any more."""
    user = user_account.alias(f"{name}_user")
    called = select(user.c.display_name).where(user.c.name == table.c.written_by).scalar_subquery()
    return func.coalesce(called, table.c.written_by).label(name)

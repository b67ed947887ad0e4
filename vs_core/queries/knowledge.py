"""What was known when: rows believed at the end of a day, and the imports that had arrived by it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, exists, func, or_, select

from vs_core.store.schema import import_ledger

TYPED_IN = "typed in"
"""Encoding of an entry that came from no file: a refused row that somebody corrected on the page."""


def known(table: FromClause, known_on: date | None) -> ColumnElement[bool]:
    """Rows of a versioned table that were believed at the end of `known_on` (None: now)."""
    if known_on is None:
        return table.c.known_to.is_(None)
    return and_(table.c.known_from <= known_on, or_(table.c.known_to.is_(None), table.c.known_to > known_on))


def is_arrival(known_on: date | None) -> ColumnElement[bool]:
    """Entries of the import ledger that brought a file and were not undone, as known at the end of `known_on`."""
    undo = import_ledger.alias("undo")
    undone = exists().where(undo.c.undoes == import_ledger.c.id)
    arrival = import_ledger.c.undoes.is_(None)
    if known_on is None:
        return and_(arrival, ~undone)
    return and_(arrival, import_ledger.c.known_on <= known_on, ~undone.where(undo.c.known_on <= known_on))


def arrived(kinds: Collection[str], known_on: date | None) -> Select:
    """One row a kind of which something had arrived: `kind`, `deliveries`, `known_on` (latest), `imported_at` (latest).

    A refused row that somebody corrected is no delivery and makes no kind look fresher, unless nothing else came."""
    row = import_ledger.c
    by_file = row.encoding != TYPED_IN
    return (
        select(
            row.kind,
            func.sum(case((by_file, 1), else_=0)).label("deliveries"),
            *(
                func.coalesce(func.max(case((by_file, column))), func.max(column)).label(column.name)
                for column in (row.known_on, row.imported_at)
            ),
        )
        .where(import_ledger.c.kind.in_(kinds), is_arrival(known_on))
        .group_by(import_ledger.c.kind)
    )


def deliveries(kinds: Collection[str], known_on: date | None) -> Select:
    """One row a delivery, latest first: `id`, `kind`, `file_name`, `known_on`, `imported_at`, `imported_by`, counts."""
    names = ("id", "kind", "file_name", "known_on", "imported_at", "imported_by")
    counts = ("rows_in", "inserted", "unchanged", "corrected", "rejected")
    return (
        select(*(import_ledger.c[name] for name in (*names, *counts)))
        .where(import_ledger.c.kind.in_(kinds), is_arrival(known_on), import_ledger.c.encoding != TYPED_IN)
        .order_by(import_ledger.c.known_on.desc(), import_ledger.c.id.desc())
    )

"""The ledger of imports: one entry a file, with counts that the database forces to add up."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, insert, select, text, update

from vs_core.intake import keys
from vs_core.intake.checking import Checked
from vs_core.intake.columns import named_cells
from vs_core.intake.problems import SAID_SINCE, RowProblem
from vs_core.intake.reading import Sheet
from vs_core.store import schema
from vs_core.store.bulk import insert_rows

ONE_WRITER = 903_2025  # PostgreSQL's number for "somebody is taking in a file"
PROBLEM = ("import_id", "rejected_row_id", "row_key", "row_number", "column_name", "rule", "sentence", "severity")


@dataclass(frozen=True)
class Counts:
    """What became of the rows of a file."""

    inserted: int = 0
    unchanged: int = 0
    corrected: int = 0
    rejected: int = 0

    @property
    def rows_in(self) -> int:
        return self.inserted + self.unchanged + self.corrected + self.rejected


def one_writer(connection: Connection) -> None:
    """Wait until no other import is writing; SQLite's transaction already sees to it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": ONE_WRITER})


def earlier_import(connection: Connection, kind: str, sha256: str) -> tuple[int, datetime] | None:
    """The last import of the very same file that still stands: its number and when."""
    ledger, undoing = schema.import_ledger, schema.import_ledger.alias()
    undone = select(undoing.c.undoes).where(undoing.c.undoes.is_not(None))
    row = connection.execute(
        select(ledger.c.id, ledger.c.imported_at)
        .where(
            ledger.c.kind == kind, ledger.c.file_hash == sha256, ledger.c.id.not_in(undone), ledger.c.undoes.is_(None)
        )
        .order_by(ledger.c.id.desc())
        .limit(1)
    ).first()
    return (row.id, row.imported_at) if row else None


def opened(
    connection: Connection,
    kind: str,
    sheet: Sheet,
    *,
    by: str,
    known_on: date,
    mapping: str | None,
    ignored: Sequence[str],
) -> int:
    """A new entry, its counts still 0. Returns its number."""
    entry = insert(schema.import_ledger).values(
        kind=kind,
        file_name=sheet.name,
        file_hash=sheet.sha256,
        encoding=sheet.encoding,
        mapping=mapping,
        imported_at=datetime.now(UTC).replace(tzinfo=None),
        imported_by=by,
        known_on=known_on,
        ignored_columns=", ".join(ignored),
        rows_in=0,
        inserted=0,
        unchanged=0,
        corrected=0,
        rejected=0,
    )
    key = connection.execute(entry).inserted_primary_key
    assert key is not None
    return int(key[0])


def counted(connection: Connection, import_id: int, counts: Counts) -> None:
    """Fill in what became of the rows."""
    connection.execute(
        update(schema.import_ledger)
        .where(schema.import_ledger.c.id == import_id)
        .values(
            rows_in=counts.rows_in,
            inserted=counts.inserted,
            unchanged=counts.unchanged,
            corrected=counts.corrected,
            rejected=counts.rejected,
        )
    )


def gave(connection: Connection, import_id: int, columns: Collection[str]) -> None:
    """Keep which columns of the table a file gave."""
    row = schema.import_ledger
    connection.execute(update(row).where(row.c.id == import_id).values(given_columns=", ".join(columns)))


def noted(connection: Connection, import_id: int, checked: Checked) -> set[int]:
    """Keep the refused rows with their reasons, and everything that a person should look at.

    A refused row that already waits, cell for cell, is not kept twice, nor one that newer rows have overtaken. Gives
    the row numbers of those that were kept.
    """
    by_row: dict[int, list[RowProblem]] = defaultdict(list)
    for problem in checked.problems:
        by_row[problem.row_number].append(problem)
    rejected = checked.rejected_numbers
    places = {number: place for place, number in enumerate(checked.sheet.row_numbers)}
    cells = {
        number: _cells(checked.sheet.header, row)
        for number, row in zip(checked.sheet.row_numbers, checked.sheet.rows, strict=True)
        if number in rejected
    }
    waiting = _waiting(connection, checked.kind.name)
    kept: set[int] = set()
    noticed: list[tuple[object, ...]] = []
    for number, problems in sorted(by_row.items()):
        row_id = None
        if number in rejected:
            if cells[number] in waiting or any(problem.rule == SAID_SINCE for problem in problems):
                continue
            row_id = _keep(connection, import_id, checked, places[number], cells[number])
            kept.add(number)
        key = keys.at(checked, places[number]) if row_id is None else None
        noticed += [_problem_row(import_id, row_id, key, problem) for problem in problems]
    insert_rows(connection, schema.row_problem, PROBLEM, noticed)
    return kept


def _cells(header: list[str], row: list[str]) -> str:
    return json.dumps(named_cells(header, row), ensure_ascii=False)


def _waiting(connection: Connection, kind: str) -> set[str]:
    table = schema.rejected_row
    rows = connection.execute(select(table.c.cells).where(table.c.kind == kind, table.c.state == "waiting"))
    return {row.cells for row in rows}


def _keep(connection: Connection, import_id: int, checked: Checked, place: int, cells: str) -> int:
    row = {
        "import_id": import_id,
        "kind": checked.kind.name,
        "row_number": checked.sheet.row_numbers[place],
        "row_key": keys.at(checked, place),
        "cells": cells,
        "state": "waiting",
    }
    kept = connection.execute(insert(schema.rejected_row).values(row)).inserted_primary_key
    assert kept is not None
    return int(kept[0])


def _problem_row(import_id: int, row_id: int | None, key: str | None, problem: RowProblem) -> tuple[object, ...]:
    """In the order of PROBLEM."""
    sentence = problem.sentence.replace("\x00", "\N{SYMBOL FOR NULL}")
    return import_id, row_id, key, problem.row_number, problem.column, problem.rule, sentence, problem.severity

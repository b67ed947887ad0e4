"""Undoing an import: its rows are closed, what they replaced is believed again, and the ledger says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, or_, select, update

from vs_core import summaries
from vs_core.intake import ledger
from vs_core.intake.kinds import KINDS
from vs_core.intake.ledger import Counts
from vs_core.intake.problems import FileProblem
from vs_core.intake.reading import Sheet
from vs_core.intake.versions import KNOWLEDGE, key_of, value_columns
from vs_core.store import schema
from vs_core.store.bulk import insert_rows
from vs_core.store.engine import writing


def undo(engine: Engine, import_id: int, *, by: str, known_on: date) -> str:
    """Undo one import and say what happened. Raises FileProblem when it cannot be undone; nothing is written then."""
    with writing(engine) as connection:
        ledger.one_writer(connection)
        entry = _undoable(connection, import_id)
        table = KINDS[entry.kind].table
        day = max(known_on, entry.known_on)
        before = summaries.membership_before(connection) if entry.kind in summaries.DECIDES_COHORTS else None
        undoing = _opened(connection, entry, by, day)
        closed = _close(connection, table, import_id, undoing, day)
        reopened = _reopen(connection, table, import_id, undoing, day)
        ledger.counted(connection, undoing, Counts(inserted=closed - len(reopened), corrected=len(reopened)))
        _withdraw_refused(connection, import_id)
        _bring_in_step(connection, table, (import_id, undoing), before, day)
    return (
        f"Import {import_id} ({entry.kind}, {entry.file_name}) is undone by entry {undoing}: {closed} rows are no longer"
        f" believed, of {len(reopened)} of them the earlier version is believed again."
    )


def _undoable(connection: Connection, import_id: int) -> Any:
    table = schema.import_ledger
    entry = connection.execute(select(table).where(table.c.id == import_id)).first()
    if entry is None:
        raise FileProblem(f"There is no import {import_id}.")
    if entry.undoes is not None:
        raise FileProblem(f"Entry {import_id} is itself an undoing; take the file in again instead.")
    by = connection.execute(select(table.c.id).where(table.c.undoes == import_id)).scalar()
    if by is not None:
        raise FileProblem(f"Import {import_id} is already undone, by entry {by}.")
    rows = KINDS[entry.kind].table.c
    later = connection.execute(
        select(rows.closed_by).where(rows.import_id == import_id, rows.closed_by > import_id).limit(1)
    ).scalar()
    if later is not None:
        raise FileProblem(f"Import {later} has since changed rows of import {import_id}: undo import {later} first.")
    return entry


def _opened(connection: Connection, entry: Any, by: str, day: date) -> int:
    sheet = Sheet(entry.file_name, entry.file_hash, entry.encoding, [], [])
    undoing = ledger.opened(connection, entry.kind, sheet, by=by, known_on=day, mapping=entry.mapping, ignored=())
    ledgers = schema.import_ledger
    connection.execute(update(ledgers).where(ledgers.c.id == undoing).values(undoes=entry.id))
    return undoing


def _close(connection: Connection, table: Table, import_id: int, undoing: int, day: date) -> int:
    still = or_(table.c.known_to.is_(None), table.c.known_to > day)
    closing = update(table).where(table.c.import_id == import_id, still).values(known_to=day, closed_by=undoing)
    return int(connection.execute(closing).rowcount)


def _reopen(connection: Connection, table: Table, import_id: int, undoing: int, day: date) -> list[Any]:
    """Rows that the import closed, believed again from `day`."""
    names = (*key_of(table), *value_columns(table))
    rows = connection.execute(select(*(table.c[name] for name in names)).where(table.c.closed_by == import_id)).all()
    insert_rows(connection, table, (*names, *KNOWLEDGE), [(*row, undoing, day, None, None) for row in rows])
    return list(rows)


def _withdraw_refused(connection: Connection, import_id: int) -> None:
    table = schema.rejected_row
    waiting = table.c.state == "waiting"
    connection.execute(update(table).where(table.c.import_id == import_id, waiting).values(state="dismissed"))
    connection.execute(update(table).where(table.c.resolved_by == import_id).values(state="waiting", resolved_by=None))


def _bring_in_step(connection: Connection, table: Table, imports: tuple[int, int], before: Any, day: date) -> None:
    if before is not None:
        summaries.cohorts_changed(connection, before)
    if table is schema.child_day:
        touched = select(table.c.child_key, table.c.day).where(
            or_(table.c.import_id.in_(imports), table.c.closed_by.in_(imports))
        )
        weeks = {(row.child_key, row.day - timedelta(row.day.weekday())) for row in connection.execute(touched)}
        summaries.marks_changed(connection, weeks, day)

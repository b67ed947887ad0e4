"""Undoing an import: its rows are closed, what they replaced is believed again, and the ledger says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Table,
    bindparam,
    exists,
    or_,
    select,
    update,
)

from vs_core import summaries
from vs_core.intake import ledger
from vs_core.intake.kinds import KINDS
from vs_core.intake.ledger import Counts
from vs_core.intake.problems import FileProblem
from vs_core.intake.reading import Sheet
from vs_core.intake.versions import KNOWLEDGE, Key, key_of, value_columns
from vs_core.store import schema
from vs_core.store.bulk import insert_rows
from vs_core.store.engine import writing


@dataclass(frozen=True)
class _Written:
    """Rows of one entry of the ledger: all of them, or those of the keys."""

    import_id: int
    keys: frozenset[Key] | None = None


def undo(
    engine: Engine, import_id: int, *, by: str, known_on: date, also: Callable[[Connection, str], None] | None = None
) -> str:
    """Undo one import and say what happened. `also`: what stands or falls with it, given the sentence.
    Raises FileProblem when it cannot be undone; nothing is written then."""
    with writing(engine) as connection:
        ledger.one_writer(connection)
        entry = _undoable(connection, import_id)
        table = KINDS[entry.kind].table
        standing = _standing(connection, table, import_id)
        day = max(known_on, entry.known_on)
        before = summaries.membership_before(connection) if entry.kind in summaries.DECIDES_COHORTS else None
        undoing = _opened(connection, entry, by, day)
        closed = sum(_close(connection, table, written, undoing, day) for written in standing)
        reopened = _reopen(connection, table, import_id, undoing, day)
        ledger.counted(connection, undoing, Counts(inserted=max(0, closed - reopened), corrected=reopened))
        _withdraw_refused(connection, import_id)
        _bring_in_step(connection, table, (import_id, undoing), before, day)
        told = (
            f"Import {import_id} ({entry.kind}, {entry.file_name}) is undone by entry {undoing}: {closed} rows are no"
            f" longer believed, of {reopened} of them the earlier version is believed again."
        )
        if also:
            also(connection, told)
    return told


def outlook(connection: Connection, import_id: int, known_on: date) -> str:
    """What undoing an import would do, in a sentence. Raises FileProblem when it cannot be undone."""
    entry = _undoable(connection, import_id)
    table = KINDS[entry.kind].table
    standing = _standing(connection, table, import_id)
    day = max(known_on, entry.known_on)
    closing = sum(_count(connection, table, written, day) for written in standing)
    return (
        f"Import {import_id} ({entry.kind}, {entry.file_name}) would be undone from {day:%d/%m/%Y} on: {closing} rows"
        " would no longer be believed, and what they replaced would be believed again. What was known before that day"
        " stays known, the entry stays in the ledger, and the file can be taken in again."
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
    return entry


def _standing(connection: Connection, table: Table, import_id: int) -> list[_Written]:
    """The rows that an import wrote, and those of them that undoings of later imports have brought back."""
    undone = _undoings(connection)
    found: list[_Written] = []
    waiting = [_Written(import_id)]
    while waiting:
        written = waiting.pop()
        found.append(written)
        for closer, keys in _closed_later(connection, table, written).items():
            if closer not in undone:
                raise FileProblem(
                    f"Import {closer} has since changed rows of import {import_id}: undo import {closer} first."
                )
            waiting.append(_Written(undone[closer], frozenset(keys)))
    return found


def _undoings(connection: Connection) -> dict[int, int]:
    """The entry that undid an import, by import."""
    table = schema.import_ledger.c
    return {row.undoes: row.id for row in connection.execute(select(table.undoes, table.id)) if row.undoes}


def _closed_later(connection: Connection, table: Table, written: _Written) -> dict[int, set[Key]]:
    """Keys of the rows that later entries have closed, by entry."""
    names = [table.c[name] for name in key_of(table)]
    closed = (table.c.import_id == written.import_id, table.c.closed_by > written.import_id)
    found: dict[int, set[Key]] = defaultdict(set)
    for row in connection.execute(select(table.c.closed_by, *names).where(*closed)):
        if written.keys is None or tuple(row[1:]) in written.keys:
            found[row.closed_by].add(tuple(row[1:]))
    return found


def _opened(connection: Connection, entry: Any, by: str, day: date) -> int:
    sheet = Sheet(entry.file_name, entry.file_hash, entry.encoding, [], [])
    undoing = ledger.opened(connection, entry.kind, sheet, by=by, known_on=day, mapping=entry.mapping, ignored=())
    ledgers = schema.import_ledger
    connection.execute(update(ledgers).where(ledgers.c.id == undoing).values(undoes=entry.id))
    return undoing


def _alive(table: FromClause, day: date) -> ColumnElement[bool]:
    return or_(table.c.known_to.is_(None), table.c.known_to > day)


def _count(connection: Connection, table: Table, written: _Written, day: date) -> int:
    names = [table.c[name] for name in key_of(table)]
    rows = connection.execute(select(*names).where(table.c.import_id == written.import_id, _alive(table, day)))
    return sum(written.keys is None or tuple(row) in written.keys for row in rows)


def _close(connection: Connection, table: Table, written: _Written, undoing: int, day: date) -> int:
    own = update(table).where(table.c.import_id == written.import_id, _alive(table, day))
    closing = own.values(known_to=day, closed_by=undoing)
    if written.keys is None:
        return int(connection.execute(closing).rowcount)
    names = key_of(table)
    one = closing.where(*(table.c[name] == bindparam(f"key_{name}") for name in names))
    keys = [{f"key_{name}": part for name, part in zip(names, key, strict=True)} for key in written.keys]
    return sum(int(connection.execute(one, key).rowcount) for key in keys)


def _reopen(connection: Connection, table: Table, import_id: int, undoing: int, day: date) -> int:
    """Rows that the import closed, believed again from `day`, where nothing else is believed of their key."""
    names = (*key_of(table), *value_columns(table))
    other = table.alias("other")
    same = [other.c[name] == table.c[name] for name in key_of(table)]
    free = ~exists().where(*same, _alive(other, day))
    closed = select(*(table.c[name] for name in names)).where(table.c.closed_by == import_id, free)
    rows = [tuple(row) for row in connection.execute(closed)]
    insert_rows(connection, table, (*names, *KNOWLEDGE), [(*row, undoing, day, None, None) for row in rows])
    return len(rows)


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

"""Undoing an import: its rows are closed, what other files have said is believed again, and the ledger says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, or_, select, update

from vs_core import summaries
from vs_core.intake import ledger
from vs_core.intake.kinds import KINDS
from vs_core.intake.ledger import Counts
from vs_core.intake.problems import FileProblem
from vs_core.intake.reading import Sheet
from vs_core.intake.remaining import Remaining, alive, bring_back, remaining, undone
from vs_core.store import schema
from vs_core.store.engine import writing

NAMED_FILES = 3


def undo(
    engine: Engine, import_id: int, *, by: str, known_on: date, also: Callable[[Connection, str], None] | None = None
) -> str:
    """Undo one import and say what happened. `also`: what stands or falls with it, given the sentence.
    Raises FileProblem when it cannot be undone; nothing is written then."""
    with writing(engine) as connection:
        ledger.one_writer(connection)
        entry = _undoable(connection, import_id)
        table = KINDS[entry.kind].table
        day = max(known_on, entry.known_on)
        before = summaries.membership_before(connection) if entry.kind in summaries.DECIDES_COHORTS else None
        left = remaining(connection, table, import_id, day)
        undoing = _opened(connection, entry, by, day)
        _close(connection, table, import_id, undoing, day)
        bring_back(connection, table, left.known, day)
        back = len(left.believed)
        ledger.counted(connection, undoing, Counts(inserted=max(0, left.closing - back), corrected=back))
        _withdraw_refused(connection, import_id)
        _bring_in_step(connection, table, (import_id, undoing), before, day)
        told = (
            f"Import {import_id} ({entry.kind}, {entry.file_name}) is undone by entry {undoing}: {left.gone} rows are"
            f" no longer believed, of {left.earlier} of them the earlier version is believed again."
            f"{_handed_over(connection, left, 'stay')}"
        )
        if also:
            also(connection, told)
    return told


def outlook(connection: Connection, import_id: int, known_on: date) -> str:
    """What undoing an import would do, in a sentence. Raises FileProblem when it cannot be undone."""
    entry = _undoable(connection, import_id)
    day = max(known_on, entry.known_on)
    left = remaining(connection, KINDS[entry.kind].table, import_id, day)
    return (
        f"Import {import_id} ({entry.kind}, {entry.file_name}) would be undone from {day:%d/%m/%Y} on: {left.gone}"
        f" rows would no longer be believed, and what they replaced would be believed again."
        f"{_handed_over(connection, left, 'would stay')} What was known before that day stays known, the entry stays in"
        " the ledger, and the file can be taken in again."
    )


def _handed_over(connection: Connection, left: Remaining, stay: str) -> str:
    """The sentence on rows that later files repeated; nothing when there are none."""
    by_import = left.handed_over
    if not by_import:
        return ""
    row = schema.import_ledger.c
    first = [number for number, _ in by_import.most_common(NAMED_FILES)]
    entries = connection.execute(select(row.id, row.file_name, row.known_on).where(row.id.in_(first))).all()
    names = [f"import {one.id} ({one.file_name}, {one.known_on:%d/%m/%Y})" for one in entries]
    names += [f"{len(by_import) - len(first)} more"] if len(by_import) > len(first) else []
    return f" {by_import.total()} others {stay} known, as later files said them too: {', '.join(names)}."


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
    _refuse_what_was_changed(connection, KINDS[entry.kind].table, import_id)
    return entry


def _refuse_what_was_changed(connection: Connection, table: Table, import_id: int) -> None:
    own = (table.c.import_id == import_id, table.c.closed_by > import_id, table.c.closed_by.not_in(undone()))
    closer = connection.scalar(select(table.c.closed_by).where(*own).order_by(table.c.closed_by.desc()).limit(1))
    if closer is not None:
        raise FileProblem(f"Import {closer} has since changed rows of import {import_id}: undo import {closer} first.")


def _opened(connection: Connection, entry: Any, by: str, day: date) -> int:
    sheet = Sheet(entry.file_name, entry.file_hash, entry.encoding, [], [])
    undoing = ledger.opened(connection, entry.kind, sheet, by=by, known_on=day, mapping=entry.mapping, ignored=())
    ledgers = schema.import_ledger
    connection.execute(update(ledgers).where(ledgers.c.id == undoing).values(undoes=entry.id))
    return undoing


def _close(connection: Connection, table: Table, import_id: int, undoing: int, day: date) -> None:
    own = update(table).where(table.c.import_id == import_id, alive(table, day))
    connection.execute(own.values(known_to=day, closed_by=undoing))


def _withdraw_refused(connection: Connection, import_id: int) -> None:
    table = schema.rejected_row
    resolved, own = table.c.resolved_by == import_id, table.c.import_id == import_id
    connection.execute(update(table).where(resolved, ~own).values(state="waiting", resolved_by=None))
    left = table.c.state.in_(("waiting", "overtaken"))
    connection.execute(update(table).where(own, left).values(state="dismissed", resolved_by=None))


def _bring_in_step(connection: Connection, table: Table, imports: tuple[int, int], before: Any, day: date) -> None:
    if before is not None:
        summaries.cohorts_changed(connection, before)
    if table is schema.child_day:
        touched = select(table.c.child_key, table.c.day).where(
            or_(table.c.import_id.in_(imports), table.c.closed_by.in_(imports))
        )
        weeks = {(row.child_key, row.day - timedelta(row.day.weekday())) for row in connection.execute(touched)}
        summaries.marks_changed(connection, weeks, day)

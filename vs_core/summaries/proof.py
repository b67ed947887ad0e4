"""The proof that summaries equal marks: each is counted again and compared, row by row."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, Table, select

from vs_core.store import schema
from vs_core.summaries.marks import marks_changed

SUMMARIES = (schema.child_week, schema.child_year, schema.cohort_day, schema.school_week, schema.authority_week)


def rebuild(connection: Connection) -> None:
    """Count every summary anew from the marks, as known on every day since the first."""
    for table in SUMMARIES:
        connection.execute(table.delete())
    day = schema.child_day.c
    rows = connection.execute(select(day.child_key, day.day, day.known_from)).all()
    weeks = {(row.child_key, row.day - timedelta(row.day.weekday())) for row in rows}
    if rows:
        marks_changed(connection, weeks, min(row.known_from for row in rows))


def differences(connection: Connection) -> list[str]:
    """Sentences on summary rows that do not equal a fresh count of the marks; none when all is well.

    Counts anew inside the caller's transaction, which must be rolled back."""
    before = {table.name: _rows(connection, table) for table in SUMMARIES}
    rebuild(connection)
    told = []
    for table in SUMMARIES:
        after = _rows(connection, table)
        wrong = len(before[table.name] ^ after)
        if wrong:
            told.append(f"{table.name}: {wrong} rows differ from a fresh count of the marks.")
    return told


def _rows(connection: Connection, table: Table) -> set[tuple[object, ...]]:
    """The rows as known now, and for `child_week` as known at any time."""
    return {tuple(row) for row in connection.execute(select(table))}

"""Children and schools by their own numbers; a number not named before becomes a child or school without details."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, Table, insert, select

from vs_core.store import schema

CHUNK = 500


def chunks(values: Iterable[object]) -> Iterator[Sequence[object]]:
    """The values in portions that every database takes in one statement."""
    listed = list(values)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def child_keys(connection: Connection, numbers: Iterable[str], import_id: int) -> dict[str, int]:
    """Keys of children by child_id."""
    return _keys(connection, schema.child, "child_id", set(numbers), import_id)


def school_keys(connection: Connection, numbers: Iterable[str], import_id: int) -> dict[str, int]:
    """Keys of schools by URN."""
    return _keys(connection, schema.school, "urn", set(numbers), import_id)


def _keys(connection: Connection, table: Table, column: str, numbers: set[str], import_id: int) -> dict[str, int]:
    found = held(connection, table, column, numbers)
    new = sorted(numbers - found.keys())
    if not new:
        return found
    connection.execute(insert(table), [{column: number, "import_id": import_id} for number in new])
    return found | held(connection, table, column, set(new))


def held(connection: Connection, table: Table, column: str, numbers: set[str]) -> dict[str, int]:
    """Keys of those of the numbers that somebody has named."""
    found: dict[str, int] = {}
    for some in chunks(numbers):
        found |= {
            row[1]: row[0]
            for row in connection.execute(select(table.c.id, table.c[column]).where(table.c[column].in_(some)))
        }
    return found

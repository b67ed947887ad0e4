"""A whole database copied table by table, in one snapshot and one transaction: backup and restore on any server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, inspect, select

from vs_core.store.bulk import insert_rows
from vs_core.store.engine import reading, writing
from vs_core.store.schema import metadata

PORTION = 5_000


def tables() -> list[Table]:
    """Every table, those that others point at first."""
    return list(metadata.sorted_tables)


def copy_all(source: Engine, target: Engine) -> dict[str, int]:
    """Copy every row of a snapshot of `source` into the empty tables of `target`. Returns rows by table."""
    copied: dict[str, int] = {}
    with reading(source) as old, writing(target) as new:
        _without_rows(new)
        for table in tables():
            copied[table.name] = 0
            for portion in _portions(old, table):
                insert_rows(new, table, [column.name for column in table.c], portion)
                copied[table.name] += len(portion)
        _set_sequences(new)
    return copied


def row_counts(connection: Connection) -> dict[str, int]:
    """Rows by table."""
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables()}


def _without_rows(connection: Connection) -> None:
    """Take away the lists that a new database starts with. The trail can only grow: with rows in it this fails."""
    held = row_counts(connection)
    for table in reversed(tables()):
        if held[table.name]:
            connection.execute(table.delete())


def _portions(connection: Connection, table: Table) -> Iterator[list[Any]]:
    result = connection.execution_options(yield_per=PORTION).execute(select(table).order_by(*table.primary_key))
    for portion in result.partitions(PORTION):
        yield [tuple(row) for row in portion]


def _set_sequences(connection: Connection) -> None:
    """After rows came with their numbers, PostgreSQL must count on from the highest."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables():
        for column in inspect(connection).get_columns(table.name):
            if "nextval" in str(column["default"]):
                number = table.c[column["name"]]
                sequence = func.pg_get_serial_sequence(table.name, number.name)
                following = select(func.coalesce(func.max(number), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(sequence, following, False)))

"""Many rows at once: one `executemany` on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert tuples in the order of `columns`, inside the caller's transaction."""
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {table.name} ({names}) FROM STDIN", _as_stored(connection, table, columns, rows))
        return
    marks = ", ".join("?" for _ in columns)
    written = list(_as_stored(connection, table, columns, rows))
    if written:
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", written)


def _as_stored(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[tuple[Any, ...]]:
    """Rows as the database keeps them; of a column that needs it, each distinct value is converted once."""
    by_column: list[Any] = list(zip(*rows, strict=True))
    for place, name in enumerate(columns if by_column else ()):
        convert = table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        if convert:
            kept = {value: convert(value) for value in set(by_column[place])}
            by_column[place] = [kept[value] for value in by_column[place]]
    return zip(*by_column, strict=True)


def _copy(connection: Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    errors = connection.dialect.loaded_dbapi.Error
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except errors as error:
        raise DBAPIError.instance(statement, None, error, errors, hide_parameters=True) from error


def know_sizes(connection: Connection, table: Table) -> None:
    """Tell PostgreSQL how many rows a table that has just been filled holds, before a join is planned with it: nothing
    else does so for a temporary table."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"analyze {connection.dialect.identifier_preparer.format_table(table)}")

"""Many rows at once: one `executemany` on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Table


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert tuples in the order of `columns`, inside the caller's transaction."""
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {table.name} ({names}) FROM STDIN", rows)
        return
    marks = ", ".join("?" for _ in columns)
    written = _as_sqlite_stores(table, columns, rows)
    if written:
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", written)


def _as_sqlite_stores(table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows with their dates as text, each distinct date written out once."""
    by_column: list[Any] = list(zip(*rows, strict=True))
    for place, name in enumerate(columns if by_column else ()):
        if isinstance(table.c[name].type, Date | DateTime):
            text = {value: _text(value) for value in set(by_column[place])}
            by_column[place] = [text[value] for value in by_column[place]]
    return list(zip(*by_column, strict=True))


def _copy(connection: Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _text(value: date | datetime | None) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="microseconds")
    return value.isoformat() if value else None

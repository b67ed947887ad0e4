"""Connections to the shared database: SQLite or PostgreSQL, with the same promises on both."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from vs_core.settings import SettingError, settings

READ_TRIES = 3
BUSY_MILLISECONDS = 10_000
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_MILLISECONDS}",
    "temp_store=MEMORY",
    "cache_size=-64000",
)


def engine_for(url: str) -> Engine:
    """An engine for a database address, with pragmas and transactions that lose no update. Raises SettingError."""
    if url.startswith("sqlite"):
        return _sqlite(url)
    if not url.startswith("postgresql"):
        raise SettingError("The database must be SQLite or PostgreSQL: VS_DATABASE_URL begins with one of the two.")
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)


def _sqlite(url: str) -> Engine:
    made = create_engine(
        url, hide_parameters=True, pool_size=10, max_overflow=20, connect_args={"timeout": BUSY_MILLISECONDS / 1000}
    )
    event.listen(made, "connect", _sqlite_pragmas)
    event.listen(made, "begin", _sqlite_begin)
    return made


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("vs_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@cache
def engine(url: str | None = None) -> Engine:
    """The engine of this process for `url`, or for the database that the settings name."""
    return engine_for(url or settings().database_url)


@contextmanager
def reading(of: Engine | None = None) -> Iterator[Connection]:
    """A connection for queries, in one snapshot; whatever was done on it is rolled back."""
    with (of or engine()).connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
        connection.rollback()


@contextmanager
def writing(of: Engine | None = None) -> Iterator[Connection]:
    """One transaction: wholly in, or wholly out. On SQLite it takes the write lock at its start."""
    with (of or engine()).connect() as connection:
        connection = connection.execution_options(vs_writing=True)
        with connection.begin():
            yield connection


FULL = {"SQLITE_FULL", "53100"}
BUSY = {"SQLITE_BUSY", "55P03"}


def trouble(error: SQLAlchemyError) -> str:
    """What is wrong with the database, in a sentence; not the text of the error, which may hold data."""
    cause = getattr(error, "orig", None) or error
    code = str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None))
    if code in FULL or code.startswith("SQLITE_IOERR"):
        return "The disk of the database is full, or cannot be written. Nothing was kept."
    if code in BUSY:
        return "Somebody else is writing into the database. Nothing was kept; try again in a while."
    return f"The database cannot be used: {type(cause).__name__}."


T = TypeVar("T")


def retried(read: Callable[[Connection], T], of: Engine | None = None) -> T:
    """The answer of `read`, tried again when the server went away under it (reads only)."""
    for attempt in range(1, READ_TRIES + 1):
        try:
            with reading(of) as connection:
                return read(connection)
        except (OperationalError, DBAPIError) as error:
            if attempt == READ_TRIES or not error.connection_invalidated:
                raise
            time.sleep(0.2 * attempt)
    raise AssertionError("unreachable")

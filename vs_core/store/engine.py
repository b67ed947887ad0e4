"""Connections to the shared database: SQLite or PostgreSQL, with the same promises on both."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from vs_core.settings import SettingError, settings
from vs_core.store.file_rights import make_private
from vs_core.store.folding import ON_SQLITE, fold
from vs_core.store.trouble import place

READ_TRIES = 3
BUSY_MILLISECONDS = 10_000
CONNECT_SECONDS = 10
SORT_MEGABYTES = 32
"""Memory that PostgreSQL may use for a sort, so that a year of marks is counted without the disk."""
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
    address = _address(url)
    try:
        made = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
    except (ArgumentError, ImportError) as error:
        raise SettingError("The address of the database names a driver that is not here: leave it out.") from error
    event.listen(made, "handle_error", lambda context: _named(context, url))
    return made


def _address(url: str) -> URL:
    if not url.startswith(("sqlite", "postgresql")):
        raise SettingError("The database must be SQLite or PostgreSQL: VS_DATABASE_URL begins with one of the two.")
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SettingError("The address of the database cannot be read: see VS_DATABASE_URL in the README.") from error
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise SettingError("The address of the database names no file. An SQLite file: sqlite:///folder/name.db.")
    return address


def _postgresql(address: URL) -> Engine:
    usual = {"connect_timeout": CONNECT_SECONDS, "options": f"-c work_mem={SORT_MEGABYTES}MB -c jit=off"}
    given = {name: value for name, value in usual.items() if name not in address.query}
    return create_engine(
        address, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True, connect_args=given
    )


def _sqlite(address: URL) -> Engine:
    made = create_engine(
        address, hide_parameters=True, pool_size=10, max_overflow=20, connect_args={"timeout": BUSY_MILLISECONDS / 1000}
    )
    event.listen(made, "do_connect", _private_file)
    event.listen(made, "connect", _sqlite_pragmas)
    event.listen(made, "begin", _sqlite_begin)
    return made


def engine_for_reading(file: Path) -> Engine:
    """An engine on an SQLite file of which not a byte is changed, nor anything beside it. What lies in a log beside
    the file is not seen."""
    address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
    made = create_engine(f"sqlite:///{file}", hide_parameters=True, creator=lambda: sqlite3.connect(address, uri=True))
    event.listen(made, "connect", _sqlite_reading)
    event.listen(made, "handle_error", lambda context: _named(context, f"sqlite:///{file}"))
    return made


def _sqlite_reading(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


def _named(context: ExceptionContext, url: str) -> None:
    """An error of the database says which one it was, for the sentence about it."""
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.add_note(f"Database: {place(url)}.")


def _private_file(_dialect: Any, _record: Any, arguments: Any, _further: Any) -> None:
    make_private(str(arguments[0]))


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function(ON_SQLITE, 1, fold, deterministic=True)


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


@contextmanager
def rehearsing(of: Engine | None = None) -> Iterator[Connection]:
    """One transaction as `writing` has it, of which nothing is kept."""
    with (of or engine()).connect() as connection:
        yield connection.execution_options(vs_writing=True)
        connection.rollback()


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

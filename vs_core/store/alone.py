"""One process at a time at a long work on a database, whatever kills it in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

NUMBER = 903_2026  # PostgreSQL's number for "somebody is at a long work"
SIDE_FILE = "-building"


@contextmanager
def alone(engine: Engine) -> Iterator[bool]:
    """Whether nobody else is at a long work on this database. If so, nobody else can begin one until the block ends,
    or this process does."""
    with _postgresql(engine) if engine.dialect.name == "postgresql" else _sqlite(engine) as is_alone:
        yield is_alone


@contextmanager
def _postgresql(engine: Engine) -> Iterator[bool]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_alone = bool(connection.scalar(text("select pg_try_advisory_lock(:number)"), {"number": NUMBER}))
        try:
            yield is_alone
        finally:
            if is_alone:
                connection.execute(text("select pg_advisory_unlock(:number)"), {"number": NUMBER})


@contextmanager
def _sqlite(engine: Engine) -> Iterator[bool]:
    """The lock is that of a side file, which the system gives up with the process; the work itself writes in the
    database."""
    side = Path(f"{engine.url.database}{SIDE_FILE}")
    with closing(sqlite3.connect(side, timeout=0, isolation_level=None)) as connection:
        is_alone = _locked(connection)
        yield is_alone
    if is_alone:
        side.unlink(missing_ok=True)


def _locked(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname != "SQLITE_BUSY":
            raise
        return False
    return True

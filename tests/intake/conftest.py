"""Databases that the tests of a file share, emptied before each: making one a test would take most of the time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.conftest import Databases, prepare
from tests.databases import PostgresServer, SqliteFiles
from tests.needs import Unavailable, missing
from vs_core.store import schema
from vs_core.store.engine import engine_for, writing

KEPT = {table.name for table in schema.metadata.sorted_tables if table.info.get("reference")} | {
    "audit_event",
    "case_entry",
    "payee",
    "invoice_received",
    "payment_batch",
    "payment_line",
    "payment_taken_out",
    "payment_agreed",
    "payment_release",
    "payment_reversal",
    "reference_change",
    "sign_in_attempt",
    "session",
    "user_account",
}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def shared_server(
    request: pytest.FixtureRequest,
    sqlite_files: SqliteFiles,
    postgres_server_or_reason: PostgresServer | Unavailable,
) -> Databases:
    if request.param == "sqlite":
        return sqlite_files
    if isinstance(postgres_server_or_reason, Unavailable):
        missing(postgres_server_or_reason)
    return postgres_server_or_reason


@pytest.fixture(scope="module")
def shared_engines(shared_server: Databases) -> Iterator[tuple[Engine, Engine]]:
    urls = [shared_server.copy_of("prepared", prepare) for _ in range(2)]
    engines = engine_for(urls[0]), engine_for(urls[1])
    yield engines
    for one, url in zip(engines, urls, strict=True):
        one.dispose()
        shared_server.drop(url)


@pytest.fixture
def emptied(shared_engines: tuple[Engine, Engine]) -> Engine:
    """An authority with no data, on SQLite and on PostgreSQL."""
    return _without_data(shared_engines[0])


@pytest.fixture
def elsewhere(shared_engines: tuple[Engine, Engine]) -> Engine:
    """Another authority with no data, on the same kind of database."""
    return _without_data(shared_engines[1])


def _without_data(engine: Engine) -> Engine:
    with writing(engine) as connection:
        for table in reversed(schema.metadata.sorted_tables):
            if table.name not in KEPT:
                rows = table.delete()
                connection.execute(rows.where(table.c.id != 0) if table.name == "school" else rows)
    return engine

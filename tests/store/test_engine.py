"""Connections and transactions: nothing is lost, nothing is half written, a read is tried again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from tests.databases import PostgresServer
from vs_core.intake.ledger import one_writer
from vs_core.store.engine import engine_for, reading, retried, writing

THREADS, UPDATES = 8, 200


@pytest.fixture
def counter(engine: Engine) -> Engine:
    """A database with one number in it."""
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    return engine


def number(connection: Connection) -> int:
    return int(connection.execute(text("SELECT n FROM counter")).scalar_one())


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
def test_every_connection_has_the_pragmas(engine: Engine, pragma: str, value: object) -> None:
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_concurrent_updates_lose_none(counter: Engine) -> None:
    def one_more(_: int) -> None:
        with writing(counter) as connection:
            one_writer(connection)
            connection.execute(text("UPDATE counter SET n = :n"), {"n": number(connection) + 1})

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(one_more, range(UPDATES)))
    with reading(counter) as connection:
        assert number(connection) == UPDATES


def test_a_failed_transaction_leaves_nothing_not_even_a_table(counter: Engine) -> None:
    def fail() -> None:
        with writing(counter) as connection:
            connection.execute(text("UPDATE counter SET n = 5"))
            connection.execute(text("CREATE TABLE half (n INTEGER)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(counter) as connection:
        assert number(connection) == 0
    with pytest.raises(DBAPIError), reading(counter) as connection:
        connection.execute(text("SELECT * FROM half"))


def test_a_reading_is_one_snapshot_and_writes_nothing(counter: Engine) -> None:
    with reading(counter) as early:
        assert number(early) == 0
        with writing(counter) as connection:
            connection.execute(text("UPDATE counter SET n = 1"))
        assert number(early) == 0
    with reading(counter) as late:
        assert number(late) == 1
        late.execute(text("UPDATE counter SET n = 9"))
    with reading(counter) as last:
        assert number(last) == 1


@pytest.mark.postgres
def test_a_read_is_tried_again_when_the_server_went_away(postgres_url: str, postgres_server: PostgresServer) -> None:
    engine, tries = engine_for(postgres_url), []

    def read(connection: Connection) -> int:
        tries.append(connection)
        if len(tries) == 1:
            own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            ended = engine_for(postgres_server.blank())
            with ended.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
            ended.dispose()
        return int(connection.execute(text("SELECT 7")).scalar_one())

    assert retried(read, engine) == 7
    assert len(tries) == 2
    engine.dispose()


@pytest.mark.postgres
def test_connections_that_died_in_the_pool_are_not_used(postgres_url: str) -> None:
    engine = engine_for(postgres_url)
    with engine.connect() as connection:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = engine_for(postgres_url)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()
    other.dispose()


def test_a_wrong_query_is_not_tried_again(engine: Engine) -> None:
    tries = []

    def read(connection: Connection) -> None:
        tries.append(connection)
        connection.execute(text("SELECT * FROM there_is_no_such_table"))

    with pytest.raises((OperationalError, DBAPIError)):
        retried(read, engine)
    assert len(tries) == 1

"""The fixtures themselves: each test has a database of its own, on both."""

import os

import pytest
from sqlalchemy import Engine, create_engine, text

from tests import databases
from tests.databases import PostgresServer, SqliteFiles
from vs_core.store.engine import engine_for


def _one_table(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE marker (n INTEGER)"))
        connection.execute(text("INSERT INTO marker VALUES (1)"))


def _count(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM marker"))
    engine.dispose()
    return int(found or 0)


def test_a_copy_is_filled_and_spoiling_it_spoils_no_other(server_of_databases: SqliteFiles | PostgresServer) -> None:
    first = server_of_databases.copy_of("marker", _one_table)
    engine = engine_for(first)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM marker"))
    engine.dispose()
    second = server_of_databases.copy_of("marker", _one_table)
    assert (_count(first), _count(second)) == (0, 1)
    server_of_databases.drop(first)
    server_of_databases.drop(second)


@pytest.mark.parametrize("number", [1, 2])
def test_a_blank_database_is_blank_each_time(database_url: str, number: int) -> None:
    engine = engine_for(database_url)
    _one_table(engine)
    engine.dispose()
    assert _count(database_url) == number - number + 1


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_one_database_can_be_chosen(database_url: str) -> None:
    assert database_url.startswith("sqlite:///")


def test_the_folder_of_the_run_is_shared_by_its_processes() -> None:
    assert os.environ[databases.ROOT_VARIABLE] == str(databases.root())
    assert databases.root().is_dir()

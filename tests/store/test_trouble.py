"""What is wrong with a database, in a sentence that names it and holds neither password nor data."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from vs_core.store import access_tables, trouble
from vs_core.store.engine import engine_for, engine_for_reading, reading, writing

SECRET = "hunter2hunter2"


def told(url: str, statement: str = "select 1") -> str | None:
    engine = engine_for(url)
    try:
        with writing(engine) as connection:
            connection.execute(text(statement))
    except SQLAlchemyError as error:
        return trouble.trouble(error)
    finally:
        engine.dispose()
    raise AssertionError("nothing went wrong")


def test_a_server_that_is_not_there() -> None:
    url = f"postgresql+psycopg://sam:{SECRET}@127.0.0.1:1/virtual_school"
    assert told(url) == f"{trouble.REFUSED} Database: PostgreSQL database 'virtual_school' on 127.0.0.1:1."


def test_a_host_that_is_not_there() -> None:
    said = told(f"postgresql+psycopg://sam:{SECRET}@no-such-host.invalid/vs")
    assert said in {
        f"{sentence} Database: PostgreSQL database 'vs' on no-such-host.invalid."
        for sentence in (trouble.NO_SUCH_HOST, trouble.UNREACHABLE)
    }


@pytest.mark.postgres
def test_a_database_or_a_user_that_the_server_does_not_know(postgres_url: str) -> None:
    here = make_url(postgres_url)
    no_database = here.set(database="nowhere").render_as_string(hide_password=False)
    assert str(told(no_database)).startswith(f"{trouble.NO_SUCH_DATABASE} Database: PostgreSQL database 'nowhere' on ")
    nobody = here.set(username="nobody", password=SECRET).render_as_string(hide_password=False)
    said = str(told(nobody))
    assert said.startswith(trouble.NOT_LET_IN)
    assert SECRET not in said


@pytest.mark.postgres
def test_a_user_without_the_right_to_write(postgres_url: str) -> None:
    engine = engine_for(postgres_url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE mine (n INTEGER)"))
        connection.execute(text("CREATE ROLE reader LOGIN"))
    engine.dispose()
    url = make_url(postgres_url).set(username="reader").render_as_string(hide_password=False)
    assert str(told(url, "INSERT INTO mine VALUES (1)")).startswith(trouble.NO_RIGHT)


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, trouble.NO_OPENING), (b"Dear all, here is the list.\n" * 100, trouble.NOT_A_DATABASE)],
)
def test_a_file_that_cannot_be_opened(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / ("no folder" if content is None else ".") / "vs.db"
    if content:
        file.write_bytes(content)
    assert told(f"sqlite:///{file}") == f"{said} Database: SQLite file {file}."


def test_somebody_else_is_writing(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = engine_for(sqlite_url)
    monkeypatch.setattr("vs_core.store.engine.PRAGMAS", ("busy_timeout=10",))
    with writing(first) as connection:
        connection.execute(text("CREATE TABLE mine (n INTEGER)"))
        assert str(told(sqlite_url)).startswith(trouble.BUSY)
    first.dispose()


def test_a_file_that_may_only_be_read(sqlite_url: str) -> None:
    file = Path(str(make_url(sqlite_url).database))
    file.touch()
    engine = engine_for_reading(file)
    with pytest.raises(SQLAlchemyError) as caught, writing(engine) as connection:
        connection.execute(text("CREATE TABLE mine (n INTEGER)"))
    engine.dispose()
    assert str(trouble.trouble(caught.value)).startswith(trouble.READ_ONLY)


def test_a_fault_of_the_product_is_none_of_the_database(small_authority_url: str) -> None:
    engine = engine_for(small_authority_url)
    with reading(engine) as connection, pytest.raises(SQLAlchemyError) as caught:
        connection.execute(insert(access_tables.user_account).values(name="Sam"))
    engine.dispose()
    assert trouble.trouble(caught.value) is None


def test_the_unforeseen_is_told_without_its_text() -> None:
    try:
        raise ZeroDivisionError("C1 Sam Example")
    except ZeroDivisionError as error:
        reference, where = trouble.unforeseen(error)
    assert len(reference) == 8
    assert where.startswith("ZeroDivisionError at ")
    assert "test_trouble.py" in where
    assert "Sam" not in where

"""A database is made ready once; one of another version, or of somebody else, is left as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tests.commands.line import command_line
from vs_core.store import migrating, prepare, schema
from vs_core.store.copying import row_counts
from vs_core.store.engine import engine_for, reading, writing
from vs_core.store.prepare import SchemaProblem


@pytest.fixture
def blank(database_url: str) -> Iterator[Engine]:
    made = engine_for(database_url)
    yield made
    made.dispose()


def tables(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(inspect(connection).get_table_names())


def set_version(engine: Engine, version: str) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_preparing_twice_changes_nothing(engine: Engine) -> None:
    with reading(engine) as connection:
        before = row_counts(connection)
    prepare.prepare(engine)
    with reading(engine) as connection:
        assert row_counts(connection) == before
    assert before["register_code"] > 0
    assert before["school"] == 1


def test_a_preparation_that_fails_leaves_the_database_empty(blank: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Connection) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(prepare, "fill", fail)
    with pytest.raises(ZeroDivisionError):
        prepare.prepare(blank)
    assert tables(blank) == set()


def test_an_older_version_is_told_what_to_run_and_keeps_its_rows(blank: Engine) -> None:
    with writing(blank) as connection:
        command.upgrade(migrating.config(connection), "0001")
        connection.execute(text(SOMEBODY), {"at": "2026-01-01 00:00:00"})
    with pytest.raises(SchemaProblem, match=r"at version 0001.* needs \d{4}.*python -m vs_core migrate"):
        prepare.prepare(blank)
    assert prepare.migrate(blank) == "0001"
    with reading(blank) as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
        assert connection.scalar(text("SELECT name FROM user_account WHERE sso_subject IS NULL")) == "asmith"


SOMEBODY = """INSERT INTO user_account (name, name_folded, display_name, role, password_hash, created_at, changed_at)
VALUES ('asmith', 'asmith', 'A Smith', 'inclusion', 'x', :at, :at)"""


def test_a_newer_version_is_refused_and_left_alone(engine: Engine) -> None:
    set_version(engine, "9999")
    for act in (prepare.prepare, prepare.migrate):
        with pytest.raises(SchemaProblem, match="it is newer"):
            act(engine)
    with reading(engine) as connection:
        assert migrating.version(connection) == "9999"


def test_tables_of_somebody_else_are_refused_and_left_alone(blank: Engine) -> None:
    with writing(blank) as connection:
        connection.execute(text("CREATE TABLE theirs (n INTEGER)"))
    with pytest.raises(SchemaProblem, match="not this product's"):
        prepare.prepare(blank)
    assert tables(blank) == {"theirs"}


def test_migrating_tables_of_somebody_else_is_refused(blank: Engine) -> None:
    with writing(blank) as connection:
        connection.execute(text("CREATE TABLE theirs (n INTEGER)"))
    with pytest.raises(SchemaProblem, match="not this product's"):
        prepare.migrate(blank)
    assert tables(blank) == {"theirs"}


def test_migrating_prepares_an_empty_database_and_changes_nothing_in_a_ready_one(blank: Engine) -> None:
    assert prepare.migrate(blank) == "none"
    assert prepare.migrate(blank) == migrating.newest()
    assert tables(blank) == {*schema.metadata.tables, "alembic_version"}


def test_the_commands_say_it_in_a_sentence(engine: Engine, prepared_url: str) -> None:
    set_version(engine, "9999")
    with command_line(prepared_url) as line:
        for command in (["check"], ["figures", "cohort"], ["users", "list"], ["migrate"]):
            answer = line(*command)
            assert answer.status == 2
            assert "newer" in answer.err
            assert "Traceback" not in answer.err


def test_the_migrations_make_the_tables_of_the_schema(engine: Engine) -> None:
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []


def checks(engine: Engine) -> set[tuple[str, str, str]]:
    """Name and text of every CHECK constraint, by table."""
    with reading(engine) as connection:
        inspector = inspect(connection)
        return {
            (table, str(check["name"]), str(check["sqltext"]))
            for table in schema.metadata.tables
            for check in inspector.get_check_constraints(table)
        }


def test_the_migrations_make_the_constraints_of_the_schema(engine: Engine, blank: Engine) -> None:
    with writing(blank) as connection:
        schema.metadata.create_all(connection)
    assert checks(engine) == checks(blank)
    assert len(checks(engine)) > 50


def test_the_migrations_make_the_trail_append_only(engine: Engine) -> None:
    statement = "INSERT INTO audit_event (at, user_name, what, previous_hash, hash) VALUES (:at, 'a', 'b', 'c', 'd')"
    with writing(engine) as connection:
        connection.execute(text(statement), {"at": "2026-01-01 00:00:00"})
    for change in ("UPDATE audit_event SET what = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(DBAPIError, match="audit_event can only grow"), writing(engine) as connection:
            connection.execute(text(change))

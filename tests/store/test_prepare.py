"""A database is made ready once; one of another version, or of somebody else, is left as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from tests.commands.line import command_line
from tests.queries.written import Written
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


@pytest.mark.parametrize("version", ["0001", "0002"])
def test_an_older_version_is_told_what_to_run_and_keeps_its_rows(blank: Engine, version: str) -> None:
    with writing(blank) as connection:
        command.upgrade(migrating.config(connection), version)
        connection.execute(text(SOMEBODY), {"at": "2026-01-01 00:00:00"})
    with pytest.raises(SchemaProblem, match=rf"at version {version}.* needs \d{{4}}.*python -m vs_core migrate"):
        prepare.prepare(blank)
    assert prepare.migrate(blank) == version
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


@pytest.mark.parametrize("make", [prepare.migrate, prepare.prepare])
def test_limits_that_the_database_does_not_know_are_added_and_none_is_changed(
    engine: Engine, make: Callable[[Engine], Any]
) -> None:
    with writing(engine) as connection:
        before = row_counts(connection)["threshold"]
        connection.execute(text("DELETE FROM threshold WHERE name LIKE 'triage%'"))
        connection.execute(text("UPDATE threshold SET value = '97' WHERE name = 'good_attendance_percent'"))
    make(engine)
    with reading(engine) as connection:
        assert row_counts(connection)["threshold"] == before
        assert connection.scalar(text("SELECT value FROM threshold WHERE name = 'good_attendance_percent'")) == "97"


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


@pytest.mark.parametrize("made_by", ["migrations", "schema"])
def test_what_the_team_wrote_can_only_grow(engine: Engine, blank: Engine, made_by: str) -> None:
    of = engine if made_by == "migrations" else blank
    if of is blank:
        with writing(blank) as connection:
            schema.metadata.create_all(connection)
    written = Written(of)
    written.child("C1")
    with written.reading():
        pass
    note = {"kind": "note", "said": "a note", "happened_on": NEW_YEAR, "known_from": NEW_YEAR, "written_by": "asmith"}
    with writing(of) as connection:
        key = connection.scalar(select(schema.child.c.id))
        made = insert(schema.case_entry).values(child_key=key, written_at=datetime(2026, 1, 1, tzinfo=UTC), **note)
        connection.execute(made)
    anew = f"INSERT OR REPLACE INTO case_entry SELECT * FROM case_entry WHERE child_key = {key}"
    last = anew if of.dialect.name == "sqlite" else "TRUNCATE case_entry"
    for change in ("UPDATE case_entry SET said = 'x'", "DELETE FROM case_entry", last):
        with pytest.raises(DBAPIError, match="case_entry can only grow"), writing(of) as connection:
            connection.execute(text(change))


NEW_YEAR = date(2026, 1, 1)

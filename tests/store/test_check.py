"""`check` finds what was changed behind the product's back, and says so with its exit status."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, delete, insert, text, update

from tests.commands.line import command_line
from vs_core.store import schema
from vs_core.store.engine import writing


def change(engine: Engine, *statements: object) -> None:
    with writing(engine) as connection:
        for statement in statements:
            connection.execute(text(statement) if isinstance(statement, str) else statement)  # type: ignore[arg-type]


def test_the_small_authority_agrees(small_authority_url: str) -> None:
    with command_line(small_authority_url) as line:
        answer = line("check")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out == "Schema, ledger, tables and summaries agree.\n"


@pytest.mark.parametrize("name", ["child_week", "child_year", "cohort_day", "school_week", "authority_week"])
def test_a_tampered_summary_is_found_and_counted_anew(
    small_authority: Engine, small_authority_url: str, name: str
) -> None:
    table = schema.metadata.tables[name]
    change(small_authority, update(table).values(attended_sessions=table.c.attended_sessions + 1))
    with command_line(small_authority_url) as line:
        found = line("check")
        assert found.status == 1
        assert f"{name}: " in found.out
        assert found.out.count("\n") == 1
        assert line("check").status == 1
        assert line("check", "--rebuild").status == 0
        assert line("check").status == 0


def test_a_summary_row_that_went_missing_is_found(small_authority: Engine, small_authority_url: str) -> None:
    change(small_authority, delete(schema.authority_week))
    with command_line(small_authority_url) as line:
        assert line("check").status == 1


def test_a_mark_changed_by_hand_is_found(small_authority: Engine, small_authority_url: str) -> None:
    change(small_authority, update(schema.child_day).where(schema.child_day.c.am == "/").values(am="N"))
    with command_line(small_authority_url) as line:
        answer = line("check")
    assert answer.status == 1
    assert "differ from a fresh count of the marks" in answer.out


def test_a_ledger_changed_by_hand_is_found(small_authority: Engine, small_authority_url: str) -> None:
    table = schema.import_ledger.c
    honest = update(schema.import_ledger).where(table.kind == "ssda903-episodes", table.inserted > 0)
    change(small_authority, honest.values(inserted=0, unchanged=table.unchanged + table.inserted))
    with command_line(small_authority_url) as line:
        answer = line("check")
    assert answer.status == 1
    assert "(ssda903-episodes) counts" in answer.out


def test_rows_of_another_kind_s_import_are_found(small_authority: Engine, small_authority_url: str) -> None:
    table = schema.import_ledger.c
    change(small_authority, update(schema.import_ledger).where(table.kind == "cohorts").values(kind="peps"))
    with command_line(small_authority_url) as line:
        answer = line("check")
    assert answer.status == 1
    assert "which is of kind peps" in answer.out


@pytest.mark.parametrize("table", ["child_week", "cohort_membership"])
def test_a_missing_and_an_undocumented_column_are_found(engine: Engine, prepared_url: str, table: str) -> None:
    lost = "late_sessions" if table == "child_week" else "type"
    change(engine, f"ALTER TABLE {table} DROP COLUMN {lost}", "ALTER TABLE licence ADD COLUMN colour TEXT")
    with command_line(prepared_url) as line:
        answer = line("check")
    assert answer.status == 1
    assert answer.out.splitlines() == sorted(
        [f"{table}.{lost} is missing.", "licence.colour is not documented."], key=lambda told: told.startswith("lic")
    )


def test_a_missing_table_is_found(engine: Engine, prepared_url: str) -> None:
    change(engine, "DROP TABLE custody")
    with command_line(prepared_url) as line:
        answer = line("check")
    assert (answer.status, answer.out) == (1, "The table custody is missing.\n")


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:////no/such/folder/x.db"])
def test_a_database_that_is_not_there_is_said_in_a_sentence(url: str) -> None:
    with command_line(url) as line:
        answer = line("check")
    assert answer.status == 2
    assert "Database: " in answer.err
    assert "Traceback" not in answer.err


def test_a_trail_that_does_not_follow_is_found(small_authority: Engine, small_authority_url: str) -> None:
    event = {"at": datetime.now(UTC), "user_name": "nobody", "what": "export", "detail": "{}"}
    change(small_authority, insert(schema.access_tables.audit_event).values(**event, previous_hash="a", hash="b"))
    with command_line(small_authority_url) as line:
        answer = line("check")
    assert answer.status == 1
    assert "does not follow" in answer.out

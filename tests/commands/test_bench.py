"""bench measures in an empty database, and in no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.commands.line import command_line
from vs_core.access import passwords
from vs_core.commands import bench_sign_in
from vs_core.store.copying import row_counts
from vs_core.store.engine import engine_for, reading, writing

MARKS = "child_id,date,session,code\nC1,2025-09-08,AM,/\n"
SCHOOLS = "URN,EstablishmentName\n999001,Elm\n"


@pytest.fixture
def files(tmp_path: Path) -> list[object]:
    (tmp_path / "marks.csv").write_text(MARKS)
    (tmp_path / "schools.csv").write_text(SCHOOLS)
    return ["--marks", tmp_path / "marks.csv", "--schools", tmp_path / "schools.csv"]


def test_an_empty_database_is_measured_in_once(database_url: str, files: list[object]) -> None:
    with command_line("sqlite:///unused.db") as line:
        answer = line("bench", *files, "--database", database_url)
        assert (answer.status, answer.err) == (0, "")
        assert "attendance from marks.csv" in answer.out
        assert line("bench", *files, "--database", database_url).status == 2


def test_a_database_with_data_is_left_alone(small_authority_url: str, files: list[object]) -> None:
    engine = engine_for(small_authority_url)
    with reading(engine) as connection:
        before = row_counts(connection)
    with command_line("sqlite:///unused.db") as line:
        answer = line("bench", *files, "--database", small_authority_url)
    assert (answer.status, answer.out) == (2, "")
    assert "measures in an empty database, and this one holds tables already" in answer.err
    with reading(engine) as connection:
        assert row_counts(connection) == before
    engine.dispose()


def test_a_database_of_somebody_else_is_left_alone(database_url: str, files: list[object]) -> None:
    engine = engine_for(database_url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE theirs (n INTEGER)"))
    with command_line("sqlite:///unused.db") as line:
        assert line("bench", *files, "--database", database_url).status == 2
    engine.dispose()


def test_the_sign_in_is_measured_with_a_wrong_password_and_locked(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_sign_in, "PEOPLE", 1)
    monkeypatch.setattr(passwords, "matches", lambda *_: False)
    with command_line("sqlite:///unused.db") as line:
        answer = line("bench", "--sign-in", "--database", database_url)
    assert (answer.status, answer.err) == (0, "")
    first, second = answer.out.splitlines()
    assert first.startswith("sign-in, wrong password, ")
    assert second.startswith("sign-in, locked, ")


def test_the_forecast_is_tried_on_a_database_that_stays_as_it_is(small_authority_url: str) -> None:
    engine = engine_for(small_authority_url)
    with reading(engine) as connection:
        before = row_counts(connection)
    with command_line("sqlite:///unused.db") as line:
        answer = line("bench", "--forecast", "--database", small_authority_url)
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.splitlines()[0].startswith("| first Monday of | days | by stages | paid and agreed |")
    assert "No day of a finished year could be tried by stages." in answer.out
    with reading(engine) as connection:
        assert row_counts(connection) == before
    engine.dispose()

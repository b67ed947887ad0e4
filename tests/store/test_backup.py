"""A backup taken from one database and restored into the other: the same figures, and it goes on from there."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from tests.commands.line import command_line
from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.databases import PostgresServer, SqliteFiles
from vs_core.access import trail
from vs_core.store.engine import engine_for, writing

FIGURES = ("figures", "--as-at", SMALL_AUTHORITY_AS_AT, "--json")
REGISTER = "child_id,date,session,code\nNEW1,2026-11-20,AM,/\nNEW1,2026-11-20,PM,I\n"


@pytest.fixture
def other_url(dialect: str, sqlite_files: SqliteFiles, postgres_server: PostgresServer) -> Any:
    """The address of a blank database of the other kind."""
    databases = postgres_server if dialect == "sqlite" else sqlite_files
    url = databases.blank()
    yield url
    databases.drop(url)


@pytest.mark.postgres
def test_round_trip_across_databases(small_authority_url: str, other_url: str, tmp_path: Path) -> None:
    file, register = tmp_path / "backup.db", tmp_path / "register.csv"
    register.write_text(REGISTER)
    with command_line(small_authority_url) as line:
        assert line("backup", file).status == 0
        before = line(*FIGURES).json
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "register.csv"]
    with command_line(other_url) as line:
        answer = line("restore", file)
        assert (answer.status, answer.err) == (0, "")
        assert line(*FIGURES).json == before
        taken = line("import", "attendance", register)
        assert taken.status == 0, taken.err
        assert line("check").status == 0
        assert line("users", "add", "sam", "--role", "analyst").status == 0


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_used_database_is_not_restored_into(small_authority_url: str, prepared_url: str, tmp_path: Path) -> None:
    with command_line(small_authority_url) as line:
        line("backup", tmp_path / "backup.db")
        figures = line(*FIGURES).out
        answer = line("restore", tmp_path / "backup.db")
        assert answer.status == 2
        assert "this one is in use" in answer.err
        assert line(*FIGURES).out == figures
    with command_line(prepared_url) as line:
        line("users", "add", "sam", "--role", "analyst")
        assert line("restore", tmp_path / "backup.db").status == 2


def test_a_database_that_a_command_has_looked_at_is_still_new(prepared_url: str, tmp_path: Path) -> None:
    with command_line(prepared_url) as line:
        assert line("users", "list").status == 0
        assert line("backup", tmp_path / "backup.db").status == 0
        answer = line("restore", tmp_path / "backup.db")
        assert (answer.status, answer.err) == (0, "")
        assert line("check").status == 0


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_backup_overwrites_nothing(prepared_url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    file.write_bytes(b"precious")
    with command_line(prepared_url) as line:
        answer = line("backup", file)
    assert answer.status == 2
    assert "exists already" in answer.err
    assert file.read_bytes() == b"precious"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", ["missing", "cut short", "not a database", "of nobody"])
def test_a_file_that_is_no_backup_is_refused(prepared_url: str, tmp_path: Path, database_url: str, fault: str) -> None:
    file = tmp_path / "backup.db"
    with command_line(prepared_url) as line:
        line("backup", file)
    content = file.read_bytes()
    file.unlink()
    if fault == "cut short":
        file.write_bytes(content[: len(content) // 2])
    elif fault == "not a database":
        file.write_bytes(b"PK\x03\x04" * 500)
    elif fault == "of nobody":
        file.write_bytes(b"")
    with command_line(database_url) as line:
        answer = line("restore", file)
        assert answer.status == 2, answer
        assert answer.err.strip()
        assert "Traceback" not in answer.err
        assert line("check").status == 0


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_of_older_make", [False, True])
def test_a_backup_is_only_read(prepared_url: str, database_url: str, tmp_path: Path, is_of_older_make: bool) -> None:
    """Also one that the writer had left in the mode of a database in use, and one on a disc that is never written."""
    file = tmp_path / "backup #1 50%.db"
    with command_line(prepared_url) as line:
        assert line("backup", file).status == 0
    if is_of_older_make:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    file.chmod(0o400)
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    with command_line(database_url) as line:
        assert line("restore", file).status == 0
        assert line("restore", file).status == 2
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_database_in_use_is_no_backup(prepared_url: str, database_url: str) -> None:
    file = Path(str(make_url(prepared_url).database))
    engine = engine_for(prepared_url)
    with writing(engine) as connection:
        trail.record(connection, "Sam", "nothing much")
    with command_line(database_url) as line:
        answer = line("restore", file)
    engine.dispose()
    assert answer.status == 2
    assert "is a database in use, not a backup" in answer.err

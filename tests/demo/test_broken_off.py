"""A building that was killed is recognised at the next start, said in a sentence, and finished."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from tests.commands.line import command_line
from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.serving import REPOSITORY, serving
from tests.waiting import came_true
from vs_core import settings
from vs_core.demo import build, progress, start
from vs_core.demo.progress import Asked
from vs_core.intake.problems import FileProblem
from vs_core.store import schema
from vs_core.store.alone import SIDE_FILE, alone
from vs_core.store.copying import row_counts
from vs_core.store.engine import engine_for, reading, writing

SMALL = Asked(SMALL_AUTHORITY_AS_AT, "small")
SAID = "The building of the small authority as at 23/11/2026 was broken off"
FILES_BEFORE = 9


class Killed(BaseException):
    """Stands for the end of the process between two files."""


def build_half(engine: Engine) -> None:
    """The small authority up to its ninth file."""
    take, taken = build._take, []

    def take_some(*given: object) -> None:
        if len(taken) == FILES_BEFORE:
            raise Killed
        taken.append(given)
        take(*given)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "_take", take_some)
        with pytest.raises(Killed):
            build.build(engine, SMALL.as_at, SMALL.size)


def files_taken_in(engine: Engine) -> int:
    row = schema.import_ledger.c
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).where(row.imported_by == progress.BY)) or 0


def counts(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return row_counts(connection)


@contextmanager
def on(url: str) -> Iterator[Engine]:
    engine = engine_for(url)
    yield engine
    engine.dispose()


def test_the_command_finishes_it(database_url: str, small_authority: Engine) -> None:
    with on(database_url) as engine:
        build_half(engine)
        assert files_taken_in(engine) == FILES_BEFORE
        assert progress.unfinished(engine) == SMALL
    with command_line(database_url, VS_DEMO="1") as line:
        answer = line("demo")
        assert answer.status == 0
        assert answer.err.startswith(SAID)
        assert "10 of " not in answer.err
        assert line("check").status == 0
        again = line("demo", "--size", "small", "--as-at", SMALL_AUTHORITY_AS_AT)
    assert (again.status, again.err) == (2, "This database holds data already; the demo is built in an empty one.\n")
    with on(database_url) as engine:
        assert progress.unfinished(engine) is None
        assert counts(engine) == counts(small_authority)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_one_that_was_done_is_not_begun_again(small_authority: Engine) -> None:
    assert progress.unfinished(small_authority) is None
    with pytest.raises(FileProblem, match="holds data already"):
        build.build(small_authority, SMALL.as_at, SMALL.size)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_another_one_is_not_built_over_it(database_url: str) -> None:
    with on(database_url) as engine:
        build_half(engine)
    with command_line(database_url, VS_DEMO="1") as line:
        answer = line("demo", "--as-at", "2026-11-16")
    assert answer.status == 2
    assert answer.err.startswith(
        "Here the building of the small authority as at 23/11/2026 was broken off, not of the small a"
    )


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_files_of_another_version_are_not_mixed_with_these(database_url: str) -> None:
    with on(database_url) as engine:
        build_half(engine)
        ledger = schema.import_ledger
        with writing(engine) as connection:
            connection.execute(update(ledger).where(ledger.c.kind == "schools").values(file_hash="0" * 64))
        with pytest.raises(FileProblem, match="another version of the dashboard"):
            build.build(engine, SMALL.as_at, SMALL.size)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_process_that_is_killed(sqlite_url: str) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("VS_")}
    command = [sys.executable, "-m", "vs_core", "demo", "--size", "small", "--as-at", str(SMALL_AUTHORITY_AS_AT)]
    environment = {**own, "VS_DATABASE_URL": sqlite_url, "VS_DEMO": "1"}
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=subprocess.DEVNULL)
    with on(sqlite_url) as engine:
        assert came_true(lambda: has_tables(engine) and files_taken_in(engine) > 3, 120)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert progress.unfinished(engine) == SMALL
        with alone(engine) as is_alone:
            assert is_alone
    with command_line(sqlite_url, VS_DEMO="1") as line:
        assert line("demo").err.startswith(SAID)
        assert line("check").status == 0


def has_tables(engine: Engine) -> bool:
    from vs_core.store.migrating import is_empty

    with reading(engine) as connection:
        return not is_empty(connection)


def test_only_one_builds_at_a_time(engine: Engine) -> None:
    with alone(engine) as first:
        assert first
        with alone(engine) as second:
            assert not second
        with pytest.raises(FileProblem, match="Somebody else is building"):
            build.build(engine, SMALL.as_at, SMALL.size)
    with alone(engine) as third:
        assert third
    assert files_taken_in(engine) == 0
    if engine.dialect.name == "sqlite":
        assert not Path(f"{engine.url.database}{SIDE_FILE}").exists()


def test_the_first_start_finishes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "demo.db"
    with on(f"sqlite:///{file}") as engine:
        build_half(engine)
    monkeypatch.setattr(settings, "DEMO_DATABASE", file)
    with command_line("") as _, pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr(start.sys.stderr, "write", said.append)
        start.first_start()
        assert SAID in "".join(said)
        said.clear()
        start.first_start()
        assert said == []
    with on(f"sqlite:///{file}") as engine:
        assert progress.unfinished(engine) is None


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_named_database_that_is_half_built_is_not_served(database_url: str) -> None:
    with on(database_url) as engine:
        build_half(engine)
    with command_line(database_url, VS_DEMO="1"), pytest.raises(SystemExit) as ending:
        start.first_start()
    assert str(ending.value).endswith(f"{SAID}. Finish it: python -m vs_core demo")


@pytest.mark.parametrize(
    "url", ["postgresql://sam:hunter2@127.0.0.1:1/vs", "sqlite:////no/such/folder/x.db", "sqlite://"]
)
def test_a_start_without_a_database_is_said_in_a_sentence(tmp_path: Path, url: str) -> None:
    with pytest.raises(RuntimeError) as ending, serving(url, tmp_path / "server.log"):
        pass
    printed = str(ending.value)
    assert "The dashboard does not start: " in printed
    assert "Traceback" not in printed
    assert "hunter2" not in printed

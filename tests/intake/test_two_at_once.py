"""Two imports at once are both wholly in, one after the other; an import onto a full disk is wholly out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select

from tests.commands.line import command_line
from tests.intake.importers import Importers
from vs_core import summaries
from vs_core.intake import Reconciliation, take_in
from vs_core.intake.reconciling import unreconciled
from vs_core.store import schema
from vs_core.store.copying import row_counts
from vs_core.store.engine import engine, reading, writing

KNOWN_ON = date(2025, 11, 1)
HEADER = "child_id,date,session,code,urn,source\n"


def register(first: int, last: int, code: str) -> str:
    """Four marks of each child from `first` to `last`, at two schools, from a source named after the code."""
    days = ("2025-09-08", "2025-09-09")
    lines = [
        f"C{child},{day},{half},{code},100{child % 2},source {code}"
        for child in range(first, last)
        for day in days
        for half in ("AM", "PM")
    ]
    return HEADER + "\n".join(lines) + "\n"


@pytest.fixture
def one(tmp_path: Path) -> Path:
    file = tmp_path / "one.csv"
    file.write_text(register(0, 200, "/"))
    return file


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Half of the children of `one`, absent; half new."""
    file = tmp_path / "two.csv"
    file.write_text(register(100, 300, "I"))
    return file


@pytest.fixture(scope="module")
def importers() -> Iterator[Importers]:
    if not hasattr(os, "fork"):
        pytest.skip("processes are forked here, which Windows cannot")
    started = Importers()
    yield started
    started.close()


def both(engine: Engine, *files: Path) -> list[Reconciliation]:
    """The files taken in by two threads that start together; in the order of the ledger."""
    together = Barrier(len(files))

    def take(file: Path) -> Reconciliation:
        together.wait()
        return take_in(engine, "attendance", file, known_on=KNOWN_ON, by=file.name)

    with ThreadPoolExecutor(len(files)) as threads:
        return sorted(threads.map(take, files), key=lambda told: told.import_id or 0)


def agrees(engine: Engine) -> list[str]:
    with writing(engine) as connection:
        told = [*unreconciled(connection), *summaries.differences(connection)]
        connection.get_transaction().rollback()  # type: ignore[union-attr]
    return told


def current_marks(engine: Engine) -> int:
    table = schema.child_day.c
    with reading(engine) as connection:
        found = select(func.count(table.am) + func.count(table.pm)).where(table.known_to.is_(None))
        return int(connection.execute(found).scalar_one())


def test_the_same_file_twice_at_once_is_in_once(engine: Engine, one: Path) -> None:
    first, second = both(engine, one, one)
    assert (first.counts.inserted, first.same_file) == (800, None)
    assert second.counts.unchanged == 800
    assert second.same_file is not None
    assert second.same_file[0] == first.import_id
    assert current_marks(engine) == 800
    assert agrees(engine) == []


def test_two_files_at_once_are_in_one_after_the_other(engine: Engine, one: Path, two: Path) -> None:
    first, second = both(engine, one, two)
    assert first.counts.inserted == 800
    assert (second.counts.inserted, second.counts.corrected) == (400, 400)
    assert current_marks(engine) == 1200
    assert agrees(engine) == []


def test_two_processes_at_once(engine: Engine, prepared_url: str, one: Path, two: Path, importers: Importers) -> None:
    with command_line(prepared_url) as line:
        line("check")
    started = [importers.start(prepared_url, "attendance", file, str(KNOWN_ON)) for file in (one, two)]
    assert [each.wait() for each in started] == [0, 0]
    assert current_marks(engine) == 1200
    assert agrees(engine) == []


def rows_by_table(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return row_counts(connection)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_database_that_may_not_grow(prepared_url: str, one: Path) -> None:
    with command_line(prepared_url) as line:
        assert line("check").status == 0
        before = rows_by_table(engine())
        engine().dispose()
        event.listen(engine(), "connect", _may_not_grow)
        answer = line("import", "attendance", one, "--known-on", KNOWN_ON)
        assert (answer.status, answer.out) == (2, "")
        assert answer.err.startswith("The disk of the database is full, or cannot be written. Nothing was kept. ")
        assert rows_by_table(engine()) == before
        assert line("figures", "attendance").status == 0
    with command_line(prepared_url) as line:
        assert line("import", "attendance", one, "--known-on", KNOWN_ON).status == 0
        assert line("check").status == 0


def _may_not_grow(connection: Any, _record: Any) -> None:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 2}")


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_disk_that_is_full(engine: Engine, prepared_url: str, one: Path, importers: Importers) -> None:
    with command_line(prepared_url) as line:
        line("check")
    engine.dispose()
    before = rows_by_table(engine)
    engine.dispose()
    assert importers.start(prepared_url, "attendance", one, str(KNOWN_ON), largest_file=100_000).wait() == 2
    assert rows_by_table(engine) == before
    assert importers.start(prepared_url, "attendance", one, str(KNOWN_ON)).wait() == 0
    assert current_marks(engine) == 800
    assert agrees(engine) == []

"""An import that is killed, at any moment, is wholly in or wholly out; taken again it completes."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select

from tests.conftest import Databases
from tests.intake.importers import Importers
from vs_core import summaries
from vs_core.intake import ledger, take_in
from vs_core.intake.ledger import Counts
from vs_core.intake.readiness import make_ready
from vs_core.intake.reconciling import unreconciled
from vs_core.store import schema
from vs_core.store.copying import row_counts
from vs_core.store.engine import engine_for, writing

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here, which Windows cannot")

KILLS = int(os.environ.get("VS_TESTS_KILLS", "12"))
"""Of each test; a longer run is asked for by VS_TESTS_KILLS=60."""
EARLIER, LATER = date(2025, 10, 20), date(2025, 10, 27)
CHILDREN, DAYS = 50, 20
Content = dict[str, set[tuple[Any, ...]]]


def marks(children: range, days: int, code: str) -> str:
    """A register: two marks a child and school day from 8 September 2025 on, the first day with a code of its own."""
    lines = ["child_id,date,session,code,urn"]
    for child in children:
        for number in range(days):
            day = date(2025, 9, 8) + timedelta(number // 5 * 7 + number % 5)
            lines += [f"C{child},{day},{half},{code if number == 0 else '/'},100{child % 3}" for half in ("AM", "PM")]
    return "\n".join(lines) + "\n"


CARE = "CHILD,DECOM,RNE,LS,PLACE\n" + "".join(f"C{child},01/09/2025,S,C2,U1\n" for child in range(0, CHILDREN, 2))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """earlier.csv, half of the children; later.csv, all of them: new, unchanged and corrected marks; care.csv."""
    folder = tmp_path_factory.mktemp("registers")
    (folder / "earlier.csv").write_text(marks(range(CHILDREN // 2), DAYS, "/"))
    (folder / "later.csv").write_text(marks(range(CHILDREN), DAYS, "I"))
    (folder / "care.csv").write_text(CARE)
    return folder


HALF = CHILDREN // 2
LATER_COUNTS = Counts(inserted=HALF * DAYS * 2, unchanged=HALF * (DAYS - 1) * 2, corrected=HALF * 2)


@pytest.fixture(scope="module")
def importers() -> Iterator[Importers]:
    started = Importers()
    yield started
    started.close()


class Begun:
    """Databases in which the earlier files stand, one at a time."""

    def __init__(self, databases: Databases, files: Path) -> None:
        self._databases, self._files = databases, files
        self.url = ""
        self.renew()

    def renew(self) -> None:
        self.drop()
        self.url = self._databases.copy_of("begun", self._begin)
        self.engine = engine_for(self.url)
        self.before = content(self.engine)

    def _begin(self, engine: Engine) -> None:
        make_ready(engine)
        take_in(engine, "ssda903-episodes", self._files / "care.csv", known_on=EARLIER, by="a test")
        take_in(engine, "attendance", self._files / "earlier.csv", known_on=EARLIER, by="a test")

    def drop(self) -> None:
        if self.url:
            self.engine.dispose()
            self._databases.drop(self.url)


@pytest.fixture
def begun(server_of_databases: Databases, files: Path) -> Iterator[Begun]:
    one = Begun(server_of_databases, files)
    yield one
    one.drop()


def content(engine: Engine) -> Content:
    """Every row of every table, once no killed import holds the database any more."""
    with writing(engine) as connection:
        ledger.one_writer(connection)
        return {
            name: {tuple(row) for row in connection.execute(select(table))}
            for name, table in schema.metadata.tables.items()
        }


def rows_when_in(begun: Begun, file: Path) -> dict[str, int]:
    """Rows by table after the whole import, which is taken back by forgetting the transaction."""
    told = take_in(begun.engine, "attendance", file, known_on=LATER, by="a test")
    assert told.counts == LATER_COUNTS
    with begun.engine.connect() as connection:
        counts = row_counts(connection)
    counts["audit_event"] += 1
    begun.renew()
    return counts


def is_in(begun: Begun, whole: dict[str, int]) -> bool:
    """Whether the import stands; fails when it stands in part or twice."""
    after = content(begun.engine)
    if after == begun.before:
        return False
    assert {name: len(rows) for name, rows in after.items()} == whole
    with begun.engine.connect() as connection:
        assert proof(connection) == []
        row = schema.import_ledger.c
        largest = select(func.max(row.inserted)).where(row.kind == "attendance")
        assert connection.scalar(largest) == LATER_COUNTS.inserted
        connection.rollback()
    return True


def proof(connection: Any) -> list[str]:
    return [*unreconciled(connection), *summaries.differences(connection)]


def completes(begun: Begun, importers: Importers, file: Path, whole: dict[str, int]) -> None:
    assert importers.start(begun.url, "attendance", file, str(LATER)).wait() == 0
    assert is_in(begun, whole)


def test_kills_at_random_moments(begun: Begun, importers: Importers, files: Path) -> None:
    file, chance = files / "later.csv", random.Random(903)
    whole = rows_when_in(begun, file)
    start = time.perf_counter()
    assert importers.start(begun.url, "attendance", file, str(LATER)).wait() == 0
    lasts, ends = time.perf_counter() - start, []
    begun.renew()
    for number in range(1, KILLS + 1):
        one = importers.start(begun.url, "attendance", file, str(LATER))
        time.sleep(chance.uniform(0, lasts))
        one.kill()
        ends.append(one.wait())
        if is_in(begun, whole):
            begun.renew()
        elif number % 6 == 0:
            completes(begun, importers, file, whole)
            begun.renew()
    assert ends.count(-signal.SIGKILL) > KILLS // 3


def statements_of(begun: Begun, file: Path) -> int:
    """How many statements the import runs, by running it without keeping it."""
    count = iter(range(10_000))
    event.listen(begun.engine, "before_cursor_execute", lambda *_: next(count))
    take_in(begun.engine, "attendance", file, known_on=LATER, by="a test", dry_run=True)
    return next(count)


def test_kills_before_a_random_statement(begun: Begun, importers: Importers, files: Path) -> None:
    file, chance = files / "later.csv", random.Random(2025)
    whole, statements = rows_when_in(begun, file), statements_of(begun, file)
    out = 0
    for number in range(1, KILLS + 1):
        die_at = chance.randint(1, statements + 10)
        one = importers.start(begun.url, "attendance", file, str(LATER), die_at_statement=die_at)
        one.wait()
        if is_in(begun, whole):
            begun.renew()
        else:
            out += 1
        if number == KILLS:
            begun.renew()
            completes(begun, importers, file, whole)
    assert out > KILLS // 2

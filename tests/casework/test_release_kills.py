"""A release that is killed, or whose database goes away, is wholly in or wholly out; tried again it is in, once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import DBAPIError

from tests.casework import paying
from tests.casework.paying import BEN, CAT, MONDAY
from tests.conftest import Databases, prepare
from tests.intake.importers import Importers
from vs_core.access import trail
from vs_core.casework import batches
from vs_core.casework.batches import Seen
from vs_core.casework.turns import Overtaken, alone
from vs_core.store.engine import engine_for, writing
from vs_core.store.schema import metadata

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here, which Windows cannot")
SEEN = Seen(4, 100_000)
RELEASE = "tests.casework.released:release"
Content = dict[str, set[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def processes() -> Iterator[Importers]:
    started = Importers()
    yield started
    started.close()


@pytest.fixture
def built_url(server_of_databases: Databases) -> Iterator[str]:
    """A database in which batch 1 waits for its release."""

    def fill(engine: Engine) -> None:
        prepare(engine)
        paying.authority(engine)
        paying.build(engine)

    url = server_of_databases.copy_of("built", fill)
    yield url
    server_of_databases.drop(url)


@pytest.fixture
def built(built_url: str) -> Iterator[Engine]:
    made = engine_for(built_url)
    yield made
    made.dispose()


def content(engine: Engine) -> Content:
    """Every row of every table, once no killed release holds the database any more."""
    with writing(engine) as connection:
        alone(connection)
        assert trail.first_broken(connection) is None
        return {
            name: {tuple(row) for row in connection.execute(select(table))} for name, table in metadata.tables.items()
        }


def added(before: Content, after: Content) -> dict[str, int]:
    assert all(rows <= after[name] for name, rows in before.items())
    return {name: len(after[name]) - len(rows) for name, rows in before.items() if after[name] != rows}


ONE_RELEASE = {"payment_release": 1, "audit_event": 1}


class Undone(Exception):
    """Ends a release at its end, so that nothing of it is kept."""


def statements_of(engine: Engine, patch: pytest.MonkeyPatch) -> int:
    """How many statements a release runs, by running one that is not kept."""
    count, record = iter(range(1_000)), trail.record

    def recorded(*arguments: Any) -> None:
        record(*arguments)
        raise Undone

    event.listen(engine, "before_cursor_execute", lambda *_: next(count))
    with patch.context() as patched:
        patched.setattr(batches.trail, "record", recorded)
        with pytest.raises(Undone):
            batches.release(BEN, 1, MONDAY, seen=SEEN, engine=engine)
    return next(count)


def test_a_release_that_is_killed_before_any_statement_is_out_and_then_made_once(
    built_url: str, built: Engine, processes: Importers, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, statements = content(built), statements_of(built, monkeypatch)
    assert content(built) == before
    asked = (BEN.name, 1, SEEN.lines, SEEN.total_pence)
    points = [2, statements // 2, *range(statements - 4, statements + 2)]
    for point in points:
        killed = processes.call(built_url, RELEASE, *asked, die_at_statement=point)
        assert killed.wait() == -signal.SIGKILL, point
        assert content(built) == before, point
    assert processes.call(built_url, RELEASE, *asked, die_at_statement=statements + 2).wait() == 0
    assert added(before, content(built)) == ONE_RELEASE
    after = content(built)
    for who in (BEN.name, CAT.name):
        assert processes.call(built_url, RELEASE, who, 1, SEEN.lines, SEEN.total_pence).wait() != 0
    assert content(built) == after


def test_several_processes_release_the_same_batch_and_one_does(
    built_url: str, built: Engine, processes: Importers
) -> None:
    before = content(built)
    started = [
        processes.call(built_url, RELEASE, who, 1, SEEN.lines, SEEN.total_pence)
        for who in (BEN.name, CAT.name, BEN.name, CAT.name)
    ]
    assert sorted(each.wait() == 0 for each in started) == [False, False, False, True]
    assert added(before, content(built)) == ONE_RELEASE


@pytest.mark.parametrize("dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("at", ["INSERT INTO payment_release", "INSERT INTO audit_event", "COMMIT"])
def test_a_database_that_stops_during_the_release_keeps_nothing_of_it(built: Engine, built_url: str, at: str) -> None:
    before, other = content(built), engine_for(built_url)

    def stop(connection: Any, *_: Any) -> None:
        number = connection.connection.driver_connection.info.backend_pid
        with other.connect() as second:
            assert second.scalar(text("select pg_terminate_backend(:number, 10000)"), {"number": number})

    def stops(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(at):
            stop(connection)

    heard: tuple[str, Callable[..., None]] = ("commit", stop) if at == "COMMIT" else ("before_cursor_execute", stops)
    event.listen(built, *heard)
    with pytest.raises(DBAPIError):
        batches.release(BEN, 1, MONDAY, seen=SEEN, engine=built)
    event.remove(built, *heard)
    other.dispose()
    assert content(built) == before
    batches.release(CAT, 1, MONDAY, seen=SEEN, engine=built)
    assert added(before, content(built)) == ONE_RELEASE
    with pytest.raises(Overtaken, match="VS-1 was released by Cat Day"):
        batches.release(BEN, 1, MONDAY, seen=SEEN, engine=built)

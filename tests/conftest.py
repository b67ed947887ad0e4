"""Fixtures of all tests, and what a run says of itself at its end.

`database_url` is a blank database, `prepared_url` and `engine` one with the product's empty tables, `small_authority`
the demo's small authority. Each comes on SQLite and on PostgreSQL, and is the test's own.
"""

from __future__ import annotations

import gc
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from tests import databases, quick_app_tests, quick_passwords, slowest_first, statements
from tests.databases import PostgresServer, SqliteFiles
from tests.needs import IN_CI, Unavailable, missing
from tests.serving import Server, serving
from vs_core.store.engine import engine_for

SMALL_AUTHORITY_AS_AT = date(2026, 11, 23)

Databases = SqliteFiles | PostgresServer
GARBAGE_AFTER = 20_000
"""New objects after which Python looks for garbage. Usually 700: but here thousands of tests lie in memory."""

settings.register_profile(
    "shared machine",
    deadline=None,
    derandomize=IN_CI,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("shared machine")
statements.kept_for_all()
quick_app_tests.for_all()
quick_passwords.for_all()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        databases.open_root()
        signal.signal(signal.SIGTERM, _broken_off)


def _broken_off(number: int, _frame: object) -> None:
    """A run that is told to end still stops its servers and removes its folder."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt(f"signal {number}")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        databases.close_root()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = slowest_first.in_order(items)


def pytest_collection_finish() -> None:
    """What is in memory by now stays there: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """Say at the end, a line each, what could not run and why."""
    skipped = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    left_out = len(terminalreporter.stats.get("deselected", []))
    terminalreporter.section("What ran")
    if exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        terminalreporter.line("The run was broken off.")
    elif not skipped and not left_out:
        terminalreporter.line("Everything ran.")
    if not skipped and not left_out:
        return
    terminalreporter.line("Could not run:")
    for reason, count in sorted(skipped.items()):
        terminalreporter.line(f"- {reason} ({count} test{'s' if count > 1 else ''})")
    if left_out:
        terminalreporter.line(f"- left out by the choice of tests ({left_out})")


def _reason(report: pytest.TestReport) -> str:
    text = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ").strip()


@pytest.fixture(scope="session")
def sqlite_files() -> SqliteFiles:
    return SqliteFiles(databases.root() / "sqlite")


@pytest.fixture(scope="session")
def postgres_server_or_reason() -> PostgresServer | Unavailable:
    try:
        return PostgresServer()
    except Unavailable as error:
        return error


@pytest.fixture
def postgres_server(postgres_server_or_reason: PostgresServer | Unavailable) -> PostgresServer:
    """The run's PostgreSQL server: `blank()` and `copy_of(...)` give addresses, `drop(address)` removes one."""
    if isinstance(postgres_server_or_reason, Unavailable):
        missing(postgres_server_or_reason)
    return postgres_server_or_reason


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a blank PostgreSQL database."""
    url = postgres_server.blank()
    yield url
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def dialect(request: pytest.FixtureRequest) -> str:
    """Whatever stands on this fixture runs on both; `parametrize("dialect", ["sqlite"], indirect=True)` chooses one."""
    return str(request.param)


@pytest.fixture
def server_of_databases(dialect: str, request: pytest.FixtureRequest) -> Databases:
    return request.getfixturevalue("sqlite_files" if dialect == "sqlite" else "postgres_server")


@pytest.fixture
def database_url(server_of_databases: Databases) -> Iterator[str]:
    """The address of a blank database, once on SQLite and once on PostgreSQL."""
    url = server_of_databases.blank()
    yield url
    server_of_databases.drop(url)


@pytest.fixture
def prepared_url(server_of_databases: Databases) -> Iterator[str]:
    """The address of a database with the product's empty tables, on both: an authority with no data."""
    url = server_of_databases.copy_of("prepared", prepare)
    yield url
    server_of_databases.drop(url)


@pytest.fixture
def engine(prepared_url: str) -> Iterator[Engine]:
    """An engine on `prepared_url`."""
    made = engine_for(prepared_url)
    yield made
    made.dispose()


@pytest.fixture
def small_authority_url(server_of_databases: Databases) -> Iterator[str]:
    """The address of a copy of the demo's small authority as at SMALL_AUTHORITY_AS_AT, on both databases."""
    url = server_of_databases.copy_of("small", build_small_authority)
    yield url
    server_of_databases.drop(url)


@pytest.fixture
def small_authority(small_authority_url: str) -> Iterator[Engine]:
    """An engine on `small_authority_url`."""
    made = engine_for(small_authority_url)
    yield made
    made.dispose()


@pytest.fixture
def small_authority_file(sqlite_files: SqliteFiles) -> Iterator[str]:
    """The address of a copy of the small authority in SQLite only, for tests of pages and of the server."""
    url = sqlite_files.copy_of("small", build_small_authority)
    yield url
    sqlite_files.drop(url)


@pytest.fixture
def empty_authority_file(sqlite_files: SqliteFiles) -> Iterator[str]:
    """The address of an authority with no data, in SQLite only."""
    url = sqlite_files.copy_of("prepared", prepare)
    yield url
    sqlite_files.drop(url)


def prepare(engine: Engine) -> None:
    from vs_core.store.prepare import prepare as prepared

    prepared(engine)


def build_small_authority(engine: Engine) -> None:
    from vs_core.demo import build

    build.build(engine, as_at=SMALL_AUTHORITY_AS_AT, size="small")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """`server(database_url, VS_NAME="value", ...)`: the app on a free port, answering; ended after the test."""
    with ExitStack() as stack:
        count = iter(range(100))

        def start(database_url: str, **settings: str) -> Server:
            return stack.enter_context(serving(database_url, tmp_path / f"server_{next(count)}.log", settings))

        yield start


@pytest.fixture(scope="module")
def small_server(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One app on the small authority for all tests of a file; what a test changes the next one sees."""
    url = sqlite_files.copy_of("small", build_small_authority)
    with serving(url, tmp_path_factory.mktemp("server") / "server.log") as started:
        yield started
    sqlite_files.drop(url)

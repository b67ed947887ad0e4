"""A process that has the libraries of the app in memory and forks for every server: to read them takes most of a start.

For a server of this folder it has the app's own modules too. For one of a copy of the app, which may be another app, it
has nothing of them: that server reads them from its folder. Passwords are hashed quickly in all of them.

server = prepared(folder).start(["streamlit", "run", "app.py"], folder, environment, log)
server.poll()
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import logging
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import quick_passwords
from tests.waiting import came_true

REPOSITORY = Path(__file__).resolve().parent.parent
LIBRARIES = (
    "streamlit.web.bootstrap",
    "streamlit.web.cli",
    "streamlit.starlette",
    "uvicorn",
    "alembic.command",
    "altair",
    "authlib.integrations.requests_client",
    "docx",
    "font_source_sans_pro",
    "holidays",
    "joserfc.jwt",
    "pandas",
    "psycopg",
    "pyarrow.parquet",
    "pydantic.json_schema",
    "pydantic.main",
    "python_calamine",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite",
    "typst",
    "vl_convert",
    "xlsxwriter",
)
"""Those that take long to read; what is not named here a server reads by itself."""
RUN_WHEN_READ = frozenset({"vs_core.__main__", "vs_core.ui.frame", "vs_core.store.migrations.env"})


class Prepared:
    """The process that forks. It ends its servers, and itself, when the process that started it has ended."""

    def __init__(self, *packages: str) -> None:
        command = [sys.executable, "-m", "tests.prepared", *packages]
        self._own = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **what: Any) -> Any:
        assert self._own.stdin is not None
        assert self._own.stdout is not None
        self._own.stdin.write(json.dumps(what) + "\n")
        self._own.stdin.flush()
        return json.loads(self._own.stdout.readline())

    def start(self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Process:
        """`python -m` of these arguments in the folder, with no other environment; what it prints goes to the log."""
        log.write_bytes(b"")
        asked = {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}
        return Process(self.ask(**asked, log=str(log)), self)

    def close(self) -> None:
        assert self._own.stdin is not None
        self._own.stdin.close()
        self._own.wait(20)


def prepared(folder: Path) -> Prepared:
    """That of this process for servers of a folder, which is ended with it."""
    return _prepared(folder == REPOSITORY)


@functools.cache
def _prepared(has_the_app: bool) -> Prepared:
    made = Prepared(*(["vs_core"] if has_the_app else []))
    atexit.register(made.close)
    return made


@dataclass
class Process:
    """One server. pid: stays its own until `poll` has said how it ended; returncode as of subprocess.Popen."""

    pid: int
    of: Prepared
    returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self.of.ask(ended=self.pid)
        return self.returncode

    def end(self, seconds: float) -> None:
        """Ask it to end, and end it when it has not within so many seconds."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.poll() is None:
                os.kill(self.pid, number)
                came_true(lambda: self.poll() is not None, seconds)


def _asked() -> dict[str, Any]:
    """Fork for every request; comes back with it, in the process that was forked. The other ends with its requests."""
    running: set[int] = set()
    for line in sys.stdin:
        asked = json.loads(line)
        if "ended" in asked:
            ended, status = os.waitpid(asked["ended"], os.WNOHANG)
            running.discard(ended)
            print(json.dumps(os.waitstatus_to_exitcode(status) if ended else None), flush=True)  # noqa: T201
        elif (child := os.fork()) == 0:
            return asked
        else:
            running.add(child)
            print(child, flush=True)  # noqa: T201
    for each in running:
        os.kill(each, signal.SIGKILL)
    os._exit(0)


def _become(arguments: list[str], folder: str, environment: dict[str, str], log: str) -> None:
    """What `python -m` of these arguments is in that folder, with that environment."""
    for number, file in enumerate((os.open(os.devnull, os.O_RDONLY), *[os.open(log, os.O_WRONLY | os.O_APPEND)] * 2)):
        os.dup2(file, number)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.path[0], sys.argv = folder, arguments
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


def _read_libraries(packages: Sequence[str]) -> None:
    """Away from the settings of the app, which lie in the folder of the tests too. What is there then no server looks
    through for garbage again."""
    os.chdir(os.sep)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable()
        for name in [*LIBRARIES, *(name for package in packages for name in _modules(package))]:
            importlib.import_module(name)
    logging.disable(logging.NOTSET)
    quick_passwords.for_all()
    assert threading.active_count() == 1
    gc.collect()
    gc.freeze()


def _modules(package: str) -> list[str]:
    """Those of a package that do nothing when they are read."""
    inside = pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
    return [each.name for each in inside if ".versions." not in each.name and each.name not in RUN_WHEN_READ]


if __name__ == "__main__":
    _read_libraries(sys.argv[1:])
    _become(**_asked())

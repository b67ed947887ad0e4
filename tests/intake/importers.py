"""A process that imports files and can be killed while it does: started once, it forks for every import.

importers = Importers()
one = importers.start(url, file, die_at_statement=7)    # or one.kill() at some moment
one.wait()
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Import:
    """One import that runs. process: its number, which stays its own until `wait`; asks, answers: lines to and from
    the process that started it."""

    process: int
    asks: Any
    answers: Any

    def kill(self) -> None:
        os.kill(self.process, signal.SIGKILL)

    def wait(self) -> int:
        """Exit status; negative: the signal that ended it."""
        _tell(self.asks, {"wait": self.process})
        return int(self.answers.readline())


def _tell(asks: Any, what: dict[str, Any]) -> None:
    asks.write(json.dumps(what) + "\n")
    asks.flush()


class Importers:
    """The process that forks. `close()` ends it."""

    def __init__(self) -> None:
        self._own = subprocess.Popen(
            [sys.executable, "-m", "tests.intake.importers"],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._own.stdout is not None
        assert self._own.stdout.readline() == "ready\n"

    def start(self, url: str, kind: str, file: Path, known_on: str, **how: int) -> Import:
        """Begin an import. die_at_statement: the SQL statement before which the process kills itself;
        largest_file: bytes beyond which no file may grow, as on a full disk."""
        assert self._own.stdin is not None
        assert self._own.stdout is not None
        asked = {"url": url, "arguments": ["import", kind, str(file), "--known-on", known_on], **how}
        _tell(self._own.stdin, asked)
        return Import(int(self._own.stdout.readline()), self._own.stdin, self._own.stdout)

    def call(self, url: str, function: str, *arguments: Any, die_at_statement: int | None = None) -> Import:
        """Begin a call of `module:function` in such a process. arguments: JSON values; die_at_statement: as above."""
        assert self._own.stdin is not None
        assert self._own.stdout is not None
        dies = {} if die_at_statement is None else {"die_at_statement": die_at_statement}
        _tell(self._own.stdin, {"url": url, "function": function, "arguments": arguments, **dies})
        return Import(int(self._own.stdout.readline()), self._own.stdin, self._own.stdout)

    def close(self) -> None:
        assert self._own.stdin is not None
        self._own.stdin.close()
        self._own.wait(20)


def _serve() -> None:
    import vs_core.__main__  # noqa: F401 - here, so that every fork has it already

    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        print(_answer(json.loads(line)), flush=True)  # noqa: T201


def _answer(asked: dict[str, Any]) -> int:
    if "wait" in asked:
        return os.waitstatus_to_exitcode(os.waitpid(asked["wait"], 0)[1])
    child = os.fork()
    if child == 0:
        _import(asked)
    return child


def _import(asked: dict[str, Any]) -> None:
    os.environ["VS_DATABASE_URL"] = asked["url"]
    log = os.open(os.environ.get("IMPORTERS_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    from vs_core.__main__ import main
    from vs_core.store.engine import engine

    if "die_at_statement" in asked:
        _die_at(engine(), asked["die_at_statement"])
    if "largest_file" in asked:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["largest_file"], asked["largest_file"]))
    status = 99
    try:
        status = _called(asked) if "function" in asked else main(asked["arguments"])
    finally:
        os._exit(status)


def _called(asked: dict[str, Any]) -> int:
    module, _, name = asked["function"].partition(":")
    getattr(importlib.import_module(module), name)(*asked["arguments"])
    return 0


def _die_at(engine: Any, statement: int) -> None:
    from sqlalchemy import event

    left = iter(range(statement, 0, -1))

    def count(*_: Any) -> None:
        if next(left) == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)


if __name__ == "__main__":
    _serve()

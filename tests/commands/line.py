"""`python -m vs_core ...` in this process: what it prints and how it ends."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

import pytest

from vs_core.__main__ import main
from vs_core.settings import settings
from vs_core.store.engine import engine


@dataclass(frozen=True)
class Answer:
    """status: as the shell sees it; out, err: what was printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class CommandLine:
    """`line("import", "schools", file)`: one command on the database of `command_line`."""

    def __call__(self, *arguments: object) -> Answer:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                status = main([str(argument) for argument in arguments])
            except SystemExit as ending:
                status = int(ending.code or 0)
        return Answer(status, out.getvalue(), err.getvalue())


@contextmanager
def command_line(url: str, **given: str) -> Iterator[CommandLine]:
    """The commands on one database, with further `VS_` settings."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("VS_") and name != "VS_TESTS_ROOT"]:
            patch.delenv(name)
        for name, value in {"VS_DATABASE_URL": url, **given}.items():
            patch.setenv(name, value)
        _forget()
        try:
            yield CommandLine()
        finally:
            _forget()


def _forget() -> None:
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    settings.cache_clear()

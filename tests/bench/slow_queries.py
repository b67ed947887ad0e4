"""The queries of a view, each asked of the database by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import pytest
import streamlit as st
from sqlalchemy import Connection, event
from streamlit.testing.v1 import AppTest

from tests.bench.views import View
from tests.serving import REPOSITORY
from vs_core import settings as settings_module
from vs_core.access import guard
from vs_core.access.viewer import Viewer
from vs_core.store import engine as engines

TIMES = 5
LOOKS = Viewer(1, "bench", "bench", "headteacher", "session", None, True)
Statement = tuple[str, Any]


@dataclass(frozen=True)
class Slowest:
    """seconds: of the slowest query; text: how it ends; count: of different queries."""

    seconds: float
    text: str
    count: int


@contextmanager
def database(url: str) -> Iterator[None]:
    """The app's own functions read this database until the end of the block."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"VS_DATABASE_URL": url, "VS_AUTHORITY": "Westmere", "VS_DEMO": "1"}.items():
            patch.setenv(name, value)
        patch.setattr(guard, "signed_in", lambda: LOOKS)
        _forget()
        yield
        engines.engine().dispose()
    _forget()


def _forget() -> None:
    settings_module.settings.cache_clear()
    engines.engine.cache_clear()
    st.cache_data.clear()


def slowest(view: View) -> Slowest:
    """Open the view with nothing kept, and ask each of its queries again by itself, with all of its rows. Of several
    tries the quickest counts: the others tell of what else the machine does."""
    asked = _asked(view)
    taken = {statement: min(_seconds(*statement) for _ in range(TIMES)) for statement in asked}
    (text, _), seconds = max(taken.items(), key=lambda each: each[1])
    return Slowest(seconds, "..." + " ".join(text.split())[-120:], len(asked))


def _asked(view: View) -> list[Statement]:
    asked: dict[Statement, None] = {}

    def note(_connection: Connection, _cursor: Any, text: str, given: Any, *_: Any) -> None:
        if text.lstrip().upper().startswith(("SELECT", "WITH")):
            asked[text, tuple(given.items()) if isinstance(given, dict) else tuple(given)] = None

    st.cache_data.clear()
    event.listen(engines.engine(), "before_cursor_execute", note)
    try:
        test = AppTest.from_file(str(REPOSITORY / "pages" / f"{view.page}.py"), default_timeout=120)
        test.query_params.update(dict(parse_qsl(view.query)))
        test.run()
    finally:
        event.remove(engines.engine(), "before_cursor_execute", note)
    if test.exception:
        raise RuntimeError(f"{view.name}: {test.exception[0].message}")
    return list(asked)


def _seconds(text: str, given: tuple[Any, ...]) -> float:
    named = bool(given) and isinstance(given[0], tuple)
    with engines.engine().connect() as connection:
        cursor = connection.connection.cursor()
        start = time.perf_counter()
        cursor.execute(text, dict(given) if named else given)
        cursor.fetchall()
        taken = time.perf_counter() - start
        connection.rollback()
    return taken

"""The authority of `canaries` in a database that pages read too."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import Connection, Engine

from tests.access import canaries
from tests.access.canaries import AS_AT, AUTHORITY
from tests.databases import SqliteFiles
from tests.queries.written import Written
from vs_core import figures
from vs_core import settings as settings_module
from vs_core.access.viewer import Scope
from vs_core.rules.frame import Frame
from vs_core.store import engine as engines
from vs_core.ui import load


@contextmanager
def standing(files: SqliteFiles) -> Iterator[Engine]:
    """The authority, on the day AS_AT; each subject is worked out once a frame and scope, whoever asks for it."""
    from tests.conftest import prepare

    url = files.copy_of("prepared", prepare)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VS_DATABASE_URL", url)
        patch.setenv("VS_AUTHORITY", AUTHORITY)
        patch.setattr(load, "today", lambda: AS_AT)
        for module in figures.MODULES.values():
            patch.setattr(module, "answer", _once(module.answer))
        _forget()
        engine = engines.engine()
        written = Written(engine)
        canaries.write(written)
        with written.reading():
            yield engine
    _forget()
    files.drop(url)


def _once(answer: Callable[..., Any]) -> Callable[..., Any]:
    made: dict[Any, Any] = {}

    @functools.wraps(answer)
    def once(connection: Connection, frame: Frame, scope: Scope) -> Any:
        if (frame, scope) not in made:
            made[frame, scope] = answer(connection, frame, scope)
        return made[frame, scope]

    return once


def _forget() -> None:
    settings_module.settings.cache_clear()
    engines.engine.cache_clear()
    st.cache_data.clear()

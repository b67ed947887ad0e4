"""A page run in the tests' own process, for a person of a role, on a day, over a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT
from vs_core import settings as settings_module
from vs_core.access import guard
from vs_core.access.viewer import Viewer
from vs_core.store import engine as engines
from vs_core.ui import load

PAGES = Path(__file__).parents[2] / "pages"
Open = Callable[..., AppTest]


def viewer(role: str) -> Viewer:
    """A person of the role; an adviser has the caseload of the first adviser in the list of children."""
    with engines.engine().connect() as connection:
        adviser = connection.scalar(text("select min(adviser) from child_details where known_to is null"))
    own = (adviser or "Nobody") if role == "adviser" else None
    return Viewer(1, role, role, role, "session", own, role == "headteacher")


def forget() -> None:
    settings_module.settings.cache_clear()
    engines.engine.cache_clear()
    st.cache_data.clear()


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Open]]:
    """`over(url)` gives `open(page, role, **query)`, which runs the page and fails on an error in it."""

    def database(url: str) -> Open:
        monkeypatch.setenv("VS_DATABASE_URL", url)
        monkeypatch.setenv("VS_AUTHORITY", "Westmere")
        forget()
        monkeypatch.setattr(load, "today", lambda: SMALL_AUTHORITY_AS_AT)
        return show

    def show(page: str, role: str = "headteacher", **query: str) -> AppTest:
        monkeypatch.setattr(guard, "signed_in", lambda: viewer(role))
        test = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
        test.query_params.update(query)
        test.run()
        assert not test.exception, [each.message for each in test.exception]
        return test

    yield database
    forget()


@pytest.fixture
def small(over: Callable[[str], Open], small_authority_file: str) -> Open:
    """Pages over the demo's small authority."""
    return over(small_authority_file)


@pytest.fixture
def empty(over: Callable[[str], Open], empty_authority_file: str) -> Open:
    """Pages over an authority without data."""
    return over(empty_authority_file)

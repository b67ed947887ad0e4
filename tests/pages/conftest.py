"""A page run in the tests' own process, for a person of a role, on a day, over a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import Engine, insert, select, text
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT, prepare
from tests.databases import SqliteFiles
from vs_core import settings as settings_module
from vs_core.access import guard, roles, sessions, users
from vs_core.access.viewer import Viewer
from vs_core.store import engine as engines
from vs_core.store.access_tables import user_account
from vs_core.store.engine import writing
from vs_core.ui import load

PAGES = Path(__file__).parents[2] / "pages"
Open = Callable[..., AppTest]


def viewer(role: str) -> Viewer:
    """A person of the role; an adviser has the caseload of the first adviser in the list of children."""
    with engines.engine().connect() as connection:
        adviser = connection.scalar(text("select min(adviser) from child_details where known_to is null"))
    own = (adviser or "Nobody") if role == "adviser" else None
    return Viewer(1, role, role, role, "session", own, role == "headteacher")


def lists(test: AppTest) -> list[Any]:
    """The tables that list something, without those of figures on the page of attendance."""
    return [each for each in test.dataframe if not {"Taken out", "Apart"} & set(each.value.columns)]


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
    """Pages over the demo's small authority, in which the person who looks has an account."""
    opened, at = over(small_authority_file), sessions.now()
    own = {"name": "somebody", "name_folded": "somebody", "display_name": "Somebody", "role": "headteacher"}
    with writing() as connection:
        if not connection.scalar(select(user_account.c.id).where(user_account.c.id == 1)):
            given = {"id": 1, "password_hash": "", "created_at": at, "changed_at": at}
            connection.execute(insert(user_account).values(**own, **given))
    return opened


@pytest.fixture
def empty(over: Callable[[str], Open], empty_authority_file: str) -> Open:
    """Pages over an authority without data."""
    return over(empty_authority_file)


class Staff:
    """People with sign-ins and open sessions over a database, each looked up again at every run, as the guard does.

    `staff.sign_in("name")`: a session of that person, who is looking from then on."""

    def __init__(self, test: Callable[[str], AppTest]) -> None:
        self._test, self.session_id = test, ""

    def sign_in(self, name: str) -> str:
        """Give the id of the new session."""
        with writing() as connection:
            user_id = next(user.id for user in users.listed(connection) if user.name == name)
            cookie = sessions.open_session(connection, user_id, "10.0.0.7", settings_module.settings(), sessions.now())
        self.session_id = sessions.session_id_of(cookie)
        return self.session_id

    def looking(self) -> Viewer | None:
        with engines.reading() as connection:
            found = sessions.look_up(connection, self.session_id, settings_module.settings(), sessions.now())
        return found if isinstance(found, Viewer) else None

    def open(self, page: str, name: str = "administrator", **query: str) -> AppTest:
        """The page in a tab of its own, as a person with that name, signed in anew."""
        self.sign_in(name)
        test = self._test(page)
        test.query_params.update(query)
        return run(test)


def run(test: Any) -> AppTest:
    """Run the page, or the page of an element that somebody has just used; it fails on an error in it."""
    after: AppTest = test.run()
    assert not after.exception, [each.message for each in after.exception]
    return after


def let_in(engine: Engine) -> None:
    """A person of each role, named after it, in an authority without data."""
    prepare(engine)
    with writing(engine) as connection:
        for role in roles.ROLES:
            own = "An Adviser" if role == "adviser" else None
            users.add(connection, "test", role, role, caseload_adviser=own, sees_restricted=role == "headteacher")


@pytest.fixture
def staff(monkeypatch: pytest.MonkeyPatch, over: Callable[[str], Open], sqlite_files: SqliteFiles) -> Iterator[Staff]:
    """A person of each role, named after it, over an authority without data."""
    url = sqlite_files.copy_of("staff", let_in)
    over(url)
    made = Staff(lambda page: AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60))
    monkeypatch.setattr(guard, "signed_in", made.looking)
    yield made
    engines.engine().dispose()
    sqlite_files.drop(url)

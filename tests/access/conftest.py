"""The app with four small pages of the tests' own so that the door is tested by itself, and people to go through it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from tests import serving as serving_module
from tests.access import canary_authority
from tests.conftest import prepare
from tests.databases import SqliteFiles
from tests.serving import REPOSITORY, Server, serving
from vs_core.access.users import DEMO_PASSWORD
from vs_core.store.engine import engine_for

CANARY = "canary-of-{}"
PAGE = """
import streamlit as st
from vs_core import access
from vs_core.access import downloads
viewer = access.require("{name}")
st.title("{name}")
st.write("canary-of-{name}", viewer.name)
if viewer.may("export"):
    content = b"canary-of-download"
    st.link_button("Download", downloads.offer(viewer, "Liste é.csv", "text/csv", lambda: content), on_click="rerun")
"""
PAGES = ("attendance", "data", "pp_plus", "weekly_review")


@pytest.fixture(scope="module")
def authority(sqlite_files: SqliteFiles) -> Iterator[Engine]:
    """The authority of `canaries`; pages read it too."""
    with canary_authority.standing(sqlite_files) as engine:
        yield engine


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the app whose pages are PAGE."""
    folder = tmp_path_factory.mktemp("house")
    unfinished = shutil.ignore_patterns("*.pyc.*", "*.db*")
    for name in ("vs_core", ".streamlit", "data"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=unfinished)
    shutil.copy(REPOSITORY / "app.py", folder)
    (folder / "pages").mkdir()
    for name in PAGES:
        (folder / "pages" / f"{name}.py").write_text(PAGE.format(name=name), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def serve(house: Path, sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Callable:
    """`serve(VS_NAME="value")`: a context with that app on a database that nobody has used."""

    @contextmanager
    def start(**settings: str) -> Iterator[Server]:
        url = settings.pop("url", None) or sqlite_files.copy_of("prepared", prepare)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(serving_module, "REPOSITORY", house)
            with serving(url, tmp_path_factory.mktemp("log") / "server.log", settings) as started:
                yield started

    return start


@pytest.fixture(scope="module")
def app(serve: Callable) -> Iterator[Server]:
    """One such app for all tests of a file."""
    with serve() as started:
        yield started


@pytest.fixture
def database(app: Server) -> Iterator[Engine]:
    """An engine on the app's own database."""
    made = engine_for(app.database_url)
    yield made
    made.dispose()


@dataclass(frozen=True)
class Person:
    """A signed-in person: `web` keeps the cookies as a browser would; `cookie` is the header for a WebSocket."""

    web: httpx.Client

    @property
    def cookie(self) -> str:
        return f"vs={self.web.cookies['vs']}"


def form_token(web: httpx.Client) -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', web.get("/login").text)
    assert found
    return found.group(1)


def post_sign_in(web: httpx.Client, name: str, password: str = DEMO_PASSWORD, target: str = "/") -> httpx.Response:
    form = {"token": form_token(web), "name": name, "password": password, "next": target}
    return web.post("/login", data=form)


@pytest.fixture
def stranger(app: Server) -> Iterator[httpx.Client]:
    """A browser that nobody has signed in with."""
    with httpx.Client(base_url=app.url, headers={"Accept": "text/html"}) as web:
        yield web


@pytest.fixture(scope="module")
def demo_person(app: Server) -> Iterator[Callable[[str], Person]]:
    """`demo_person("analyst")`: the demo's person of that role, signed in once for all tests of a file."""
    with ExitStack() as stack:

        @cache
        def come_in(role: str) -> Person:
            web = stack.enter_context(httpx.Client(base_url=app.url, headers={"Accept": "text/html"}))
            assert post_sign_in(web, role).status_code == 303
            return Person(web)

        yield come_in


@pytest.fixture
def person(app: Server) -> Iterator[Callable[..., Person]]:
    """`person("analyst")`: signed in on a browser of their own."""
    with ExitStack() as stack:

        def come_in(name: str, password: str = DEMO_PASSWORD) -> Person:
            web = stack.enter_context(httpx.Client(base_url=app.url, headers={"Accept": "text/html"}))
            assert post_sign_in(web, name, password).status_code == 303
            return Person(web)

        yield come_in

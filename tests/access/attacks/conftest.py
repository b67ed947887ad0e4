"""The app with a page that writes down whatever runs in it, and what an attacker may have got hold of."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, select
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.access.attacks.forgeries import OF_OTHERS, RULES, STALE, Known
from tests.conftest import prepare
from tests.databases import SqliteFiles
from tests.serving import Server
from tests.streamlit_socket import Client, elements
from vs_core.access import sessions, users
from vs_core.store.access_tables import user_account
from vs_core.store.engine import engine_for, writing

PAGE = """
import streamlit as st
from pathlib import Path
from vs_core import access
from vs_core.access import downloads

viewer = access.require("attendance")

def ran(what):
    with Path({deeds!r}).open("a") as deeds:
        deeds.write(f"{{what}} by {{viewer.name}}\\n")

@st.fragment
def part():
    ran("fragment")
    st.write("canary-of-fragment")

ran("page")
st.title("attendance")
st.write("canary-of-attendance", viewer.name)
part()
st.button("Press", on_click=ran, args=("callback",))
st.download_button("Media", b"canary-of-media", "media.txt", on_click="ignore")
if viewer.may("export"):
    address = downloads.offer(viewer, "list.csv", "text/csv", lambda: b"canary-of-download")
    st.link_button("Download", address, on_click="rerun")
"""
"""A page with a fragment, a callback, a media file and a download, which writes down whatever runs in it."""


@pytest.fixture(scope="module")
def deeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deeds") / "deeds.txt"


@pytest.fixture(scope="module")
def house(house: Path, deeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = tmp_path_factory.mktemp("house_of_attacks") / "house"
    shutil.copytree(house, own)
    (own / "pages" / "attendance.py").write_text(PAGE.format(deeds=str(deeds)), encoding="utf-8")
    return own


@pytest.fixture(scope="module")
def store(app: Server) -> Iterator[Engine]:
    made = engine_for(app.database_url)
    yield made
    made.dispose()


def new_session(store: Engine, name: str, role: str = "inclusion", lasted: timedelta = timedelta(0)) -> str:
    """The cookie of a new session of a person of that name, who is added where there is none."""
    with writing(store) as connection:
        known = select(user_account.c.id).where(user_account.c.name == name)
        if connection.scalar(known) is None:
            users.add(connection, "test", name, role, sso_name=f"{name}@council.example", no_password=True)
        user_id, at = connection.scalar(known), sessions.now() - lasted
        return sessions.open_session(connection, user_id, "", RULES, at)


def sign_out(store: Engine, cookie: str) -> None:
    """End a session without a word to the server, which has to look for itself."""
    with writing(store) as connection:
        sessions.end(connection, sessions.session_id_of(cookie), sessions.SIGNED_OUT, sessions.now())


@pytest.fixture(scope="module")
def known(app: Server, store: Engine, sqlite_files: SqliteFiles) -> Known:
    old = {}
    for why, deed in STALE.items():
        name = f"once {why}"
        old[why] = new_session(store, name)
        mine = sessions.session_id_of(old[why])
        with writing(store) as connection:
            deed(connection, name, mine)
    other = engine_for(sqlite_files.copy_of("prepared", prepare))
    old[OF_OTHERS] = new_session(other, "victim", "headteacher")
    other.dispose()
    form = httpx.get(f"{app.url}/login").cookies["vs-form"]
    return Known(new_session(store, "victim", "headteacher"), form, old)


async def shown(app: Server, cookie: str, page: str, **knocking: object) -> str:
    """Everything that a page sends to whoever knocks so."""
    async with Client(app.port, cookie=cookie, **knocking) as client:
        await client.run(page=page)
        return b"".join(client.frames).decode("utf-8", "replace")


@dataclass(frozen=True)
class Opened:
    """What there is to get at of a person: Streamlit's name of an open tab, the addresses of a download and a media
    file, a fragment and a button of the page."""

    tab: str
    download: str
    media: str
    fragment: str
    button: str


@pytest.fixture(scope="module")
def opened(app: Server, known: Known) -> Opened:
    return opened_by(app, known.live)


def opened_by(app: Server, cookie: str) -> Opened:
    async def look() -> Opened:
        async with Client(app.port, cookie=f"vs={cookie}") as client:
            return of_tab(client, await client.run(page="attendance"))

    return asyncio.run(look())


def of_tab(client: Client, messages: list[ForwardMsg]) -> Opened:
    download = next(link.url for link in elements(messages, "link_button"))
    media = next(button.url for button in elements(messages, "download_button"))
    fragment = next(each.delta.fragment_id for each in messages if each.delta.fragment_id)
    button = next(each.id for each in elements(messages, "button") if each.label == "Press")
    return Opened(client.session_id, download, media, fragment, button)

"""A session ends, and with it every open tab; nobody takes over another person's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
import websockets
from sqlalchemy import ColumnElement, Engine, select, update
from sqlalchemy.exc import TimeoutError as OutOfConnections
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.access.conftest import Person
from tests.serving import Server
from tests.streamlit_socket import Client
from tests.waiting import came_true
from vs_core.access import open_tabs, sessions, users
from vs_core.store.access_tables import session
from vs_core.store.engine import reading, writing

SOON_SECONDS = 5.0
PASSWORD = "long enough for anybody"


@pytest.fixture
def newcomer(database: Engine, person: Callable[..., Person]) -> Callable[[str], Person]:
    """`newcomer("name")`: a new inclusion worker, signed in."""

    def come_in(name: str) -> Person:
        with writing(database) as connection:
            users.add(connection, "test", name, "inclusion", password=PASSWORD)
        return person(name, PASSWORD)

    return come_in


def test_the_watch_over_open_tabs_outlasts_any_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a pool without a free connection, which is no error of the database."""

    def over(_: object) -> dict[str, str]:
        faults.append(1)
        if len(faults) == 1:
            raise OutOfConnections("QueuePool limit of size 10 overflow 20 reached")
        return {"a": sessions.SIGNED_OUT}

    async def watched() -> None:
        watch = asyncio.create_task(tabs.watch())
        await asyncio.wait_for(tab.ended.wait(), SOON_SECONDS)
        watch.cancel()

    faults: list[int] = []
    tabs = open_tabs.OpenTabs()
    tab = tabs.add("a")
    monkeypatch.setattr(open_tabs, "_over", over)
    asyncio.run(watched())
    assert tab.why == sessions.SIGNED_OUT


def test_signing_out_ends_every_tab_and_the_cookie(app: Server, newcomer: Callable[[str], Person]) -> None:
    who = newcomer("leaver")
    cookie = who.cookie

    def sign_out() -> None:
        token = form_token_of_sign_out(who)
        assert who.web.post("/logout", data={"token": token}).headers["location"].startswith("/login")

    assert ended_by(app, cookie, sign_out) == "/login?ended=signed%20out"
    assert "vs" not in who.web.cookies
    assert not opens(app, cookie)
    assert who.web.get("/attendance", headers={"Cookie": cookie}).status_code == 303


def test_a_link_on_our_own_page_signs_out_and_one_elsewhere_asks(newcomer: Callable[[str], Person]) -> None:
    who = newcomer("link follower")
    asked = who.web.get("/logout", headers={"Sec-Fetch-Site": "cross-site"})
    assert asked.status_code == 200
    assert 'action="/logout"' in asked.text
    assert who.web.post("/logout", data={"token": "0" * 64}).status_code == 403
    assert who.web.get("/attendance").status_code == 200
    assert who.web.get("/logout", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert who.web.get("/attendance").status_code == 303


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("disabled one", lambda connection: users.disable(connection, "test", "disabled one"), "disabled"),
        ("new role", lambda connection: users.set_role(connection, "test", "new role", "analyst"), "role%20changed"),
        ("new password", lambda connection: users.reset(connection, "test", "new password"), "password%20changed"),
    ],
)
def test_a_change_from_the_command_line_ends_open_tabs(
    app: Server, database: Engine, newcomer: Callable[[str], Person], name: str, change: Callable, why: str
) -> None:
    who = newcomer(name)

    def make() -> None:
        with writing(database) as connection:
            change(connection)

    assert ended_by(app, who.cookie, make) == f"/login?ended={why}"
    assert not opens(app, who.cookie)


@pytest.mark.parametrize(("column", "why"), [("last_seen_at", "idle"), ("expires_at", "expired")])
def test_an_untouched_tab_ends_when_its_time_is_over(
    app: Server, database: Engine, newcomer: Callable[[str], Person], column: str, why: str
) -> None:
    who = newcomer(f"quiet {column}")
    mine = session.c.token_hash == sessions.session_id_of(who.web.cookies["vs"])

    def time_passes() -> None:
        wait_until_written(database, mine)
        at = sessions.now()
        past = {"created_at": at - timedelta(hours=11), column: at - timedelta(minutes=16)}
        with writing(database) as connection:
            connection.execute(update(session).where(mine).values(**past))

    assert ended_by(app, who.cookie, time_passes) == f"/login?ended={why}"


def test_a_message_after_the_end_runs_nothing(app: Server, database: Engine, newcomer: Callable[[str], Person]) -> None:
    who = newcomer("message sender")

    async def send_after_the_end() -> bytes:
        async with Client(app.port, cookie=who.cookie) as client:
            await client.run(page="attendance")
            with writing(database) as connection:
                users.disable(connection, "test", "message sender")
            client.frames.clear()
            with pytest.raises((websockets.ConnectionClosed, AssertionError)):
                await client.run(page="attendance")
            return b"".join(client.frames)

    assert b"canary" not in asyncio.run(send_after_the_end())


@pytest.mark.parametrize("thief", ["nobody", "another person", "the same person, signed in again"])
def test_a_streamlit_session_is_not_taken_over_by_its_id(
    app: Server, newcomer: Callable[[str], Person], person: Callable[..., Person], thief: str
) -> None:
    owner = newcomer(f"owner against {thief}")
    other = {
        "nobody": lambda: owner,
        "another person": lambda: newcomer("thief"),
        "the same person, signed in again": lambda: person(f"owner against {thief}", PASSWORD),
    }[thief]()

    async def try_it() -> None:
        async with Client(app.port, cookie=owner.cookie) as client:
            await client.run(page="attendance")
            stolen = client.session_id
            if thief == "nobody":
                with pytest.raises(websockets.InvalidStatus):
                    await Client(app.port, session_id=stolen).__aenter__()
            else:
                async with Client(app.port, cookie=other.cookie, session_id=stolen) as attacker:
                    await attacker.run(page="attendance")
                    assert attacker.session_id != stolen
            await client.run(page="attendance")

    asyncio.run(try_it())


def test_the_own_header_of_a_client_counts_for_nothing(app: Server, person: Callable[..., Person]) -> None:
    victim = sessions.session_id_of(person("headteacher").web.cookies["vs"])
    analyst = person("analyst")
    spoofed = {"X-Vs-Session": victim, "x_vs_session": victim}

    async def look() -> str:
        async with Client(app.port, cookie=analyst.cookie, headers=spoofed) as client:
            await client.run(page="data")
            return b"".join(client.frames).decode("utf-8", "replace")

    frames = asyncio.run(look())
    assert "canary-of-data" not in frames
    assert "is not part of your role (Analyst)" in frames
    assert victim not in frames


def wait_until_written(database: Engine, mine: ColumnElement[bool]) -> None:
    """What a person does is noted in memory first; wait until the database knows it."""

    def is_written() -> bool:
        with reading(database) as connection:
            row = connection.execute(select(session).where(mine)).one()
        return bool(row.last_seen_at > row.created_at)

    assert came_true(is_written, 30)


def form_token_of_sign_out(who: Person) -> str:
    page = who.web.get("/logout", headers={"Sec-Fetch-Site": "none"}).text
    return page.split('name="token" value="')[1].split('"')[0]


def opens(app: Server, cookie: str) -> bool:
    async def try_it() -> bool:
        try:
            async with Client(app.port, cookie=cookie):
                return True
        except websockets.InvalidStatus:
            return False

    return asyncio.run(try_it())


def ended_by(app: Server, cookie: str, deed: Callable[[], None]) -> str:
    """Open a tab, do the deed, and return where the tab was sent soon after it."""

    async def watch() -> str:
        async with Client(app.port, cookie=cookie) as client:
            await client.run(page="attendance")
            await asyncio.to_thread(deed)
            started, sent_to = time.monotonic(), ""
            with suppress(websockets.ConnectionClosed):
                async for frame in client.socket:
                    message = ForwardMsg.FromString(frame)
                    sent_to = message.auth_redirect.url or sent_to
            assert time.monotonic() - started < SOON_SECONDS
            return sent_to

    return asyncio.run(asyncio.wait_for(watch(), 60))

"""What guards an open screen: its address and script, how long the session lasts, notes that are being written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import Engine, insert, select
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.access.conftest import Person
from tests.serving import Server
from tests.streamlit_socket import Client
from vs_core.access import drafts, roles, sessions
from vs_core.settings import read_settings
from vs_core.store.access_tables import draft, user_account
from vs_core.store.engine import reading, writing

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", *roles.PAGES])
def test_every_page_has_one_address_with_our_script(demo_person: Callable[[str], Person], name: str) -> None:
    answer = demo_person("analyst").web.get(f"/{name}")
    assert answer.status_code == 200
    assert '<script src="/screen.js" defer></script>' in answer.text


@pytest.mark.parametrize("path", ["/Attendance", "/attendance/", "/ATTENDANCE?as_at=2026-01-01", "/%61ttendance/"])
def test_another_spelling_leads_to_the_address(demo_person: Callable[[str], Person], path: str) -> None:
    target = "/attendance?as_at=2026-01-01" if "?" in path else "/attendance"
    assert demo_person("analyst").web.get(path).headers["location"] == target


@pytest.mark.parametrize("path", [
    "/nothing", "//attendance", "/attendance/x", "/%2e%2e/attendance", "/manifest.json", "/draft", "/download/a/b",
    "/static/nothing", "/static/index.html", "/static//etc/passwd",
])  # fmt: skip
def test_what_is_no_page_says_so(app: Server, demo_person: Callable[[str], Person], path: str) -> None:
    answer = demo_person("headteacher").web.get(f"{app.url}{path}")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_a_screen_learns_how_long_its_session_lasts(demo_person: Callable[[str], Person], stranger) -> None:
    assert 14 * 60 < demo_person("analyst").web.get("/session").json()["ends_in"] <= 15 * 60
    assert stranger.get("/session").status_code == 401


@pytest.fixture
def writer(database: Engine, person: Callable[..., Person]) -> tuple[Person, int]:
    who = person("inclusion")
    with reading(database) as connection:
        return who, connection.scalar(select(user_account.c.id).where(user_account.c.name == "inclusion"))


def test_a_note_is_kept_for_its_writer(writer: tuple[Person, int], database: Engine) -> None:
    who, user_id = writer
    assert who.web.post("/draft", json={"field": "note-of-a-test", "text": "Half a sen"}).status_code == 204
    with reading(database) as connection:
        assert drafts.kept(connection, user_id, "note-of-a-test")[0] == "Half a sen"
        assert drafts.kept(connection, user_id + 1, "note-of-a-test") is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"field": "password", "text": "x"}, 400),
        ({"field": "note-<b>", "text": "x"}, 400),
        ({"field": "note-x", "text": "x" * 5001}, 400),
        ({"field": "note-x", "text": "x" * 40_000}, 413),
        ({"field": "note-x", "text": "a\x00b"}, 400),
        ([], 400),
    ],
)
def test_what_is_no_note_is_refused(demo_person: Callable[[str], Person], body: object, status: int) -> None:
    assert demo_person("inclusion").web.post("/draft", json=body).status_code == status


def test_nobody_keeps_a_note_from_elsewhere(app: Server, demo_person: Callable[[str], Person]) -> None:
    note = {"field": "note-x", "text": "x"}
    foreign = {"Origin": "https://elsewhere.example"}
    assert demo_person("inclusion").web.post("/draft", json=note, headers=foreign).status_code == 403
    assert httpx.post(f"{app.url}/draft", json=note).status_code == 401


def test_a_saved_note_does_not_come_back(engine: Engine) -> None:
    def what_is_kept(at: datetime, text: str) -> object:
        with writing(engine) as connection:
            drafts.keep(connection, 1, "note-1", text, at)
            return drafts.kept(connection, 1, "note-1")

    with writing(engine) as connection:
        connection.execute(insert(user_account).values(id=1, **SOMEBODY))
    assert what_is_kept(NOW, "One")
    with writing(engine) as connection:
        drafts.saved(connection, 1, "note-1", NOW)
    assert what_is_kept(NOW + timedelta(seconds=4), "One, typed before it was saved") is None
    assert what_is_kept(NOW + timedelta(seconds=5), "Two") == ("Two", NOW + timedelta(seconds=5))


def test_what_was_typed_last_does_not_come_back_where_nothing_was_kept_before(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(insert(user_account).values(id=1, **SOMEBODY))
        drafts.saved(connection, 1, "note-1", NOW)
        drafts.keep(connection, 1, "note-1", "On its way when it was saved", NOW + timedelta(seconds=1))
        assert drafts.kept(connection, 1, "note-1") is None


def test_no_more_notes_are_kept_than_one_person_writes(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(insert(user_account).values(id=1, **SOMEBODY))
        for number in range(drafts.MOST_OF_ONE_PERSON + 5):
            drafts.keep(connection, 1, f"note-{number}", "x", NOW)
        assert len(connection.execute(select(draft)).all()) == drafts.MOST_OF_ONE_PERSON


SOMEBODY = {
    "name": "a", "name_folded": "a", "display_name": "A", "role": "analyst", "password_hash": "",
    "created_at": NOW, "changed_at": NOW,
}  # fmt: skip


@pytest.mark.parametrize(
    ("quiet", "lasted", "left"), [(0, 1, 900), (14, 20, 60), (15, 20, 0), (0, 599, 60), (0, 600, 0)]
)
def test_the_time_left_is_the_shorter_of_the_two(engine: Engine, quiet: int, lasted: int, left: int) -> None:
    rules = read_settings({"VS_DEMO": "1"})
    with writing(engine) as connection:
        connection.execute(insert(user_account).values(id=1, **SOMEBODY))
        cookie = sessions.open_session(connection, 1, "", rules, NOW - timedelta(minutes=lasted))
        mine = sessions.session_id_of(cookie)
        connection.execute(sessions.session.update().values(last_seen_at=NOW - timedelta(minutes=quiet)))
        assert sessions.seconds_left(connection, mine, rules, NOW) == left


@pytest.mark.parametrize("kind", ["clear_cache", "load_git_info", "debug_shutdown_runtime", "file_urls_request", ""])
def test_what_the_product_does_not_use_is_not_passed_on(
    app: Server, demo_person: Callable[[str], Person], kind: str
) -> None:
    async def send() -> list[bytes]:
        async with Client(app.port, cookie=demo_person("analyst").cookie) as client:
            await client.run(page="attendance")
            before = len(client.frames)
            await client.socket.send(message(kind))
            await client.socket.send("a text, which Streamlit never sends")
            await client.run(page="attendance")
            return client.frames[before:]

    frames = asyncio.run(send())
    assert b"canary-of-attendance" in b"".join(frames)
    assert b"git_info" not in b"".join(frames)


def message(kind: str) -> bytes:
    made = BackMsg()
    if not kind:
        return b"\xff\xff garbage"
    if kind == "file_urls_request":
        made.file_urls_request.request_id = "x"
    else:
        setattr(made, kind, True)
    return made.SerializeToString()

"""What is said on an open socket, after its session is over, and about the tab or the files of another person.

Nothing runs, nothing is told, and nothing leaves a traceback in the log."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import httpx
import pytest
import websockets
from sqlalchemy import Engine
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.access.attacks.conftest import Opened, new_session, of_tab, shown, sign_out
from tests.access.attacks.forgeries import vs
from tests.access.attacks.raw_requests import UNREADABLE, ask, knock
from tests.serving import Server
from tests.streamlit_socket import Client


def rerun(page: str = "attendance", **more: object) -> bytes:
    message = BackMsg()
    message.rerun_script.page_name = page
    for name, value in more.items():
        setattr(message.rerun_script, name, value)
    return message.SerializeToString()


def with_widget(widget_id: str, field: str, value: object) -> bytes:
    message = BackMsg()
    message.rerun_script.page_name = "attendance"
    state = message.rerun_script.widget_states.widgets.add()
    state.id = widget_id
    setattr(state, field, value)
    return message.SerializeToString()


def bare(kind: str) -> bytes:
    message = BackMsg()
    setattr(message, kind, True)
    return message.SerializeToString()


GARBAGE: dict[str, Callable[[], bytes | str]] = {
    "nothing": lambda: b"",
    "random bytes": lambda: random.Random(1).randbytes(300),
    "many random bytes": lambda: random.Random(2).randbytes(300_000),
    "a text": lambda: "rerun",
    "a long text": lambda: "x" * 200_000,
    "text of the data's own form": lambda: json.dumps({"rerunScript": {"pageName": "data"}}),
    "a message cut off": lambda: rerun()[:-3],
    "a message twice": lambda: rerun() * 2,
    "a message of the server": lambda: ForwardMsg(hash="x").SerializeToString(),
    "unknown parts": lambda: b"\xfa\xff\xff\xff\x0f\x03abc" + rerun(),
    "no UTF-8": lambda: rerun("attendanceX").replace(b"attendanceX", b"attendance\xff"),
    "parts in parts": lambda: b"\x5a\xff\xff\xff\xff\x0f" * 200,
    "a page that is none": lambda: rerun("../../vs_core/settings.py"),
    "a page of another folder": lambda: rerun("/etc/passwd"),
    "a page's number that is none": lambda: rerun("", page_script_hash="0" * 32),
    "a fragment that is none": lambda: rerun(fragment_id="../../x"),
    "a question of many letters": lambda: rerun(query_string="as_at=" + "x" * 400_000),
    "a question with control signs": lambda: rerun(query_string="a=%00&b=%0a%0d&&&=&%ff"),
    "a widget that is none": lambda: with_widget("$$ID-x-None", "trigger_value", True),
    "a widget of another kind": lambda: with_widget("$$ID-x-None", "json_value", "{" * 10_000),
    "a number that is none": lambda: with_widget("$$ID-x-None", "double_value", float("nan")),
    "clear what is kept": lambda: bare("clear_cache"),
    "where the program comes from": lambda: bare("load_git_info"),
    "end the server": lambda: bare("debug_shutdown_runtime"),
    "end the socket": lambda: bare("debug_disconnect_websocket"),
    "stop": lambda: bare("stop_script"),
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_is_answered_with_nothing_of_anybody(app: Server, demo_person: Callable, kind: str) -> None:
    async def send() -> tuple[str, str]:
        cookie = demo_person("analyst").cookie
        async with Client(app.port, cookie=cookie) as client:
            await client.run(page="data")
            client.frames.clear()
            with suppress(websockets.ConnectionClosed, TimeoutError):
                await client.socket.send(GARBAGE[kind]())
                await client.run(page="data", timeout=10)
            said = b"".join(client.frames).decode("utf-8", "replace")
        return said, await shown(app, cookie, "attendance")

    said, after = asyncio.run(send())
    assert "canary-of-data" not in said
    assert "git_info" not in said
    assert "canary-of-attendance" in after


@pytest.mark.parametrize(
    "protocols",
    [
        "", "x", "streamlit", ",,,", "streamlit, , ", "streamlit, \u00e9", ", ".join(["streamlit"] * 500),
        "streamlit, a, ../x",
    ],
)  # fmt: skip
def test_wrong_protocols_come_in_as_nobody_else(app: Server, store: Engine, protocols: str) -> None:
    assert knock(app.port, protocols=protocols) in {403, *UNREADABLE}
    assert knock(app.port, vs(new_session(store, "speaker")), protocols=protocols) in {101, *UNREADABLE}


def test_a_frame_larger_than_anything_is_cut_off(app: Server, demo_person: Callable) -> None:
    async def send() -> None:
        async with Client(app.port, cookie=demo_person("analyst").cookie) as client:
            await client.run(page="attendance")
            with suppress(websockets.ConnectionClosed):
                await client.socket.send(rerun(query_string="x" * 60_000_000))
            with suppress(websockets.ConnectionClosed):
                async for _ in client.socket:
                    pass

    asyncio.run(asyncio.wait_for(send(), 60))


def test_a_handshake_that_is_too_long_is_not_answered(app: Server, store: Engine) -> None:
    with pytest.raises(TimeoutError):
        knock(app.port, [*vs(new_session(store, "speaker")), b"X-Long: " + b"A" * 10_000], wait_seconds=1)


def test_frames_that_are_no_frames_end_the_socket(app: Server, demo_person: Callable) -> None:
    async def send(noise: bytes) -> None:
        async with Client(app.port, cookie=demo_person("analyst").cookie) as client:
            await client.run(page="attendance")
            client.socket.transport.write(noise)
            with suppress(websockets.ConnectionClosed):
                async for _ in client.socket:
                    pass

    for noise in (b"\x82\x05hello", b"\xff" * 64, b"\x80\x85" + os.urandom(9), b"\x82\xff" + b"\xff" * 12):
        asyncio.run(asyncio.wait_for(send(noise), 30))


LATE: dict[str, Callable[[Opened], bytes]] = {
    "the page": lambda what: rerun(),
    "the fragment": lambda what: rerun(fragment_id=what.fragment),
    "the callback": lambda what: with_widget(what.button, "trigger_value", True),
    "clear what is kept": lambda what: bare("clear_cache"),
    "a sign of life": lambda what: bare("app_heartbeat"),
}


@pytest.mark.parametrize("kind", LATE)
def test_nothing_runs_after_the_session_is_over(app: Server, store: Engine, deeds: Path, kind: str) -> None:
    """On a socket that is still open: the server looks for itself, nobody tells it."""
    name = f"late with {kind}"
    cookie = new_session(store, name)

    async def send() -> list[bytes]:
        async with Client(app.port, cookie=f"vs={cookie}") as client:
            what = of_tab(client, await client.run(page="attendance"))
            await client.socket.send(LATE[kind](what))
            if kind in ("the page", "the fragment", "the callback"):
                await client.collect()
            before = deeds.read_text().count(f" by {name}\n")
            sign_out(store, cookie)
            client.frames.clear()
            with suppress(websockets.ConnectionClosed):
                await client.socket.send(LATE[kind](what))
                async for frame in client.socket:
                    client.frames.append(frame)
            assert deeds.read_text().count(f" by {name}\n") == before
            return client.frames

    frames = asyncio.run(asyncio.wait_for(send(), 30))
    assert b"canary" not in b"".join(frames)
    late = [ForwardMsg.FromString(frame) for frame in frames]
    assert [each.auth_redirect.url for each in late if each.auth_redirect.url] == ["/login?ended=signed%20out"]
    assert not {each.WhichOneof("type") for each in late} & {"delta", "new_session"}


def test_a_tab_taken_over_by_its_name_runs_nothing_of_its_owner(app: Server, store: Engine, deeds: Path) -> None:
    """Another person, who is signed in, asks for the tab, its fragment and its callback."""
    owner, thief = new_session(store, "owner of a tab"), new_session(store, "thief of a tab", "administrator")

    async def steal() -> str:
        async with Client(app.port, cookie=f"vs={owner}") as client:
            what = of_tab(client, await client.run(page="attendance"))
            before = deeds.read_text().count("owner of a tab")
            async with Client(app.port, cookie=f"vs={thief}", session_id=what.tab) as attacker:
                await attacker.run(page="attendance")
                assert attacker.session_id != what.tab
                await attacker.socket.send(LATE["the fragment"](what))
                await attacker.socket.send(LATE["the callback"](what))
                await attacker.collect()
                assert deeds.read_text().count("owner of a tab") == before
                return b"".join(attacker.frames).decode("utf-8", "replace")

    said = asyncio.run(asyncio.wait_for(steal(), 30))
    assert "canary" not in said
    assert "is not part of your role (Administrator)" in said


MEDIA = ("{}", "{}?x=1", "/{}", "/MEDIA{tail}", "/%6dedia{tail}", "/x/..{}", "/media/..{}", "/~/+{}", "{}/", "/./{}")


@pytest.mark.parametrize("who", ["nobody", "owner", "another", "owner after signing out"])
def test_media_files_are_for_nobody(app: Server, store: Engine, demo_person: Callable, who: str) -> None:
    """The product uses none: Streamlit would hand them to whoever knows the address, as long as anybody has them."""
    owner = new_session(store, f"media {who}")

    async def get() -> set[int]:
        async with Client(app.port, cookie=f"vs={owner}") as client:
            media = of_tab(client, await client.run(page="attendance")).media
            if who == "owner after signing out":
                sign_out(store, owner)
            cookie = {"nobody": "", "another": demo_person("headteacher").cookie}.get(who, f"vs={owner}")
            lines = [f"Cookie: {cookie}".encode(), b"Accept: text/html"]
            targets = [form.format(media, tail=media.removeprefix("/media")) for form in MEDIA]
            answers = [await asyncio.to_thread(ask, app.port, target, lines) for target in targets]
            assert not any(b"canary" in answer.everything for answer in answers)
            return {answer.status for answer in answers}

    assert asyncio.run(get()) <= {303, 404}


UPLOADS = (
    "{own}/../{other}/f", "{own}%2f..%2f{other}%2ff", "{own}/%2e%2e/{other}/f", "{own}%00{other}/f", "/{other}/f",
    "./{other}/f", "{own}/f/../../{other}/f", "{own}/", "{own}", "", "%20{own}/f", "{own};{other}/f", "{other}/f",
)  # fmt: skip


# 308 leads from the sender's own address with a slash at its end to the one without.
@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "PATCH"])
def test_no_spelling_brings_a_file_into_the_tab_of_another(app: Server, store: Engine, method: str) -> None:
    owner, sender = new_session(store, "uploader", "administrator"), new_session(store, "sender", "administrator")

    async def try_all() -> set[int]:
        async with (
            Client(app.port, cookie=f"vs={owner}") as other,
            Client(app.port, cookie=f"vs={sender}") as own,
        ):
            for client in (other, own):
                await client.run(page="data")
            token = httpx.get(f"{app.url}/_stcore/health").cookies["_streamlit_xsrf"]
            lines = [
                f"Cookie: vs={sender}; _streamlit_xsrf={token}".encode(),
                f"X-Xsrftoken: {token}".encode(),
                b"Content-Type: multipart/form-data; boundary=x",
            ]
            body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n--x--\r\n'
            spelled = [form.format(own=own.session_id, other=other.session_id) for form in UPLOADS]
            send = partial(asyncio.to_thread, ask, app.port)
            return {(await send(f"/_stcore/upload_file/{one}", lines, method, body)).status for one in spelled}

    assert asyncio.run(asyncio.wait_for(try_all(), 60)) <= {308, 400, 401, 403, 404, 405}


def test_none_of_it_left_a_traceback_or_a_secret_in_the_log(app: Server) -> None:
    printed = app.printed()
    assert "Traceback" not in printed
    assert "Error " not in printed
    assert "canary" not in printed

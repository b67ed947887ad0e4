"""Nobody who is not signed in gets anything but the sign-in form."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest
import websockets

from tests.access.conftest import PAGES
from tests.serving import Server
from tests.streamlit_socket import Client
from vs_core.access import roles

SPELLINGS = (
    "/attendance",
    "/Attendance",
    "/attendance/",
    "//attendance",
    "/%61ttendance",
    "/x/../attendance",
    "/./data",
)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES[:1])
def test_the_very_first_request_to_a_server_gets_the_form(serve: Callable, page: str) -> None:
    with serve() as fresh:
        first = httpx.get(f"{fresh.url}/{page}")
        assert (first.status_code, first.headers["location"]) == (303, f"/login?next=%2F{page}")
        assert first.text == ""
        form = httpx.get(f"{fresh.url}{first.headers['location']}")
    assert "<h1>Sign in</h1>" in form.text
    assert "canary" not in form.text
    assert "<script" not in form.text


@pytest.mark.slow
def test_the_very_first_socket_to_a_server_is_refused(serve: Callable) -> None:
    with serve() as fresh:
        assert refused(fresh)


@pytest.mark.parametrize(
    "path", [*(f"/{name}" for name in roles.PAGES), *SPELLINGS, "/", "/nothing", "/logout", "/login/"]
)
def test_every_page_address_leads_to_the_form(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert answer.text == ""


@pytest.mark.parametrize(
    "path",
    [
        "/static/js/index.js", "/_stcore/host-config", "/_stcore/upload_file/a/b", "/screen.js", "/draft", "/session",
    ],
)  # fmt: skip
def test_what_scripts_fetch_is_refused(stranger: httpx.Client, path: str) -> None:
    assert stranger.get(path).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/agent/openapi.json", "/app/static/x", "/media/abc.png",
        "/component/x/index.html", "/_stcore/bidi-components/x", "/_stcore/stream", "/_stcore/health/", "/_STCORE/x",
        "/_stcore/script-health-check", "/auth/login", "/auth/logout", "/oauth2callback",
    ],
)  # fmt: skip
def test_what_the_product_does_not_use_is_closed(stranger: httpx.Client, demo_person: Callable, path: str) -> None:
    assert stranger.get(path).status_code == 404
    assert demo_person("headteacher").web.get(path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_can_be_sent(stranger: httpx.Client, method: str) -> None:
    assert stranger.request(method, "/_stcore/upload_file/a/b", content=b"x").status_code == 401
    assert stranger.request(method, "/attendance", content=b"x").status_code == 401


def test_a_health_check_needs_nobody(stranger: httpx.Client) -> None:
    assert stranger.get("/_stcore/health").text == "ok"


@pytest.mark.parametrize(
    "cookie", [None, "vs=", "vs=x", "vs=" + "A" * 43, "__Host-vs=x", "vs=a; vs=b", "_streamlit_user=x", 'vs="; drop']
)
def test_a_socket_without_a_session_is_refused(app: Server, cookie: str | None) -> None:
    assert refused(app, cookie=cookie)


def test_a_socket_from_another_site_is_refused(app: Server, demo_person: Callable) -> None:
    cookie = demo_person("headteacher").cookie
    assert refused(app, cookie=cookie, origin="https://elsewhere.example")
    assert not refused(app, cookie=cookie, origin=app.url)


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "a@127.0.0.1", ""])
def test_another_host_name_is_not_answered(stranger: httpx.Client, host: str) -> None:
    assert stranger.get("/login", headers={"Host": host}).status_code == 400


def refused(server: Server, **knock: object) -> bool:
    async def try_it() -> bool:
        try:
            async with Client(server.port, **knock) as client:
                await client.run(page="attendance")
        except websockets.InvalidStatus as error:
            return error.response.status_code == 403
        return False

    return asyncio.run(try_it())

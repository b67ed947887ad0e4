"""Requests from outside: forged and stale cookies, headers that name somebody, other sites, other hosts.

None comes in, and none leaves a traceback in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from tests.access.attacks.conftest import Opened, opened_by, shown
from tests.access.attacks.forgeries import KINDS, Known, lines_of, vs
from tests.access.attacks.raw_requests import UNREADABLE, ask, knock
from tests.access.conftest import post_sign_in
from tests.serving import Server
from vs_core.access import sessions


def doors(app: Server, what: Opened, lines: list[bytes]) -> dict[str, int]:
    """What every way in answers to these header lines."""

    def asked(target: str, *more: bytes, method: str = "GET", body: bytes = b"") -> int:
        answer = ask(app.port, target, [*lines, *more], method, body)
        assert (b"canary" in answer.everything) == (answer.status == 200 and "download" in target)
        return answer.status

    json_type = b"Content-Type: application/json"
    return {
        "page": asked("/attendance", b"Accept: text/html"),
        "script": asked("/screen.js"),
        "session": asked("/session"),
        "draft": asked("/draft", json_type, method="POST", body=b'{"field": "note-attack", "text": "x"}'),
        "upload": asked(f"/_stcore/upload_file/{what.tab}/file", method="PUT", body=b"x"),
        "media": asked(what.media),
        "download": asked(what.download, b"Accept: text/html"),
        "socket": knock(app.port, lines),
        "takeover": knock(app.port, lines, protocols=f"streamlit, PLACEHOLDER_AUTH_TOKEN, {what.tab}"),
    }


LET_IN = {
    "page": 200, "script": 200, "session": 200, "draft": 204, "upload": 403, "media": 404, "download": 200,
    "socket": 101, "takeover": 101,
}  # fmt: skip
"""What the victim's own cookie gets. Nobody gets at media files; an upload needs the token of an open tab as well."""
KEPT_OUT = {"page": 303, "media": 404, "download": 303, "socket": 403, "takeover": 403}


@pytest.mark.parametrize("kind", KINDS)
def test_no_forged_or_stale_cookie_opens_anything(app: Server, known: Known, opened: Opened, kind: str) -> None:
    for door, status in doors(app, opened, lines_of(kind, known)).items():
        assert status in {KEPT_OUT.get(door, 401), *UNREADABLE}, (door, status)


def test_the_victims_own_cookie_opens_everything(app: Server, known: Known) -> None:
    """Else the others would prove nothing."""
    assert doors(app, opened_by(app, known.live), vs(known.live)) == LET_IN


def test_a_cookie_that_a_stranger_chose_is_not_taken_over(app: Server, stranger: httpx.Client) -> None:
    chosen = "A" * 43
    stranger.cookies.set("vs", chosen, domain="127.0.0.1")
    assert post_sign_in(stranger, "analyst").status_code == 303
    given = [cookie.value for cookie in stranger.cookies.jar if cookie.name == "vs"]
    assert len(set(given) - {chosen}) == 1
    assert knock(app.port, vs(chosen)) == 403


SPOOFED = (
    "X-Vs-Session", "x-vs-session", "X-VS-SESSION", "X_Vs_Session", "x_vs_session", "X-Vs_Session", "X-Vs-Session-Id",
    "X-Forwarded-User", "X-Forwarded-Email", "X-Remote-User", "Remote-User", "REMOTE_USER", "X-User", "X-Username",
    "X-Auth-Request-User", "X-Auth-Request-Email", "X-Ms-Client-Principal", "X-Ms-Client-Principal-Name",
    "X-Ms-Client-Principal-Id", "X-Ms-Token-Aad-Id-Token", "X-Webauth-User", "X-Authenticated-User", "X-Original-User",
    "Cf-Access-Authenticated-User-Email", "X-Goog-Authenticated-User-Email", "X-Amzn-Oidc-Identity", "Authorization",
    "X-Session", "Session", "X-Streamlit-User", "X-Vs-Viewer", "Forwarded",
)  # fmt: skip


def claims(known: Known) -> list[bytes]:
    """Every header that names somebody, each with the victim's session and name, some of them twice."""
    values = (sessions.session_id_of(known.live), known.live, "headteacher")
    return [f"{name}: {value}".encode() for name in SPOOFED for value in values]


def test_no_header_says_who_somebody_is(app: Server, known: Known, opened: Opened) -> None:
    for door, status in doors(app, opened, claims(known)).items():
        assert status in {KEPT_OUT.get(door, 401), *UNREADABLE}, (door, status)


@pytest.mark.parametrize("header", [b"X-Vs-Session :", b"X-Vs-Session\t:", b" X-Vs-Session:", b"X-Vs-Session\x00:"])
def test_no_misspelt_header_says_who_somebody_is(app: Server, known: Known, header: bytes) -> None:
    value = sessions.session_id_of(known.live).encode()
    assert knock(app.port, [header + b" " + value]) in {403, *UNREADABLE}


def test_who_is_somebody_stays_who_he_is(app: Server, demo_person: Callable, known: Known) -> None:
    headers = {name: sessions.session_id_of(known.live) for name in SPOOFED}
    seen = asyncio.run(shown(app, demo_person("analyst").cookie, "data", headers=headers))
    assert "is not part of your role (Analyst)" in seen
    assert sessions.session_id_of(known.live) not in seen


FOREIGN = (
    "https://elsewhere.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "http://127.0.0.1:{port}.example",
    "http://127.0.0.1:{port}@elsewhere.example", "http://elsewhere.example#127.0.0.1:{port}", "http://localhost:{port}",
    "http://[", "http://[::1", "//", "file://", "http://127.0.0.1:{port}, https://elsewhere.example", "x" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("origin", FOREIGN)
def test_nothing_comes_in_from_another_site(app: Server, known: Known, opened: Opened, origin: str) -> None:
    own = [*vs(known.live), b"Origin: " + origin.format(port=app.port).encode()]
    assert knock(app.port, own) == 403
    for target, method in (
        ("/draft", "POST"),
        ("/logout", "POST"),
        ("/login", "POST"),
        (f"/_stcore/upload_file/{opened.tab}/file", "PUT"),
        (f"/_stcore/upload_file/{opened.tab}/file", "DELETE"),
    ):
        assert ask(app.port, target, own, method, b"x").status == 403, (target, method)
    assert knock(app.port, vs(known.live)) == 101


HOSTS = (
    [b"Host: elsewhere.example"], [b"Host: 127.0.0.1.elsewhere.example"], [b"Host: elsewhere.example:443"],
    [b"Host: a@127.0.0.1"], [b"Host: 127.0.0.1, elsewhere.example"], [b"Host: 127.0.0.1/elsewhere.example"],
    [b"Host: [::1"], [b"Host: ["], [b"Host: 127.0.0.1#@elsewhere.example"], [b"Host: \xff\xfe"], [b"Host:"],
    [b"Host: 127.0.0.1", b"Host: elsewhere.example"], [b"Host: 127.0.0.1\\elsewhere.example"],
)  # fmt: skip


@pytest.mark.parametrize("lines", HOSTS)
def test_another_host_is_not_answered(app: Server, known: Known, lines: list[bytes]) -> None:
    for target in ("/login", "/attendance", "http://elsewhere.example/attendance"):
        answer = ask(app.port, target, [*lines, *vs(known.live), b"Accept: text/html"])
        assert answer.status == 400, (target, answer.everything[:200])
    assert knock(app.port, [*lines, *vs(known.live)]) in {400, 403}


REROUTED = [
    b"X-Forwarded-Host: elsewhere.example", b"X-Original-Url: /login", b"X-Rewrite-Url: /_stcore/health",
    b"X-Forwarded-Prefix: /login", b"X-Http-Method-Override: DELETE", b"X-Host: elsewhere.example",
    b"X-Forwarded-Server: elsewhere.example", b"X-Forwarded-Port: 1", b"Forwarded: host=elsewhere.example",
]  # fmt: skip


@pytest.mark.parametrize("target", ["/attendance", "//elsewhere.example/attendance", "/\\elsewhere.example", "/login"])
def test_no_header_leads_elsewhere(app: Server, target: str) -> None:
    answer = ask(app.port, target, [*REROUTED, b"Accept: text/html"])
    assert answer.status == (200 if target == "/login" else 303)
    location = [line for line in answer.everything.split(b"\r\n") if line.lower().startswith(b"location:")]
    assert all(line.startswith(b"location: /login") for line in location)
    assert b"elsewhere" not in answer.everything.split(b"\r\n\r\n")[1]


def test_none_of_it_left_a_traceback_or_a_secret_in_the_log(app: Server, known: Known) -> None:
    printed = app.printed()
    assert "Traceback" not in printed
    assert "Error " not in printed
    for secret in (known.live, sessions.session_id_of(known.live), known.form, "canary", "elsewhere.example"):
        assert secret not in printed

"""The form: who gets in, where to, and who does not."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from html import unescape

import httpx
import pytest
from sqlalchemy import Engine, func, select

from tests.access.conftest import DEMO_PASSWORD, Person, form_token, post_sign_in
from tests.serving import REPOSITORY, Server
from tests.streamlit_socket import Client
from vs_core.access import users
from vs_core.access.attempts import MOST_FROM_A_NEW_PLACE
from vs_core.access.sessions import session_id_of
from vs_core.store.access_tables import audit_event, session, sign_in_attempt
from vs_core.store.engine import reading, writing


def test_the_right_password_lets_in(app: Server, person: Callable[..., Person]) -> None:
    assert "canary-of-attendance" in seen(app, person("inclusion"), "attendance")


@pytest.mark.parametrize("name", ["ANALYST", " analyst ", "Analyst"])
def test_a_name_is_taken_without_regard_to_case(stranger: httpx.Client, name: str) -> None:
    assert post_sign_in(stranger, name).status_code == 303


@pytest.mark.parametrize("name", ["nobody", "nobody' or 1=1 --", "\x00", "analyst\u200b", "ａｎａｌｙｓｔｘ"])
def test_an_unknown_name_is_refused(stranger: httpx.Client, name: str) -> None:
    unknown = post_sign_in(stranger, name)
    assert unknown.status_code == 401
    assert "The name or the password is not right." in unknown.text
    assert "vs" not in stranger.cookies


def test_a_wrong_password_reads_the_same_as_an_unknown_name(stranger: httpx.Client) -> None:
    unknown, wrong = (
        post_sign_in(stranger, "administrators"),
        post_sign_in(stranger, "administrator", "not the password"),
    )
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.text.replace("administrators", "administrator") == wrong.text
    assert "vs" not in stranger.cookies


def test_a_half_filled_form_says_what_is_missing(stranger: httpx.Client) -> None:
    answer = post_sign_in(stranger, "analyst", "")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'value="analyst"' in answer.text


def test_a_form_that_is_not_ours_is_refused(stranger: httpx.Client) -> None:
    form_token(stranger)
    answer = stranger.post("/login", data={"token": "0" * 64, "name": "analyst", "password": DEMO_PASSWORD})
    assert answer.status_code == 403
    assert "vs" not in stranger.cookies


@pytest.mark.parametrize("header", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_sent_from_another_site_is_refused(stranger: httpx.Client, header: dict[str, str]) -> None:
    form = {"token": form_token(stranger), "name": "analyst", "password": DEMO_PASSWORD}
    assert stranger.post("/login", data=form, headers=header).status_code == 403
    assert "vs" not in stranger.cookies


def test_a_deep_link_survives_signing_in(stranger: httpx.Client) -> None:
    first = stranger.get("/attendance?period=2026%2F27&area=a%26b")
    form = stranger.get(first.headers["location"]).text
    target = unescape(form.split('name="next" value="')[1].split('"')[0])
    assert (
        post_sign_in(stranger, "inclusion", target=target).headers["location"]
        == "/attendance?period=2026%2F27&area=a%26b"
    )


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "/logout",
     "/login", "/download/x", "", "/\r\nSet-Cookie: a=b", "/\t/elsewhere.example", "/%6cogout", "/./logout",
     "/x/../logout", "/%2e/logout", "/x/%2E%2e/logout", "/.//logout", "/%2flogout", "/session"],
)  # fmt: skip
def test_a_link_to_elsewhere_leads_to_the_first_page(stranger: httpx.Client, target: str) -> None:
    assert post_sign_in(stranger, "inclusion", target=target).headers["location"] == "/"


def test_the_form_leads_on_who_is_signed_in(demo_person: Callable[[str], Person]) -> None:
    assert demo_person("inclusion").web.get("/login?next=/attendance?x=1").headers["location"] == "/attendance?x=1"


def test_the_cookie_is_for_this_browser_and_no_script(stranger: httpx.Client) -> None:
    sent = next(
        value for value in post_sign_in(stranger, "analyst").headers.get_list("set-cookie") if value.startswith("vs=")
    )
    assert "HttpOnly" in sent
    assert "SameSite=lax" in sent
    assert "Path=/" in sent
    assert "Max-Age" not in sent


def test_wrong_tries_lock_a_name_and_no_other(stranger: httpx.Client, database: Engine) -> None:
    with writing(database) as connection:
        password = users.add(connection, "test", "To be locked", "analyst")
    answers = [post_sign_in(stranger, "to be locked", f"guess {number}").status_code for number in range(6)]
    assert answers == [401] * MOST_FROM_A_NEW_PLACE + [429, 429]
    locked = post_sign_in(stranger, "To Be Locked", password)
    assert locked.status_code == 429
    assert "opens again by itself" in locked.text
    assert post_sign_in(stranger, "analyst").status_code == 303


def test_an_unknown_name_is_locked_like_a_known_one(stranger: httpx.Client, database: Engine) -> None:
    answers = [post_sign_in(stranger, "not there at all", "guess").status_code for _ in range(5)]
    assert answers == [401] * MOST_FROM_A_NEW_PLACE + [429]
    with reading(database) as connection:
        kept = connection.execute(select(sign_in_attempt)).all()
    assert "not there" not in str(kept)


def test_a_browser_that_signed_in_before_gets_in_while_others_are_locked_out(
    stranger: httpx.Client, person: Callable[..., Person], database: Engine
) -> None:
    with writing(database) as connection:
        password = users.add(connection, "test", "At my desk", "analyst")
    desk = person("at my desk", password)
    sent = next(kept for kept in desk.web.cookies.jar if kept.name == "vs-known")
    assert (sent.has_nonstandard_attr("HttpOnly"), sent.get_nonstandard_attr("SameSite")) == (True, "lax")
    assert 89 * 86400 < sent.expires - time.time() < 91 * 86400
    while post_sign_in(stranger, "at my desk", "a guess").status_code == 401:
        pass
    assert post_sign_in(stranger, "at my desk", password).status_code == 429
    desk.web.cookies.delete("vs")
    assert post_sign_in(desk.web, "at my desk", password).status_code == 303
    with writing(database) as connection:
        another = users.reset(connection, "test", "at my desk")
    desk.web.cookies.delete("vs")
    assert post_sign_in(desk.web, "at my desk", another).status_code == 429


def test_signing_in_again_ends_what_this_browser_was_signed_in_to(stranger: httpx.Client, database: Engine) -> None:
    stranger.headers = {"Accept": "text/html", "User-Agent": b"A browser of the tests\x85" + b"." * 300}
    token, ids = form_token(stranger), []
    for name in ("headteacher", "analyst"):
        form = {"token": token, "name": name, "password": DEMO_PASSWORD}
        assert stranger.post("/login", data=form).status_code == 303
        ids.append(session_id_of(stranger.cookies["vs"]))
    with reading(database) as connection:
        old, new = (connection.execute(select(session).where(session.c.token_hash == one)).one() for one in ids)
    assert (old.ended_why, new.ended_why) == ("signed in again", None)
    assert (new.how, new.browser) == ("password", "A browser of the tests" + "." * 178)


def test_a_second_tab_does_not_make_the_form_in_the_first_stale(stranger: httpx.Client) -> None:
    """A link in an e-mail opens a second tab: the form's cookie comes along (Lax) and stays what it was."""
    first = form_token(stranger)
    sent = stranger.get("/login?next=/attendance").headers["set-cookie"]
    assert "SameSite=lax" in sent
    assert form_token(stranger) == first
    form = {"token": first, "name": "analyst", "password": DEMO_PASSWORD, "next": "/"}
    assert stranger.post("/login", data=form).status_code == 303


def test_sign_ins_and_refusals_are_on_the_trail(stranger: httpx.Client, database: Engine) -> None:
    post_sign_in(stranger, "operations", "wrong password")
    post_sign_in(stranger, "operations")
    mine = select(audit_event.c.what, func.count()).where(audit_event.c.user_name == "operations")
    with reading(database) as connection:
        found = dict(connection.execute(mine.group_by(audit_event.c.what)).all())
    assert found["sign-in failed"] == 1
    assert found["signed in"] == 1


def test_the_form_and_every_answer_forbid_what_is_not_needed(
    stranger: httpx.Client, person: Callable[..., Person]
) -> None:
    for answer in (stranger.get("/login"), stranger.get("/attendance"), person("analyst").web.get("/attendance")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "img-src 'self' data: blob:" in policy
        assert "unsafe-eval" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_it_does_not_start_on_real_data_without_a_key(sqlite_url: str) -> None:
    settings = {"VS_DATABASE_URL": sqlite_url, "VS_DEMO": "0", "VS_COOKIE_KEY": "", "PYTHONPATH": str(REPOSITORY)}
    program = f"import os; os.environ.update({settings!r}); from vs_core.access import front; front.check()"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=REPOSITORY, timeout=60)
    assert run.returncode == 1
    assert "VS_COOKIE_KEY must be a random text" in run.stderr


def test_demo_people_do_not_exist_outside_the_demo(serve: Callable, app: Server) -> None:
    settings = {"VS_DEMO": "0", "VS_COOKIE_KEY": "kq9Z-3xVbn_72LmTyW0pRd5sQeUaHgJf8c"}
    with serve(url=app.database_url, **settings) as real, httpx.Client(base_url=real.url) as web:
        assert post_sign_in(web, "headteacher").status_code == 401
        assert "invented county" not in web.get("/login").text


def seen(app: Server, who: Person, page: str) -> str:
    """Everything the server sends a person for one page."""

    async def look() -> bytes:
        async with Client(app.port, cookie=who.cookie) as client:
            await client.run(page=page)
            return b"".join(client.frames)

    return asyncio.run(look()).decode("utf-8", "replace")

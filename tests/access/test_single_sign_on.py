"""Council accounts on a real server, against npm's oidc-provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, Row, select

from tests.access import council
from tests.access.conftest import Person, post_sign_in
from tests.access.council import TENANT, asked, come_in, sent_to_the_provider, signed_in_there
from tests.access.test_sessions_end import ended_by
from tests.access.test_signing_in import seen
from tests.needs import Unavailable, missing
from tests.serving import Server, free_port
from vs_core.access import users
from vs_core.store.access_tables import audit_event, session, user_account
from vs_core.store.engine import reading, writing

NOBODY = "nobody has given it access here"


@pytest.fixture(scope="module")
def app(serve: Callable) -> Iterator[Server]:
    """The app with a provider; people may also use a password."""
    issuer = council.issuer_on(free_port())
    try:
        council.installed()
    except Unavailable as error:
        missing(error)
    with serve(**council.settings(issuer)) as started, council.oidc_provider(issuer, started.url):
        yield started


@pytest.fixture
def web(stranger: httpx.Client) -> httpx.Client:
    return stranger


@pytest.fixture
def known(database: Engine) -> Callable[..., None]:
    """`known("ann", role="analyst")`: a person of ours with the name ann@council.example at the provider."""

    def add(name: str, **given: Any) -> None:
        with writing(database) as connection:
            role = given.pop("role", "inclusion")
            users.add(connection, "test", name, role, sso_name=upn(name), no_password=True, **given)

    return add


def upn(name: str) -> str:
    return f"{name}@council.example"


def claims(name: str, /, **more: Any) -> dict[str, Any]:
    return {"sub": f"subject of {name}", "preferred_username": upn(name), "tid": TENANT, **more}


def account(database: Engine, name: str) -> Row[Any]:
    with reading(database) as connection:
        return connection.execute(select(user_account).where(user_account.c.name == name)).one()


def told(database: Engine, *people: str) -> list[tuple[str, str]]:
    """(who, what) of the trail, of these people."""
    events = select(audit_event.c.user_name, audit_event.c.what).order_by(audit_event.c.id)
    with reading(database) as connection:
        return [(who, what) for who, what in connection.execute(events) if who in people]


def refusals(database: Engine) -> list[Row[Any]]:
    wanted = select(audit_event).where(audit_event.c.what == "sign-in refused").order_by(audit_event.c.id)
    with reading(database) as connection:
        return list(connection.execute(wanted))


def test_what_is_asked_of_the_provider(web: httpx.Client, app: Server) -> None:
    said = asked(sent_to_the_provider(web))
    assert said["redirect_uri"] == f"{app.url}/login/council/back"
    assert (said["response_type"], said["client_id"]) == ("code", "dashboard")
    assert said["scope"].split() == ["openid", "profile", "email"]
    assert said["code_challenge_method"] == "S256"
    assert len({said["state"], said["nonce"], said["code_challenge"]}) == 3
    again = asked(sent_to_the_provider(web))
    assert not {said["state"], said["nonce"], said["code_challenge"]} & set(again.values())


def test_the_first_time_links_an_account_and_opens_a_session_of_its_own(
    web: httpx.Client, known: Callable[..., None], app: Server, database: Engine
) -> None:
    known("ann")
    answer = come_in(web, **claims("ann", preferred_username="Ann@Council.Example"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    linked = account(database, "ann")
    assert linked.sso_subject == "subject of ann"
    assert linked.sso_issuer.endswith(f"/{TENANT}/v2.0")
    assert linked.sso_linked_at is not None
    with reading(database) as connection:
        (row,) = connection.execute(select(session).where(session.c.user_id == linked.id))
    assert row.how == "single sign-on"
    assert row.expires_at - row.created_at == timedelta(hours=10)
    assert row.browser.startswith("python-httpx")
    assert told(database, "ann") == [("ann", "single sign-on linked"), ("ann", "signed in")]
    assert "canary-of-attendance" in seen(app, Person(web), "attendance")


def test_the_cookies_are_for_this_browser_and_no_script(web: httpx.Client, known: Callable[..., None]) -> None:
    known("bea")
    begun = web.get("/login/council").headers.get_list("set-cookie")
    (mine,) = [sent for sent in begun if sent.startswith("vs-council=")]
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=600"} <= set(mine.split("; "))
    done = come_in(web, **claims("bea")).headers.get_list("set-cookie")
    (opened,) = [sent for sent in done if sent.startswith("vs=")]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(opened.split("; "))
    assert "vs-council" not in web.cookies


def test_who_is_linked_is_known_by_the_subject_whatever_the_name(
    web: httpx.Client, known: Callable[..., None], database: Engine
) -> None:
    known("cleo")
    known("dora")
    assert come_in(web, **claims("cleo")).status_code == 303
    web.cookies.clear()
    assert come_in(web, **claims("cleo", preferred_username=upn("dora"))).status_code == 303
    assert told(database, "cleo")[-1] == ("cleo", "signed in")
    assert account(database, "dora").sso_subject is None


def test_another_person_with_the_name_of_one_who_is_linked_is_refused(
    web: httpx.Client, known: Callable[..., None], database: Engine
) -> None:
    known("edda")
    assert come_in(web, **claims("edda")).status_code == 303
    web.cookies.clear()
    refused = come_in(web, **claims("edda", sub="somebody who got the name later"))
    assert refused.status_code == 403
    assert NOBODY in refused.text
    assert "vs" not in web.cookies
    assert account(database, "edda").sso_subject == "subject of edda"


def test_unknown_and_disabled_people_read_the_same_and_the_trail_names_nobody_unknown(
    web: httpx.Client, known: Callable[..., None], database: Engine
) -> None:
    known("fay")
    with writing(database) as connection:
        users.disable(connection, "test", "fay")
    before = len(refusals(database))
    answers = [come_in(web, **claims(name)) for name in ("fay", "gwen", "gwen")]
    assert {answer.status_code for answer in answers} == {403}
    assert len({sentence(answer) for answer in answers}) == 1
    assert account(database, "fay").sso_subject is None
    mine = refusals(database)[before:]
    assert len(mine) == 3
    assert "gwen" not in str(mine)
    hashes = [row.detail.split('"who": "')[1][:64] for row in mine]
    assert hashes[1] == hashes[2] != hashes[0]


def test_a_person_disabled_after_the_link_stays_out(
    web: httpx.Client, known: Callable[..., None], database: Engine
) -> None:
    known("hope")
    assert come_in(web, **claims("hope")).status_code == 303
    with writing(database) as connection:
        users.disable(connection, "test", "hope")
    assert web.get("/attendance").status_code == 303
    assert come_in(web, **claims("hope")).status_code == 403


@pytest.mark.parametrize(
    ("verified", "status"), [(True, 303), (False, 403), ("true", 403), (None, 403)], ids=lambda value: str(value)
)
def test_an_e_mail_counts_only_where_the_provider_has_verified_it(
    web: httpx.Client, known: Callable[..., None], verified: object, status: int
) -> None:
    name = f"ida-{verified}-{type(verified).__name__}"
    known(name)
    other = claims(name, preferred_username="not a name of ours", email=upn(name), email_verified=verified)
    assert come_in(web, **other).status_code == status


def test_roles_said_by_the_provider_are_not_read(
    web: httpx.Client, known: Callable[..., None], database: Engine
) -> None:
    known("joan", role="analyst")
    said = {"roles": ["headteacher"], "groups": ["headteacher"], "name": "headteacher"}
    assert come_in(web, **claims("joan", **said)).status_code == 303
    assert account(database, "joan").role == "analyst"


def test_a_deep_link_survives(web: httpx.Client, known: Callable[..., None]) -> None:
    known("kay")
    form = web.get(web.get("/attendance?period=2026%2F27&area=a%26b").headers["location"]).text
    link = form.split('id="council" href="')[1].split('"')[0].replace("&amp;", "&")
    address = web.get(link).headers["location"]
    answer = web.get(signed_in_there(address, **claims("kay")))
    assert answer.headers["location"] == "/attendance?period=2026%2F27&area=a%26b"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/\\x", "/logout", "/" * 5000])
def test_a_link_to_elsewhere_leads_to_the_first_page(
    web: httpx.Client, known: Callable[..., None], database: Engine, target: str
) -> None:
    with suppress(users.UserError):
        known("lara")
    assert come_in(web, target, **claims("lara")).headers["location"] == "/"


def test_the_longest_deep_link_survives(web: httpx.Client, known: Callable[..., None]) -> None:
    known("mina")
    target = "/attendance?" + "x" * 1980
    assert come_in(web, target, **claims("mina")).headers["location"] == target


def test_a_return_counts_once(web: httpx.Client, known: Callable[..., None], database: Engine) -> None:
    known("nora")
    address = sent_to_the_provider(web)
    cookie = {"Cookie": f"vs-council={web.cookies['vs-council']}"}
    back = signed_in_there(address, **claims("nora"))
    assert web.get(back).status_code == 303
    web.cookies.clear()
    replayed = web.get(back, headers=cookie)
    assert replayed.status_code == 400
    assert "Please try again" in replayed.text
    assert "vs" not in web.cookies


def test_a_return_is_for_the_browser_that_began(web: httpx.Client, known: Callable[..., None], app: Server) -> None:
    known("olga")
    back = signed_in_there(sent_to_the_provider(web), **claims("olga"))
    mine = web.cookies["vs-council"]
    with httpx.Client(base_url=app.url) as other:
        assert other.get(back).status_code == 400
        sent_to_the_provider(other)
        assert other.get(back).status_code == 400
        said, _, signature = mine.rpartition(".")
        seed, made_at, target = said.split(".")
        forged = [
            f"{said}.{'0' * 64}",
            f"{seed}.{int(made_at) + 1}.{target}.{signature}",
            said,
            "",
            "...",
            "\xff.é.x.y",
        ]
        for cookie in [*forged, f"{mine}; vs-council={mine}"]:
            header = {"Cookie": f"vs-council={cookie}".encode()}
            assert httpx.get(back, headers=header).status_code == 400
        assert "vs" not in other.cookies
    assert web.get(back.replace("state=", "state=x")).status_code == 400
    assert web.get(f"{back}&state=x").status_code == 400
    assert web.get(back).status_code == 303


def test_a_code_of_another_attempt_is_refused(web: httpx.Client, known: Callable[..., None], app: Server) -> None:
    known("pia")
    stolen = asked(signed_in_there(sent_to_the_provider(web), **claims("pia")))["code"]
    with httpx.Client(base_url=app.url) as thief:
        state = asked(sent_to_the_provider(thief))["state"]
        answer = thief.get("/login/council/back", params={"code": stolen, "state": state})
        assert answer.status_code == 503
        assert "vs" not in thief.cookies


def test_who_is_stopped_at_the_provider_reads_a_sentence_with_a_reference(web: httpx.Client, app: Server) -> None:
    answer = come_in(web, "/attendance", error="access_denied", error_description="Ann Person is not in the group")
    assert answer.status_code == 403
    assert 'role="alert"' in answer.text
    reference = answer.text.split("Reference: ")[1][:8]
    assert f"{reference}: access_denied" in app.printed()
    assert 'name="password"' in answer.text
    assert 'value="/attendance"' in answer.text


def test_a_return_without_anything_is_refused(web: httpx.Client) -> None:
    assert web.get("/login/council/back").status_code == 400
    state = asked(sent_to_the_provider(web))["state"]
    assert web.get("/login/council/back", params={"state": state}).status_code == 403
    state = asked(sent_to_the_provider(web))["state"]
    mixed = {"state": state, "code": "x", "iss": "https://another.example"}
    assert web.get("/login/council/back", params=mixed).status_code == 403


def test_signing_in_again_ends_the_browsers_older_session(
    web: httpx.Client, known: Callable[..., None], app: Server, database: Engine
) -> None:
    known("rosa")
    address = sent_to_the_provider(web)
    assert post_sign_in(web, "analyst").status_code == 303
    older = web.cookies["vs"]
    assert web.get(signed_in_there(address, **claims("rosa"))).status_code == 303
    assert web.cookies["vs"] != older
    assert httpx.get(f"{app.url}/attendance", headers={"Cookie": f"vs={older}"}).status_code == 303


def test_who_is_signed_in_is_led_on(web: httpx.Client) -> None:
    post_sign_in(web, "analyst")
    assert web.get("/login/council?next=/attendance").headers["location"] == "/attendance"


def test_another_role_ends_the_open_tab(
    web: httpx.Client, known: Callable[..., None], app: Server, database: Engine
) -> None:
    known("sara")
    come_in(web, **claims("sara"))

    def change() -> None:
        with writing(database) as connection:
            users.set_role(connection, "test", "sara", "analyst")

    assert ended_by(app, f"vs={web.cookies['vs']}", change).startswith("/login")


def test_signing_out_offers_to_sign_out_there_too(web: httpx.Client, known: Callable[..., None]) -> None:
    known("tess")
    come_in(web, **claims("tess"))
    left = web.get("/logout", headers={"Sec-Fetch-Site": "same-origin"})
    page = web.get(left.headers["location"]).text
    assert "You are signed out." in page
    assert 'href="/login/council/out"' in page
    out = web.get("/login/council/out")
    assert out.status_code == 303
    assert asked(out.headers["location"]) == {"client_id": "dashboard"}
    assert httpx.get(out.headers["location"]).status_code == 200
    assert web.get("/attendance").status_code == 303


def test_logs_and_trail_hold_no_token_and_nothing_of_the_people(
    web: httpx.Client, known: Callable[..., None], app: Server, database: Engine
) -> None:
    known("uma")
    address = sent_to_the_provider(web)
    back = signed_in_there(address, **claims("uma", name="Uma of the council", email="uma@private.example"))
    assert web.get(back).status_code == 303
    web.cookies.clear()
    assert come_in(web, **claims("vera")).status_code == 403
    secret = [council.SECRET, asked(back)["code"], asked(back)["state"], asked(address)["nonce"]]
    secret += ["Uma of the council", "private.example", "subject of uma", "vera", "eyJ"]
    with reading(database) as connection:
        trail = str(connection.execute(select(audit_event)).all())
    assert [word for word in secret if word in app.printed() or word in trail] == []
    assert "Traceback" not in app.printed()


def sentence(answer: httpx.Response) -> str:
    return answer.text.split('id="problem-title"')[1].split("</div>")[0]

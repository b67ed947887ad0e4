"""Single sign-on without a server: its settings, and whom a council account belongs to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Row, select

from vs_core.access import passwords, sessions, users
from vs_core.access.sessions import Ended
from vs_core.access.single_sign_on_people import Seen, admit
from vs_core.access.single_sign_on_token import Vouched
from vs_core.access.viewer import Viewer
from vs_core.settings import SettingError, Settings, read_settings
from vs_core.store.access_tables import audit_event, session, sign_in_attempt, user_account
from vs_core.store.base import metadata
from vs_core.store.engine import engine_for, reading, writing

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TENANT = "9f6d2c1e-5b7a-4c0e-8a33-0d1b7c2e4f5a"
ISSUER = f"https://login.microsoftonline.com/{TENANT}/v2.0"
COUNCIL = {"VS_OIDC_ISSUER": ISSUER, "VS_OIDC_CLIENT_ID": "dashboard", "VS_OIDC_CLIENT_SECRET": "a secret of ours"}


def rules(**given: str) -> Settings:
    return read_settings({"VS_DEMO": "1", **COUNCIL, **given})


@pytest.fixture
def store(database_url: str) -> Iterator[Engine]:
    made = engine_for(database_url)
    metadata.create_all(made, tables=[user_account, session, sign_in_attempt, audit_event])
    yield made
    made.dispose()


def test_three_settings_are_a_single_sign_on() -> None:
    given = rules().single_sign_on
    assert given is not None
    assert (given.issuer, given.tenant, given.client_id) == (ISSUER, TENANT, "dashboard")
    assert given.label == "Sign in with your council account"
    assert "a secret of ours" not in repr(rules())


def test_without_settings_there_is_none() -> None:
    assert read_settings({}).single_sign_on is None
    assert read_settings({}).password_sign_in


def test_what_entra_calls_itself_is_taken_in_any_case() -> None:
    given = rules(VS_OIDC_ISSUER=ISSUER.replace(TENANT, TENANT.upper())).single_sign_on
    assert given is not None
    assert given.issuer == ISSUER


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"VS_OIDC_CLIENT_SECRET": ""}, "VS_OIDC_CLIENT_SECRET must be set"),
        ({"VS_OIDC_ISSUER": "", "VS_OIDC_CLIENT_ID": " "}, "VS_OIDC_ISSUER and VS_OIDC_CLIENT_ID must be set"),
        ({"VS_OIDC_ISSUER": "http://id.council.example"}, "must be an https address"),
        ({"VS_OIDC_ISSUER": "id.council.example"}, "must be an https address"),
        ({"VS_OIDC_ISSUER": "https://id.council.example/?a=b"}, "must be an https address"),
        ({"VS_OIDC_ISSUER": "https://user:word@id.council.example"}, "must be an https address"),
        ({"VS_OIDC_ISSUER": "https://[broken"}, "not an address"),
        ({"VS_OIDC_ISSUER": "https://login.microsoftonline.com/common/v2.0"}, "own tenant"),
        ({"VS_OIDC_ISSUER": "https://login.microsoftonline.com/Organizations/v2.0"}, "own tenant"),
        ({"VS_OIDC_ISSUER": "https://login.microsoftonline.com/council.example/v2.0"}, "the tenant's own number"),
        ({"VS_OIDC_ISSUER": f"https://login.microsoftonline.com/{TENANT}"}, "the tenant's own number"),
        ({"VS_ADDRESS": "0.0.0.0"}, "needs VS_PUBLIC_URL"),
        ({"VS_OIDC_LABEL": "x" * 61}, "VS_OIDC_LABEL"),
        ({"VS_PASSWORD_SIGN_IN": "perhaps"}, "on or off"),
        ({"VS_PASSWORD_SIGN_IN": "off", **dict.fromkeys(COUNCIL, "")}, "nobody could come in"),
    ],
)  # fmt: skip
def test_what_would_not_hold_is_refused_with_a_sentence(changed: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence):
        rules(**changed)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:4000", "http://localhost:4000/x", "https://id.council.example/"])
def test_an_issuer_of_this_machine_may_do_without_https(issuer: str) -> None:
    given = rules(VS_OIDC_ISSUER=issuer).single_sign_on
    assert given is not None
    assert given.issuer == issuer


@pytest.mark.parametrize("password", ["", "nobody has this password"])
def test_no_password_is_that_of_a_person_without_one(password: str) -> None:
    assert not passwords.matches(password, "")


def account(connection: Connection, name: str = "a") -> Row[Any]:
    return connection.execute(select(user_account).where(user_account.c.name_folded == name)).one()


def test_a_person_may_come_in_through_the_council_account_only(store: Engine) -> None:
    with writing(store) as connection:
        made = users.add(connection, "test", "a", "analyst", sso_name=" A.Person@Council.Example ", no_password=True)
        row = account(connection)
    assert made == ""
    assert (row.password_hash, row.sso_name, row.sso_subject) == ("", "a.person@council.example", None)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"no_password": True}, "needs the name"),
        ({"sso_name": "TAKEN@council.example"}, "already"),
        ({"sso_name": "a\nb"}, "visible characters"),
        ({"sso_name": "a" * 301}, "visible characters"),
    ],
)
def test_a_council_account_that_cannot_be_is_refused(store: Engine, given: dict[str, object], sentence: str) -> None:
    with writing(store) as connection:
        users.add(connection, "test", "b", "analyst", sso_name="taken@council.example")
    with pytest.raises(users.UserError, match=sentence), writing(store) as connection:
        users.add(connection, "test", "a", "analyst", **given)


def test_letters_that_look_alike_stay_two_names() -> None:
    assert users.sso_folded("Kay") == "kay"
    assert users.sso_folded("\u212aay") != "kay"


def test_naming_and_unlinking_end_sessions_and_a_link_is_not_changed_by_a_name(store: Engine) -> None:
    with writing(store) as connection:
        users.add(connection, "test", "a", "analyst")
        cookie = sessions.open_session(connection, account(connection).id, "", rules(), AT)
        users.set_sso_name(connection, "test", "a", "A@council.example")
        assert state(connection, cookie) == Ended("sign-in changed")
        connection.execute(user_account.update().values(sso_issuer=ISSUER, sso_subject="s", sso_linked_at=AT))
    with pytest.raises(users.UserError, match="linked"), writing(store) as connection:
        users.set_sso_name(connection, "test", "a", "b@council.example")
    with writing(store) as connection:
        cookie = sessions.open_session(connection, account(connection).id, "", rules(), AT, how="single sign-on")
        assert isinstance(state(connection, cookie), Viewer)
        users.unlink_sso(connection, "test", "A")
        assert state(connection, cookie) == Ended("sign-in changed")
        row = account(connection)
        assert {row.sso_name, row.sso_issuer, row.sso_subject, row.sso_linked_at} == {None}
    with reading(store) as connection:
        told = list(connection.scalars(select(audit_event.c.what).order_by(audit_event.c.id)))
    assert told == ["user added", "single sign-on named", "single sign-on unlinked"]


def state(connection: Connection, cookie: str, given: Settings | None = None) -> Viewer | Ended:
    return sessions.look_up(connection, sessions.session_id_of(cookie), given or rules(), AT)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_session_counts_only_while_its_way_in_is_open(store: Engine) -> None:
    with writing(store) as connection:
        users.add(connection, "test", "a", "analyst")
        person = account(connection).id
        by_password = sessions.open_session(connection, person, "", rules(), AT)
        by_council = sessions.open_session(connection, person, "", rules(), AT, how=sessions.SINGLE_SIGN_ON)
        assert isinstance(state(connection, by_password), Viewer)
        assert isinstance(state(connection, by_council), Viewer)
        assert state(connection, by_password, rules(VS_PASSWORD_SIGN_IN="off")) == Ended("sign-in changed")
        assert state(connection, by_council, read_settings({"VS_DEMO": "1"})) == Ended("sign-in changed")


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_browser_that_signs_in_again_leaves_its_older_session(store: Engine) -> None:
    with writing(store) as connection:
        users.add(connection, "test", "a", "analyst")
        person = account(connection).id
        older = sessions.open_session(connection, person, "", rules(), AT)
        other = sessions.open_session(connection, person, "", rules(), AT)
        sessions.open_session(connection, person, "", rules(), AT, instead_of=sessions.session_id_of(older))
        assert state(connection, older) == Ended("signed in again")
        assert isinstance(state(connection, other), Viewer)


HERE = Seen("127.0.0.1", "a browser", None)


def vouched(subject: str = "s", *names: str) -> Vouched:
    return Vouched(ISSUER, subject, names or ("a@council.example",))


def test_two_first_sign_ins_at_once_are_one_person(store: Engine) -> None:
    with writing(store) as connection:
        users.add(connection, "test", "a", "analyst", sso_name="a@council.example")
    cookies: list[str | None] = []
    threads = [threading.Thread(target=lambda: cookies.append(admit(vouched(), HERE, rules(), store))) for _ in "123"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(cookies)
    with reading(store) as connection:
        told = list(connection.scalars(select(audit_event.c.what)))
    assert told.count("single sign-on linked") == 1
    assert told.count("signed in") == 3


def test_two_people_with_one_name_at_once_are_not_one(store: Engine) -> None:
    with writing(store) as connection:
        users.add(connection, "test", "a", "analyst", sso_name="a@council.example")
    cookies: list[str | None] = []
    people = [vouched("s"), vouched("another")]
    threads = [
        threading.Thread(target=lambda who=who: cookies.append(admit(who, HERE, rules(), store))) for who in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(cookie is None for cookie in cookies) == [False, True]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_council_account_of_another_issuer_is_another_person(store: Engine) -> None:
    with writing(store) as connection:
        users.add(connection, "test", "a", "analyst", sso_name="a@council.example")
    assert admit(vouched(), HERE, rules(), store)
    assert admit(Vouched("https://another.example", "s", ("a@council.example",)), HERE, rules(), store) is None


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_name_comes_before_the_e_mail(store: Engine) -> None:
    with writing(store) as connection:
        users.add(connection, "test", "a", "analyst", sso_name="a@council.example")
        users.add(connection, "test", "b", "analyst", sso_name="b@council.example")
        connection.execute(user_account.update().where(user_account.c.name == "a").values(sso_subject="s0"))
    assert admit(vouched("s", "a@council.example", "b@council.example"), HERE, rules(), store) is None
    assert admit(vouched("s", "c@council.example", "b@council.example"), HERE, rules(), store)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_person_of_the_demo_stays_out_outside_it_linked_or_not(store: Engine) -> None:
    real = rules(VS_DEMO="0", VS_DATABASE_URL="sqlite:///a.db")
    with writing(store) as connection:
        users.add(connection, "test", "a", "analyst", sso_name="a@council.example", is_demo=True)
    assert admit(vouched(), HERE, real, store) is None
    with reading(store) as connection:
        assert account(connection).sso_subject is None
    assert admit(vouched(), HERE, rules(), store)
    assert admit(vouched(), HERE, real, store) is None

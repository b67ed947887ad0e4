"""People, passwords and scopes, without a server. What touches the database runs on both."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, update
from sqlalchemy.exc import IntegrityError
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests import quick_passwords
from vs_core.access import activity, origin, passwords, roles, sessions, users, viewer
from vs_core.access.sessions import Ended
from vs_core.access.socket_guard import asked
from vs_core.access.viewer import Viewer
from vs_core.settings import read_settings
from vs_core.store.access_tables import ROLES, audit_event, session, user_account
from vs_core.store.base import metadata
from vs_core.store.engine import engine_for, reading, writing

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RULES = read_settings({"VS_DEMO": "1"})


@pytest.fixture
def store(database_url: str) -> Iterator[Engine]:
    made = engine_for(database_url)
    metadata.create_all(made, tables=[user_account, session, audit_event])
    yield made
    made.dispose()


def test_a_person_is_added_once_whatever_the_case(store: Engine) -> None:
    with writing(store) as connection:
        made_up = users.add(connection, "test", "Straße", "adviser", caseload_adviser="A. Adviser")
    with writing(store) as connection, pytest.raises(users.UserError, match="already"):
        users.add(connection, "test", "STRASSE", "analyst")
    with reading(store) as connection:
        (person,) = users.listed(connection)
    assert len(made_up) >= passwords.SHORTEST
    assert (person.name, person.role, person.caseload_adviser) == ("Straße", "adviser", "A. Adviser")
    assert person.created_at.tzinfo is not None


@pytest.mark.parametrize(
    ("name", "role", "password", "sentence"),
    [
        ("a", "king", None, "No role is called 'king'"),
        ("a", "adviser", None, "caseload"),
        ("", "analyst", None, "visible characters"),
        ("a\n", "analyst", None, "visible characters"),
        ("a", "analyst", "short", "10 to 128"),
        ("a", "analyst", "x" * 129, "10 to 128"),
        ("a", "analyst", "aaaaaaaaaaaa", "easy to guess"),
        ("my own name", "analyst", "My own name", "easy to guess"),
    ],
)
def test_a_person_that_cannot_be_is_refused_with_a_sentence(
    store: Engine, name: str, role: str, password: str | None, sentence: str
) -> None:
    with pytest.raises(users.UserError, match=sentence), writing(store) as connection:
        users.add(connection, "test", name, role, password=password)


def test_the_database_itself_refuses_a_role_that_is_not_there(store: Engine) -> None:
    row = {"name": "a", "name_folded": "a", "display_name": "a", "role": "king", "password_hash": "-"}
    with pytest.raises(IntegrityError), writing(store) as connection:
        connection.execute(insert(user_account).values(**row, created_at=AT, changed_at=AT))


def test_the_tables_and_the_roles_name_the_same_roles() -> None:
    assert tuple(roles.ROLES) == ROLES
    for role in roles.ROLES.values():
        assert set(role.pages) <= set(roles.PAGES)
        assert role.rights <= roles.RIGHTS


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_names_go_with_the_right_to_see_them(role: str) -> None:
    person = Viewer(1, "a", "A", role, "f" * 64, adviser="A. Adviser", sees_restricted=False)
    found = viewer.scope(person)
    assert found.names == (role not in {"analyst", "administrator"})
    assert found.adviser == ("A. Adviser" if role == "adviser" else None)
    assert not found.restricted


def test_an_adviser_without_a_caseload_has_no_scope() -> None:
    with pytest.raises(ValueError, match="sees nobody"):
        viewer.scope(Viewer(1, "a", "A", "adviser", "f" * 64))


@pytest.mark.parametrize("password", ["", "é" * 100, "a" * 72 + "b", "with\x00nothing", "\ud800lone", "pass word" * 14])
def test_every_byte_of_a_password_counts(password: str) -> None:
    kept = passwords.hashed(password)
    assert passwords.matches(password, kept)
    assert not passwords.matches(password + "x", kept)
    assert not passwords.matches(password, None)


@settings(max_examples=300)
@given(st.text(max_size=40) | st.from_regex(r"[/\\a-z?#:@.%\t]{0,20}"))
def test_only_an_address_of_ours_is_returned_to(target: str) -> None:
    path = origin.local_path(target)
    assert path in {target, "/"}
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert path.isprintable()


def test_a_session_lasts_until_it_is_idle_or_over(store: Engine) -> None:
    with writing(store) as connection:
        users.add(connection, "test", "a", "analyst")
        person = users.listed(connection)[0]
        session_id = sessions.session_id_of(sessions.open_session(connection, person.id, "127.0.0.1", RULES, AT))

    def state(minutes: float) -> object:
        with reading(store) as connection:
            return sessions.look_up(connection, session_id, RULES, AT + timedelta(minutes=minutes))

    assert isinstance(state(14.9), Viewer)
    assert state(15) == Ended("idle")
    noted = {session_id: AT + timedelta(minutes=590)}
    with writing(store) as connection:
        activity.write_down(connection, noted)
    assert isinstance(state(599), Viewer)
    assert state(600) == Ended("expired")


def test_every_change_of_a_person_ends_their_sessions(store: Engine) -> None:
    changes = [
        lambda connection: users.disable(connection, "test", "A"),
        lambda connection: users.reset(connection, "test", " a "),
        lambda connection: users.set_role(connection, "test", "a", "inclusion"),
    ]
    with writing(store) as connection:
        users.add(connection, "test", "a", "analyst")
    for change in changes:
        with writing(store) as connection:
            users.enable(connection, "test", "a")
            person = users.listed(connection)[0]
            cookie = sessions.open_session(connection, person.id, "", RULES, AT)
            assert isinstance(sessions.look_up(connection, sessions.session_id_of(cookie), RULES, AT), Viewer)
            change(connection)
            assert isinstance(sessions.look_up(connection, sessions.session_id_of(cookie), RULES, AT), Ended)


def test_a_screen_that_refreshes_itself_is_nobodys_deed() -> None:
    message = BackMsg()
    message.rerun_script.page_name = "attendance"
    assert asked(message.SerializeToString()) == ("rerun_script", True)
    message.rerun_script.is_auto_rerun = True
    assert asked(message.SerializeToString()) == ("rerun_script", False)
    assert asked(b"\xff\xff garbage") == ("", False)


def test_a_demo_person_is_nobody_outside_the_demo(store: Engine) -> None:
    real = read_settings({"VS_DATABASE_URL": "sqlite://", "VS_COOKIE_KEY": "x"})
    with writing(store) as connection:
        users.add_demo(connection, "A. Adviser")
        person = users.listed(connection)[0]
        session_id = sessions.session_id_of(sessions.open_session(connection, person.id, "", RULES, AT))
        assert isinstance(sessions.look_up(connection, session_id, RULES, AT), Viewer)
        assert isinstance(sessions.look_up(connection, session_id, real, AT), Ended)
        connection.execute(update(user_account).values(is_demo=False))
        assert isinstance(sessions.look_up(connection, session_id, real, AT), Viewer)


@pytest.mark.parametrize(
    "password",
    ["password2026!", "Password1234", "qwertyuiop12", "Essex2026!!!", "Virtual School 2026", "A.Smith123456",
     "passwordpassword", "abcdabcdabcd", "summer20262026", "1234567890123", "Essex-Virtual-School", "a.smith.a.smith",
     "essexpassword1", "0987654321098", "abcdefghijkl", "ababababababab", "liverpool1892", "iloveyou!!!!", "poiuytrewq",
     "ＰＡＳＳＷＯＲＤ１２３", "PASSWORD123", "asmith asmith"],
)  # fmt: skip
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    assert "too easy to guess" in (passwords.refusal(password, "a.smith", "Essex") or "")


@pytest.mark.parametrize(
    "password",
    ["a county that is not there", "correct horse battery staple", "hYx7-pl2Qr9_", "ten of ten", "9" * 8 + "ab7c" * 5,
     "essex girl never met school dogs", "ein längeres Wort 12", "🦊🦉🐢🐌🦔🐇🐁🦡🐿🦫", "long " * 25 + "end"],
)  # fmt: skip
def test_any_other_is_taken_whatever_it_is_made_of(password: str) -> None:
    assert passwords.SHORTEST <= len(password) <= passwords.LONGEST
    assert passwords.refusal(password, "a.smith", "Essex") is None


def test_a_made_up_password_is_taken() -> None:
    assert not [one for one in (secrets.token_urlsafe(15) for _ in range(2000)) if passwords.refusal(one, "a.smith")]


@pytest.mark.parametrize("kept", [None, "", "-", "$2b$12$too short", "plain text"])
def test_where_there_is_no_hash_a_comparison_is_made_all_the_same(
    monkeypatch: pytest.MonkeyPatch, kept: str | None
) -> None:
    compared: list[str] = []
    monkeypatch.setattr(bcrypt, "gensalt", quick_passwords.AS_SHIPPED)
    monkeypatch.setattr(passwords, "_nobody", passwords._nobody.__wrapped__)
    monkeypatch.setattr(passwords._hasher(), "check_pw", lambda _password, hash: compared.append(hash) or True)
    assert not passwords.matches("nobody has this password", kept)
    assert len(compared) == 1
    assert compared[0].startswith("$2b$12$")


def test_a_hash_takes_as_many_rounds_as_bcrypt_takes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here and in the servers of these tests it takes fewer."""
    monkeypatch.setattr(bcrypt, "gensalt", quick_passwords.AS_SHIPPED)
    assert passwords.hashed("long enough for anybody").startswith("$2b$12$")

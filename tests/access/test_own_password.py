"""A signed-in person changes their own password. Runs on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, select

from vs_core.access import admission, own_password, passwords, sessions, users
from vs_core.access.admission import Asked, LetIn, Refused
from vs_core.access.attempts import MOST_FROM_KNOWN_BROWSERS
from vs_core.access.sessions import Ended
from vs_core.access.users import UserError
from vs_core.access.viewer import Viewer
from vs_core.settings import read_settings
from vs_core.store.access_tables import audit_event, session, sign_in_attempt, user_account
from vs_core.store.base import metadata
from vs_core.store.engine import engine_for, reading, writing

RULES = read_settings({"VS_DATABASE_URL": "sqlite:///unused.db", "VS_COOKIE_KEY": "a key"})
OLD, NEW = "kettle umbrella tortoise", "nineteen lamps by the sea"
HASH_OF_OLD = passwords.hashed(OLD)


@dataclass(frozen=True)
class Desk:
    store: Engine
    viewer: Viewer
    elsewhere: str

    def change(self, old: str, new: str) -> None:
        own_password.change(self.viewer, old, new, RULES, self.store)

    def trail(self) -> list[str]:
        with reading(self.store) as connection:
            return list(connection.scalars(select(audit_event.c.what).order_by(audit_event.c.id)))


@pytest.fixture
def desk(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A person signed in here and elsewhere."""
    store = engine_for(database_url)
    metadata.create_all(store, tables=[user_account, session, sign_in_attempt, audit_event])
    monkeypatch.setattr(passwords, "hashed", lambda password: HASH_OF_OLD if password == OLD else _hashed(password))
    with writing(store) as connection:
        users.add(connection, "test", "asmith", "analyst", password=OLD)
        at, person = sessions.now(), users.listed(connection)[0].id
        here, there = (sessions.session_id_of(sessions.open_session(connection, person, "", RULES, at)) for _ in "12")
        viewer = sessions.look_up(connection, here, RULES, at)
    assert isinstance(viewer, Viewer)
    yield Desk(store, viewer, there)
    store.dispose()


_hashed = passwords.hashed


def test_a_new_password_counts_at_once_and_ends_every_other_session(desk: Desk) -> None:
    desk.change(OLD, NEW)
    with reading(desk.store) as connection:
        assert isinstance(sessions.look_up(connection, desk.viewer.session_id, RULES, sessions.now()), Viewer)
        assert sessions.look_up(connection, desk.elsewhere, RULES, sessions.now()) == Ended("password changed")
    assert desk.trail() == ["user added", "own password changed"]
    assert isinstance(admission.admit(Asked("asmith", OLD, "192.0.2.1"), RULES, desk.store), Refused)
    assert isinstance(admission.admit(Asked("asmith", NEW, "192.0.2.1"), RULES, desk.store), LetIn)


def test_the_old_one_is_guessed_at_no_more_often_than_at_the_sign_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "matches", lambda *_: False)
    said = []
    for _ in range(MOST_FROM_KNOWN_BROWSERS + 2):
        with pytest.raises(UserError) as refused:
            desk.change("a guess", NEW)
        said.append(str(refused.value))
    assert said == [own_password.NOT_RIGHT] * MOST_FROM_KNOWN_BROWSERS + [admission.LOCKED["name"]] * 2
    assert desk.trail().count("own password refused") == MOST_FROM_KNOWN_BROWSERS


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("new", "sentence"), [(OLD, "the same"), ("short", "10 to 128"), ("asmith2026!!", "easy to guess")]
)
def test_a_new_one_that_cannot_be_is_refused_with_a_sentence(desk: Desk, new: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        desk.change(OLD, new)
    assert desk.trail() == ["user added"]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("disabled", True, own_password.SIGNED_OUT),
        ("password_hash", "", own_password.NONE_HERE),
        ("is_demo", True, own_password.SIGNED_OUT),
    ],
)
def test_who_may_not(desk: Desk, column: str, value: object, sentence: str) -> None:
    with writing(desk.store) as connection:
        connection.execute(user_account.update().values({column: value}))
    with pytest.raises(UserError, match=sentence):
        desk.change(OLD, NEW)

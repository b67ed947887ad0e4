"""Nobody learns from the sign-in whether a name is known: the same statements, one comparison, the same answer.

How long it takes is measured by `python -m vs_core bench --sign-in`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, event, insert, select, update

from vs_core.access import admission, attempts, passwords, sessions, trail
from vs_core.access.admission import WRONG, Asked, LetIn, Refused
from vs_core.settings import read_settings
from vs_core.store.access_tables import audit_event, session, sign_in_attempt, user_account
from vs_core.store.base import metadata
from vs_core.store.engine import engine_for, reading, writing

RULES = read_settings({"VS_DATABASE_URL": "sqlite:///unused.db", "VS_COOKIE_KEY": "a key"})
PASSWORD = "kettle umbrella tortoise"
HASH = "$2b$12$" + "h" * 53
"""What the password hashes to here: that bcrypt itself compares is shown elsewhere."""
PEOPLE: dict[str, dict[str, object]] = {
    "known": {},
    "disabled": {"disabled": True},
    "through the council only": {"password_hash": ""},
    "of the demo": {"is_demo": True},
}
TRIED = ["known", "nobody", "disabled", "through the council only", "of the demo", "nul\x00", "x" * 5000]


@pytest.fixture
def store(database_url: str) -> Iterator[Engine]:
    made = engine_for(database_url)
    metadata.create_all(made, tables=[user_account, session, sign_in_attempt, audit_event])
    at = sessions.now()
    usual = {"display_name": "A", "role": "analyst", "password_hash": HASH, "created_at": at, "changed_at": at}
    usual |= {"disabled": False, "is_demo": False}
    with writing(made) as connection:
        for name, own in PEOPLE.items():
            connection.execute(insert(user_account).values(name=name, name_folded=name, **(usual | own)))
    yield made
    made.dispose()


@pytest.fixture
def done(store: Engine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done, in order: each statement and each comparison."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    def compare(password: str, kept: str) -> bool:
        seen.append("compare")
        return (password, kept) == (passwords._digest(PASSWORD), HASH)

    monkeypatch.setattr(passwords._hasher(), "check_pw", compare)
    event.listen(store, "before_cursor_execute", note)
    return seen


@pytest.fixture
def tried(store: Engine, done: list[str]) -> Callable[..., tuple[LetIn | Refused, list[str]]]:
    """`tried(name, password, address)`: the answer, and what was done for it."""

    def try_once(name: str, password: str = "a guess", address: str = "192.0.2.1") -> tuple[LetIn | Refused, list[str]]:
        done.clear()
        return admission.admit(Asked(name, password, address), RULES, store), list(done)

    return try_once


def test_a_wrong_try_does_the_same_whoever_is_named(tried: Callable) -> None:
    for number in range(attempts.MOST_FROM_A_NEW_PLACE + 1):
        answers = [tried(name) for name in TRIED]
        is_locked = number == attempts.MOST_FROM_A_NEW_PLACE
        sentence = admission.LOCKED["name"] if is_locked else WRONG
        assert [said for said, _ in answers] == [Refused(sentence, is_locked)] * len(TRIED)
        assert [steps.count("compare") for _, steps in answers] == [0 if is_locked else 1] * len(TRIED)
        assert all(steps == answers[0][1] for _, steps in answers)


@pytest.mark.parametrize("name", ["disabled", "through the council only", "of the demo"])
@pytest.mark.parametrize("password", [PASSWORD, ""])
def test_who_may_not_come_in_does_not_by_any_password(tried: Callable, name: str, password: str) -> None:
    wrong, steps = tried("nobody")
    assert tried(name, password) == (wrong, steps)


def test_the_right_one_is_let_in_and_a_locked_try_writes_nothing(tried: Callable, store: Engine) -> None:
    assert isinstance(tried("KNOWN ", PASSWORD)[0], LetIn)
    while not (found := tried("known"))[0].locked:
        pass
    assert not [step for step in found[1] if not step.lstrip().startswith(("SELECT", "BEGIN", "ROLLBACK"))]
    with reading(store) as connection:
        events = connection.execute(select(audit_event).order_by(audit_event.c.id)).mappings().all()
        assert trail.first_broken(connection) is None
    failed = ["sign-in failed"] * attempts.MOST_FROM_A_HOME
    assert [one["what"] for one in events] == ["signed in", *failed, "sign-in locked"]
    assert events[0]["user_id"] is not None
    assert '"why": "wrong password"' in events[1]["detail"]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("change", [{"disabled": True}, {"password_hash": "$2b$12$another"}])
def test_a_person_who_is_changed_while_the_password_is_compared_is_not_let_in(
    tried: Callable, store: Engine, monkeypatch: pytest.MonkeyPatch, change: dict[str, object]
) -> None:
    def meanwhile(*_: object) -> bool:
        with writing(store) as connection:
            connection.execute(update(user_account).values(**change))
        return True

    monkeypatch.setattr(passwords, "matches", meanwhile)
    assert tried("known", PASSWORD)[0] == Refused(WRONG, locked=False)
    with reading(store) as connection:
        assert not connection.execute(select(session)).all()

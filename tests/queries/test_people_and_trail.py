"""The trail by the page, by child and by person, and who may sign in: the same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from tests.queries.written import Written
from vs_core.access import sessions, trail, users
from vs_core.access.viewer import EVERYTHING, Scope, Viewer
from vs_core.queries import people
from vs_core.queries import trail as queries
from vs_core.queries.trail import Asked
from vs_core.settings import read_settings
from vs_core.store.engine import reading, writing
from vs_core.store.schema import child

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RULES = read_settings({"VS_DEMO": "1"})
ADMINISTRATOR = Viewer(1, "boss", "Boss", "administrator", "s")
WITHOUT_NAMES = Scope(names=False, adviser=None, restricted=False)


def told(engine: Engine) -> None:
    """Nine openings by two people over three days."""
    with writing(engine) as connection:
        for number in range(9):
            who = Viewer(number % 2, f"person{number % 2}", "", "inclusion", "s")
            at = AT + timedelta(hours=8 * number)
            trail.record(connection, who, "child opened", f"child {number % 3 + 1}", {"n": number}, at)


def ids(connection: Connection, asked: Asked, **place: int) -> list[int]:
    return [row.id for row in connection.execute(queries.events(asked, 4, **place))]


def test_pages_of_the_trail_go_both_ways(engine: Engine) -> None:
    told(engine)
    with reading(engine) as connection:
        everything = Asked()
        assert ids(connection, everything) == [9, 8, 7, 6]
        assert ids(connection, everything, before=6) == [5, 4, 3, 2]
        assert ids(connection, everything, before=2) == [1]
        assert ids(connection, everything, after=1) == [2, 3, 4, 5]
        assert ids(connection, Asked(person="person1")) == [8, 6, 4, 2]
        assert ids(connection, Asked(subject="child 2", what="child opened")) == [8, 5, 2]
        day = AT.replace(hour=0)
        assert ids(connection, Asked(start=day + timedelta(1), end=day + timedelta(2))) == [5, 4, 3]
        assert ids(connection, Asked(what="nothing")) == []


def test_who_looked_and_what_somebody_did(engine: Engine) -> None:
    told(engine)
    with reading(engine) as connection:
        looked = connection.execute(queries.who_looked(1, Asked())).all()
        did = connection.execute(queries.what_somebody_did(Asked(person="person0"))).all()
        none = connection.execute(queries.who_looked(1, Asked(person="person0", end=AT))).all()
    assert [(row.user_name, row.times) for row in looked] == [("person0", 2), ("person1", 1)]
    assert looked[0].last_at == AT + timedelta(hours=48)
    assert [(row.what, row.times) for row in did] == [("child opened", 5)]
    assert none == []


def test_a_child_is_found_by_the_number_that_the_viewer_knows(engine: Engine) -> None:
    written = Written(engine)
    written.child("C1", forename="Ada", surname="Open")
    written.child("C2", forename="Bea", surname="Hidden", restricted=True)
    with written.reading() as connection:
        keys = {row.child_id: row.id for row in connection.execute(select(child.c.child_id, child.c.id))}

        def found(number: str, scope: Scope) -> int | None:
            return connection.scalar(queries.child_of_number(number, scope))

        assert found("C1", EVERYTHING) == keys["C1"]
        assert found("C2", EVERYTHING) == keys["C2"]
        assert found("C2", Scope(names=True, adviser=None, restricted=False)) is None
        assert found("C1", WITHOUT_NAMES) is None
        assert found(f"#{keys['C1']}", WITHOUT_NAMES) == keys["C1"]
        rows = connection.execute(queries.children(list(keys.values()), WITHOUT_NAMES)).all()
    assert [(row.child_id, row.forename) for row in rows] == [(f"#{keys['C1']}", None)]


def test_who_may_sign_in_and_was_seen(engine: Engine) -> None:
    with writing(engine) as connection:
        users.add(connection, "test", "boss", "administrator", sso_name="boss@council", no_password=True)
        users.add(connection, "test", "anne", "analyst", display_name="anne")
        boss = next(user.id for user in users.listed(connection) if user.name == "boss")
        for hours, how in ((1, "single sign-on"), (0, sessions.PASSWORD)):
            sessions.open_session(connection, boss, "10.0.0.7", RULES, AT - timedelta(hours=hours), how=how)
    with reading(engine) as connection:
        rows = connection.execute(people.everybody()).all()
        names = connection.execute(people.names()).all()
        open_now = sessions.open_now(connection, RULES, AT + timedelta(minutes=1))
    assert [(row.name, row.has_password, row.last_seen_at, row.how) for row in rows] == [
        ("anne", True, None, None),
        ("boss", False, AT, sessions.PASSWORD),
    ]
    assert [row.name for row in names] == ["anne", "boss"]
    assert [(one.name, one.created_at, one.how) for one in open_now] == [("boss", AT, sessions.PASSWORD)]


def test_advisers_are_for_who_gives_caseloads(engine: Engine) -> None:
    written = Written(engine)
    for number, name in enumerate(["Bea Brown", "Ali Ash", "Bea Brown", ""]):
        written.child(f"C{number}", adviser=name)
    written.child("C9", adviser="Hidden Helper", restricted=True)
    with written.reading() as connection:
        assert connection.scalars(people.advisers(ADMINISTRATOR)).all() == ["Ali Ash", "Bea Brown"]
    with pytest.raises(PermissionError):
        people.advisers(Viewer(2, "a", "A", "inclusion", "s"))

"""The trail only grows, and shows when somebody meddled with it. On both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from vs_core.access import trail
from vs_core.access.viewer import Viewer
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import engine_for, reading, writing
from vs_core.store.prepare import prepare

VIEWER = Viewer(7, "a.person", "A Person", "inclusion", "f" * 64)


@pytest.fixture
def store(database_url: str) -> Iterator[Engine]:
    """A database made by the product's own migrations, whose triggers are what is tested here."""
    made = engine_for(database_url)
    prepare(made)
    yield made
    made.dispose()


def test_events_follow_one_another(store: Engine) -> None:
    for number in range(5):
        with writing(store) as connection:
            trail.record(connection, VIEWER, "child opened", f"child {number}", {"é": "'\"\n\x1f", "n": number})
    with reading(store) as connection:
        rows = connection.execute(select(audit_event).order_by(audit_event.c.id)).all()
        assert trail.first_broken(connection) is None
    assert [row.previous_hash for row in rows] == [trail.FIRST, *(row.hash for row in rows[:-1])]
    assert {row.user_id for row in rows} == {7}


def test_a_deed_that_is_undone_leaves_no_event(store: Engine) -> None:
    def import_and_fail() -> None:
        with writing(store) as connection:
            trail.record(connection, "command line", "import")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        import_and_fail()
    with reading(store) as connection:
        assert connection.scalar(select(func.count()).select_from(audit_event)) == 0


@pytest.mark.parametrize("change", [update(audit_event).values(user_name="nobody"), delete(audit_event)])
def test_the_database_refuses_to_change_an_event(store: Engine, change: object) -> None:
    with writing(store) as connection:
        trail.record(connection, "command line", "import")
    with pytest.raises(DBAPIError, match="can only grow"), writing(store) as connection:
        connection.execute(change)


@pytest.mark.parametrize("same", ["id", "hash", "previous_hash"])
def test_the_database_refuses_to_put_another_event_in_the_place_of_one(store: Engine, same: str) -> None:
    """SQLite's INSERT OR REPLACE deletes without asking a trigger for DELETE; PostgreSQL's upsert is an UPDATE."""
    with writing(store) as connection:
        trail.record(connection, "command line", "import")
    with reading(store) as connection:
        there = dict(connection.execute(select(audit_event)).mappings().one())
    other = there | {"id": 9, "hash": "a" * 64, "previous_hash": "b" * 64, "user_name": "nobody"} | {same: there[same]}
    if store.dialect.name == "sqlite":
        replacing: Any = insert(audit_event).prefix_with("OR REPLACE").values(**other)
    else:
        replacing = postgresql.insert(audit_event).values(**other)
        replacing = replacing.on_conflict_do_update(index_elements=[same], set_={"user_name": "nobody"})
    with pytest.raises(DBAPIError, match="can only grow"), writing(store) as connection:
        connection.execute(replacing)


def test_an_event_changed_behind_the_products_back_is_found(store: Engine) -> None:
    for number in range(3):
        with writing(store) as connection:
            trail.record(connection, "command line", "import", str(number))
    off = {"sqlite": "drop trigger audit_event_no_update", "postgresql": "alter table audit_event disable trigger all"}
    with writing(store) as connection:
        connection.execute(text(off[store.dialect.name]))
        connection.execute(update(audit_event).where(audit_event.c.subject == "1").values(subject="another"))
    with reading(store) as connection:
        assert trail.first_broken(connection) == 2


def test_many_at_once_make_one_chain(store: Engine) -> None:
    def write() -> None:
        for _ in range(10):
            with writing(store) as connection:
                trail.record(connection, "command line", "import")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(store) as connection:
        assert trail.first_broken(connection) is None
        assert connection.scalar(select(func.count()).select_from(audit_event)) == 40

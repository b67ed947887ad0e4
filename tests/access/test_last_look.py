"""When somebody last looked: the look of an earlier day, the same all day long, everybody's own; on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from vs_core.access import last_look, users
from vs_core.access.viewer import Viewer
from vs_core.store.engine import writing

FRIDAY, MONDAY, LATE_ON_MONDAY = (
    datetime(2026, 11, day, hour, 30, tzinfo=UTC) for day, hour in ((20, 8), (23, 8), (23, 23))
)
HOUR = timedelta(hours=1)


def person(engine: Engine, name: str) -> Viewer:
    with writing(engine) as connection:
        users.add(connection, "test", name, "inclusion")
        number = next(each.id for each in users.listed(connection) if each.name == name)
    return Viewer(number, name, name, "inclusion", "session")


def test_what_counts_is_the_last_look_of_an_earlier_day(engine: Engine) -> None:
    ann, ben = person(engine, "ann"), person(engine, "ben")
    assert last_look.looking(ann, "triage", FRIDAY, engine) is None
    assert last_look.looking(ann, "triage", FRIDAY + HOUR, engine) is None
    assert last_look.looking(ann, "triage", MONDAY, engine) == FRIDAY
    assert last_look.looking(ann, "triage", MONDAY + HOUR, engine) == FRIDAY
    assert last_look.looking(ann, "triage", LATE_ON_MONDAY + HOUR, engine) == MONDAY
    assert last_look.looking(ann, "another page", MONDAY, engine) is None
    assert last_look.looking(ben, "triage", MONDAY, engine) is None


def test_a_day_is_one_of_england(engine: Engine) -> None:
    ann, summer = person(engine, "ann"), datetime(2026, 6, 1, 22, 30, tzinfo=UTC)
    last_look.looking(ann, "triage", summer, engine)
    assert last_look.looking(ann, "triage", summer + HOUR, engine) == summer


def test_who_is_not_among_the_people_leaves_nothing(engine: Engine) -> None:
    nobody = Viewer(99, "nobody", "nobody", "inclusion", "session")
    assert last_look.looking(nobody, "triage", MONDAY, engine) is None
    assert last_look.looking(nobody, "triage", MONDAY + 24 * HOUR, engine) is None

"""Two officers at the same child at the same moment: nothing is lost, and the second is told what the first did."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select

from tests.queries.written import Written
from vs_core.access import trail, users
from vs_core.access.viewer import Viewer
from vs_core.casework import actions, entries
from vs_core.casework.actions import ActionError, NewAction
from vs_core.casework.entries import NewEntry
from vs_core.casework.turns import Overtaken
from vs_core.queries import case_entries, casework
from vs_core.store.engine import reading, writing
from vs_core.store.schema import action, case_entry, child

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
ANN = Viewer(1, "ann", "Ann Lee", "inclusion", "s1")
BEN = Viewer(2, "ben", "Ben Roe", "inclusion", "s2")
STEP = NewAction("Attendance", "Ring the school", "Ann Lee", FRIDAY)


@pytest.fixture
def keys(engine: Engine) -> list[int]:
    written = Written(engine)
    for number in range(3):
        written.child(f"C{number}", adviser="B. Hollins" if number else "C. Farthing")
    with written.reading() as connection:
        found = list(connection.scalars(select(child.c.id).order_by(child.c.id)))
    with writing(engine) as connection:
        users.add(connection, "test", "ann", "inclusion", display_name="Ann Lee")
    return found


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What became of deeds that begin at the same moment: an answer or an error each."""
    start = Barrier(len(deeds))

    def done(deed: Callable[[], object]) -> object:
        start.wait()
        try:
            return deed()
        except ActionError as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(done, deeds))


def one_about(key: int) -> NewAction:
    return NewAction("Attendance", "Ring the school", "Ann Lee", FRIDAY, key)


def state_of(engine: Engine, key: int) -> tuple[int, int]:
    """Number and row of the child's only open action."""
    with reading(engine) as connection:
        (row,) = [each for each in connection.execute(casework.actions(MONDAY, None)) if each.child_key == key]
    return row.action_id, row.row_id


def test_both_contacts_survive(engine: Engine, keys: list[int]) -> None:
    def call(viewer: Viewer) -> Callable[[], object]:
        new = NewEntry(keys[0], "contact", f"{viewer.name} rang", MONDAY, "phone", "school")
        return lambda: entries.write(viewer, new, MONDAY, after=0, engine=engine)

    at_once(*[call(viewer) for viewer in (ANN, BEN) * 4])
    with reading(engine) as connection:
        said = [row.said for row in connection.execute(case_entries.entries(MONDAY, None))]
        assert trail.first_broken(connection) is None
    assert sorted(said) == ["ann rang"] * 4 + ["ben rang"] * 4


def test_of_two_who_take_on_a_child_that_nobody_had_the_second_is_told(engine: Engine, keys: list[int]) -> None:
    new = one_about(keys[0])
    told = at_once(*[lambda: actions.open_action(ANN, new, MONDAY, engine, beside=()) for _ in range(4)])
    late = [each for each in told if isinstance(each, Overtaken)]
    assert len(late) == 3
    assert str(late[0]).startswith("Meanwhile, on ")
    assert "Ann Lee opened an action for Ann Lee, due 27 Nov 2026." in str(late[0])
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(action)) == 1
    _, row = state_of(engine, keys[0])
    actions.open_action(BEN, new, MONDAY, engine, beside=(row,))


def test_of_two_changes_of_what_both_saw_one_is_made_and_both_notes_are_kept(engine: Engine, keys: list[int]) -> None:
    number = actions.open_action(ANN, one_about(keys[0]), MONDAY, engine)
    _, seen = state_of(engine, keys[0])
    told = at_once(
        lambda: actions.assign(BEN, number, "Ben Roe", FRIDAY, MONDAY, "Visit on Friday", engine, seen=seen),
        lambda: actions.close(ANN, number, "Back in school", MONDAY, engine, seen=seen),
    )
    (late,) = [each for each in told if each is not None]
    assert isinstance(late, Overtaken)
    closed_first = isinstance(told[0], Overtaken)
    assert ("closed the action" if closed_first else "gave the action to Ben Roe") in str(late)
    if closed_first:
        with pytest.raises(ActionError, match="closed this action already"):
            actions.assign(BEN, number, "Ben Roe", FRIDAY, MONDAY, "Visit on Friday", engine)
        actions.open_action(BEN, NewAction("Attendance", "Visit on Friday", "Ben Roe", FRIDAY, keys[0]), MONDAY, engine)
    else:
        actions.close(ANN, number, "Back in school", MONDAY, engine, seen=state_of(engine, keys[0])[1])
    with reading(engine) as connection:
        states = connection.execute(case_entries.action_states(MONDAY, None)).all()
    words = {word for row in states for word in (row.next_step, row.outcome) if word}
    assert {"Ring the school", "Visit on Friday", "Back in school"} <= words


def test_actions_for_a_school_are_opened_together_and_nobody_gets_a_second(engine: Engine, keys: list[int]) -> None:
    first = actions.open_action(BEN, one_about(keys[1]), MONDAY, engine)
    told = at_once(*[lambda: actions.open_for_each(ANN, STEP, keys, MONDAY, engine) for _ in range(2)])
    assert sorted(len(each.opened) for each in told) == [0, 2]
    with reading(engine) as connection:
        rows = connection.execute(casework.actions(MONDAY, None)).all()
    assert sorted(row.child_key for row in rows) == sorted(keys)
    assert len({row.action_id for row in rows}) == 3
    assert first in {row.action_id for row in rows}


def test_actions_for_several_are_opened_for_all_or_none(engine: Engine, keys: list[int]) -> None:
    adviser = Viewer(3, "adviser", "An adviser", "adviser", "s3", adviser="C. Farthing")
    with pytest.raises(ActionError, match="not among yours"):
        actions.open_for_each(adviser, STEP, keys, MONDAY, engine)
    with pytest.raises(ActionError, match="No more than"):
        actions.open_for_each(ANN, STEP, range(201), MONDAY, engine)
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(action)) == 0
        assert connection.scalar(select(func.count()).select_from(case_entry)) == 0

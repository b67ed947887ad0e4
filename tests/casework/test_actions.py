"""Actions: opened, given to another, closed; on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from tests.queries.written import Written
from vs_core.access import users
from vs_core.access.viewer import Viewer, scope
from vs_core.casework import actions
from vs_core.casework.actions import ActionError, NewAction
from vs_core.figures import compute
from vs_core.queries import casework
from vs_core.rules.frame import Frame
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import reading, writing
from vs_core.store.schema import action, child

MONDAY, TUESDAY, WEDNESDAY, FRIDAY = (date(2026, 11, day) for day in (23, 24, 25, 27))
HEAD = Viewer(1, "head", "Head", "headteacher", "s1")
ADVISER = Viewer(2, "adviser", "An adviser", "adviser", "s2", adviser="C. Farthing")
ANALYST = Viewer(3, "analyst", "An analyst", "analyst", "s3")
NEW = NewAction("Reviews overdue", "Ask the school for the review", "C. Farthing", FRIDAY)


@pytest.fixture
def keys(engine: Engine) -> dict[str, int]:
    written = Written(engine)
    written.child("MINE", adviser="C. Farthing")
    written.child("THEIRS", adviser="B. Hollins")
    with written.reading() as connection:
        return {row.child_id: row.id for row in connection.execute(select(child.c.id, child.c.child_id))}


def rows(engine: Engine) -> list[dict[str, object]]:
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(select(action).order_by(action.c.id)).mappings()]


def figures(engine: Engine, as_at: date, known_on: date | None = None) -> dict[str, object]:
    frame = Frame.for_subject("actions", as_at, known_on)
    with reading(engine) as connection:
        return compute(connection, "actions", frame).figures


def test_an_action_is_opened_with_its_record_in_the_trail(engine: Engine) -> None:
    number = actions.open_action(HEAD, NEW, MONDAY, engine)
    (row,) = rows(engine)
    assert (row["action_id"], row["owner"], row["due_on"], row["opened_on"]) == (number, "C. Farthing", FRIDAY, MONDAY)
    assert (row["known_from"], row["known_to"], row["written_by"]) == (MONDAY, None, "head")
    with reading(engine) as connection:
        told = connection.execute(select(audit_event)).one()
    assert (told.what, told.subject, json.loads(told.detail)["owner"]) == (
        "action opened",
        f"action {number}",
        "C. Farthing",
    )
    assert figures(engine, MONDAY) == {"open": 1, "overdue": 0}


def test_numbers_follow_each_other(engine: Engine) -> None:
    assert [actions.open_action(HEAD, NEW, MONDAY, engine) for _ in range(3)] == [1, 2, 3]


def test_a_change_closes_the_row_that_held_and_keeps_it(engine: Engine) -> None:
    number = actions.open_action(HEAD, NEW, MONDAY, engine)
    actions.assign(HEAD, number, "B. Hollins", WEDNESDAY, TUESDAY, engine=engine)
    first, second = rows(engine)
    assert (first["owner"], first["known_to"]) == ("C. Farthing", TUESDAY)
    assert (second["owner"], second["known_from"], second["next_step"]) == ("B. Hollins", TUESDAY, NEW.next_step)
    with reading(engine) as connection:
        (then,) = connection.execute(casework.actions(MONDAY, MONDAY)).all()
        (now,) = connection.execute(casework.actions(TUESDAY, None)).all()
        (looked_back,) = connection.execute(casework.actions(MONDAY, None)).all()
    assert (then.owner, now.owner) == ("C. Farthing", "B. Hollins")
    assert (looked_back.owner, looked_back.due_on) == (then.owner, then.due_on)


def test_two_changes_on_one_day_leave_the_last(engine: Engine) -> None:
    number = actions.open_action(HEAD, NEW, MONDAY, engine)
    actions.assign(HEAD, number, "B. Hollins", FRIDAY, MONDAY, "Ring the school", engine)
    with reading(engine) as connection:
        (row,) = connection.execute(casework.actions(MONDAY, MONDAY)).all()
    assert (row.owner, row.next_step) == ("B. Hollins", "Ring the school")


def test_a_closed_action_is_open_on_the_days_before(engine: Engine) -> None:
    number = actions.open_action(HEAD, NEW, MONDAY, engine)
    actions.close(HEAD, number, "Reviewed", WEDNESDAY, engine)
    assert figures(engine, WEDNESDAY) == {"open": 0, "overdue": 0}
    assert figures(engine, TUESDAY, TUESDAY) == {"open": 1, "overdue": 0}
    with pytest.raises(ActionError, match="closed this action already"):
        actions.close(HEAD, number, "Again", FRIDAY, engine)


def test_overdue_from_the_day_after(engine: Engine) -> None:
    actions.open_action(HEAD, replace(NEW, due_on=TUESDAY), MONDAY, engine)
    assert figures(engine, TUESDAY)["overdue"] == 0
    assert figures(engine, WEDNESDAY)["overdue"] == 1


def test_a_role_without_the_right_writes_nothing(engine: Engine) -> None:
    with pytest.raises(PermissionError):
        actions.open_action(ANALYST, NEW, MONDAY, engine)
    number = actions.open_action(HEAD, NEW, MONDAY, engine)
    with pytest.raises(PermissionError):
        actions.close(ANALYST, number, "Done", MONDAY, engine)
    assert len(rows(engine)) == 1


def test_an_owner_without_the_right_may_close_the_own_action(engine: Engine) -> None:
    lead = Viewer(4, "ops", "Operations lead", "operations", "s4")
    number = actions.open_action(HEAD, replace(NEW, owner="Operations lead"), MONDAY, engine)
    actions.close(lead, number, "Paid", TUESDAY, engine)
    assert figures(engine, TUESDAY)["open"] == 0


def test_an_adviser_acts_for_the_own_caseload_only(engine: Engine, keys: dict[str, int]) -> None:
    actions.open_action(ADVISER, replace(NEW, child_key=keys["MINE"]), MONDAY, engine)
    with pytest.raises(ActionError, match="not among yours"):
        actions.open_action(ADVISER, replace(NEW, child_key=keys["THEIRS"]), MONDAY, engine)
    hidden = actions.open_action(HEAD, replace(NEW, owner="B. Hollins", child_key=keys["THEIRS"]), MONDAY, engine)
    with pytest.raises(ActionError, match="There is no action"):
        actions.close(ADVISER, hidden, "Done", MONDAY, engine)
    with reading(engine) as connection:
        assert len(connection.execute(casework.actions(MONDAY, None, scope(ADVISER))).all()) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"owner": " "}, "owner is missing"),
        ({"next_step": ""}, "next step"),
        ({"due_on": date(2026, 11, 20)}, "before"),
    ],
)
def test_what_cannot_be_done_is_said_and_not_written(engine: Engine, changed: dict[str, object], said: str) -> None:
    with pytest.raises(ActionError, match=said):
        actions.open_action(HEAD, replace(NEW, **changed), MONDAY, engine)
    assert rows(engine) == []


def test_owners_are_the_people_who_act_and_every_caseload(engine: Engine, keys: dict[str, int]) -> None:
    with writing(engine) as connection:
        users.add(connection, "test", "lead", "operations", display_name="Operations lead")
        users.add(connection, "test", "far", "adviser", display_name="Carol", caseload_adviser="C. Farthing")
        users.add(connection, "test", "numbers", "analyst", display_name="Numbers")
    assert actions.owners(HEAD, engine) == {
        "C. Farthing": "adviser",
        "Operations lead": "operations",
        "B. Hollins": "adviser",
    }


def test_only_who_is_named_for_it_acts_on_a_restricted_child(engine: Engine) -> None:
    """Also where the child is of the adviser's own caseload, or the action is the adviser's own."""
    written = Written(engine)
    written.child("HIDDEN", adviser="C. Farthing", restricted=True)
    with written.reading() as connection:
        hidden = replace(NEW, child_key=connection.scalar(select(child.c.id).where(child.c.child_id == "HIDDEN")))
    named = replace(HEAD, sees_restricted=True)
    number = actions.open_action(named, hidden, MONDAY, engine)
    for viewer in (HEAD, ADVISER):
        with pytest.raises(ActionError, match="not among yours"):
            actions.open_action(viewer, hidden, MONDAY, engine)
        with pytest.raises(ActionError, match="There is no action"):
            actions.assign(viewer, number, "B. Hollins", FRIDAY, MONDAY, engine=engine)
        with pytest.raises(ActionError, match="There is no action"):
            actions.close(viewer, number, "Done", MONDAY, engine)
    assert len(rows(engine)) == 1
    actions.close(replace(ADVISER, sees_restricted=True), number, "Done", MONDAY, engine)

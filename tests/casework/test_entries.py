"""What is written down about a child: kept as it was, corrected beside it, seen by who may; on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.queries.written import Written
from vs_core.access import users
from vs_core.access.viewer import EVERYTHING, Viewer, scope
from vs_core.casework import entries
from vs_core.casework.entries import NewEntry
from vs_core.casework.turns import ActionError, Overtaken
from vs_core.queries import case_entries
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import reading, writing
from vs_core.store.schema import child

FRIDAY, MONDAY, TUESDAY, NEXT_WEEK = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 30)
ANN = Viewer(1, "ann", "Ann Lee", "inclusion", "s1")
BEN = Viewer(2, "ben", "Ben Roe", "inclusion", "s2")
ADVISER = Viewer(3, "adviser", "An adviser", "adviser", "s3", adviser="C. Farthing")
ANALYST = Viewer(4, "analyst", "An analyst", "analyst", "s4")


@pytest.fixture
def keys(engine: Engine) -> dict[str, int]:
    written = Written(engine)
    written.child("MINE", adviser="C. Farthing")
    written.child("THEIRS", adviser="B. Hollins")
    written.child("HIDDEN", adviser="C. Farthing", restricted=True)
    with written.reading() as connection:
        found = {row.child_id: row.id for row in connection.execute(select(child.c.id, child.c.child_id))}
    with writing(engine) as connection:
        users.add(connection, "test", "ann", "inclusion", display_name="Ann Lee")
    return found


def call(key: int, **changed: Any) -> NewEntry:
    return NewEntry(key, "contact", "Nobody answers", FRIDAY, "phone", "carer", **changed)


def held(engine: Engine, as_at: date = MONDAY, known_on: date | None = None, seen: Any = EVERYTHING) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(case_entries.entries(as_at, known_on, seen)))


def test_a_contact_is_kept_with_its_event_and_without_its_words_there(engine: Engine, keys: dict[str, int]) -> None:
    number = entries.write(ANN, call(keys["MINE"], outcome="Try again"), MONDAY, engine=engine)
    (row,) = held(engine)
    assert (row.entry_id, row.child_id, row.kind, row.on, row.by) == (number, "MINE", "contact", FRIDAY, "Ann Lee")
    assert (row.how, row.who, row.said, row.outcome) == ("phone", "carer", "Nobody answers", "Try again")
    with reading(engine) as connection:
        told = connection.execute(select(audit_event).where(audit_event.c.user_name == "ann")).one()
    assert (told.what, told.subject) == ("contact written down", f"child {keys['MINE']}")
    assert json.loads(told.detail) == {"entry": number}
    assert held(engine, MONDAY, FRIDAY) == []


def test_a_correction_stands_beside_what_it_corrects(engine: Engine, keys: dict[str, int]) -> None:
    first = entries.write(ANN, call(keys["MINE"]), MONDAY, engine=engine)
    right = replace(call(keys["MINE"]), said="The carer will call back")
    second = entries.correct(ANN, first, right, TUESDAY, engine)
    assert [row.said for row in held(engine, TUESDAY)] == ["The carer will call back"]
    assert [row.said for row in held(engine, TUESDAY, MONDAY)] == ["Nobody answers"]
    with reading(engine) as connection:
        every = connection.execute(case_entries.every_entry(TUESDAY, None)).all()
    assert [(row.entry_id, row.replaces, row.replaced_by) for row in every] == [
        (first, None, second),
        (second, first, None),
    ]
    with pytest.raises(Overtaken, match=r"corrected already by Ann Lee on \d+ \w+ \d{4}, \d\d:\d\d"):
        entries.correct(ANN, first, right, TUESDAY, engine)
    with pytest.raises(PermissionError, match="write a note"):
        entries.correct(BEN, second, right, TUESDAY, engine)
    with pytest.raises(ActionError, match="same child"):
        entries.correct(ANN, second, NewEntry(keys["MINE"], "note", "x"), TUESDAY, engine)


def test_a_snooze_that_nobody_had_seen_is_not_overlooked(engine: Engine, keys: dict[str, int]) -> None:
    snooze = NewEntry(keys["MINE"], "snooze", "Has chickenpox", until_on=NEXT_WEEK)
    first = entries.write(ANN, snooze, MONDAY, after=0, engine=engine)
    for late in (snooze, NewEntry(keys["MINE"], "referral", "Absent", referred_to="PP+ request")):
        with pytest.raises(Overtaken, match=r"^Snoozed until 30 Nov 2026 by Ann Lee on .* while you were writing"):
            entries.write(BEN, late, MONDAY, after=0, engine=engine)
    entries.write(BEN, call(keys["MINE"]), MONDAY, after=0, engine=engine)
    entries.write(BEN, NewEntry(keys["MINE"], "wake", "Seen in town"), MONDAY, after=first, engine=engine)
    assert [row.kind for row in held(engine)] == ["contact", "snooze", "wake"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"said": " "}, "note of what was said"),
        ({"on": TUESDAY}, "to come"),
        ({"how": None}, "way"),
        ({"with_whom": "the neighbour"}, "person"),
        ({"kind": "snooze", "until_on": MONDAY}, "after today"),
        ({"kind": "snooze"}, "after today"),
        ({"kind": "referral", "referred_to": "the moon"}, "referral"),
        ({"kind": "rumour"}, "no kind"),
    ],
)
def test_what_cannot_be_is_said_and_not_written(
    engine: Engine, keys: dict[str, int], changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(ActionError, match=said):
        entries.write(ANN, replace(call(keys["MINE"]), **changed), MONDAY, engine=engine)
    assert held(engine) == []


def test_who_may_write_about_whom(engine: Engine, keys: dict[str, int]) -> None:
    with pytest.raises(PermissionError):
        entries.write(ANALYST, call(keys["MINE"]), MONDAY, engine=engine)
    for viewer, whose in ((ADVISER, "THEIRS"), (ADVISER, "HIDDEN"), (ANN, "HIDDEN")):
        with pytest.raises(ActionError, match="not among yours"):
            entries.write(viewer, call(keys[whose]), MONDAY, engine=engine)
    entries.write(ADVISER, call(keys["MINE"]), MONDAY, engine=engine)
    entries.write(replace(ANN, sees_restricted=True), call(keys["HIDDEN"]), MONDAY, engine=engine)
    assert len(held(engine)) == 2


def test_words_and_names_are_for_who_may_read_them(engine: Engine, keys: dict[str, int]) -> None:
    for whose in ("MINE", "THEIRS", "HIDDEN"):
        entries.write(replace(ANN, sees_restricted=True), call(keys[whose], outcome="None"), MONDAY, engine=engine)
    assert [row.child_id for row in held(engine, seen=scope(ADVISER))] == ["MINE", f"#{keys['HIDDEN']}"]
    hidden = held(engine, seen=scope(ANN))[2]
    assert (hidden.is_listed, hidden.by, hidden.on) == (False, "somebody", FRIDAY)
    assert (hidden.said, hidden.outcome, hidden.who, hidden.how) == (None, None, None, None)
    assert {(row.said, row.outcome, row.by) for row in held(engine, seen=scope(ANALYST))} == {(None, None, "somebody")}

"""Bars add up to tiles, and a project's places, cost and cautions follow from its rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine

from tests.conftest import SMALL_AUTHORITY_AS_AT
from vs_core import figures
from vs_core.figures import SubjectFigures
from vs_core.figures.subject import Rows
from vs_core.rules.frame import Frame
from vs_core.store.engine import reading
from vs_core.ui.parts import pp_plus, projects, training

AS_AT = date(2026, 11, 23)


@pytest.fixture
def small(small_authority: Engine) -> Iterator[Connection]:
    with reading(small_authority) as connection:
        yield connection


def computed(connection: Connection, subject: str) -> SubjectFigures:
    return figures.compute(connection, subject, Frame.for_subject(subject, SMALL_AUTHORITY_AS_AT))


def test_bars_by_state_add_up_to_the_tiles(small: Connection) -> None:
    money = computed(small, "pp-plus")
    pence = pp_plus.by_state(money).set_index("state")["pence"]
    assert pence.reindex(["requested", "queried"]).sum() == money.figures["requested_pence"]
    assert pence.reindex(["approved", "part-approved"]).sum() == money.figures["committed_pence"]
    assert pence.get("paid", 0) == money.figures["paid_pence"]
    assert pence.get("recovered", 0) == money.figures["recovered_pence"]


def test_the_oldest_request_waits_first_and_all_of_them_do(small: Connection) -> None:
    money = computed(small, "pp-plus")
    rows = pp_plus.waiting(money)
    assert rows["amount_pence"].sum() == money.figures["requested_pence"]
    assert list(rows["age_days"]) == sorted(rows["age_days"], reverse=True)


def place(child: str | None, start: str, end: str | None = None, **more: object) -> dict[str, object]:
    key = None if child is None else int(child.removeprefix("C"))
    days = {"start": date.fromisoformat(start), "end": date.fromisoformat(end) if end else None}
    usual = {"project": "Letterbox", "child_id": child, "child_key": key, "school_key": 0, "status": "enrolled"}
    return {**usual, "offered_on": None, "cost_pence": None, **days, **more}


def of_places(places: list[dict[str, object]], active: int, eligible: int = 5) -> SubjectFigures:
    own = {"eligible": eligible, "offered": 2, "enrolled": 2, "active": active, "take_up_percent": 40.0}
    standing = pd.DataFrame(
        {"project": "Letterbox", "child_id": [f"C{number + 1}" for number in range(active)], "is_active": True}
    )
    rows: Rows = {"places": pd.DataFrame(places), "standing": standing}
    return SubjectFigures("projects", Frame.for_subject("projects", AS_AT), {"Letterbox": own}, {}, rows)


LICENCE = pd.DataFrame([{"project": "Letterbox", "places": 3, "cost_pence": 10_000, "renewal_on": date(2027, 6, 30)}])


def test_a_licence_counts_places_held_on_the_day() -> None:
    taken = [place("C1", "2026-09-01"), place("C2", "2026-09-01", "2026-11-22"), place("C3", "2026-11-24")]
    row = projects.by_project(of_places(taken, active=1), LICENCE).iloc[0]
    assert (row["taken"], row["free_places"], row["per_active_pence"]) == (1, 2, 10_000)


def test_a_place_on_its_last_day_is_held() -> None:
    row = projects.by_project(of_places([place("C1", "2026-09-01", "2026-11-23")], active=1), LICENCE).iloc[0]
    assert (row["taken"], row["idle"]) == (1, 0)


def test_a_held_place_that_is_not_used_is_idle() -> None:
    row = projects.by_project(of_places([place("C1", "2026-09-01")], active=0), LICENCE).iloc[0]
    assert row["idle"] == 1
    assert pd.isna(row["per_active_pence"])


def test_cost_without_a_licence_is_of_the_places_and_not_shared_out_over_schools() -> None:
    child, school = place("C1", "2026-09-01", cost_pence=500), place(None, "2026-09-01", cost_pence=700, school_key=4)
    alone = projects.by_project(of_places([child], active=1), LICENCE.iloc[:0]).iloc[0]
    both = projects.by_project(of_places([child, school], active=1), LICENCE.iloc[:0]).iloc[0]
    assert (alone["cost_pence"], alone["per_active_pence"], alone["schools"]) == (500, 500, 0)
    assert (both["cost_pence"], both["schools"]) == (1_200, 1)
    assert pd.isna(both["per_active_pence"])


@pytest.mark.parametrize(("eligible", "said"), [(0, "Nobody"), (1, "Fewer than 6"), (5, "Fewer than 6"), (6, "")])
def test_few_eligible_children_are_said(eligible: int, said: str) -> None:
    row = projects.by_project(of_places([place("C1", "2026-09-01")], active=1, eligible=eligible), LICENCE).iloc[0]
    assert row["caution"].startswith(said)
    assert bool(row["caution"]) == bool(said)


def session(course: str, on: date, capacity: int, booked: int, waiting: int) -> dict[str, object]:
    empty = max(0, capacity - booked)
    return {
        "course": course,
        "date": on,
        "capacity": capacity,
        "booked": booked,
        "waiting": waiting,
        "empty": empty,
    }


def test_who_waits_is_offered_a_seat_of_that_session_else_of_the_next() -> None:
    first, later = session("A", date(2026, 12, 1), 10, 10, 3), session("A", date(2027, 1, 12), 10, 6, 0)
    seats = session("B", date(2026, 12, 2), 10, 9, 1)
    said = {point.headline: point.detail for point in training.promotions(pd.DataFrame([first, later, seats]))}
    assert said["3 people wait for A on 1 Dec 2026."] == "It is full; 12 Jan 2027 has 4 empty seats: offer it."
    assert said["1 person waits for B on 2 Dec 2026."] == "It has 1 empty seat: promote from the waiting list."


def test_a_full_course_without_another_session_is_said() -> None:
    (point,) = training.promotions(pd.DataFrame([session("A", date(2026, 12, 1), 10, 10, 3)]))
    assert "no other session" in point.detail

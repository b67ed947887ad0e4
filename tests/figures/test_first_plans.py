"""Children of whom no file of plans has a plan: in no figure of the plans, and so a matter of their own."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.queries.written import Written, frame
from vs_core.figures import attention, compute, fetch, first_plans, in_care, week
from vs_core.figures.attention import Matter, Week
from vs_core.figures.changes import Changes
from vs_core.rules.clocks import Clock
from vs_core.rules.cohorts import CareSpan, entered_care_on

ENTERED, DUE, AFTER = "2024-09-02", "2024-09-30", "2024-10-01"
"""Twenty working days after 2 September 2024 is 30 September."""


def without_plan(written: Written, on: str) -> pd.DataFrame:
    with written.reading() as connection:
        care, plans = in_care(connection, frame("cohort", on)), compute(connection, "pep", frame("pep", on))
        return first_plans.without(
            care, plans, week.care_spans(connection, None), first_plans.planned(connection, None)
        )


def matter(written: Written, on: str) -> Matter | None:
    rows = without_plan(written, on)
    with written.reading() as connection:
        nothing = {
            name: Changes(compute(connection, name, frame(name, on)), None)
            for name in ("exclusions", "provision", "post-16", "pep", "attendance")
        }
        clock = Clock(fetch.school_calendar(connection, None), fetch.thresholds(connection), "Norfolk")
    empty = pd.DataFrame()
    seen = Week(frame("pep", on).as_at, nothing, empty, empty, rows)
    return next((each for each in attention.matters(seen, clock)[0] if each.key == "no-first-plan"), None)


@pytest.fixture
def child(written: Written) -> Written:
    written.child("A", born_on="2014-05-05")
    written.care("A", ENTERED)
    written.arrive("peps")
    return written


@pytest.mark.parametrize(("on", "late"), [(DUE, False), (AFTER, True)])
def test_from_the_day_after_the_first_plan_was_due(child: Written, on: str, late: bool) -> None:
    found = matter(child, on)
    assert (found is not None) is late
    if found:
        assert found.headline == "1 child without a first plan"
        assert found.detail == (
            "In no file of plans. It was due on 30 September 2024, 20 working days after coming into care."
        )
        assert list(found.rows["child_id"]) == ["A"]


def test_any_plan_is_a_plan(child: Written) -> None:
    child.row("pep", child="A", term="2024/25 spring", kind="review", due_on="2025-03-30")
    assert matter(child, AFTER) is None


def test_before_plans_have_arrived_nothing_is_said(written: Written) -> None:
    written.child("A", born_on="2014-05-05")
    written.care("A", ENTERED)
    assert without_plan(written, AFTER).empty


@pytest.mark.parametrize(
    ("born", "counted"), [("2020-09-01", 1), ("2021-09-01", 0), ("2006-09-01", 1), ("2006-08-31", 0)]
)
def test_from_the_year_before_reception_to_year_13(written: Written, born: str, counted: int) -> None:
    written.child("A", born_on=born)
    written.care("A", ENTERED)
    written.arrive("peps")
    assert len(without_plan(written, AFTER)) == counted


def test_who_has_left_care_needs_no_plan_and_who_came_back_needs_one_anew(child: Written) -> None:
    child.child("LEFT", born_on="2014-05-05")
    child.care("LEFT", "2024-01-01", "2024-09-20")
    child.child("BACK", born_on="2014-05-05")
    child.care("BACK", "2020-01-01", "2021-01-01")
    child.care("BACK", "2024-09-20")
    rows = without_plan(child, AFTER)
    assert {name: str(on) for name, on in zip(rows["child_id"], rows["entered_on"], strict=True)} == {
        "A": ENTERED,
        "BACK": "2024-09-20",
    }


def test_the_day_care_was_entered() -> None:
    days = pd.to_datetime(["2024-01-01", "2024-03-01", "2024-05-01"]).date
    spans = [CareSpan(days[0], days[1], False), CareSpan(days[1], days[2], False)]
    assert entered_care_on(spans, days[1]) == days[0]
    assert entered_care_on(spans, days[2]) is None

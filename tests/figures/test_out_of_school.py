"""Since when children have been without a school, and what a search for one had brought by a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.queries.written import Written, frame
from vs_core.figures import compute, out_of_school


def since(written: Written, as_at: str) -> list[dict[str, Any]]:
    written.arrive("timetables")
    with written.reading() as connection:
        provision = compute(connection, "provision", frame("provision", as_at))
        rows = out_of_school.since(provision, out_of_school.places(connection, provision.frame))
    return [
        {name: None if value is None or value != value else value for name, value in row.items()}
        for row in rows[["out_since", "applied_on", "decision", "directed_on"]].to_dict("records")
    ]


@pytest.fixture
def child(written: Written) -> Written:
    written.care("A", "2020-01-01")
    written.child("A", born_on="2012-01-01")
    return written


def test_a_search_from_before_the_last_school_says_nothing_of_now(child: Written) -> None:
    child.row("admission", child="A", needed_on="2024-09-03", applied_on="2024-09-04", directed_on="2024-09-10")
    child.enrolled("A", "100001", "2024-09-16", "2025-05-30")
    nothing = {"applied_on": None, "decision": None, "directed_on": None}
    assert since(child, "2025-06-03") == [{"out_since": date(2025, 5, 31), **nothing}]


def test_a_search_begun_while_on_the_last_roll_counts_from_the_day_after_it(child: Written) -> None:
    child.row("admission", child="A", needed_on="2025-05-01", applied_on="2025-05-02")
    child.enrolled("A", "100001", "2024-09-16", "2025-05-30")
    found = since(child, "2025-06-03")[0]
    assert (found["out_since"], found["applied_on"]) == (date(2025, 5, 31), date(2025, 5, 2))


def test_a_search_begun_after_the_last_roll_counts_from_its_own_day(child: Written) -> None:
    child.row("admission", child="A", needed_on="2025-06-02")
    child.enrolled("A", "100001", "2024-09-16", "2025-05-30")
    assert since(child, "2025-06-03")[0]["out_since"] == date(2025, 6, 2)


@pytest.mark.parametrize(
    ("as_at", "applied", "decided", "directed"),
    [
        ("2025-05-09", None, None, None),
        ("2025-05-10", date(2025, 5, 10), None, None),
        ("2025-05-20", date(2025, 5, 10), "refused", None),
        ("2025-06-01", date(2025, 5, 10), "refused", date(2025, 6, 1)),
    ],
)
def test_what_came_after_the_day_is_not_seen(
    child: Written, as_at: str, applied: date | None, decided: str | None, directed: date | None
) -> None:
    child.row(
        "admission",
        child="A",
        needed_on="2025-05-01",
        applied_on="2025-05-10",
        decision="refused",
        decided_on="2025-05-20",
        directed_on="2025-06-01",
    )
    child.arrive("enrolments")
    found = since(child, as_at)[0]
    assert found == {"out_since": date(2025, 5, 1), "applied_on": applied, "decision": decided, "directed_on": directed}

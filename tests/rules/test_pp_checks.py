"""What stands outside the policy, at the edges."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from vs_core.rules.pp_checks import OVER, counted, doubled, exception_at_fault, over_limit

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("state", "add_on", "pence"),
    [
        ("requested", "", 500),
        ("queried", "", 500),
        ("approved", "", 300),
        ("part-approved", "", 300),
        ("rejected", "", 0),
        ("lapsed", "", 0),
        ("approved", "book offer", 0),
    ],
)
def test_what_counts_towards_the_limit(state, add_on, pence):
    assert counted(state, 500, 300, add_on) == pence


def test_exactly_the_limit_is_within_it():
    rows = pd.DataFrame(
        [
            (1, "2026/27 autumn", 60_000, 60_000, ""),
            (2, "2026/27 autumn", 60_000, 60_000, "x"),
            (2, "2026/27 autumn", 1, 60_000, ""),
            (3, "2026/27 autumn", 90_000, None, ""),
        ],
        columns=["child_key", "term", "counted_pence", "limit_pence", "fault"],
    )
    found = over_limit(rows)
    assert found.to_dict("records") == [
        {
            "child_key": 2,
            "term": "2026/27 autumn",
            "requests": 2,
            "counted_pence": 60_001,
            "limit_pence": 60_000,
            "over_pence": 1,
            "agreed": False,
        }
    ]
    assert list(over_limit(rows.iloc[:0]).columns) == list(OVER)


def test_only_exceptions_that_stand_are_at_fault():
    assert exception_at_fault("approved", 60_001, False, 60_000, ON, None, None) == "No adviser has agreed."
    assert exception_at_fault("rejected", 60_001, False, 60_000, ON, None, None) == ""
    assert exception_at_fault("approved", 60_000, False, 60_000, ON, None, None) == ""


def test_what_may_be_paid_for_already():
    given = date(2026, 9, 1)
    assert doubled("approved", True, given, False, False, ON, "").endswith("given one on 1 Sep 2026.")
    assert doubled("approved", True, ON.replace(year=2027), False, False, ON, "").endswith("no intervention.")
    assert doubled("approved", False, given, True, False, ON, "") == ""
    assert "care plan" in doubled("approved", False, None, True, True, ON, "")
    assert doubled("requested", False, None, False, False, ON, "R1").endswith("before: R1.")
    assert doubled("lapsed", True, given, True, True, ON, "R1") == ""

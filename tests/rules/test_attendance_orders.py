"""In which order children and schools stand: those too of whom no mark has come."""

import pandas as pd

from vs_core.rules import attendance_orders as orders
from vs_core.rules.heatmaps import AWAITED

ROWS = pd.DataFrame(
    {
        "child_key": [1, 2, 3, 4],
        "possible_sessions": [10, 10, 0, 0],
        "attendance_percent": [50.0, 90.0, None, None],
        "absent_sessions": [5, 1, 0, 0],
        "is_persistently_absent": [True, True, False, False],
        AWAITED: [0, 0, 6, 0],
    }
)
COURSES = pd.DataFrame({"child_key": [1, 2], "change_points": [-3.0, None], "persistent_from": ["2026-09-07", None]})


def test_a_child_of_whom_marks_are_due_stands_below_those_with_marks() -> None:
    lowest = orders.children_ranked(ROWS, COURSES, orders.LOWEST)
    assert list(zip(lowest["child_key"], lowest["rank"], strict=True)) == [(1, 1), (2, 2), (3, 3)]
    assert list(orders.children_ranked(ROWS, COURSES, orders.WORSENED)["child_key"]) == [1]
    assert set(orders.children_ranked(ROWS, COURSES, orders.NEWEST)["child_key"]) == {1, 2}


def test_a_school_from_which_nothing_came_stands_below_the_others() -> None:
    rows = pd.DataFrame(
        {"child_key": [1, 2], "urn": ["A", None], "possible_sessions": [10, 10], "attended_sessions": [4, 10]}
    )
    due = pd.DataFrame({"child_key": [1, 3, 4], "urn": ["A", "B", None], AWAITED: [2, 6, 2]})
    for order in orders.SCHOOL_ORDERS:
        ranked = orders.schools_ranked(rows, due, {"A": "Ash", "B": "Beech"}, order)
        assert list(ranked["name"]) == ["Ash (1)", "Beech (1)"], order

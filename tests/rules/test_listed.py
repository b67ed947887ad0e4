"""Which rows may be shown one by one, and what is said of the others."""

from __future__ import annotations

import pandas as pd
import pytest

from vs_core.rules.listed import Unmarked, is_one_unlisted, left_out, listed

ROWS = pd.DataFrame({"child_key": [1, 2, 3, 4], "is_listed": [True, False, None, True]})


def test_a_row_that_does_not_say_yes_is_not_listed() -> None:
    assert list(listed(ROWS)["child_key"]) == [1, 4]
    assert list(listed(ROWS.astype({"is_listed": object}))["child_key"]) == [1, 4]
    assert listed(ROWS.assign(is_listed=None)).empty


@pytest.mark.parametrize("column", ["child_key", "child_id", "child", "forename", "surname"])
def test_rows_about_children_must_say_which_may_be_listed(column: str) -> None:
    with pytest.raises(Unmarked):
        listed(pd.DataFrame({column: ["x"], "days": [1]}))


def test_rows_about_no_child_are_all_listed() -> None:
    sessions = pd.DataFrame({"course": ["Attachment"], "children": [12]})
    assert listed(sessions) is sessions
    with pytest.raises(Unmarked):
        listed(sessions, each_a_child=True)


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, ("child", "children"), ""),
        (1, ("child", "children"), "1 child whose whereabouts are restricted is counted and not listed."),
        (2, ("child", "children"), "2 children whose whereabouts are restricted are counted and not listed."),
        (1, ("plan", "plans"), "1 plan about a child whose whereabouts are restricted is counted and not listed."),
        (3, ("plan", "plans"), "3 plans about children whose whereabouts are restricted are counted and not listed."),
    ],
)
def test_how_many_are_counted_and_not_listed_is_said(number: int, noun: tuple[str, str], said: str) -> None:
    rows = pd.DataFrame({"child_key": range(4), "is_listed": [place >= number for place in range(4)]})
    assert left_out(rows, noun) == said


def test_one_child_who_may_not_be_listed() -> None:
    two = pd.DataFrame({"child_key": [7, 7], "is_listed": [False, False]})
    assert is_one_unlisted(two)
    assert not is_one_unlisted(two.assign(is_listed=True))
    assert not is_one_unlisted(two.assign(child_key=[7, 8]))
    assert not is_one_unlisted(two.iloc[:0])
    assert not is_one_unlisted(pd.DataFrame({"course": []}))

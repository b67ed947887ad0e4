"""How many sessions are left: at the edges, and by trying one session after the other."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.rules.sessions_left import NO_SESSION, SessionsLeft, last_day_of_year, sessions_left


@pytest.mark.parametrize(
    ("possible", "absent", "to_come", "expected"),
    [
        (0, 0, 380, SessionsLeft(37, True, True)),  # the 38th of 380 is a tenth
        (100, 37, 280, SessionsLeft(0, True, False)),
        (100, 38, 280, SessionsLeft(0, True, False)),  # exactly 90 per cent is reached, and is persistent
        (100, 39, 280, SessionsLeft(0, False, False)),
        (100, 18, 280, SessionsLeft(19, True, True)),
        (100, 19, 280, SessionsLeft(18, True, True)),  # exactly 95 per cent
        (100, 20, 280, SessionsLeft(17, True, False)),
        (378, 0, 2, SessionsLeft(2, True, True)),  # no more than are to come
        (190, 0, 0, SessionsLeft(None, None, None, NO_SESSION)),  # the year is over
        (0, 0, 0, SessionsLeft(None, None, None, NO_SESSION)),
    ],
)
def test_edges(possible: int, absent: int, to_come: int, expected: SessionsLeft) -> None:
    assert sessions_left(possible, absent, to_come) == expected


@given(st.data())
def test_one_more_would_be_persistent(data: st.DataObject) -> None:
    possible, to_come = data.draw(st.integers(0, 400)), data.draw(st.integers(0, 400))
    absent = data.draw(st.integers(0, possible))
    found, year = sessions_left(possible, absent, to_come), possible + to_come
    if not to_come:
        return
    assert found.left is not None
    stays_under = [missed for missed in range(1, to_come + 1) if 10 * (absent + missed) < year]
    assert found.left == max(stays_under, default=0)
    attended = year - absent
    assert (found.can_reach_90, found.can_reach_95) == (10 * attended >= 9 * year, 20 * attended >= 19 * year)


def test_year_11_leaves_on_the_last_friday_of_june() -> None:
    assert last_day_of_year("11", date(2026, 11, 23)) == date(2027, 6, 25)
    assert last_day_of_year("10", date(2026, 11, 23)) == date(2027, 8, 31)

"""A period in pieces of a few weeks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.rules import periods


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 9, 1), date(2026, 9, 1), [(date(2026, 9, 1), date(2026, 9, 1))]),
        (date(2026, 9, 1), date(2026, 9, 27), [(date(2026, 9, 1), date(2026, 9, 27))]),
        (
            date(2026, 9, 1),
            date(2026, 9, 28),
            [(date(2026, 9, 1), date(2026, 9, 27)), (date(2026, 9, 28), date(2026, 9, 28))],
        ),
        (date(2026, 9, 2), date(2026, 9, 1), [(date(2026, 9, 2), date(2026, 9, 1))]),
    ],
)
def test_a_period_is_cut_before_mondays(start: date, end: date, expected: list[tuple[date, date]]) -> None:
    assert periods.pieces(start, end, 4) == expected


@given(st.dates(date(2023, 8, 1), date(2024, 9, 1)), st.integers(0, 500), st.integers(1, 9))
def test_the_pieces_of_a_period_are_the_period(start: date, length: int, weeks: int) -> None:
    end = start + timedelta(days=length)
    found = periods.pieces(start, end, weeks)
    days = [first + timedelta(days=turn) for first, last in found for turn in range((last - first).days + 1)]
    assert days == [start + timedelta(days=turn) for turn in range(length + 1)]
    assert {first.weekday() for first, _ in found[1:]} <= {0}
    assert max((last - first).days + 1 for first, last in found) <= 7 * weeks

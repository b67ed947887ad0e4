"""The same school week of the year before: the same place in its half term, else 52 weeks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from vs_core.rules.frame import Frame
from vs_core.rules.periods import HalfTerm
from vs_core.rules.school_weeks import a_year_before, same_day_last_year

HALVES = [
    HalfTerm(1, date(2025, 9, 3), date(2025, 10, 24)),
    HalfTerm(2, date(2025, 11, 3), date(2025, 12, 19)),
    HalfTerm(3, date(2026, 1, 5), date(2026, 2, 13)),
    HalfTerm(1, date(2026, 9, 2), date(2026, 10, 23)),
    HalfTerm(2, date(2026, 11, 2), date(2026, 12, 18)),
    HalfTerm(3, date(2027, 1, 4), date(2027, 2, 19)),
]


@pytest.mark.parametrize(
    ("day", "then"),
    [
        (date(2026, 11, 20), date(2025, 11, 21)),  # a Friday, third week of the second half term
        (date(2026, 9, 2), date(2025, 9, 3)),  # a Wednesday, the day on which both begin
        (date(2026, 9, 1), date(2025, 9, 2)),  # before the half term, in its first week
        (date(2026, 10, 28), date(2025, 10, 29)),  # in the holiday: 52 weeks
        (date(2027, 2, 15), date(2026, 2, 16)),  # a seventh week, which the half term before had not: 52 weeks
        (date(2025, 11, 20), date(2024, 11, 21)),  # the year before is not loaded: 52 weeks
        (date(2026, 8, 30), date(2025, 8, 31)),
        (date(2026, 8, 31), date(2025, 8, 25)),  # 52 weeks before is 1 September of the same academic year
        (date(2024, 8, 30), date(2023, 8, 25)),  # after a leap day so is this
    ],
)
def test_the_same_day(day: date, then: date) -> None:
    assert same_day_last_year(day, HALVES) == then
    assert day.weekday() == then.weekday()


def test_without_a_calendar_it_is_52_weeks_before() -> None:
    assert same_day_last_year(date(2026, 11, 20), []) == date(2026, 11, 20) - timedelta(364)


def test_a_school_week_after_a_longer_holiday_is_not_the_calendars() -> None:
    """Half terms that began a week later: the third week with the third, not with the second."""
    later = [HalfTerm(2, date(2025, 10, 27), date(2025, 12, 19)), *HALVES[4:]]
    assert same_day_last_year(date(2026, 11, 18), later) == date(2025, 11, 12)


@pytest.mark.parametrize(
    ("start", "then"),
    [
        (date(2026, 9, 1), date(2025, 9, 1)),  # the academic year
        (date(2026, 4, 1), date(2025, 4, 1)),  # the financial year
        (date(2026, 11, 2), date(2025, 11, 3)),  # the half term
        (date(2026, 11, 16), date(2025, 11, 17)),  # the week
        (date(2025, 11, 21), date(2024, 11, 22)),  # twelve months
    ],
)
def test_the_same_period(start: date, then: date) -> None:
    frame = Frame(date(2026, 11, 20), date(2026, 11, 20), start, date(2026, 11, 20), "kinship", True)
    before = a_year_before(frame, HALVES)
    assert (before.start, before.end, before.as_at) == (then, date(2025, 11, 21), date(2025, 11, 21))
    assert (before.known_on, before.cohort, before.while_in_care) == (frame.known_on, "kinship", True)


def test_a_period_never_ends_before_it_begins() -> None:
    frame = Frame(date(2026, 9, 1), None, date(2026, 9, 1), date(2026, 9, 1))
    before = a_year_before(frame, HALVES)
    assert before.start <= before.end


def test_a_half_term_that_was_shorter_has_no_such_week() -> None:
    shorter = [HalfTerm(2, date(2025, 11, 10), date(2025, 12, 12)), HALVES[4]]
    assert same_day_last_year(date(2026, 12, 2), shorter) == date(2025, 12, 10)
    assert same_day_last_year(date(2026, 12, 16), shorter) == date(2025, 12, 17)

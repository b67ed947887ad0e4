from datetime import date

import pytest

from vs_core.rules.school_calendar import CalendarRow, SchoolCalendar
from vs_core.rules.summer import (
    Holiday,
    has_left_school,
    is_between_schools,
    is_without_school,
    last_friday_of_june,
    summer_holiday,
)

HOLIDAY = Holiday(date(2025, 7, 22), date(2025, 9, 3))


def half(number: int, start: date, end: date, la: str = "Essex", urn: str | None = None) -> CalendarRow:
    year = "2024/25" if start < date(2025, 9, 1) else "2025/26"
    return CalendarRow(la, year, f"half term {number}", start, end, urn)


def summer(la: str, last: date, urn: str | None = None) -> list[CalendarRow]:
    return [half(5, date(2025, 4, 22), date(2025, 5, 23), la, urn), half(6, date(2025, 6, 2), last, la, urn)]


AUTUMN = [half(1, date(2025, 9, 2), date(2025, 10, 24)), half(2, date(2025, 11, 3), date(2025, 12, 19))]


def test_the_last_friday_of_june():
    assert [last_friday_of_june(year) for year in (2023, 2024, 2025)] == [
        date(2023, 6, 30),
        date(2024, 6, 28),
        date(2025, 6, 27),
    ]


@pytest.mark.parametrize(
    ("group", "on", "left"),
    [
        ("11", date(2025, 6, 27), False),
        ("11", date(2025, 6, 28), True),
        ("11", date(2025, 8, 31), True),
        ("11", date(2025, 9, 1), False),
        ("10", date(2025, 6, 28), False),
    ],
)
def test_year_11_leaves_with_june(group, on, left):
    assert has_left_school(group, on) is left
    assert is_without_school(group, on, on_roll=False) is not left
    assert not is_without_school(group, on, on_roll=True)


def test_only_children_of_reception_to_year_11_should_be_on_a_roll():
    assert not is_without_school("N2", date(2025, 6, 1), on_roll=False)
    assert not is_without_school("12", date(2025, 6, 1), on_roll=False)
    assert not is_without_school("9", date(2025, 8, 1), on_roll=False, between_schools=True)


@pytest.mark.parametrize(
    ("on", "left_on", "joins_on", "between"),
    [
        (date(2025, 7, 23), date(2025, 7, 22), date(2025, 9, 3), True),
        (date(2025, 7, 23), date(2025, 7, 21), date(2025, 9, 3), False),
        (date(2025, 9, 2), date(2025, 8, 31), date(2025, 9, 3), True),
        (date(2025, 9, 2), date(2025, 8, 31), date(2025, 9, 2), False),
        (date(2025, 9, 3), date(2025, 8, 31), date(2025, 9, 8), False),
        (date(2025, 8, 1), date(2025, 8, 1), date(2025, 9, 3), False),
    ],
)
def test_between_two_schools_in_the_holiday_alone(on, left_on, joins_on, between):
    assert is_between_schools(on, left_on, joins_on, HOLIDAY) is between


def test_the_holiday_lies_between_the_terms_of_the_school_or_its_authority():
    own = summer("Essex", date(2025, 7, 18), "100001")
    rows = [
        *summer("Essex", date(2025, 7, 22)),
        *AUTUMN,
        *own,
        CalendarRow("Essex", "2024/25", "INSET (non-pupil day)", date(2025, 7, 21), date(2025, 7, 22)),
    ]
    calendar, on = SchoolCalendar(rows), date(2025, 8, 10)
    assert summer_holiday(calendar, on, "Essex") == Holiday(date(2025, 7, 18), date(2025, 9, 2))
    assert summer_holiday(calendar, on, "Essex", "100001") == Holiday(date(2025, 7, 18), date(2025, 9, 2))


def test_an_unknown_authority_has_the_earliest_holiday_that_is_loaded():
    calendar = SchoolCalendar([*summer("Essex", date(2025, 7, 22)), *summer("Kent", date(2025, 7, 18))])
    assert summer_holiday(calendar, date(2025, 9, 2), "Surrey") == Holiday(date(2025, 7, 18), date(2025, 9, 1))
    assert summer_holiday(SchoolCalendar([]), date(2025, 8, 10), "Surrey") is None
    assert summer_holiday(calendar, date(2026, 8, 10), "Essex") is None

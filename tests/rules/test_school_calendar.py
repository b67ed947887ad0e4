from datetime import date, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.rules.frame import Term
from vs_core.rules.school_calendar import (
    CalendarNotLoaded,
    CalendarRow,
    SchoolCalendar,
    calendar_day_after,
    is_bank_holiday,
    is_working_day,
    last_working_day,
    working_day_after,
    working_days_between,
)

BANK_HOLIDAYS = [
    *(date(2026, month, day) for month, day in ((4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28))),
    *(
        date(2027, month, day)
        for month, day in ((1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28))
    ),
]


@pytest.mark.parametrize("year", [2026, 2027])
def test_bank_holidays_of_england(year):
    days = (date(year, 1, 2) + timedelta(days=number) for number in range(-1, 364))
    expected = [day for day in BANK_HOLIDAYS if day.year == year]
    weekdays = [day for day in days if is_bank_holiday(day) and day.weekday() < 5]
    assert weekdays == ([date(2026, 1, 1), *expected] if year == 2026 else expected)


@pytest.mark.parametrize(
    ("on", "is_open"),
    [
        (date(2024, 9, 2), False),  # INSET day
        (date(2024, 9, 3), True),  # first day of term for pupils
        (date(2024, 9, 7), False),  # Saturday
        (date(2024, 10, 25), True),  # last day of half term 1
        (date(2024, 10, 28), False),  # half term
        (date(2025, 5, 5), False),  # bank holiday within half term 5
        (date(2025, 7, 18), True),
        (date(2025, 7, 22), False),  # INSET on the last day
        (date(2025, 8, 31), False),
    ],
)
def test_school_days_of_essex(calendar, on, is_open):
    assert calendar.is_school_day(on, "Essex") is is_open


def test_the_year_of_essex_2024_25_has_190_school_days_and_5_inset_days_more(calendar):
    assert calendar.school_days_between(date(2024, 9, 1), date(2025, 8, 31), "Essex") == 189


def test_good_friday_inside_a_term_is_closed():
    rows = [CalendarRow("Kent", "2026-27", f"half term {number}", *span) for number, span in _halves(date(2027, 4, 9))]
    calendar = SchoolCalendar(rows)
    assert calendar.is_school_day(date(2027, 3, 25), "Kent")
    assert not calendar.is_school_day(date(2027, 3, 26), "Kent")
    assert not calendar.is_school_day(date(2027, 3, 29), "Kent")
    assert calendar.school_day_after(date(2027, 3, 25), 1, "Kent") == date(2027, 3, 30)


def _halves(spring_ends: date) -> list[tuple[int, tuple[date, date]]]:
    spans = [
        (date(2026, 9, 2), date(2026, 10, 23)),
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 1, 4), date(2027, 2, 12)),
        (date(2027, 2, 22), spring_ends),
        (date(2027, 4, 19), date(2027, 5, 28)),
        (date(2027, 6, 7), date(2027, 7, 21)),
    ]
    return list(enumerate(spans, 1))


@pytest.mark.parametrize(
    "ask",
    [
        lambda calendar: calendar.is_school_day(date(2028, 1, 10), "Essex"),
        lambda calendar: calendar.school_days_between(date(2027, 7, 1), date(2027, 9, 1), "Essex"),
        lambda calendar: calendar.school_day_after(date(2027, 7, 20), 2, "Essex"),
        lambda calendar: calendar.term_on(date(2027, 9, 1), "Essex"),
        lambda calendar: calendar.half_term_end_from(date(2027, 7, 1), 1, "Essex"),
    ],
)
def test_a_year_that_is_not_loaded_is_said_in_a_sentence(calendar, ask):
    with pytest.raises(CalendarNotLoaded, match=r"^The term dates of Essex for 2027/28 are not loaded\.$"):
        ask(calendar)


def test_an_authority_that_is_not_loaded_is_named(calendar):
    with pytest.raises(CalendarNotLoaded, match=r"^The term dates of Suffolk for 2026/27 are not loaded\.$"):
        calendar.is_school_day(date(2026, 11, 23), "Suffolk")
    assert not calendar.is_loaded(date(2026, 11, 23), "Suffolk")
    assert calendar.term_or_season(date(2026, 11, 23), "Suffolk") == Term.of("2026/27", "autumn")


def test_days_before_the_first_loaded_year_are_not_guessed(calendar):
    with pytest.raises(CalendarNotLoaded, match="2019/20"):
        calendar.school_day_before(date(2020, 9, 2), 1, "Essex")


def test_a_year_loaded_in_part_is_known_up_to_there():
    calendar = SchoolCalendar(
        CalendarRow("Kent", "2026-27", f"half term {n}", *span) for n, span in _halves(date(2027, 3, 24))[:2]
    )
    assert calendar.is_school_day(date(2026, 12, 18), "Kent")
    assert not calendar.is_school_day(date(2026, 10, 28), "Kent")
    with pytest.raises(CalendarNotLoaded, match=r"for 2026/27 after 18 December 2026 are not loaded"):
        calendar.is_school_day(date(2027, 1, 11), "Kent")


@pytest.fixture
def schools():
    own = [
        CalendarRow("Kent", "2026-27", "INSET (non-pupil day)", date(2026, 11, 23), date(2026, 11, 23), "100001"),
        CalendarRow("Kent", "2026-27", "closure", date(2026, 11, 24), date(2026, 11, 25), "100001"),
        CalendarRow("Kent", "2026-27", "half term 2", date(2026, 11, 9), date(2026, 12, 18), "100002"),
    ]
    shared = [CalendarRow("Kent", "2026-27", f"half term {n}", *span) for n, span in _halves(date(2027, 3, 24))]
    return SchoolCalendar([*own, *shared])


def test_closed_days_of_a_school_add_to_those_of_its_authority(schools):
    assert schools.is_school_day(date(2026, 11, 23), "Kent")
    assert not schools.is_school_day(date(2026, 11, 23), "Kent", "100001")
    assert schools.school_day_after(date(2026, 11, 20), 1, "Kent", "100001") == date(2026, 11, 26)
    assert schools.school_day_after(date(2026, 11, 20), 1, "Kent", "999999") == date(2026, 11, 23)


def test_a_half_term_of_a_school_replaces_that_of_its_authority(schools):
    assert not schools.is_school_day(date(2026, 11, 3), "Kent", "100002")
    assert schools.is_school_day(date(2026, 11, 3), "Kent")


@pytest.mark.parametrize(
    ("on", "term"),
    [
        (date(2026, 9, 1), "2026/27 autumn"),
        (date(2026, 9, 2), "2026/27 autumn"),
        (date(2026, 10, 27), "2026/27 autumn"),
        (date(2027, 1, 3), "2026/27 autumn"),
        (date(2027, 1, 4), "2026/27 spring"),
        (date(2027, 4, 11), "2026/27 spring"),
        (date(2027, 4, 12), "2026/27 summer"),
        (date(2027, 8, 31), "2026/27 summer"),
    ],
)
def test_a_day_of_a_holiday_belongs_to_the_term_before(calendar, on, term):
    assert str(calendar.term_on(on, "Essex")) == term


def test_the_bounds_of_a_term_are_school_days(calendar):
    assert calendar.term_bounds(Term.of("2024/25", "autumn"), "Essex") == (date(2024, 9, 3), date(2024, 12, 20))
    assert calendar.term_bounds(Term.of("2024/25", "summer"), "Essex") == (date(2025, 4, 22), date(2025, 7, 18))
    assert calendar.term_bounds(Term.of("2026/27", "spring"), "essex ") == (date(2027, 1, 4), date(2027, 3, 25))


LOADED = st.dates(date(2022, 9, 1), date(2027, 6, 1))


@given(day=LOADED, count=st.integers(1, 30))
def test_counting_forward_and_between_agree(calendar, day, count):
    found = calendar.school_day_after(day, count, "Essex")
    assert calendar.is_school_day(found, "Essex")
    assert calendar.school_days_since(day, found, "Essex") == count
    assert calendar.school_day_before(found + timedelta(days=1), 1, "Essex") == found


@given(day=LOADED, length=st.integers(0, 200))
def test_school_days_between_is_the_sum_of_single_days(calendar, day, length):
    end = min(day + timedelta(days=length), date(2027, 8, 31))
    days = [day + timedelta(days=number) for number in range((end - day).days + 1)]
    open_days = [each for each in days if calendar.is_school_day(each, "Norfolk")]
    assert calendar.school_days(day, end, "Norfolk") == open_days
    assert calendar.school_days_between(day, end, "Norfolk") == len(open_days)


def test_nothing_lies_between_a_day_and_the_day_before(calendar):
    assert calendar.school_days_between(date(2026, 11, 23), date(2026, 11, 22), "Essex") == 0
    assert calendar.school_days_since(date(2026, 11, 23), date(2026, 11, 23), "Essex") == 0


@pytest.mark.parametrize("count", [0, -1])
def test_a_number_of_days_is_at_least_one(calendar, count):
    with pytest.raises(ValueError, match="1 or more"):
        calendar.school_day_after(date(2026, 11, 23), count, "Essex")


@given(day=st.dates(date(2000, 1, 1), date(2050, 1, 1)), count=st.integers(1, 40))
def test_working_days_forward_and_between_agree(day, count):
    found = working_day_after(day, count)
    assert is_working_day(found)
    assert working_days_between(day + timedelta(days=1), found) == count
    assert last_working_day(found) == found


def test_working_days_leave_out_christmas_and_count_school_holidays():
    assert working_day_after(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert working_day_after(date(2026, 7, 31), 10) == date(2026, 8, 14)
    assert last_working_day(date(2027, 3, 28)) == date(2027, 3, 25)
    assert calendar_day_after(date(2028, 2, 28), 1) == date(2028, 2, 29)


def test_tens_of_thousands_of_questions_take_under_a_second(calendar):
    began = perf_counter()
    for number in range(30_000):
        calendar.school_days_since(date(2024, 9, 3), date(2024, 9, 4) + timedelta(days=number % 900), "Essex", "100001")
    assert perf_counter() - began < 1.0

from datetime import date, timedelta

import pytest

from vs_core.rules.closed_days import Closed, ClosedDays, NotLoaded
from vs_core.rules.school_calendar import CalendarRow, SchoolCalendar

HALVES = [
    ("half term 1", date(2024, 9, 3), date(2024, 10, 25)),
    ("half term 2", date(2024, 11, 4), date(2024, 12, 20)),
    ("half term 3", date(2025, 1, 6), date(2025, 2, 14)),
    ("half term 4", date(2025, 2, 24), date(2025, 4, 4)),
    ("half term 5", date(2025, 4, 22), date(2025, 5, 23)),
    ("half term 6", date(2025, 6, 2), date(2025, 7, 22)),
]


def row(what: str, start: date, end: date | None = None, la: str = "Westmere", urn: str | None = None) -> CalendarRow:
    return CalendarRow(la, "2024/25", what, start, end or start, urn)


WESTMERE = [
    *(row(*half) for half in HALVES),
    row("INSET (non-pupil day)", date(2024, 9, 3)),
    row("closure", date(2025, 1, 8), date(2025, 1, 9)),
]
LATER_AUTUMN = row("half term 1", date(2024, 9, 3), date(2024, 11, 1), "Eastmere")
EASTMERE = [LATER_AUTUMN, *(row(*half, la="Eastmere") for half in HALVES[1:])]
SCHOOLS = [
    row("INSET (non-pupil day)", date(2024, 9, 4), urn="990001"),
    row("half term 1", date(2024, 9, 3), date(2024, 10, 30), urn="990002"),
]
CALENDAR = ClosedDays([*WESTMERE, *EASTMERE, *SCHOOLS], "Westmere")


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2024, 9, 2), "school holiday"),
        (date(2024, 9, 3), "INSET (non-pupil day)"),
        (date(2024, 9, 4), None),
        (date(2024, 9, 7), "weekend"),
        (date(2024, 10, 25), None),
        (date(2024, 10, 28), "school holiday"),
        (date(2025, 1, 8), "closure"),
        (date(2025, 5, 5), "bank holiday"),
        (date(2025, 8, 31), "weekend"),
        (date(2025, 8, 25), "bank holiday"),
        (date(2025, 8, 26), "school holiday"),
    ],
)
def test_why_the_authority_was_closed(day, why):
    assert CALENDAR.why(day) == (Closed(why, "Westmere") if why else None)


def test_a_school_is_asked_before_its_authority():
    assert CALENDAR.why(date(2024, 9, 4), "990001") == Closed("INSET (non-pupil day)", "the school itself")
    assert CALENDAR.why(date(2024, 9, 3), "990001") == Closed("INSET (non-pupil day)", "Westmere")
    assert CALENDAR.why(date(2024, 10, 28), "990002") is None
    assert CALENDAR.why(date(2024, 10, 31), "990002") == Closed("school holiday", "Westmere")


def test_a_school_elsewhere_is_asked_by_the_authority_it_lies_in_where_that_is_loaded():
    assert CALENDAR.why(date(2024, 10, 28), "990003", "EASTMERE ") is None
    assert CALENDAR.why(date(2024, 10, 28), "990003", "Nowhere") == Closed("school holiday", "Westmere")
    assert CALENDAR.why(date(2024, 10, 28), "990003", None) == Closed("school holiday", "Westmere")


def test_the_only_authority_of_the_calendar_is_ours_when_none_is_named():
    assert ClosedDays(WESTMERE, "").why(date(2025, 1, 9)) == Closed("closure", "Westmere")
    assert ClosedDays([*WESTMERE, *EASTMERE], "").why(date(2025, 1, 9)) == NotLoaded("2024/25", None)


def test_a_day_that_no_calendar_covers():
    assert CALENDAR.why(date(2023, 10, 14)) == NotLoaded("2023/24", None)
    autumn = ClosedDays(WESTMERE[:1], "Westmere")
    assert autumn.why(date(2024, 10, 24)) is None
    assert autumn.why(date(2024, 11, 5)) == NotLoaded("2024/25", date(2024, 10, 25))


def test_the_sentences():
    assert NotLoaded("2023/24", None).of(1, ("mark", "marks")) == (
        "The calendar of 2023/24 is not loaded: 1 mark could not be checked against it."
    )
    assert NotLoaded("2024/25", date(2024, 10, 25)).of(1234, ("mark", "marks")) == (
        "The calendar of 2024/25 is not loaded after 25 October 2024: 1,234 marks could not be checked against it."
    )
    assert Closed("bank holiday", "Westmere").on(date(2025, 5, 5)) == (
        "on Monday 05/05/2025 the school was closed, by the calendar of Westmere: bank holiday"
    )


def test_every_day_of_the_year_is_open_as_the_school_calendar_says():
    calendar = SchoolCalendar([*WESTMERE, *EASTMERE, *SCHOOLS])
    for day in (date(2024, 9, 1) + timedelta(number) for number in range(365)):
        for urn in (None, "990001", "990002"):
            assert (CALENDAR.why(day, urn) is None) is calendar.is_school_day(day, "Westmere", urn)

"""The end of a school year: who has left for good, and who only waits for the next school to open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from vs_core.rules.cohorts import COMPULSORY_YEARS
from vs_core.rules.frame import Term, academic_year
from vs_core.rules.school_calendar import CalendarNotLoaded, SchoolCalendar

MONTHS = range(6, 10)
"""June to September: outside them no rule of this module holds."""
_LAST_YEAR, _FRIDAY = "11", 4


class Holiday(NamedTuple):
    """The summer holiday: the last school day before it and the first one after."""

    last_day: date
    first_day: date


def last_friday_of_june(year: int) -> date:
    """The school leaving date of pupils of year 11 (Education Act 1996, section 8)."""
    last = date(year, 6, 30)
    return last - timedelta(days=(last.weekday() - _FRIDAY) % 7)


def has_left_school(group: str, on: date) -> bool:
    """Year 11 after the last Friday of June, until 31 August, when the next school year counts."""
    return group == _LAST_YEAR and last_friday_of_june(on.year) < on <= date(on.year, 8, 31)


def is_without_school(group: str, on: date, on_roll: bool, between_schools: bool = False) -> bool:
    """Of an age for reception to year 11, on no school's roll, and neither a leaver nor between two schools."""
    of_age = group in COMPULSORY_YEARS and not has_left_school(group, on)
    return of_age and not on_roll and not between_schools


def is_between_schools(on: date, left_on: date, joins_on: date, holiday: Holiday) -> bool:
    """On a day of the holiday, the last roll having ended with the summer term or after it and the next one known."""
    return holiday.last_day <= left_on < on < min(joins_on, holiday.first_day)


def summer_holiday(calendar: SchoolCalendar, on: date, la: str, urn: str | None = None) -> Holiday | None:
    """The summer holiday of the year of a day by the calendar of a school or its authority, else by the one loaded that
    ends its year first; None where none is loaded. Without the next year's dates it lasts to 31 August."""
    own = _holiday(calendar, on, la, urn)
    if own is not None:
        return own
    others = (_holiday(calendar, on, other) for other in calendar.authorities)
    return min((each for each in others if each is not None), default=None)


def _holiday(calendar: SchoolCalendar, on: date, la: str, urn: str | None = None) -> Holiday | None:
    summer = Term.of(academic_year(date(on.year, 8, 31)), "summer")
    try:
        last_day = calendar.term_bounds(summer, la, urn)[1]
    except CalendarNotLoaded:
        return None
    try:
        return Holiday(last_day, calendar.term_bounds(summer.following, la, urn)[0])
    except CalendarNotLoaded:
        return Holiday(last_day, date(on.year, 9, 1))

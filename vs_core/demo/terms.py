"""Westmere's term dates, by rule from Easter and the bank holidays, so that the demo works for any date.

The rules give the pattern that Essex published for 2020/21 to 2026/27, give or take a day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from vs_core.rules.frame import easter_sunday

DAY = timedelta(days=1)
TERM_NAMES = ("autumn", "autumn", "spring", "spring", "summer", "summer")


@dataclass(frozen=True)
class HalfTerm:
    """One half term: `year` is the calendar year in which its academic year began, `number` 1 to 6, days inclusive."""

    year: int
    number: int
    start: date
    end: date

    @property
    def term(self) -> str:
        """The term as files write it: `2026/27 autumn`."""
        return f"{year_label(self.year)} {TERM_NAMES[self.number - 1]}"


def academic_year(day: date) -> int:
    """The calendar year in which the academic year of `day` began (1 September)."""
    return day.year if day.month >= 9 else day.year - 1


def financial_year(day: date) -> int:
    """The calendar year in which the financial year of `day` began (1 April)."""
    return day.year if day.month >= 4 else day.year - 1


def year_label(year: int, mark: str = "/") -> str:
    """`2026/27`, or with another mark between, as `2026-27`."""
    return f"{year}{mark}{(year + 1) % 100:02d}"


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays in one calendar year."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def monday_from(day: date) -> date:
    """The first Monday on or after `day`."""
    return day + timedelta(days=-day.weekday() % 7)


def monday_of(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def _open_from(day: date) -> date:
    while day.weekday() > 4 or day in bank_holidays(day.year):
        day += DAY
    return day


def _autumn_start(year: int) -> date:
    first = _open_from(date(year, 9, 1))
    return monday_from(first) if first.weekday() == 4 else first


def _easter_break(year: int) -> tuple[date, date]:
    """Last day of the spring term and first day of the summer term."""
    sunday = easter_sunday(year)
    if sunday <= date(year, 3, 31):
        return sunday - 3 * DAY, sunday + 15 * DAY
    if sunday <= date(year, 4, 8):
        return sunday - 9 * DAY, sunday + 8 * DAY
    return sunday - 16 * DAY, sunday + 2 * DAY


@cache
def half_terms(year: int) -> tuple[HalfTerm, ...]:
    """The six half terms of the academic year that began in September of `year`."""
    october = monday_from(date(year, 10, 22))
    christmas = date(year, 12, 22)
    christmas -= ((christmas.weekday() - 4) % 7) * DAY
    february = monday_from(date(year + 1, 2, 14))
    spring_end, summer_start = _easter_break(year + 1)
    may = date(year + 1, 5, 31)
    may = monday_of(may)
    july = date(year + 1, 7, 18)
    july += ((1 - july.weekday()) % 7) * DAY
    edges = (
        (_autumn_start(year), october - 3 * DAY),
        (october + 7 * DAY, christmas),
        (_open_from(christmas + 17 * DAY), february - 3 * DAY),
        (february + 7 * DAY, spring_end),
        (summer_start, may - 3 * DAY),
        (may + 7 * DAY, july),
    )
    return tuple(HalfTerm(year, number, start, end) for number, (start, end) in enumerate(edges, 1))


@cache
def inset_days(year: int) -> tuple[date, ...]:
    """Westmere's five non-pupil days: the first of autumn, November and spring, one in September, the last of July."""
    halves = half_terms(year)
    september = date(year, 9, 30)
    september -= ((september.weekday() - 4) % 7) * DAY
    return (halves[0].start, september, halves[1].start, halves[2].start, halves[5].end)


@cache
def school_days(year: int) -> tuple[date, ...]:
    """The days on which Westmere's schools open in one academic year, in order: 190, give or take two."""
    days = (half.start + n * DAY for half in half_terms(year) for n in range((half.end - half.start).days + 1))
    closed = set(inset_days(year)) | bank_holidays(year) | bank_holidays(year + 1)
    return tuple(day for day in days if day.weekday() < 5 and day not in closed)


def half_term_at(day: date) -> HalfTerm:
    """The half term of `day`; in a holiday the last one that had begun."""
    year = academic_year(day)
    begun = [half for half in half_terms(year - 1) + half_terms(year) if half.start <= day]
    return begun[-1]


def term_start(day: date) -> date:
    """First day of the term of `day` (autumn, spring or summer); in a holiday of the last one that had begun."""
    half = half_term_at(day)
    return half_terms(half.year)[(half.number - 1) // 2 * 2].start


def terms_between(start: date, end: date) -> list[tuple[str, date, date]]:
    """Terms that begin by `end` and end on or after `start`: (label, first day, last day), oldest first."""
    found = []
    for year in range(academic_year(start), academic_year(end) + 1):
        halves = half_terms(year)
        found += [(halves[n].term, halves[n].start, halves[n + 1].end) for n in (0, 2, 4)]
    return [term for term in found if term[2] >= start and term[1] <= end]


def last_friday_of_june(year: int) -> date:
    """Until then year 11 stays on roll: the last Friday of June of the academic year that began in `year`."""
    end = date(year + 1, 6, 30)
    return end - ((end.weekday() - 4) % 7) * DAY


def after_school_days(day: date, count: int) -> date:
    """The school day `count` school days after `day` (0: the first school day on or after it)."""
    year = academic_year(day)
    days = [found for found in school_days(year) + school_days(year + 1) if found >= day]
    return days[count]


def working_days_after(day: date, count: int) -> date:
    """`day` and `count` working days: weekends and bank holidays do not count, school holidays do."""
    while count:
        day += DAY
        count -= day.weekday() < 5 and day not in bank_holidays(day.year)
    return day

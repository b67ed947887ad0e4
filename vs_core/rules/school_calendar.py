"""School days, working days and terms, by authority and school."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from vs_core.rules.frame import (
    Term,
    academic_year,
    academic_year_of_label,
    parse_academic_year,
    term_without_calendar,
)

HALF_TERMS = tuple(f"half term {number}" for number in range(1, 7))
CLOSED = ("INSET (non-pupil day)", "closure")
_FIRST_YEAR, _LAST_YEAR = 1990, 2060


@dataclass(frozen=True)
class CalendarRow:
    """One row of a calendar file; `what` is a half term or a kind of closed day; `urn` empty: the whole authority."""

    la: str
    academic_year: str
    what: str
    start: date
    end: date
    urn: str | None = None


class CalendarNotLoaded(LookupError):
    """No term dates for an authority and year; `str()` is a plain sentence that names them."""

    def __init__(self, la: str, year: str, known_to: date | None = None) -> None:
        self.la, self.academic_year, self.known_to = la, year, known_to
        until = f" after {known_to.day} {known_to:%B %Y}" if known_to else ""
        super().__init__(f"The term dates of {la or 'this authority'} for {year}{until} are not loaded.")


@dataclass(frozen=True)
class _Half:
    number: int
    first: int
    last: int
    year: str


@dataclass(frozen=True)
class _Days:
    """The school days of one authority or school as sorted day numbers, and how far each year is known."""

    la: str
    numbers: list[int]
    halves: list[_Half]
    known_to: dict[str, int]

    def require(self, first: date, last: date) -> None:
        """CalendarNotLoaded unless every academic year from `first` to `last` is known that far."""
        for start in range(_start_year(first), _start_year(last) + 1):
            year, end = f"{start}/{(start + 1) % 100:02d}", min(last, date(start + 1, 8, 31))
            known_to = self.known_to.get(year)
            if known_to is None or end.toordinal() > known_to:
                raise CalendarNotLoaded(self.la, year, date.fromordinal(known_to) if known_to else None)


class SchoolCalendar:
    """The calendars of every authority and school in the rows.

    Half terms open days; INSET days, closures, weekends and bank holidays of England close them. A school's own INSET
    days and closures add to its authority's; a half term of its own replaces the authority's of the same name and year.
    Every question about days outside the loaded years raises CalendarNotLoaded.
    """

    def __init__(self, rows: Iterable[CalendarRow]) -> None:
        kept = list(rows)
        shared = [row for row in kept if not row.urn]
        by_la: dict[str, list[CalendarRow]] = {}
        for row in shared:
            by_la.setdefault(_plain(row.la), []).append(row)
        self._authorities = {key: _days(own) for key, own in by_la.items()}
        self._schools: dict[str, _Days] = {}
        for urn in {row.urn for row in kept if row.urn}:
            own = [row for row in kept if row.urn == urn]
            self._schools[urn] = _days(_with_authority(own, by_la.get(_plain(own[0].la), [])))

    @property
    def authorities(self) -> tuple[str, ...]:
        """The authorities with a calendar, in small letters."""
        return tuple(sorted(self._authorities))

    def is_loaded(self, on: date, la: str, urn: str | None = None) -> bool:
        try:
            self._of(la, urn).require(on, on)
        except CalendarNotLoaded:
            return False
        return True

    def is_school_day(self, on: date, la: str, urn: str | None = None) -> bool:
        own, number = self._of(la, urn), on.toordinal()
        position = bisect_left(own.numbers, number)
        if position < len(own.numbers) and own.numbers[position] == number:
            return True
        own.require(on, on)
        return False

    def school_days_between(self, start: date, end: date, la: str, urn: str | None = None) -> int:
        """How many school days lie from `start` to `end`, both included; 0 when `end` is before `start`."""
        if end < start:
            return 0
        own = self._of(la, urn)
        own.require(start, end)
        return bisect_right(own.numbers, end.toordinal()) - bisect_left(own.numbers, start.toordinal())

    def school_days_since(self, day: date, as_at: date, la: str, urn: str | None = None) -> int:
        """School days ago: those after `day` up to and with `as_at`. 0 on the day itself."""
        return self.school_days_between(day + timedelta(days=1), as_at, la, urn)

    def school_days(self, start: date, end: date, la: str, urn: str | None = None) -> list[date]:
        """The school days from `start` to `end`, both included."""
        own = self._of(la, urn)
        own.require(start, max(start, end))
        first, last = bisect_left(own.numbers, start.toordinal()), bisect_right(own.numbers, end.toordinal())
        return [date.fromordinal(number) for number in own.numbers[first:last]]

    def school_day_after(self, day: date, count: int, la: str, urn: str | None = None) -> date:
        """The `count`-th school day after `day`, which itself never counts; `count` is 1 or more."""
        own = self._of(la, urn)
        position = bisect_right(own.numbers, day.toordinal()) + _positive(count) - 1
        return self._known(own, day, position)

    def school_day_before(self, day: date, count: int, la: str, urn: str | None = None) -> date:
        """The `count`-th school day before `day`, which itself never counts; `count` is 1 or more."""
        own = self._of(la, urn)
        position = bisect_left(own.numbers, day.toordinal()) - _positive(count)
        if position < 0:
            raise CalendarNotLoaded(own.la, academic_year(date(_start_year(_first_day(own)), 8, 31)))
        found = date.fromordinal(own.numbers[position])
        own.require(found, day)
        return found

    def nth_school_day_from(self, day: date, count: int, la: str, urn: str | None = None) -> date:
        """The `count`-th school day from `day` on; `day` is the first when it is a school day."""
        return self.school_day_after(day - timedelta(days=1), count, la, urn)

    def half_term_end_from(self, on: date, following: int, la: str, urn: str | None = None) -> date:
        """The last school day of the half term of `on` (in a holiday: of the next), `following` half terms later."""
        own = self._of(la, urn)
        ahead = [half for half in own.halves if half.last >= on.toordinal()]
        if len(ahead) <= following:
            last = date.fromordinal(own.halves[-1].last) if own.halves else on
            raise CalendarNotLoaded(own.la, _next_year(max(on, last)))
        half = ahead[following]
        own.require(on, date.fromordinal(half.last))
        return _last_school_day(own, half)

    def term_on(self, on: date, la: str, urn: str | None = None) -> Term:
        """The term that a day belongs to.

        The academic year is cut at the first day of spring and of summer term, so that a day in a holiday belongs to
        the term before it, and a day before the first of autumn to autumn.
        """
        own = self._of(la, urn)
        half = _half_on(own, on)
        if half is not None:
            return Term(half.year, (half.number - 1) // 2)
        own.require(on, on)
        year = academic_year(on)
        begun = [each.number for each in own.halves if each.year == year and each.first <= on.toordinal()]
        return Term(year, (max(begun, default=1) - 1) // 2)

    def term_bounds(self, term: Term, la: str, urn: str | None = None) -> tuple[date, date]:
        """First and last school day of a term."""
        own = self._of(la, urn)
        numbers = (2 * term.position + 1, 2 * term.position + 2)
        halves = [half for half in own.halves if half.year == term.academic_year and half.number in numbers]
        if len(halves) < 2:
            raise CalendarNotLoaded(own.la, term.academic_year)
        position = bisect_left(own.numbers, halves[0].first)
        return date.fromordinal(own.numbers[position]), _last_school_day(own, halves[-1])

    def term_or_season(self, on: date, la: str, urn: str | None = None) -> Term:
        """`term_on`, or the term by season (`frame.term_without_calendar`) where no term dates are loaded."""
        try:
            return self.term_on(on, la, urn)
        except CalendarNotLoaded:
            return term_without_calendar(on)

    def _of(self, la: str, urn: str | None) -> _Days:
        if urn and urn in self._schools:
            return self._schools[urn]
        return self._authorities.get(_plain(la)) or _Days(la, [], [], {})

    def _known(self, own: _Days, day: date, position: int) -> date:
        if position >= len(own.numbers):
            own.require(day, day)
            raise CalendarNotLoaded(own.la, _next_year(max(day, _last_day(own, day))))
        found = date.fromordinal(own.numbers[position])
        own.require(day, found)
        return found


def is_working_day(on: date) -> bool:
    """Monday to Friday and no bank holiday of England."""
    return on.weekday() < 5 and on not in _bank_holidays()


def is_bank_holiday(on: date) -> bool:
    return on in _bank_holidays()


def working_days_between(start: date, end: date) -> int:
    """How many working days lie from `start` to `end`, both included; 0 when `end` is before `start`."""
    numbers = _working_days()
    return max(0, bisect_right(numbers, end.toordinal()) - bisect_left(numbers, start.toordinal()))


def working_day_after(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which itself never counts; `count` is 1 or more."""
    numbers = _working_days()
    return date.fromordinal(numbers[bisect_right(numbers, day.toordinal()) + _positive(count) - 1])


def last_working_day(on: date) -> date:
    """The day itself when it is a working day, else the working day before it."""
    numbers = _working_days()
    return date.fromordinal(numbers[bisect_right(numbers, on.toordinal()) - 1])


def calendar_day_after(day: date, count: int) -> date:
    """`count` calendar days after `day`."""
    return day + timedelta(days=_positive(count))


def _days(rows: Iterable[CalendarRow]) -> _Days:
    kept = list(rows)
    halves = sorted((_half(row) for row in kept if row.what in HALF_TERMS), key=lambda half: half.first)
    closed = {number for row in kept if row.what in CLOSED for number in _numbers(row.start, row.end)}
    opened = {number for half in halves for number in range(half.first, half.last + 1)}
    numbers = sorted(filter(_is_working, opened - closed))
    return _Days(kept[0].la, numbers, halves, _known_to(halves))


def _known_to(halves: Iterable[_Half]) -> dict[str, int]:
    """Each year's last known day: 31 August with six half terms, else the last day before the first one missing."""
    known: dict[str, int] = {}
    by_year: dict[str, dict[int, _Half]] = {}
    for half in halves:
        by_year.setdefault(half.year, {})[half.number] = half
    for year, own in by_year.items():
        missing = next((number for number in range(1, 7) if number not in own), None)
        if missing is None:
            known[year] = academic_year_of_label(year)[1].toordinal()
        elif missing > 1:
            known[year] = own[missing - 1].last
    return known


def _with_authority(own: list[CalendarRow], shared: list[CalendarRow]) -> list[CalendarRow]:
    replaced = {(parse_academic_year(row.academic_year), row.what) for row in own if row.what in HALF_TERMS}
    return own + [row for row in shared if (parse_academic_year(row.academic_year), row.what) not in replaced]


def _half(row: CalendarRow) -> _Half:
    number = HALF_TERMS.index(row.what) + 1
    return _Half(number, row.start.toordinal(), row.end.toordinal(), parse_academic_year(row.academic_year))


def _half_on(own: _Days, on: date) -> _Half | None:
    number = on.toordinal()
    position = bisect_right(own.halves, number, key=lambda half: half.first) - 1
    return own.halves[position] if position >= 0 and own.halves[position].last >= number else None


def _last_school_day(own: _Days, half: _Half) -> date:
    return date.fromordinal(own.numbers[bisect_right(own.numbers, half.last) - 1])


def _numbers(start: date, end: date) -> range:
    return range(start.toordinal(), end.toordinal() + 1)


def _first_day(own: _Days) -> date:
    return date.fromordinal(own.numbers[0]) if own.numbers else date(_FIRST_YEAR, 9, 1)


def _last_day(own: _Days, otherwise: date) -> date:
    return date.fromordinal(own.numbers[-1]) if own.numbers else otherwise


def _next_year(day: date) -> str:
    return academic_year(date(_start_year(day) + 1, 9, 1))


def _start_year(day: date) -> int:
    return day.year if day.month >= 9 else day.year - 1


def _plain(la: str) -> str:
    return la.strip().casefold()


def _positive(count: int) -> int:
    if count < 1:
        raise ValueError(f"A number of days is 1 or more, not {count}.")
    return count


@lru_cache(maxsize=1)
def _bank_holidays() -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=range(_FIRST_YEAR, _LAST_YEAR + 1)))


@lru_cache(maxsize=1)
def _working_days() -> list[int]:
    days = _numbers(date(_FIRST_YEAR, 1, 1), date(_LAST_YEAR, 12, 31))
    return [number for number in days if is_working_day(date.fromordinal(number))]


@lru_cache(maxsize=50_000)
def _is_working(number: int) -> bool:
    """Of a day by its number, the same for every calendar."""
    return is_working_day(date.fromordinal(number))

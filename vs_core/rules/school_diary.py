"""School days as a child's school keeps them: by the calendar of the school, else of the authority that it lies in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from vs_core.rules.school_calendar import (
    CalendarNotLoaded,
    SchoolCalendar,
    is_working_day,
    last_working_day,
    working_day_after,
    working_days_between,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Diary:
    """authority: ours, for a child without a school and for schools of which nobody says where they lie; lies_in: the
    authority of a school by its URN.

    `days` raises CalendarNotLoaded. The others, which only say how long something lasts, count working days instead
    where no term dates are loaded."""

    calendar: SchoolCalendar
    authority: str
    lies_in: Mapping[str, str] = field(default_factory=dict)

    def days(self, urn: str, first: date, last: date) -> list[date]:
        """The school days from one day to another, both included."""
        return self.calendar.school_days(first, last, self._la(urn), urn)

    def between(self, urn: str, first: date, last: date) -> list[date]:
        try:
            return self.days(urn, first, last)
        except CalendarNotLoaded:
            span = (first + timedelta(days=number) for number in range((last - first).days + 1))
            return [day for day in span if is_working_day(day)]

    def since(self, urn: str, day: date, as_at: date) -> int:
        """How many school days ago: those after `day` up to and with `as_at`; 0 on the day itself and before it."""
        try:
            return self.calendar.school_days_since(day, as_at, self._la(urn), urn)
        except CalendarNotLoaded:
            return working_days_between(day + _DAY, as_at)

    def before(self, urn: str, day: date, count: int) -> date:
        """The `count`-th school day before `day`, which itself never counts."""
        try:
            return self.calendar.school_day_before(day, count, self._la(urn), urn)
        except CalendarNotLoaded:
            for _ in range(count):
                day = last_working_day(day - _DAY)
            return day

    def after(self, urn: str, day: date, count: int) -> date:
        """The `count`-th school day after `day`, which itself never counts."""
        try:
            return self.calendar.school_day_after(day, count, self._la(urn), urn)
        except CalendarNotLoaded:
            return working_day_after(day, count)

    def is_school_day(self, urn: str, day: date) -> bool:
        try:
            return self.calendar.is_school_day(day, self._la(urn), urn)
        except CalendarNotLoaded:
            return is_working_day(day)

    def _la(self, urn: str) -> str:
        return self.lies_in.get(urn) or self.authority

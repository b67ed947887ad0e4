"""Days on which a school was closed, and why: what a mark or a suspension of such a day is listed with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vs_core.rules.school_calendar import CLOSED, CalendarNotLoaded, CalendarRow, SchoolCalendar, is_bank_holiday

PLANNED_CLOSURE = "#"
"""Register code of a planned whole or partial closure: the only mark that belongs on a closed day."""
WEEKEND, BANK_HOLIDAY, HOLIDAY = "weekend", "bank holiday", "school holiday"


@dataclass(frozen=True)
class Closed:
    """why: weekend, bank holiday, school holiday, or the calendar's own word for the day; whose: the calendar that
    says so, as the end of "by the calendar of"."""

    why: str
    whose: str

    def on(self, day: date) -> str:
        return f"on {day:%A %d/%m/%Y} the school was closed, by the calendar of {self.whose}: {self.why}"


@dataclass(frozen=True)
class NotLoaded:
    """No calendar covers the day; of the year one is known up to `known_to`, when it is known in part."""

    academic_year: str
    known_to: date | None

    def of(self, number: int, noun: tuple[str, str]) -> str:
        """The sentence on so many rows of such days. noun: of one and of several."""
        after = f" after {self.known_to.day} {self.known_to:%B %Y}" if self.known_to else ""
        return (
            f"The calendar of {self.academic_year} is not loaded{after}: {number:,} {noun[number != 1]} could not be"
            " checked against it."
        )


class ClosedDays:
    """Whether schools were closed. A school with rows of its own is asked by those and its authority's; another by the
    calendar of the authority that it lies in, where that is loaded; any other, and no school, by ours.

    authority: ours; empty: the only one in the rows."""

    def __init__(self, rows: Iterable[CalendarRow], authority: str) -> None:
        kept = list(rows)
        self._calendar = SchoolCalendar(kept)
        self._authorities = {row.urn: row.la for row in kept if row.urn}
        self._closures = [row for row in kept if row.what in CLOSED]
        named = {row.la for row in kept}
        self._ours = authority or (named.pop() if len(named) == 1 else "")
        self._found: dict[tuple[date, str, str | None], Closed | NotLoaded | None] = {}

    def why(self, day: date, urn: str | None = None, la: str | None = None) -> Closed | NotLoaded | None:
        """Why the school `urn` in the authority `la` was closed; None when it was open."""
        own = urn if urn in self._authorities else None
        asked = (day, self._authorities[own] if own else la or self._ours, own)
        if asked not in self._found:
            self._found[asked] = self._look_up(*asked)
        return self._found[asked]

    def _look_up(self, day: date, la: str, urn: str | None) -> Closed | NotLoaded | None:
        if not self._calendar.is_loaded(day, la, urn):
            la, urn = self._ours, None
        try:
            return None if self._calendar.is_school_day(day, la, urn) else self._reason(day, la, urn)
        except CalendarNotLoaded as error:
            return NotLoaded(error.academic_year, error.known_to)

    def _reason(self, day: date, la: str, urn: str | None) -> Closed:
        if day.weekday() > 4:
            return Closed(WEEKEND, la)
        if is_bank_holiday(day):
            return Closed(BANK_HOLIDAY, la)
        closures = [row for row in self._closures if row.start <= day <= row.end]
        if urn and (of_school := [row.what for row in closures if row.urn == urn]):
            return Closed(of_school[0], "the school itself")
        plain = la.strip().casefold()
        shared = [row.what for row in closures if not row.urn and row.la.strip().casefold() == plain]
        return Closed(shared[0] if shared else HOLIDAY, la)

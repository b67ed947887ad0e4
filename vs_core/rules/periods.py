"""The periods that a page offers, as days. No clock: the day they are seen from is passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vs_core.rules.frame import (
    academic_year_bounds,
    easter_sunday,
    financial_year_bounds,
    same_date_a_year_before,
    term_without_calendar,
)

WEEK, HALF_TERM, TERM = "This week", "This half term", "This term"
ACADEMIC_YEAR, FINANCIAL_YEAR = "Academic year to date", "Financial year to date"
TWELVE_MONTHS, FREE = "Last 12 months", "Other dates"
PERIODS = (WEEK, HALF_TERM, TERM, ACADEMIC_YEAR, FINANCIAL_YEAR, TWELVE_MONTHS, FREE)


@dataclass(frozen=True)
class HalfTerm:
    """One half term of the authority's calendar: number 1 to 6, first and last day."""

    number: int
    start: date
    end: date


def offered(half_terms: Sequence[HalfTerm]) -> tuple[str, ...]:
    """The periods to choose from; half terms only where the calendar is loaded."""
    return PERIODS if half_terms else tuple(period for period in PERIODS if period != HALF_TERM)


def first_day(period: str, as_at: date, half_terms: Sequence[HalfTerm] = ()) -> date:
    """The first day of a period that runs up to `as_at`."""
    begun = sorted((half for half in half_terms if half.start <= as_at), key=lambda half: half.start)
    if period == WEEK:
        return as_at - timedelta(days=as_at.weekday())
    if period == HALF_TERM and begun:
        return begun[-1].start
    if period in (TERM, HALF_TERM):
        return _term_start(as_at, begun)
    if period == FINANCIAL_YEAR:
        return financial_year_bounds(as_at)[0]
    if period == TWELVE_MONTHS:
        return same_date_a_year_before(as_at) + timedelta(days=1)
    return academic_year_bounds(as_at)[0]


def _term_start(as_at: date, begun: Sequence[HalfTerm]) -> date:
    this_year = [half for half in begun if half.start >= academic_year_bounds(as_at)[0]]
    if not this_year:
        return _season_start(as_at)
    first_number = this_year[-1].number - (this_year[-1].number - 1) % 2
    return next(half.start for half in this_year if half.number >= first_number)


def _season_start(as_at: date) -> date:
    season = term_without_calendar(as_at).season
    if season == "autumn":
        return date(as_at.year, 9, 1)
    return date(as_at.year, 1, 1) if season == "spring" else easter_sunday(as_at.year) + timedelta(days=1)


Piece = tuple[date, date]
"""First and last day of a part of a period."""


def pieces(start: date, end: date, weeks: int) -> list[Piece]:
    """A period cut before Mondays into pieces of so many weeks at most; a period that has no day is one piece."""
    monday = start - timedelta(days=start.weekday())
    cuts = [monday + timedelta(weeks=turn) for turn in range(weeks, (end - monday).days // 7 + 1, weeks)]
    return list(zip([start, *cuts], [*(cut - timedelta(days=1) for cut in cuts), end], strict=True))

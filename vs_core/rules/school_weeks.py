"""The same school week of the year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from vs_core.rules.frame import Frame, academic_year, academic_year_bounds, financial_year_bounds
from vs_core.rules.periods import HalfTerm

FIFTY_TWO_WEEKS = timedelta(weeks=52)
MEANING = (
    "Last year: the same period a year before, up to the same school week. That is the week with the same place in its"
    " half term; where that is not known (a holiday, a half term that was shorter or is not loaded), 52 weeks before."
)
"""What `last year` says wherever attendance is held against it."""


def same_day_last_year(day: date, half_terms: Sequence[HalfTerm]) -> date:
    """The same weekday in the same school week of the year before.

    The same school week is the one with the same place in its half term: the third week of the second half term with
    the third of the second. Where that is not known (a day in a holiday, a half term whose dates are not loaded, one
    that was shorter) it is 52 weeks before, which is the same weekday too; on the last days of August, from where that
    is still the same academic year, 53. No source states a rule: ours, because a week after a holiday is like a week
    after a holiday, whichever date it has."""
    monday = day - timedelta(days=day.weekday())
    own = [each for each in half_terms if academic_year(each.start) == academic_year(day)]
    half = next((each for each in own if _monday(each.start) <= monday <= _monday(each.end)), None)
    if half is None:
        return _weeks_before(day)
    before = _half_before(half, half_terms)
    if before is None:
        return _weeks_before(day)
    same = _monday(before.start) + (monday - _monday(half.start))
    return same + timedelta(days=day.weekday()) if same <= _monday(before.end) else _weeks_before(day)


def _weeks_before(day: date) -> date:
    before = day - FIFTY_TWO_WEEKS
    return before if before < academic_year_bounds(day)[0] else before - timedelta(weeks=1)


def a_year_before(frame: Frame, half_terms: Sequence[HalfTerm]) -> Frame:
    """The same period of the year before, up to `same_day_last_year` of its end, as known in the frame.

    A period that begins with the academic or the financial year, or with a half term, begins with that of the year
    before; any other one on the same day of the same school week."""
    end = same_day_last_year(frame.end, half_terms)
    start = min(_start(frame.start, half_terms), end)
    return replace(frame, as_at=end, start=start, end=end)


def _start(start: date, half_terms: Sequence[HalfTerm]) -> date:
    if start in (academic_year_bounds(start)[0], financial_year_bounds(start)[0]):
        return start.replace(year=start.year - 1)
    half = next((each for each in half_terms if each.start == start), None)
    before = _half_before(half, half_terms) if half else None
    return before.start if before else same_day_last_year(start, half_terms)


def _half_before(half: HalfTerm, half_terms: Sequence[HalfTerm]) -> HalfTerm | None:
    """The half term of the same number of the academic year before."""
    own = academic_year_bounds(half.start)[0]
    year = academic_year(own.replace(year=own.year - 1))
    return next((each for each in half_terms if each.number == half.number and academic_year(each.start) == year), None)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

"""Attendance before and after something was done, day by day."""

from datetime import date

from .marks import marks_of, sums
from .school_days import ONE, SchoolDays
from .setting import Setting
from .triage import _main_school


def sides(s: Setting, days: SchoolDays, child: str, on: date, count: int) -> list[tuple[int, int]]:
    """Possible and attended sessions in so many school days before and after a day."""
    urn = _school(s, child, on)
    marks = marks_of(s, child)
    spans = ((days.step(urn, on, count, -1), on - ONE), (on + ONE, days.step(urn, on, count, 1)))
    counted = [sums(marks, *span) for span in spans]
    return [(possible, possible - absent) for possible, absent in counted]


def is_over(s: Setting, days: SchoolDays, child: str, on: date, count: int) -> bool:
    return days.step(_school(s, child, on), on, count, 1) < s.as_at


def _school(s: Setting, child: str, on: date) -> str:
    then = Setting(s.known, on, on, on, s.cohort, False, s.reference)
    return _main_school(then, child) or ""

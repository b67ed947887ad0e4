"""Register marks that should have come: half days on which a child of compulsory school age was in a cohort, on a roll
and the school open; and which of them have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from vs_core.rules.cohorts import COMPULSORY_YEARS, Enrolment, governing_enrolment, year_group
from vs_core.rules.school_calendar import CalendarNotLoaded
from vs_core.rules.summer import has_left_school, last_friday_of_june

HALVES_A_DAY = 2
DUE = ["child_key", "day", "urn"]
_DAY = timedelta(days=1)
SchoolDays = Callable[[str, date, date], list[date]]
"""The days from one to another on which a school was open; raises CalendarNotLoaded."""


@dataclass
class Pupil:
    """spans: first and last day in the cohort; enrolments: of any school and time."""

    born_on: date | None = None
    spans: list[tuple[date, date]] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)

    def school_on(self, day: date) -> str | None:
        """The school whose register should hold the child on a day; None when none should."""
        if not any(first <= day <= last for first, last in self.spans):
            return None
        enrolment = governing_enrolment(self.enrolments, day)
        group = year_group(self.enrolments, self.born_on, day)
        if enrolment is None or group not in COMPULSORY_YEARS or has_left_school(group, day):
            return None
        return enrolment.urn

    def stays(self, start: date, end: date) -> Iterator[tuple[str, date, date]]:
        """The schools whose registers should hold the child from `start` to `end`, each with its first and last day."""
        edges = [day for day in sorted(self._edges(start, end)) if start < day <= end]
        for first, following in zip([start, *edges], [*edges, end + _DAY], strict=True):
            school = self.school_on(first)
            if school is not None:
                yield school, first, following - _DAY

    def _edges(self, start: date, end: date) -> Iterator[date]:
        """Days on which the answer of `school_on` may change."""
        yield from {day for year in range(start.year, end.year + 1) for day in _turns(year)}
        for first, last in self.spans:
            yield from (first, _after(last))
        for each in self.enrolments:
            yield from (each.start, _after(each.end or date.max))


def _turns(year: int) -> tuple[date, date]:
    return last_friday_of_june(year) + _DAY, date(year, 9, 1)


def _after(day: date) -> date:
    return day if day == date.max else day + _DAY


def expected(
    pupils: Mapping[int, Pupil], start: date, end: date, school_days: SchoolDays
) -> tuple[pd.DataFrame, dict[int, str]]:
    """One row a pupil and day on which its school was open (DUE); and, by `child_key`, why a pupil is left out whole:
    the sentence on the term dates that are not loaded."""
    rows: list[tuple[int, date, str]] = []
    left_out: dict[int, str] = {}
    for key, pupil in pupils.items():
        try:
            days = {(day, urn) for urn, *bounds in pupil.stays(start, end) for day in school_days(urn, *bounds)}
        except CalendarNotLoaded as error:
            left_out[key] = str(error)
            continue
        rows += [(key, day, urn) for day, urn in sorted(days)]
    return pd.DataFrame(rows, columns=DUE).astype({"child_key": "int64"}), left_out


def received(due: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """Rows of `expected` with `received` and `from_school`: half days of the day (0 to 2) with a mark in any register,
    and in that of the school; `am` and `pm`: 1 for a mark in any. A mark of an unknown school is taken for the
    school's.

    marks: one row a child, day and school: `child_key`, `day`, `urn` (empty: not known), `am`, `pm` (1 or 0)."""
    both = due.merge(marks.rename(columns={"urn": "of"}), on=["child_key", "day"], how="left")
    both[["am", "pm"]] = both[["am", "pm"]].fillna(0).astype("int64")
    here = both["of"].eq(both["urn"]) | both["of"].eq("")
    both = both.assign(am_here=both["am"].where(here, 0), pm_here=both["pm"].where(here, 0))
    most = both.groupby(DUE, as_index=False)[["am", "pm", "am_here", "pm_here"]].max()
    counted = {"received": most["am"] + most["pm"], "from_school": most["am_here"] + most["pm_here"]}
    counted |= {"am": most["am"], "pm": most["pm"]}
    return most[DUE].assign(**{name: halves.astype("int64") for name, halves in counted.items()})

"""Register marks that should have come: half days on which a child was in a cohort, on a roll and the school open; and
which of them have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from vs_core.rules.cohorts import COMPULSORY_YEARS, YEAR_GROUPS, Enrolment, governing_enrolment, year_group
from vs_core.rules.school_calendar import CalendarNotLoaded
from vs_core.rules.summer import has_left_school, last_friday_of_june

HALVES_A_DAY = 2
DUE = ["child_key", "day", "urn"]
DAILY, WEEKLY = "daily", "weekly"
CADENCES = {DAILY: COMPULSORY_YEARS, WEEKLY: frozenset(YEAR_GROUPS) - COMPULSORY_YEARS - {"not known"}}
"""How often attendance is collected, and of whom: every school day of reception to year 11, every week of early years
and post-16. Source: Essex Virtual School guide, 2022."""
_DAY = timedelta(days=1)
SchoolDays = Callable[[str, date, date], list[date]]
"""The days from one to another on which a school was open; raises CalendarNotLoaded."""


@dataclass
class Pupil:
    """spans: first and last day in the cohort; enrolments: of any school and time."""

    born_on: date | None = None
    spans: list[tuple[date, date]] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)

    def school_on(self, day: date, years: Collection[str] = COMPULSORY_YEARS) -> str | None:
        """The school whose register should hold a child of these years on a day; None when none should."""
        if not any(first <= day <= last for first, last in self.spans):
            return None
        enrolment = governing_enrolment(self.enrolments, day)
        group = year_group(self.enrolments, self.born_on, day)
        if enrolment is None or group not in years or has_left_school(group, day):
            return None
        return enrolment.urn

    def stays(
        self, start: date, end: date, years: Collection[str] = COMPULSORY_YEARS
    ) -> Iterator[tuple[str, date, date]]:
        """The schools whose registers should hold the child from `start` to `end`, each with its first and last day."""
        edges = [day for day in sorted(self._edges(start, end)) if start < day <= end]
        for first, following in zip([start, *edges], [*edges, end + _DAY], strict=True):
            school = self.school_on(first, years)
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
    pupils: Mapping[int, Pupil],
    start: date,
    end: date,
    school_days: SchoolDays,
    years: Collection[str] = COMPULSORY_YEARS,
) -> tuple[pd.DataFrame, dict[int, str]]:
    """One row a pupil of these years and day on which its school was open (DUE); and, by `child_key`, why a pupil is
    left out whole: the sentence on the term dates that are not loaded."""
    rows: list[tuple[int, date, str]] = []
    left_out: dict[int, str] = {}
    for key, pupil in pupils.items():
        try:
            days = {(day, urn) for urn, *bounds in pupil.stays(start, end, years) for day in school_days(urn, *bounds)}
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


def awaited(due: pd.DataFrame, end: date) -> pd.DataFrame:
    """Of the rows of `received` with `cadence` those of which a half day has no mark and should have one by now: for
    DAILY every one, for WEEKLY those of weeks that are over by `end` and without any mark."""
    days = pd.to_datetime(due["day"])
    monday = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    over = monday + pd.Timedelta(days=4) <= pd.Timestamp(end)
    came = due["received"].groupby([due["child_key"], monday]).transform("sum")
    return due[(due["received"] < HALVES_A_DAY) & (due["cadence"].eq(DAILY) | (over & came.eq(0)))]


def by_week(due: pd.DataFrame, end: date) -> pd.DataFrame:
    """What was due and what came, by the cadence of its collection; one row a pupil and week.

    due: rows of `received` with `cadence` (DAILY, WEEKLY). Gives `child_key`, `week` (a Monday), `cadence`, `expected`
    and `received`: half days for DAILY; for WEEKLY 1 and, with any mark in the week, 1. A week that is not over by
    `end` is not due weekly yet. `unmarked_days`: school days at the end of the period without any mark, the same in all
    rows of a pupil."""
    days = pd.to_datetime(due["day"])
    weeks = due.assign(week=(days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.date, expected=HALVES_A_DAY)
    sums = weeks.groupby(["child_key", "week", "cadence"], as_index=False)[["expected", "received"]].sum()
    weekly = sums["cadence"].eq(WEEKLY)
    counts = {
        "expected": sums["expected"].mask(weekly, 1),
        "received": sums["received"].mask(weekly, sums["received"].clip(upper=1)),
    }
    over = ~weekly | (pd.to_datetime(sums["week"]) + pd.Timedelta(days=4) <= pd.Timestamp(end))
    sums = sums.assign(**counts, unmarked_days=sums["child_key"].map(_unmarked(due)).astype("int64"))
    return sums[over].reset_index(drop=True)


def _unmarked(due: pd.DataFrame) -> pd.Series[int]:
    """By pupil the school days that were due after the last one with a mark."""
    last = due.loc[due["received"] > 0].groupby("child_key")["day"].max()
    after = due["child_key"].map(last)
    open_days = due[after.isna() | (pd.to_datetime(due["day"]) > pd.to_datetime(after))]
    counts = open_days.groupby("child_key")["day"].nunique()
    return counts.reindex(due["child_key"].unique(), fill_value=0)


def is_stale(rows: pd.DataFrame, daily_days: int, weekly_days: int) -> pd.Series[bool]:
    """Which rows of `by_week` are of pupils without a mark for more school days than their cadence allows."""
    allowed = rows["cadence"].map({DAILY: daily_days, WEEKLY: weekly_days}).astype(float)
    return rows["unmarked_days"] > allowed

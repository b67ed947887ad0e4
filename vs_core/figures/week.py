"""What a week is read from: its frames, its registers, its attendance and the courses of its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection

from vs_core import figures
from vs_core.figures import SubjectFigures, fetch, freshness
from vs_core.figures.benchmarks import Published
from vs_core.figures.freshness import Coverage
from vs_core.queries import care, casework
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import attendance_course, care_flow, periods, words
from vs_core.rules.clocks import Clock
from vs_core.rules.cohorts import CareSpan
from vs_core.rules.frame import Frame
from vs_core.rules.pep import PepState
from vs_core.rules.periods import TERM, HalfTerm
from vs_core.rules.school_calendar import CalendarNotLoaded
from vs_core.rules.worklist import open_actions

ENGLAND = "England"
WEEKS_SHOWN = 12
SUBJECTS = ("attendance", "exclusions", "pep", "provision", "post-16", "actions")
"""Those read besides children in care and, for who sees money, `pp-plus`."""
Spans = dict[int, list[CareSpan]]


@dataclass(frozen=True)
class Registers:
    """The last school week that is over, or the part of it: first and last day, marks received of those expected, and
    the pupils of schools from which none came."""

    start: date
    end: date
    coverage: Coverage
    missing: pd.DataFrame

    @property
    def schools_missing(self) -> int:
        """Schools from which no register came."""
        return int(self.missing["school_number"].nunique()) if len(self.missing) else 0

    @property
    def sentence(self) -> str:
        """`Registers to Friday 20 November: 98.1% of the week's marks in, 3 schools missing.`"""
        if self.coverage.percent is None:
            return f"Registers: {self.coverage.why_not or 'the week has no school day.'}"
        missing = words.counted(self.schools_missing, "school")
        marks = f"{self.coverage.percent:.1f}% of the week's marks in"
        said = [marks, f"{missing} missing", *filter(None, [self.coverage.without])]
        return f"Registers to {self.end:%A} {self.end.day} {self.end:%B}: {', '.join(said)}."


@dataclass(frozen=True)
class Attendance:
    """weekly: each week by itself; to_date: the figures at the end of each; last_year: attendance percent of the same
    period of the year before (`rules.school_weeks`), None where nothing is known; published: the department's
    latest."""

    weekly: pd.DataFrame
    to_date: pd.DataFrame
    last_year: float | None
    published: list[Published]

    @property
    def england(self) -> Published | None:
        """England's attendance."""
        own = (each for each in self.published if each.key == "attendance_percent" and each.place == ENGLAND)
        return next(own, None)

    def lines(self) -> pd.DataFrame:
        """The rows of `charts.attendance_trend`: our weeks, and England's year as a level."""
        ours = self.weekly.rename(columns={"week": "week_on"}).assign(series="Ours")
        own = ours[["week_on", "series", "attendance_percent", "attended_sessions", "possible_sessions"]]
        if self.england is None or self.england.value is None:
            return own
        level = {"week_on": self.weekly["week"], "series": ENGLAND, "attendance_percent": self.england.value}
        return pd.concat([own, pd.DataFrame(level)], ignore_index=True)


def half_terms(connection: Connection, authority: str) -> list[HalfTerm]:
    """The half terms of the authority's calendar; none where its calendar is not loaded."""
    rows = fetch.calendar_rows(connection, None)
    own = [row for row in rows if row.what.startswith("half term") and not row.urn and row.la == authority]
    return [HalfTerm(int(row.what[-1]), row.start, row.end) for row in own]


def frames(as_at: date, known_on: date | None, halves: Sequence[HalfTerm]) -> dict[str, Frame]:
    """The frame of each subject: its year so far, for exclusions the term so far."""
    own = {name: Frame.for_subject(name, as_at, known_on) for name in ("cohort", *SUBJECTS, "pp-plus")}
    first = min(periods.first_day(TERM, as_at, halves), as_at)
    return own | {"exclusions": Frame(as_at, known_on, first, as_at)}


def clock(connection: Connection, known_on: date | None, authority: str) -> Clock:
    """The authority's calendar and the limits."""
    return Clock(fetch.school_calendar(connection, known_on), fetch.thresholds(connection, known_on), authority)


def registers(connection: Connection, frame: Frame, by: Clock, scope: Scope = EVERYTHING) -> Registers:
    """The registers of the school week that ended on the last school day before `as_at`."""
    last = _last_school_day(by, frame.as_at)
    first = last - timedelta(days=last.weekday())
    week = Frame(frame.as_at, frame.known_on, first, last, frame.cohort)
    coverage, missing = freshness.missing_registers(connection, week, by.la, scope)
    return Registers(first, last, coverage, missing)


def _last_school_day(by: Clock, as_at: date) -> date:
    """The last school day before `as_at`; without a calendar the last weekday."""
    try:
        return by.calendar.school_day_before(as_at, 1, by.la)
    except CalendarNotLoaded:
        days = [as_at - timedelta(days=back) for back in range(1, 4)]
        return next(day for day in days if day.weekday() < 5)


def attendance_to(
    monday: date, weeks: pd.DataFrame, to_date: pd.DataFrame, before: SubjectFigures, published: list[Published]
) -> Attendance:
    """The course of attendance to the week of `monday`. weeks: of each child; before: in the frame of
    `school_weeks.a_year_before`."""
    weekly = attendance_course.by_week(weeks)
    percent = before.figures["attendance_percent"]
    return Attendance(weekly[weekly["week"] <= monday], to_date, None if percent is None else float(percent), published)


def care_spans(connection: Connection, known_on: date | None, scope: Scope = EVERYTHING) -> Spans:
    """The spans in care of every child, by `child_key`."""
    found: Spans = {}
    for row in connection.execute(care.spans(known_on, scope)):
        found.setdefault(row.child_key, []).append(CareSpan(row.started_on, row.ended_on, bool(row.short_break)))
    return found


def weeks_back(as_at: date) -> list[date]:
    """Days a week apart, the last `as_at`."""
    return [as_at - timedelta(weeks=back) for back in reversed(range(WEEKS_SHOWN))]


def in_care_by_week(roll: SubjectFigures, spans: Spans) -> list[float]:
    """Children of the roll in care on days of the period a week apart, the last `as_at`."""
    own = set(roll.rows["roll"]["child_key"])
    days = [day for day in weeks_back(roll.frame.as_at) if day >= roll.frame.start]
    return care_flow.by_week({key: each for key, each in spans.items() if key in own}, days)["in_care"]


def plans_by_week(plans: SubjectFigures) -> list[float]:
    """Percent of the plans due that were complete, on days a week apart, the last `as_at`, as known in the frame."""
    rows, frame = plans.rows["plans"], plans.frame
    done = rows["state"].isin((PepState.ON_TIME, PepState.LATE))
    signed, due = pd.to_datetime(rows["quality_assured_on"]).where(done), pd.to_datetime(rows["due_on"])
    days = [pd.Timestamp(day) for day in _weeks_to(frame)]
    counts = [((due <= day) & (signed <= day), due <= day) for day in days]
    return [float(complete.sum() * 100 / owed.sum()) for complete, owed in counts if owed.sum()]


def suspension_days_by_week(notices: SubjectFigures) -> list[float]:
    """Days of the suspensions so far this term, on days a week apart, the last `as_at`."""
    rows = figures.behind(notices, "suspension_days")
    began = pd.to_datetime(rows["start_date"])
    return [float(rows.loc[began <= pd.Timestamp(day), "days"].sum()) for day in _weeks_to(notices.frame)]


def _weeks_to(frame: Frame) -> list[date]:
    """Days of the period a week apart, the last its end."""
    return [day for day in weeks_back(frame.end) if day >= frame.start]


def overdue_by_week(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> list[float]:
    """Actions overdue on days a week apart, the last `as_at`."""
    rows = fetch.rows(connection, casework.actions(frame.as_at, frame.known_on, scope))
    each = [Frame(day, frame.known_on, day, day) for day in weeks_back(frame.as_at)]
    return [float(open_actions(rows, one)["is_overdue"].sum()) for one in each]

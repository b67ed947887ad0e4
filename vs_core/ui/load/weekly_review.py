"""What the weekly review reads: every subject on a day and a week before, and what needs a decision."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import pandas as pd

from vs_core import figures
from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import SubjectFigures, attention, fetch, freshness, out_of_school
from vs_core.figures import since_last_week as since
from vs_core.figures.attention import Matter, Week
from vs_core.figures.benchmarks import Published
from vs_core.figures.changes import Changes, week_before
from vs_core.figures.freshness import Coverage
from vs_core.figures.out_of_school import Places
from vs_core.figures.since_last_week import Change
from vs_core.queries.casework import actions
from vs_core.rules import attendance_course
from vs_core.rules.clocks import Clock
from vs_core.rules.frame import Frame
from vs_core.rules.pep import PepState
from vs_core.rules.school_calendar import CalendarNotLoaded
from vs_core.rules.worklist import open_actions
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui import load, periods
from vs_core.ui.filters import Chosen
from vs_core.ui.load import Version, kept, version, version_with_actions
from vs_core.ui.load import attendance as load_attendance
from vs_core.ui.load import cohort as load_cohort
from vs_core.ui.load import pp_plus as load_money
from vs_core.ui.periods import TERM

WEEKS_SHOWN = 12
AT_ONCE = 2
"""Subjects read at the same time: while one waits for the database another counts."""
SUBJECTS = ("attendance", "exclusions", "pep", "provision", "post-16", "actions")


@dataclass(frozen=True)
class Registers:
    """The last school week that is over, or the part of it: first and last day, marks received of those expected, and
    the pupils of schools from which none came."""

    start: date
    end: date
    coverage: Coverage
    missing: pd.DataFrame


@dataclass(frozen=True)
class Attendance:
    """weekly: each week by itself; to_date: the figures at the end of each; a_year_before: attendance percent on the
    same day of the year before, None where nothing is known; published: the department's latest."""

    weekly: pd.DataFrame
    to_date: pd.DataFrame
    a_year_before: float | None
    published: list[Published]


def frames(as_at: date, known_on: date | None) -> dict[str, Frame]:
    """The frame of each subject: its year so far, for exclusions the term so far."""
    own = {name: Frame.for_subject(name, as_at, known_on) for name in ("cohort", *SUBJECTS, "pp-plus")}
    first = min(periods.first_day(TERM, as_at, load.half_terms()), as_at)
    return own | {"exclusions": Frame(as_at, known_on, first, as_at)}


def compared(viewer: Viewer, as_at: date, known_on: date | None) -> dict[str, Changes]:
    """Every subject now and as it was seen a week before; money only for a viewer who may see it."""
    own = frames(as_at, known_on)
    reads = {name: partial(_compared, viewer, name, own[name]) for name in SUBJECTS}
    reads |= {"cohort": partial(_in_care, viewer, own["cohort"])}
    if viewer.may(roles.SEE_MONEY):
        reads |= {"pp-plus": partial(load_money.compared, viewer, Chosen(own["pp-plus"]))}
    longest_first = sorted(reads, key=lambda name: name != "pp-plus")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda name: reads[name](), longest_first)
        return dict(zip(longest_first, answers, strict=True))


def matters(viewer: Viewer, changes: dict[str, Changes], registers: Registers) -> tuple[list[Matter], list[str]]:
    """What needs a decision, and what could not be worked out."""
    of = changes["provision"].now
    without = out_of_school.since(of, _places(scope(viewer), version(), of.frame))
    week = Week(of.frame.as_at, changes, without, registers.missing)
    return attention.matters(week, clock(of.frame))


def clock(frame: Frame) -> Clock:
    """The authority's calendar and the limits."""
    made: Clock = _clock(version(), frame.known_on)
    return made


def registers(viewer: Viewer, frame: Frame) -> Registers:
    """The registers of the school week that ended on the last school day before `as_at`."""
    found: Registers = _registers(scope(viewer), version(), frame)
    return found


def attendance(viewer: Viewer, frame: Frame, monday: date) -> Attendance:
    """The course of attendance to the week of `monday`, and what it is held against."""
    chosen = Chosen(frame)
    weekly = attendance_course.by_week(load_attendance.weeks(viewer, chosen))
    before = load.of_subject(viewer, "attendance", _a_year_before(frame)).figures["attendance_percent"]
    return Attendance(
        weekly[weekly["week"] <= monday],
        load_attendance.to_date(viewer, chosen),
        None if before is None else float(before),
        load_attendance.published(chosen),
    )


def since_last_week(changes: dict[str, Changes]) -> list[Change]:
    """What changed, in sentences."""
    return since.since_last_week(changes)


def courses(viewer: Viewer, changes: dict[str, Changes]) -> dict[str, list[float]]:
    """The course of `in_care`, `suspension_days`, `plans` (percent signed off) and `overdue` (actions): values on days
    a week apart, the last the figure of now, as known in the frame."""
    return {
        "in_care": _in_care_by_week(viewer, changes["cohort"]),
        "suspension_days": _suspension_days_by_week(changes["exclusions"].now),
        "plans": _plans_by_week(changes["pep"].now),
        "overdue": _overdue_by_week(scope(viewer), version_with_actions(), changes["actions"].now.frame),
    }


def _in_care_by_week(viewer: Viewer, changes: Changes) -> list[float]:
    """Children in care on days a week apart, the last `as_at`, as known in the frame."""
    frame = changes.now.frame
    course = load_cohort.recent_weeks(viewer, Chosen(frame), changes.now.rows["roll"])
    return list(course["in_care"])[-len(_weeks_to(frame)) :]


def _plans_by_week(plans: SubjectFigures) -> list[float]:
    """Percent of the plans due that were complete, on days a week apart, the last `as_at`, as known in the frame."""
    rows, frame = plans.rows["plans"], plans.frame
    done = rows["state"].isin((PepState.ON_TIME, PepState.LATE))
    signed, due = pd.to_datetime(rows["quality_assured_on"]).where(done), pd.to_datetime(rows["due_on"])
    days = [pd.Timestamp(day) for day in _weeks_to(frame)]
    counts = [((due <= day) & (signed <= day), due <= day) for day in days]
    return [float(complete.sum() * 100 / owed.sum()) for complete, owed in counts if owed.sum()]


def _suspension_days_by_week(notices: SubjectFigures) -> list[float]:
    """Days of the suspensions so far this term, on days a week apart, the last `as_at`."""
    rows = figures.behind(notices, "suspension_days")
    began = pd.to_datetime(rows["start_date"])
    return [float(rows.loc[began <= pd.Timestamp(day), "days"].sum()) for day in _weeks_to(notices.frame)]


def _weeks_to(frame: Frame) -> list[date]:
    """Days of the period a week apart, the last its end."""
    days = [frame.end - timedelta(weeks=back) for back in reversed(range(WEEKS_SHOWN))]
    return [day for day in days if day >= frame.start]


def _compared(viewer: Viewer, subject: str, frame: Frame) -> Changes:
    now, then = load.of_subject(viewer, subject, frame), week_before(frame)
    return Changes(now, load.of_subject(viewer, subject, then) if then else None)


def _in_care(viewer: Viewer, frame: Frame) -> Changes:
    seen, at, then = scope(viewer), version(), week_before(frame)
    return Changes(_care_figures(seen, at, frame), _care_figures(seen, at, then) if then else None)


def _a_year_before(frame: Frame) -> Frame:
    """The same days of the year before, with what is known in the frame."""
    start, end = (_year_earlier(day) for day in (frame.start, frame.end))
    return Frame(end, frame.known_on, start, end, frame.cohort, frame.while_in_care)


def _year_earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


@kept
def _care_figures(seen: Scope, at: Version, frame: Frame) -> SubjectFigures:
    return retried(lambda connection: figures.in_care(connection, frame, seen))


@kept
def _places(seen: Scope, at: Version, frame: Frame) -> Places:
    return retried(lambda connection: out_of_school.places(connection, frame, seen))


@kept
def _clock(at: Version, known_on: date | None) -> Clock:
    calendar = retried(lambda connection: fetch.school_calendar(connection, known_on))
    return Clock(calendar, retried(fetch.thresholds), settings().authority)


@kept
def _registers(seen: Scope, at: Version, frame: Frame) -> Registers:
    last = _last_school_day(_clock(at, frame.known_on), frame.as_at)
    first = last - timedelta(days=last.weekday())
    week = Frame(frame.as_at, frame.known_on, first, last, frame.cohort)
    coverage, missing = retried(lambda connection: freshness.registers(connection, week, seen))
    return Registers(first, last, coverage, missing)


def _last_school_day(by: Clock, as_at: date) -> date:
    """The last school day before `as_at`; without a calendar the last weekday."""
    try:
        return by.calendar.school_day_before(as_at, 1, by.la)
    except CalendarNotLoaded:
        days = [as_at - timedelta(days=back) for back in range(1, 4)]
        return next(day for day in days if day.weekday() < 5)


@kept
def _overdue_by_week(seen: Scope, at: Version, frame: Frame) -> list[float]:
    rows = retried(lambda connection: fetch.rows(connection, actions(frame.as_at, frame.known_on, seen)))
    days = [frame.as_at - timedelta(weeks=back) for back in reversed(range(WEEKS_SHOWN))]
    each = [Frame(day, frame.known_on, day, day) for day in days]
    return [float(open_actions(rows, one)["is_overdue"].sum()) for one in each]

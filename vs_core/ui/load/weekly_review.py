"""What the weekly review reads: every subject on a day and a week before, and what needs a decision."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

from vs_core import figures
from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import SubjectFigures, attention, first_plans, out_of_school, week
from vs_core.figures import since_last_week as since
from vs_core.figures.attention import Matter, Week
from vs_core.figures.changes import Changes, week_before
from vs_core.figures.out_of_school import Places
from vs_core.figures.since_last_week import Change
from vs_core.figures.week import SUBJECTS, Attendance, Registers
from vs_core.rules.clocks import Clock
from vs_core.rules.frame import Frame
from vs_core.rules.school_weeks import a_year_before
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui import load
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, version, version_with_actions
from vs_core.ui.load import attendance as load_attendance
from vs_core.ui.load import cohort as load_cohort
from vs_core.ui.load import pp_plus as load_money

AT_ONCE = 2
"""Subjects read at the same time: while one waits for the database another counts."""


def frames(as_at: date, known_on: date | None) -> dict[str, Frame]:
    """The frame of each subject: its year so far, for exclusions the term so far."""
    return week.frames(as_at, known_on, load.half_terms())


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
    care = changes["cohort"].now
    has_plan = _planned(scope(viewer), version(), of.frame.known_on)
    unplanned = first_plans.without(care, changes["pep"].now, load_cohort.spans(viewer, care.frame), has_plan)
    return attention.matters(Week(of.frame.as_at, changes, without, registers.missing, unplanned), clock(of.frame))


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
    return week.attendance_to(
        monday,
        load_attendance.weeks(viewer, chosen),
        load_attendance.to_date(viewer, chosen),
        load.of_subject(viewer, "attendance", a_year_before(frame, load.half_terms())),
        load_attendance.published(chosen),
    )


def since_last_week(changes: dict[str, Changes]) -> list[Change]:
    """What changed, in sentences."""
    return since.since_last_week(changes)


def courses(viewer: Viewer, changes: dict[str, Changes]) -> dict[str, list[float]]:
    """The course of `in_care`, `suspension_days`, `plans` (percent signed off) and `overdue` (actions): values on days
    a week apart, the last the figure of now, as known in the frame."""
    care = changes["cohort"].now
    return {
        "in_care": week.in_care_by_week(care, load_cohort.spans(viewer, care.frame)),
        "suspension_days": week.suspension_days_by_week(changes["exclusions"].now),
        "plans": week.plans_by_week(changes["pep"].now),
        "overdue": _overdue_by_week(scope(viewer), version_with_actions(), changes["actions"].now.frame),
    }


def _compared(viewer: Viewer, subject: str, frame: Frame) -> Changes:
    now, then = load.of_subject(viewer, subject, frame), week_before(frame)
    return Changes(now, load.of_subject(viewer, subject, then) if then else None)


def _in_care(viewer: Viewer, frame: Frame) -> Changes:
    seen, at, then = scope(viewer), version(), week_before(frame)
    return Changes(_care_figures(seen, at, frame), _care_figures(seen, at, then) if then else None)


@kept
def _care_figures(seen: Scope, at: Version, frame: Frame) -> SubjectFigures:
    return retried(lambda connection: figures.in_care(connection, frame, seen))


@kept
def _places(seen: Scope, at: Version, frame: Frame) -> Places:
    return retried(lambda connection: out_of_school.places(connection, frame, seen))


@kept
def _planned(seen: Scope, at: Version, known_on: date | None) -> set[int]:
    return retried(lambda connection: first_plans.planned(connection, known_on, seen))


@kept
def _clock(at: Version, known_on: date | None) -> Clock:
    return retried(lambda connection: week.clock(connection, known_on, settings().authority))


@kept
def _registers(seen: Scope, at: Version, frame: Frame) -> Registers:
    by = _clock(at, frame.known_on)
    return retried(lambda connection: week.registers(connection, frame, by, seen))


@kept
def _overdue_by_week(seen: Scope, at: Version, frame: Frame) -> list[float]:
    return retried(lambda connection: week.overdue_by_week(connection, frame, seen))

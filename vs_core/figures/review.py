"""The whole weekly review, read in one go: what the reports are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Connection

from vs_core import figures
from vs_core.figures import (
    attendance,
    attention,
    benchmarks,
    changes,
    first_plans,
    out_of_school,
    since_last_week,
    week,
    with_children,
)
from vs_core.figures.attention import Matter, Week
from vs_core.figures.changes import Changes, week_before
from vs_core.figures.headline import Headline
from vs_core.figures.since_last_week import Change
from vs_core.figures.ten_figures import ten_figures
from vs_core.figures.week import Attendance, Registers
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import attendance_course
from vs_core.rules.clocks import Clock
from vs_core.rules.frame import Frame
from vs_core.rules.periods import HalfTerm
from vs_core.rules.school_weeks import a_year_before


@dataclass(frozen=True)
class Review:
    """changes: by subject, now and a week before, `pp-plus` only for who sees money; courses: of the figures, by name;
    matters, notes: what needs a decision, and what could not be worked out."""

    as_at: date
    known_on: date | None
    changes: Mapping[str, Changes]
    registers: Registers
    attendance: Attendance
    courses: Mapping[str, Sequence[float]]
    matters: list[Matter]
    notes: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether no child is known."""
        return self.changes["cohort"].now.rows["roll"].empty

    @cached_property
    def ten(self) -> list[Headline]:
        """The ten figures, as the page shows them."""
        return ten_figures(self.changes, self.courses, self.attendance, self.registers.start)

    @property
    def since_last_week(self) -> list[Change]:
        """What changed, in sentences."""
        return since_last_week.since_last_week(self.changes)


def review(
    connection: Connection,
    as_at: date,
    known_on: date | None,
    authority: str,
    scope: Scope = EVERYTHING,
    *,
    sees_money: bool = True,
) -> Review:
    """The review of a day as known on another (None: now), for who may see this scope."""
    halves = week.half_terms(connection, authority)
    own = week.frames(as_at, known_on, halves)
    by = week.clock(connection, known_on, authority)
    compared = {name: changes.changes(connection, name, own[name], scope) for name in week.SUBJECTS}
    compared["cohort"] = _in_care(connection, own["cohort"], scope)
    if sees_money:
        compared["pp-plus"] = _money(connection, own["pp-plus"], scope)
    registers = week.registers(connection, own["attendance"], by, scope)
    found, notes = _matters(connection, compared, registers, by, scope)
    return Review(
        as_at,
        known_on,
        compared,
        registers,
        _attendance(connection, own["attendance"], registers.start, (authority, halves), scope),
        _courses(connection, compared, scope),
        found,
        notes,
    )


def _in_care(connection: Connection, frame: Frame, scope: Scope) -> Changes:
    then = week_before(frame)
    now = figures.in_care(connection, frame, scope)
    return Changes(now, figures.in_care(connection, then, scope) if then else None)


def _money(connection: Connection, frame: Frame, scope: Scope) -> Changes:
    then = week_before(frame)
    now = with_children.pp_plus(connection, frame, scope)
    return Changes(now, with_children.pp_plus(connection, then, scope) if then else None)


def _matters(
    connection: Connection, compared: Mapping[str, Changes], registers: Registers, by: Clock, scope: Scope
) -> tuple[list[Matter], list[str]]:
    of = compared["provision"].now
    without = out_of_school.since(of, out_of_school.places(connection, of.frame, scope))
    care, known_on = compared["cohort"].now, of.frame.known_on
    spans, has_plan = week.care_spans(connection, known_on, scope), first_plans.planned(connection, known_on, scope)
    unplanned = first_plans.without(care, compared["pep"].now, spans, has_plan)
    return attention.matters(Week(of.frame.as_at, compared, without, registers.missing, unplanned), by)


def _attendance(
    connection: Connection, frame: Frame, monday: date, ours: tuple[str, Sequence[HalfTerm]], scope: Scope
) -> Attendance:
    """monday: of the last school week; ours: the authority and its half terms."""
    authority, halves = ours
    weeks = attendance.weeks_by_child(connection, frame, scope)
    before = figures.compute(connection, "attendance", a_year_before(frame, halves), scope)
    published = benchmarks.published(connection, frame.cohort, authority or None, frame.known_on)
    return week.attendance_to(monday, weeks, attendance_course.to_date(weeks), before, published)


def _courses(connection: Connection, compared: Mapping[str, Changes], scope: Scope) -> dict[str, list[float]]:
    care, actions = compared["cohort"].now, compared["actions"].now
    return {
        "in_care": week.in_care_by_week(care, week.care_spans(connection, care.frame.known_on, scope)),
        "suspension_days": week.suspension_days_by_week(compared["exclusions"].now),
        "plans": week.plans_by_week(compared["pep"].now),
        "overdue": week.overdue_by_week(connection, actions.frame, scope),
    }

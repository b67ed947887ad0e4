"""One child: every figure with the child alone as its group, and all that is on record.

A scope of one child (`Scope.child`) is handed to the same functions that make the figures of the whole authority, so
that a number on the child's page can mean nothing else than the list in which the child stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import SubjectFigures, attendance, children, compute, fetch, first_plans, out_of_school, week
from vs_core.queries import attendance as marks
from vs_core.queries import case_entries, casework, child, projects, search
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import attendance_course
from vs_core.rules.clocks import Clock, exclusion_limits, initial_pep_due
from vs_core.rules.cohorts import entered_care_on
from vs_core.rules.day_columns import covers, on_or_after, on_or_before
from vs_core.rules.exclusions import ExclusionLimits
from vs_core.rules.frame import Frame
from vs_core.rules.measures_pp_plus import requests_at
from vs_core.rules.pep import PepState, pep_state
from vs_core.rules.pp_plus import FUNDS

SUBJECTS = ("cohort", "attendance", "exclusions", "pp-plus", "pep", "provision", "post-16", "actions")
RECORDS_FROM = date(1990, 1, 1)
"""Notices of suspension are read from here on: before any that a child of today can have."""


@dataclass(frozen=True)
class DaysSuspended:
    """Days of suspension and lunchtimes in the term (`2026/27 autumn`) and the academic year of the day."""

    term: str
    in_term: float
    in_year: float
    limits: ExclusionLimits


@dataclass(frozen=True)
class Child:
    """What is known of one child on a day.

    frame: its academic year so far; roll: one row of `figures.children.roll` with `in_care_since`, no row where the
    child was not known then; subjects: figures by subject, `exclusions` of every year, `pp-plus` of the financial year;
    weeks: `figures.attendance.weeks_by_child`; course: `rules.attendance_course.of_children`, no row without marks;
    without_school: `figures.out_of_school` with school days; plans: of every term with `state`, those to come too;
    first_plan_due: where the child is in care, of an age for a plan and has none; records: by name, the rows of
    `queries.child` and of other queries that had happened by the day."""

    frame: Frame
    roll: pd.DataFrame
    subjects: Mapping[str, SubjectFigures]
    weeks: pd.DataFrame
    course: pd.DataFrame
    days: DaysSuspended
    without_school: pd.DataFrame
    plans: pd.DataFrame
    first_plan_due: date | None
    records: Mapping[str, pd.DataFrame]


def of_child(connection: Connection, child_key: int, frame: Frame, scope: Scope, by: Clock) -> Child | None:
    """The child on the frame's day; None where the viewer may not open it or there is none."""
    if connection.execute(search.openable(child_key, scope)).first() is None:
        return None
    own, year = replace(scope, child=child_key), _frame("cohort", frame)
    subjects = {name: compute(connection, name, _frame(name, frame), own) for name in SUBJECTS}
    weeks = attendance.weeks_by_child(connection, year, own)
    known = fetch.rows(connection, marks.mondays(year, scope))["week"]
    plans = _plans(connection, frame, own)
    spans = week.care_spans(connection, frame.known_on, own)
    first = first_plans.without(subjects["cohort"], subjects["pep"], spans, set(plans["child_key"]))
    entered = entered_care_on(spans.get(child_key, ()), frame.as_at)
    return Child(
        year,
        subjects["cohort"].rows["roll"].assign(in_care_since=entered),
        subjects,
        weeks,
        attendance_course.of_children(_with_every_week(weeks, list(known))),
        days_suspended(subjects["exclusions"], frame, by),
        _without_school(connection, subjects["provision"], own, by),
        plans,
        None if first.empty else initial_pep_due(first["entered_on"].iloc[0], by).on,
        _records(connection, frame, own),
    )


def found(
    connection: Connection, way: str, typed: str, on: date, limit: int, scope: Scope = EVERYTHING
) -> pd.DataFrame:
    """The first children that a search finds (`queries.search.found`), in its order: `figures.children.details`."""
    keys = [int(key) for key in connection.scalars(search.found(way, typed, on, scope).limit(limit))]
    rows = children.details(connection, Frame(on, None, on, on), scope, keys).set_index("child_key")
    return rows.loc[[key for key in keys if key in rows.index]].reset_index()


def days_suspended(notices: SubjectFigures, frame: Frame, by: Clock) -> DaysSuspended:
    """The child's days against the limits, as `exclusions.over_15_days_in_term` and `over_45_days_in_year` count."""
    term = str(by.calendar.term_or_season(frame.as_at, by.la))
    of_term = _days(notices.rows["days_by_term"], "term", term)
    of_year = _days(notices.rows["days_by_year"], "academic_year", frame.academic_year)
    return DaysSuspended(term, of_term, of_year, exclusion_limits(by.thresholds, frame.as_at))


def _days(rows: pd.DataFrame, span: str, label: str) -> float:
    return float(rows.loc[rows[span] == label, "days"].sum())


def _frame(subject: str, frame: Frame) -> Frame:
    start = RECORDS_FROM if subject == "exclusions" else None
    return Frame.for_subject(subject, frame.as_at, frame.known_on, start, cohort="all")


def _with_every_week(weeks: pd.DataFrame, mondays: list[date]) -> pd.DataFrame:
    """The child's weeks, and an empty one where others had school and the child had none: "the last four weeks" are
    then those of everybody, as in the lists."""
    if weeks.empty:
        return weeks
    own = weeks[["child_key", "week", *attendance_course.SESSIONS]]
    blank = {"child_key": int(own["child_key"].iloc[0])} | dict.fromkeys(attendance_course.SESSIONS, 0)
    missing = sorted(set(mondays) - set(own["week"]))
    return pd.concat([own, pd.DataFrame([blank | {"week": monday} for monday in missing])], ignore_index=True)


def _plans(connection: Connection, frame: Frame, own: Scope) -> pd.DataFrame:
    """Every plan with its `state` on the day; what was done to it later has not happened."""
    rows = _seen(fetch.rows(connection, child.plans(frame.known_on, own)), frame.as_at, *_STEPS)
    dated = rows[rows["due_on"].notna()]
    days = zip(dated["due_on"], dated["quality_assured_on"], strict=True)
    states = [pep_state(due, done, frame.as_at) for due, done in days]
    return dated.assign(state=pd.Series(states, dated.index, dtype=object))


_STEPS = ("initiated_on", "meeting_on", "finished_on", "quality_assured_on")


def _seen(rows: pd.DataFrame, as_at: date, *columns: str) -> pd.DataFrame:
    """The rows with days after `as_at` taken out of these columns."""
    return rows.assign(
        **{name: rows[name].astype(object).where(on_or_before(rows[name], as_at), None) for name in columns}
    )


def _without_school(connection: Connection, provision: SubjectFigures, own: Scope, by: Clock) -> pd.DataFrame:
    frame = provision.frame
    rows = out_of_school.since(provision, out_of_school.places(connection, frame, own))
    return out_of_school.with_school_days(rows, by.calendar, by.la, frame.as_at)


def _records(connection: Connection, frame: Frame, own: Scope) -> dict[str, pd.DataFrame]:
    """By name, what had begun by the day; what came of it later has not come yet."""
    known_on, as_at = frame.known_on, frame.as_at
    found = {name: fetch.rows(connection, query(known_on, own)) for name, (query, *_) in _RECORDS.items()}
    found["requests"] = pd.concat([requests_at(found["requests"], as_at, fund) for fund in FUNDS], ignore_index=True)
    found["timetables"] = fetch.rows(connection, casework.timetables(_frame("provision", frame), own))
    found["places"] = _of_the_child(fetch.rows(connection, projects.places(known_on, own)))
    found["actions"] = _of_the_child(fetch.rows(connection, casework.actions(as_at, known_on, own)))
    found["entries"] = fetch.rows(connection, case_entries.entries(as_at, known_on, own))
    days = {name: (begins, later) for name, (_, begins, *later) in _RECORDS.items()} | _OTHER_RECORDS
    return {name: _begun(found[name], as_at, begins, *later) for name, (begins, later) in days.items()}


_RECORDS: dict[str, Any] = {
    "episodes": (child.episodes, "started_on", "ended_on"),
    "rolls": (child.rolls, "started_on", "ended_on"),
    "requests": (child.requests, "requested_on", "decided_on"),
    "payments": (child.payments, "paid_on"),
    "destinations": (child.destinations, "on"),
    "custodies": (child.custodies, "started_on", "ended_on", "education_assessed_on", "pep_shared_on"),
    "searches": (child.searches, "needed_on", "applied_on", "decided_on", "directed_on", "started_on"),
    "memberships": (child.memberships, "started_on", "ended_on"),
}
_OTHER_RECORDS = {
    "timetables": ("start", ("reviewed_on",)),
    "places": ("start", ("end",)),
    "actions": ("opened_on", ("closed_on",)),
    "entries": ("on", ()),
}


def _of_the_child(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["child_key"].notna()]


def _begun(rows: pd.DataFrame, as_at: date, begins: str, *later: str) -> pd.DataFrame:
    return _seen(rows[on_or_before(rows[begins], as_at)], as_at, *later)


def in_custody(of: Child) -> pd.Series | None:
    """The stay in custody that the child is in on the day, if any: a row of `records["custodies"]`."""
    stays = of.records["custodies"]
    now = stays[covers(stays["started_on"], stays["ended_on"], of.frame.as_at)]
    return None if now.empty else now.sort_values("started_on").iloc[-1]


def current_plan(of: Child) -> pd.Series | None:
    """The plan that matters on the day: the oldest that is overdue and was due in this academic year, else the last of
    the term of the day, else the last one before it."""
    plans = of.plans.sort_values("due_on", kind="stable")
    overdue = plans[(plans["state"] == PepState.OVERDUE) & on_or_after(plans["due_on"], of.frame.start)]
    if len(overdue):
        return overdue.iloc[0]
    due = plans[(plans["term"] == of.days.term) | on_or_before(plans["due_on"], of.frame.as_at)]
    return due.iloc[-1] if len(due) else None


def schools_on_the_day(of: Child) -> pd.DataFrame:
    """The rolls that the child is on: rows of `records["rolls"]`, the main one first."""
    rolls = of.records["rolls"]
    now = rolls[covers(rolls["started_on"], rolls["ended_on"], of.frame.as_at)]
    return now.sort_values("status", key=lambda status: status.fillna("main") != "main", kind="stable")

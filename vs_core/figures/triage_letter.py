"""What a letter to a school says of its children: the worklist as that school's register alone tells it.

A child that came from another school brings its absence with it on the worklist; the school that it came to is not
asked about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import triage_facts
from vs_core.figures.triage import Facts, Gathered, row_of
from vs_core.figures.triage_facts import LOOKED_BACK
from vs_core.queries import exclusions, triage
from vs_core.queries.scope import Scope
from vs_core.rules.absence_runs import Mark
from vs_core.rules.expected_marks import Pupil
from vs_core.rules.triage import Sessions, Told, crossings

TOLD = ("reasons", "parts", "points", "score", "possible_sessions", "absent_sessions", "attendance_percent")
"""The columns of the worklist that are told anew."""


def at_school(connection: Connection, facts: Facts, rows: pd.DataFrame, urn: str, scope: Scope) -> pd.DataFrame:
    """The rows of `figures.triage.worklist` (of children at the school) with TOLD by the marks in its register, its
    notices and its school days; those of which nothing is left to tell are left out. Nobody of whom the viewer may not
    see a row has any mark here."""
    keys = [int(key) for key in rows["child_key"]]
    of = _gathered(connection, facts.of, keys, urn, scope)
    told = [row_of(of, key) for key in keys]
    anew = pd.DataFrame([each for each in told if each["parts"]], columns=["child_key", *TOLD])
    return rows.drop(columns=list(TOLD)).merge(anew.astype({"child_key": rows["child_key"].dtype}), on="child_key")


def _gathered(connection: Connection, of: Gathered, keys: Sequence[int], urn: str, scope: Scope) -> Gathered:
    frame = of.frame
    read = replace(frame, start=min(frame.start, frame.as_at - LOOKED_BACK))
    days: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(triage.days_at(keys, urn, read, scope)):
        days[row.child_key].append(row)
    marks = {key: list(triage_facts.marks(own)) for key, own in days.items()}
    tails = {key: triage_facts.tail(own, frame.as_at) for key, own in days.items()}
    pupils = {key: _of_school(of.pupils[key], urn) for key in keys if key in of.pupils}
    last = {key: tail.marked_on for key, tail in tails.items()}
    year, since = (_sums(marks, first) for first in (frame.start, of.before_on + timedelta(days=1)))
    missing = triage_facts.unmarked(pupils, last, frame, of.diary, of.limits.no_mark_school_days)
    own = replace(of, year=year, since=since, tails=tails, pupils=pupils, unmarked=missing)
    return replace(
        own,
        weeks={key: _weeks(each, of.mondays) for key, each in marks.items()},
        crossed={key: crossings(own.sessions(key)[1], _days(each, of.before_on)) for key, each in marks.items()},
        notices=_notices(connection, of, keys, urn, scope),
    )


def _of_school(pupil: Pupil, urn: str) -> Pupil:
    return replace(pupil, enrolments=[each for each in pupil.enrolments if each.urn == urn])


def _sums(marks: Mapping[int, list[Mark]], first: date) -> dict[int, Sessions]:
    found = {}
    for key, own in marks.items():
        there = [mark.is_attended for mark in own if mark.on >= first]
        if there:
            found[key] = Sessions(len(there), there.count(False))
    return found


def _days(marks: Sequence[Mark], before_on: date) -> list[tuple[date, int, int]]:
    """Possible and attended sessions of each day since."""
    by_day: dict[date, list[bool]] = defaultdict(list)
    for mark in marks:
        if mark.on > before_on:
            by_day[mark.on].append(mark.is_attended)
    return [(on, len(there), sum(there)) for on, there in sorted(by_day.items())]


def _weeks(marks: Sequence[Mark], mondays: Sequence[date]) -> list[tuple[int, int]]:
    by_week: dict[date, list[bool]] = defaultdict(list)
    for mark in marks:
        by_week[mark.on - timedelta(days=mark.on.weekday())].append(mark.is_attended)
    return [(len(by_week.get(monday, ())), sum(by_week.get(monday, ()))) for monday in mondays]


def _notices(
    connection: Connection, of: Gathered, keys: Sequence[int], urn: str, scope: Scope
) -> dict[int, tuple[Told, ...]]:
    """Of the children's notices those of the school."""
    a_year = replace(of.frame, start=of.frame.as_at - triage_facts.A_YEAR, end=of.frame.as_at, cohort="all")
    rows = connection.execute(exclusions.notices(a_year, scope)).all()
    own = {(row.child_key, row.category, row.start_date) for row in rows if row.urn == urn}
    return {key: tuple(each for each in of.notices.get(key, ()) if (key, each.what, each.on) in own) for key in keys}

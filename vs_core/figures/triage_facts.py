"""What is known of each child of a cohort on a day, gathered for the rules of the worklist."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import CTE, Connection

from vs_core.figures import fetch, out_of_school, registers
from vs_core.figures.subject import SubjectFigures
from vs_core.queries import attendance, casework, knowledge, triage
from vs_core.queries.scope import Scope
from vs_core.rules import absence_runs, rolling_attendance
from vs_core.rules.absence_runs import HalfDay, Mark
from vs_core.rules.cohorts import governing_enrolment
from vs_core.rules.day_columns import covers, on_or_before
from vs_core.rules.exclusions import PERMANENT, SUSPENSION, is_counted
from vs_core.rules.expected_marks import Pupil
from vs_core.rules.frame import Frame
from vs_core.rules.provision import open_timetables
from vs_core.rules.register import StatisticalClass
from vs_core.rules.school_calendar import CalendarNotLoaded
from vs_core.rules.school_diary import Diary
from vs_core.rules.triage import Review, Sessions, Told, crossings
from vs_core.rules.triage_limits import Limits

DAY = timedelta(days=1)
A_YEAR = timedelta(days=365)
LOOKED_BACK = timedelta(weeks=30)
"""In which twelve school weeks and three before them lie, the summer holiday among them."""
_ATTENDED = {each.value for each in StatisticalClass if each.is_attended}
_ABSENT = {each.value for each in StatisticalClass if each.is_absence}


@dataclass(frozen=True)
class Tail:
    """halves: those since a child was last there; marks_today: half days of the day with any mark; marked_on: the last
    day with one."""

    halves: list[HalfDay]
    marks_today: int
    marked_on: date


@dataclass(frozen=True)
class Reader:
    """Reads for one viewer, in the frame of the academic year so far. What it gives is for the rules: the schools of
    restricted children are among it, and are told to nobody."""

    connection: Connection
    frame: Frame
    scope: Scope
    diary: Diary

    def pupils(self) -> dict[int, Pupil]:
        """By `child_key`, with the schools of restricted children: their days count whoever looks, and are not told."""
        on_day = replace(self.frame, start=self.frame.as_at, end=self.frame.as_at)
        return registers.pupils(self.connection, on_day, replace(self.scope, restricted=True))

    def sums(self, frame: Frame) -> dict[int, Sessions]:
        """Sessions of the frame's period by `child_key`."""
        asked = partial(attendance.sessions_by_child, frame, self.scope, ("possible_sessions", "attended_sessions"))
        found = fetch.summed_in_pieces(self.connection, asked, frame, "child_key")
        rows = zip(*(found[name].tolist() for name in found), strict=True)
        return {key: Sessions(possible, possible - attended) for key, possible, attended in rows}

    def crossed(self, frame: Frame, before: Mapping[int, Sessions]) -> dict[int, Any]:
        """By `child_key` of `before`, the sessions up to the period, on which of its days each crossed a line."""
        days: dict[int, list[tuple[date, int, int]]] = {key: [] for key in before}
        if not days:
            return {}
        for row in self.connection.execute(
            triage.days_of(sorted(days), frame.start, frame.end, frame.known_on, self.scope)
        ):
            days[row.child_key].append((row.day, row.possible_sessions, row.attended_sessions))
        return {key: crossings(before[key], own) for key, own in days.items()}

    def school_weeks(self) -> list[date]:
        """The Mondays of the last weeks in which anybody has a mark, whoever looks, earliest first."""
        everybody = replace(self.scope, adviser=None, restricted=True, child=None)
        looked_at = replace(self.frame, start=self.frame.as_at - LOOKED_BACK, end=self.frame.as_at)
        return list(self.connection.scalars(attendance.mondays(looked_at, everybody)))[-rolling_attendance.WEEKS_READ :]

    def weeks(self, mondays: Sequence[date]) -> dict[int, list[tuple[int, int]]]:
        """By `child_key`, possible and attended sessions in each of the weeks."""
        if not mondays:
            return {}
        counts = ("possible_sessions", "attended_sessions")
        frame = replace(self.frame, start=mondays[0])
        read = fetch.in_pieces(self.connection, partial(attendance.weeks_by_child, frame, self.scope, counts), frame)
        rows = zip(*(read[name].tolist() for name in ("child_key", "week", *counts)), strict=True)
        place = {monday: number for number, monday in enumerate(mondays)}
        found: dict[int, list[tuple[int, int]]] = {}
        for key, monday, possible, attended in rows:
            if monday in place:
                found.setdefault(key, [(0, 0)] * len(mondays))[place[monday]] = (possible, attended)
        return found

    def tails(self, only: CTE) -> dict[int, Tail]:
        """By `child_key`, of children with a mark in the year up to the day."""
        a_year = replace(self.frame, start=self.frame.as_at - A_YEAR, end=self.frame.as_at)
        by_child: dict[int, list[Any]] = {}
        for row in self.connection.execute(triage.since_attended(a_year, self.scope, only)).all():
            by_child.setdefault(row.child_key, []).append(row)
        return {key: tail(rows, self.frame.as_at) for key, rows in by_child.items()}

    def notices(self) -> dict[int, tuple[Told, ...]]:
        """By `child_key`, the suspensions and exclusions of the year up to the day."""
        a_year, found = replace(self.frame, start=self.frame.as_at - A_YEAR, end=self.frame.as_at), defaultdict(list)
        for row in self.connection.execute(triage.notices(a_year, self.scope)):
            if row.category in (SUSPENSION, PERMANENT) and is_counted(row.category, row.status):
                found[row.child_key].append(Told(row.category, row.started_on, max(row.started_on, row.came_on)))
        return {key: tuple(own) for key, own in found.items()}

    def in_custody(self) -> dict[int, Told]:
        """By `child_key`, since when a child is in custody on the day whose education had not been assessed by it."""
        rows = fetch.rows(self.connection, triage.custodies(self.frame.known_on, self.scope))
        now = rows[covers(rows["started_on"], rows["ended_on"], self.frame.as_at)]
        waiting = now[~on_or_before(now["education_assessed_on"], self.frame.as_at)]
        columns = (waiting[name] for name in ("child_key", "started_on", "came_on"))
        return {key: Told("custody", on, max(on, came_on)) for key, on, came_on in zip(*columns, strict=True)}

    def reviews(self, known: pd.DataFrame) -> dict[int, list[Review]]:
        """By `child_key`, the reviews that are overdue."""
        current = open_timetables(
            fetch.rows(self.connection, casework.timetables(self.frame, self.scope)), known, self.frame
        )
        found: dict[int, list[Review]] = {}
        late = current[current["review_overdue"].astype(bool)]
        for key, kind, due_on in zip(late["child_key"], late["kind"], late["review_due"], strict=True):
            found.setdefault(key, []).append(Review(kind, due_on, self.diary.since("", due_on, self.frame.as_at)))
        return found

    def out(self, known: pd.DataFrame, only: CTE) -> dict[int, date | None]:
        """By `child_key`, of children on no roll who should be, since when (None: not known). Nobody is where no file
        of enrolments has come."""
        if not self.connection.execute(knowledge.arrived(["enrolments"], self.frame.known_on)).first():
            return {}
        of_day = SubjectFigures("provision", self.frame, {}, {}, {"children": known})
        rows = out_of_school.since(of_day, out_of_school.places(self.connection, self.frame, self.scope, only))
        return dict(zip(rows["child_key"], rows["out_since"], strict=True))


def school_on(pupil: Pupil | None, on: date) -> str:
    """The URN of the school by whose days a child goes; empty where it is on no roll."""
    enrolment = governing_enrolment(pupil.enrolments, on) if pupil else None
    return enrolment.urn if enrolment else ""


def tail(rows: Sequence[Any], as_at: date) -> Tail:
    """rows: of `queries.triage.since_attended` about one child."""
    today = {half for row in rows if row.day == as_at for half, code in enumerate((row.am, row.pm)) if code}
    return Tail(absence_runs.half_days(marks(rows)), len(today), max(row.day for row in rows))


def marks(rows: Iterable[Any]) -> Iterable[Mark]:
    """The possible sessions among the half days of rows of `queries.triage.since_attended`."""
    for row in rows:
        for half, (code, kind) in enumerate(((row.am, row.am_class), (row.pm, row.pm_class))):
            if kind in _ATTENDED or kind in _ABSENT:
                yield Mark(row.day, half, code, kind in _ATTENDED)


def unmarked(
    pupils: Mapping[int, Pupil], last_marks: Mapping[int, date], frame: Frame, diary: Diary, at_least: int
) -> dict[int, tuple[int, date]]:
    """By `child_key`: school days of the year up to the day before, since the last mark, on which one was due
    (`rules.expected_marks`), and the first of them; of children with `at_least` of them and term dates loaded.

    last_marks: the last day with any mark of those who have one."""
    last, found = frame.as_at - DAY, {}
    for key, pupil in pupils.items():
        first = max(frame.start, last_marks[key] + DAY) if key in last_marks else frame.start
        days = _days_due(pupil, first, last, diary) if (last - first).days + 1 >= at_least else []
        if len(days) >= max(at_least, 1):
            found[key] = (len(days), days[0])
    return found


def _days_due(pupil: Pupil, first: date, last: date, diary: Diary) -> list[date]:
    try:
        return sorted({day for urn, *stay in pupil.stays(first, last) for day in diary.days(urn, *stay)})
    except CalendarNotLoaded:
        return []


def suspended(notices: Iterable[Told], last_day: date) -> tuple[str, date] | None:
    """Category and first day of the last suspension or exclusion that began on the last school day before the day or
    since; an exclusion before a suspension."""
    own = [(each.what, each.on) for each in notices if each.on >= last_day]
    return max(own, key=lambda each: (each[0] == PERMANENT, each[1]), default=None)


def new_days(frame: Frame, diary: Diary, limits: Limits) -> tuple[date, Frame]:
    """The day up to which absence is held against that of now, and the days of the academic year since."""
    before_on = diary.before("", frame.as_at, limits.new_school_days)
    return before_on, replace(frame, start=max(frame.start, before_on + DAY))

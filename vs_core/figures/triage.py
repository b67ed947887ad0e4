"""The inclusion team's worklist: every child who needs somebody today, and why, the heaviest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch, registers, triage_actions, triage_facts
from vs_core.figures.triage_actions import NOBODY, Acting
from vs_core.figures.triage_facts import Reader, Tail
from vs_core.queries import care
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import absence_runs, rolling_attendance, sessions_left, triage
from vs_core.rules.expected_marks import HALVES_A_DAY, Pupil
from vs_core.rules.frame import Frame
from vs_core.rules.rolling_attendance import RECENT_WEEKS, SHOWN_WEEKS
from vs_core.rules.school_calendar import CalendarNotLoaded
from vs_core.rules.school_diary import Diary
from vs_core.rules.sessions_left import SessionsLeft
from vs_core.rules.triage import Part, Review, Sessions, Situation, Told
from vs_core.rules.triage_limits import Limits, limits

NO_TAIL = Tail([], 0, date.min)


@dataclass(frozen=True)
class Gathered:
    """What is known by `child_key` (`triage_facts`, `triage_actions`), in the frame of the academic year so far."""

    frame: Frame
    limits: Limits
    diary: Diary
    before_on: date
    mondays: Sequence[date]
    groups: Mapping[int, str]
    unlisted: frozenset[int]
    year: Mapping[int, Sessions]
    since: Mapping[int, Sessions]
    crossed: Mapping[int, dict[str, date]]
    weeks: Mapping[int, list[tuple[int, int]]]
    tails: Mapping[int, Tail]
    pupils: Mapping[int, Pupil]
    unmarked: Mapping[int, tuple[int, date]]
    last_school_day: date
    notices: Mapping[int, tuple[Told, ...]]
    custody: Mapping[int, Told]
    reviews: Mapping[int, list[Review]]
    out: Mapping[int, date | None]
    acting: Mapping[int, Acting]

    def sessions(self, key: int) -> tuple[Sessions, Sessions]:
        """Of the year so far, and as they stood on `before_on`."""
        return self.year.get(key, Sessions()), _less(self.year.get(key), self.since.get(key))


def worklist(
    connection: Connection,
    as_at: date,
    known_on: date | None,
    scope: Scope = EVERYTHING,
    authority: str = "",
    cohort: str = "in care",
) -> pd.DataFrame:
    """One row a child of the cohort on the day that needs something or about whom an action is open, the highest score
    first, then the lowest attendance, then by `child_key`.

    Columns of `figures.children.details`; `score` (whole points), `reasons` (sentences, heaviest first), `parts` (keys
    of `rules.triage.KEYS`, in the same order), `points` (of each); `possible_sessions`, `absent_sessions`,
    `attendance_percent` of the academic year so far (empty without a session); `last_weeks` (percent in each of the
    last six school weeks, None without a session), `recent_percent` (of the last four), `change_points` (those less the
    last twelve, empty where either has under ten sessions); `sessions_left`, `can_reach_90`, `can_reach_95` and
    `sessions_left_why_not` (`rules.sessions_left`); `last_contact_on`, `contact_school_days`; `owner`, `next_step`,
    `due_on`, `action_id`, `is_overdue` of the open action due first; `owners` of all open actions; `snoozed_until`
    (empty where something new brings the child back before); `first_on`. Restricted children are among them, with
    `is_listed` false for who may not be shown them. Of a child who is not in the cohort on the day, and about whom an
    action is open, only that is told.

    authority: ours, for the school days of children without a school; empty: the only one with a calendar."""
    return Facts.read(connection, as_at, known_on, scope, authority, cohort).worklist(connection, scope)


@dataclass(frozen=True)
class Facts:
    """All that the worklist is made of but what the team wrote: that changes with every word, this with a file only.
    known: `figures.children.details` of the cohort's children; of: for the rules, and told to nobody."""

    known: pd.DataFrame
    of: Gathered

    @staticmethod
    def read(
        connection: Connection,
        as_at: date,
        known_on: date | None,
        scope: Scope,
        authority: str = "",
        cohort: str = "in care",
    ) -> Facts:
        """The arguments are those of `worklist`."""
        frame = Frame.for_subject("attendance", as_at, known_on, cohort=cohort)
        known = children.of_cohort(connection, frame, scope, as_at, as_at)
        reader = Reader(connection, frame, scope, registers.diary(connection, known_on, authority))
        return Facts(known, _gathered(reader, known))

    def worklist(self, connection: Connection, scope: Scope) -> pd.DataFrame:
        """`worklist` with who acts as it is now, for the scope that these were read for."""
        of = replace(self.of, acting=triage_actions.acting(connection, self.of.frame, scope))
        known = self._with_others(connection, of, scope)
        rows = [row_of(of, int(key)) for key in known["child_key"]]
        listed = pd.DataFrame([row for row in rows if row["parts"]], columns=list(_COLUMNS))
        every = known.merge(listed.astype({"child_key": known["child_key"].dtype}), on="child_key")
        order = ["score", "attendance_percent", "child_key"]
        return every.sort_values(order, ascending=[False, True, True], kind="stable", ignore_index=True)

    def _with_others(self, connection: Connection, of: Gathered, scope: Scope) -> pd.DataFrame:
        """The children of the cohort, and those of no more about whom an action is open."""
        others = sorted(key for key, each in of.acting.items() if each.action is not None and key not in of.groups)
        if not others:
            return self.known
        found = children.details(connection, of.frame, scope, others)
        return pd.concat([self.known, found[self.known.columns]], ignore_index=True) if len(found) else self.known


def _gathered(reader: Reader, known: pd.DataFrame) -> Gathered:
    own = limits(fetch.thresholds(reader.connection), reader.frame.as_at)
    before_on, recent = triage_facts.new_days(reader.frame, reader.diary, own)
    year, since = reader.sums(reader.frame), reader.sums(recent)
    new = {key: _less(year[key], since.get(key)) for key in year if _is_new(year[key], since.get(key))}
    mondays = reader.school_weeks()
    only = care.listed([int(key) for key in known["child_key"]])
    tails, pupils = reader.tails(only), reader.pupils()
    last_marks = {key: tail.marked_on for key, tail in tails.items()}
    return Gathered(
        frame=reader.frame,
        limits=own,
        diary=reader.diary,
        before_on=before_on,
        mondays=mondays,
        groups=dict(zip(known["child_key"], known["year_group"], strict=True)),
        unlisted=frozenset(known.loc[~known["is_listed"].eq(True), "child_key"]),
        year=year,
        since=since,
        crossed=reader.crossed(recent, new),
        weeks=reader.weeks(mondays),
        tails=tails,
        pupils=pupils,
        unmarked=triage_facts.unmarked(pupils, last_marks, reader.frame, reader.diary, own.no_mark_school_days),
        last_school_day=reader.diary.before("", reader.frame.as_at, 1),
        notices=reader.notices(),
        custody=reader.in_custody(),
        reviews=reader.reviews(known),
        out=reader.out(known, only),
        acting={},
    )


def _less(year: Sessions | None, since: Sessions | None) -> Sessions:
    one, other = year or Sessions(), since or Sessions()
    return Sessions(one.possible - other.possible, one.absent - other.absent)


def _is_new(year: Sessions, since: Sessions | None) -> bool:
    before = _less(year, since)
    return (year.is_persistent and not before.is_persistent) or (year.is_severe and not before.is_severe)


def situation(of: Gathered, key: int) -> Situation:
    """What is known of one child on the day."""
    as_at, tail, since = of.frame.as_at, of.tails.get(key, NO_TAIL), of.diary.since
    year, before = of.sessions(key)
    weeks, acting, out_from = of.weeks.get(key, []), of.acting.get(key, NOBODY), of.out.get(key)
    notices = of.notices.get(key, ())
    return Situation(
        as_at=as_at,
        year=year,
        before=before,
        before_on=of.before_on,
        crossed_on=of.crossed.get(key, {}),
        fall=rolling_attendance.fall(weeks, of.mondays, of.limits.falling_points) if weeks else None,
        missed=absence_runs.missed_run(tail.halves),
        unexplained=absence_runs.unexplained_run(tail.halves),
        absent_today=absence_runs.absent_on(tail.halves, as_at),
        unmarked=of.unmarked.get(key),
        reviews=tuple(of.reviews.get(key, ())),
        suspended=triage_facts.suspended(notices, of.last_school_day),
        notices=notices,
        custody=of.custody.get(key),
        is_out=key in of.out,
        out_from=out_from,
        out_school_days=None if out_from is None else since("", out_from, as_at),
        contact_school_days=_contact_days(of, acting),
        open_from=acting.open_from,
        overdue=None if acting.overdue_on is None else (since("", acting.overdue_on, as_at), acting.overdue_on),
        snooze=acting.snooze,
        in_group=key in of.groups,
    )


def _contact_days(of: Gathered, acting: Acting) -> int | None:
    return None if acting.contact_on is None else of.diary.since("", acting.contact_on, of.frame.as_at)


def left_of_year(of: Gathered, key: int) -> SessionsLeft:
    """How many sessions the child can still miss this year, by the days of the school that it is at on the day."""
    group, urn = of.groups.get(key, ""), triage_facts.school_on(of.pupils.get(key), of.frame.as_at)
    if not sessions_left.is_of_age(group):
        return sessions_left.unknown(sessions_left.NOT_OF_AGE)
    if not urn:
        return sessions_left.unknown(sessions_left.NO_SCHOOL)
    as_at, year = of.frame.as_at, of.year.get(key, Sessions())
    try:
        days = of.diary.days(urn, as_at, sessions_left.last_day_of_year(group, as_at))
    except CalendarNotLoaded as error:
        return sessions_left.unknown(registers.NO_DATES if key in of.unlisted else str(error))
    today = of.tails.get(key, NO_TAIL).marks_today if as_at in days else 0
    return sessions_left.sessions_left(year.possible, year.absent, HALVES_A_DAY * len(days) - today)


_COLUMNS = (
    "child_key",
    "score",
    "reasons",
    "parts",
    "points",
    "possible_sessions",
    "absent_sessions",
    "attendance_percent",
    "last_weeks",
    "recent_percent",
    "change_points",
    "sessions_left",
    "can_reach_90",
    "can_reach_95",
    "sessions_left_why_not",
    "last_contact_on",
    "contact_school_days",
    "owner",
    "owners",
    "next_step",
    "due_on",
    "action_id",
    "is_overdue",
    "snoozed_until",
    "first_on",
)


def row_of(of: Gathered, key: int) -> dict[str, Any]:
    """The row of a child; `parts` is empty where it needs nothing."""
    about = situation(of, key)
    found = triage.parts(about, of.limits)
    if not found:
        return {"child_key": key, "parts": ()}
    left = left_of_year(of, key) if about.in_group else sessions_left.unknown(sessions_left.NOT_IN_CARE)
    attended = _attendance(of, key) if about.in_group else _NO_ATTENDANCE
    return _scored(key, found) | attended | _left(left) | _acting(of, key, about, found)


def _scored(key: int, found: Sequence[Part]) -> dict[str, Any]:
    return {
        "child_key": key,
        "score": triage.score(found),
        "reasons": tuple(each.sentence for each in found),
        "parts": tuple(each.key for each in found),
        "points": tuple(each.points for each in found),
        "first_on": triage.first_on(found),
    }


def _attendance(of: Gathered, key: int) -> dict[str, Any]:
    year, weeks = of.year.get(key, Sessions()), of.weeks.get(key, [])
    attended = year.possible - year.absent
    return {
        "possible_sessions": year.possible,
        "absent_sessions": year.absent,
        "attendance_percent": attended * 100 / year.possible if year.possible else None,
        "last_weeks": [rolling_attendance.percent([week]) for week in weeks[-SHOWN_WEEKS:]],
        "recent_percent": rolling_attendance.percent(weeks[-RECENT_WEEKS:]),
        "change_points": rolling_attendance.change_points(weeks),
    }


_NO_ATTENDANCE: dict[str, Any] = {
    "possible_sessions": 0,
    "absent_sessions": 0,
    "attendance_percent": None,
    "last_weeks": [],
    "recent_percent": None,
    "change_points": None,
}


def _left(of: SessionsLeft) -> dict[str, Any]:
    return {
        "sessions_left": of.left,
        "can_reach_90": of.can_reach_90,
        "can_reach_95": of.can_reach_95,
        "sessions_left_why_not": of.why_not,
    }


def _acting(of: Gathered, key: int, about: Situation, found: Sequence[Part]) -> dict[str, Any]:
    acting, is_back = of.acting.get(key, NOBODY), any(each.key == "woken" for each in found)
    names = ("owner", "next_step", "due_on", "action_id")
    return {
        **{name: acting.action[name] if acting.action else None for name in names},
        "owners": acting.owners,
        "is_overdue": acting.overdue_on is not None,
        "last_contact_on": acting.contact_on,
        "contact_school_days": about.contact_school_days,
        "snoozed_until": None if acting.snooze is None or is_back else acting.snooze.until,
    }

"""Children with what holds on a day: details, year group and phase, care and cohorts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import CTE, Connection, Row

from vs_core.figures import fetch
from vs_core.queries import care, children, school_places
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import roll as rules
from vs_core.rules.cohorts import Enrolment, Episode, Membership, phase, year_group
from vs_core.rules.frame import Frame
from vs_core.rules.summer import MONTHS, is_between_schools, is_without_school, summer_holiday

CHILDREN_A_PIECE = 250


def details(connection: Connection, frame: Frame, scope: Scope, keys: Collection[int] | None = None) -> pd.DataFrame:
    """One row a child (of `keys`, else each mentioned), by key: columns of `queries.children.roll`, `year_group`,
    `phase`, `without_school` (`rules.summer`: of an age for reception to year 11 and on no roll that it should be
    on)."""
    if keys is None:
        return _detailed(connection, *_found(connection, frame, scope, None), frame, scope)
    ordered = sorted(keys)
    pieces = [ordered[at : at + CHILDREN_A_PIECE] for at in range(0, max(len(ordered), 1), CHILDREN_A_PIECE)]
    found = [_found(connection, frame, scope, care.listed(piece)) for piece in pieces]
    return _detailed(connection, [row for rows, _ in found for row in rows], found[0][1], frame, scope)


def _found(
    connection: Connection, frame: Frame, scope: Scope, only: CTE | None
) -> tuple[Sequence[Row[Any]], list[str]]:
    if only is None and scope.child is not None:
        only = care.members("all", frame.as_at, frame.as_at, frame.known_on, scope)
    result = connection.execute(children.roll(frame.as_at, frame.known_on, scope, only))
    return result.fetchall(), list(result.keys())


def _detailed(
    connection: Connection, found: Sequence[Row[Any]], names: list[str], frame: Frame, scope: Scope
) -> pd.DataFrame:
    rows = pd.DataFrame.from_records([tuple(row) for row in found], columns=names)
    groups = [year_group(_enrolments(row), row.born_on, frame.as_at) for row in found]
    waiting = _between_schools(connection, frame, scope.child)
    without = [
        is_without_school(group, frame.as_at, bool(row.on_roll), row.child_key in waiting)
        for row, group in zip(found, groups, strict=True)
    ]
    rows["year_group"] = pd.Series(groups, rows.index, dtype=object)
    rows["phase"] = pd.Series([phase(group) for group in groups], rows.index, dtype=object)
    rows["without_school"] = pd.Series(without, rows.index, dtype=bool)
    return rows


def _between_schools(connection: Connection, frame: Frame, child: int | None) -> set[int]:
    """`child_key` of those (of `child`, where there is one) who in the summer holiday have left a school and have a
    place at the next one."""
    if frame.as_at.month not in MONTHS:
        return set()
    of = replace(EVERYTHING, child=child)
    last = connection.execute(school_places.last_rolls(frame.as_at, frame.known_on, of)).all()
    following = connection.execute(school_places.next_rolls(frame.as_at, frame.known_on, of))
    joins = {row.child_key: row.next_from for row in following}
    moving = [row for row in last if row.child_key in joins and row.last_on.year == frame.as_at.year]
    if not moving:
        return set()
    calendar = fetch.school_calendar(connection, frame.known_on)
    places = {(row.last_la or "", row.last_urn) for row in moving}
    found = {place: summer_holiday(calendar, frame.as_at, *place) for place in places}
    return {
        row.child_key
        for row in moving
        if (holiday := found[row.last_la or "", row.last_urn]) is not None
        and is_between_schools(frame.as_at, row.last_on, joins[row.child_key], holiday)
    }


def of_cohort(connection: Connection, frame: Frame, scope: Scope, start: date, end: date) -> pd.DataFrame:
    """`details` of the children that belong to the frame's cohort on at least one day from `start` to `end`."""
    if frame.cohort == "all":
        return details(connection, frame, scope)
    asked = care.member_keys(frame.cohort, start, end, frame.known_on, scope)
    return details(connection, frame, scope, connection.scalars(asked).all())


def roll(connection: Connection, frame: Frame, scope: Scope, only: CTE | None = None) -> pd.DataFrame:
    """One row a child mentioned: `details` and the flags of `rules.roll.ROLL_COLUMNS`."""
    found, names = _found(connection, frame, scope, only)
    rows = _detailed(connection, found, names, frame, scope)
    ids = {row.child_key: row.child_id for row in found}
    episodes = _episodes(connection.execute(care.spans(frame.known_on, scope)), ids)
    memberships = _memberships(connection.execute(care.memberships(frame.known_on, scope)), ids)
    belongs = {each.child_id for each in episodes} | {each.child_id for each in memberships}
    flags = rules.roll(
        frame,
        {row.child_id: row.born_on for row in found if row.child_id in belongs},
        episodes,
        {row.child_id: row.unaccompanied_until for row in found if row.is_unaccompanied_from_file},
        memberships,
    )
    return _with_flags(rows, flags)


def _with_flags(rows: pd.DataFrame, flags: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the flags of `flags`; children who are not in it belong to nothing."""
    own = flags.set_index("child_id")[[name for name in flags.columns if name not in rows.columns]]
    return pd.concat([rows, own.reindex(rows["child_id"], fill_value=False).reset_index(drop=True)], axis=1)


def _enrolments(row: Row[Any]) -> list[Enrolment]:
    """The enrolment that governs the day, if one covers it: the query has chosen it."""
    if not row.on_roll:
        return []
    return [Enrolment(row.child_id, row.urn or "", row.enrolled_from, None, row.stated_year, row.enrolment_status)]


def _episodes(spans: Iterable[Row[Any]], ids: dict[int, str]) -> list[Episode]:
    return [
        Episode(ids[span.child_key], span.started_on, span.ended_on, span.legal_status)
        for span in spans
        if span.child_key in ids
    ]


def _memberships(found: Iterable[Row[Any]], ids: dict[int, str]) -> list[Membership]:
    return [
        Membership(ids[row.child_key], row.cohort, row.started_on, row.ended_on)
        for row in found
        if row.child_key in ids
    ]


def with_identity(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """`rows` (by `child_key`) with the columns of `details` that they lack."""
    extra = [name for name in known.columns if name == "child_key" or name not in rows.columns]
    return rows.merge(known[extra], on="child_key", how="left")

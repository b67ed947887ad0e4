"""What heatmaps of attendance are drawn from, and the children and marks behind their cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch, registers
from vs_core.queries import attendance, care, register_cells, search
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import heatmaps
from vs_core.rules.closed_days import ClosedDays
from vs_core.rules.frame import Frame
from vs_core.rules.heatmaps import AWAITED, COUNTS, Code


@dataclass(frozen=True)
class Weeks:
    """rows: one row a child, school and week: `child_key`, `week` (Monday), `urn` (empty text: the marks name no
    school; none: the viewer may not know it), COUNTS; schools: names by URN."""

    rows: pd.DataFrame
    schools: Mapping[str, str]


def weeks(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> Weeks:
    """Every session of the period by child, school and week."""
    found = fetch.in_pieces(connection, partial(attendance.weeks_by_child_and_school, frame, scope, COUNTS), frame)
    urns = {urn for urn in found["urn"].dropna().unique() if urn}
    return Weeks(_compact(found), school_names(connection, urns, frame.known_on))


def school_names(connection: Connection, urns: Collection[str], known_on: date | None) -> dict[str, str]:
    """Names by URN; of a school without a name its URN."""
    named = connection.execute(register_cells.schools(set(urns), known_on)).all() if urns else []
    return {row.urn: row.school or row.urn for row in named}


def _compact(found: pd.DataFrame) -> pd.DataFrame:
    counts = dict.fromkeys(COUNTS, "int32")
    week = pd.to_datetime(found["week"])
    return found.astype(counts).assign(week=week, urn=found["urn"].astype("object").astype("category"))


def awaited(connection: Connection, frame: Frame, scope: Scope = EVERYTHING, authority: str = "") -> pd.DataFrame:
    """Half days of the period that should have a mark by now and have none, by the cadence of the child's registers
    (`figures.registers.awaited`): one row a child and day,
    `child_key`, `day`, `week`, `urn` (none: the viewer may not know it), `am`, `pm` (1: a mark is due), AWAITED."""
    missing = registers.awaited(connection, frame, scope, authority)
    day = pd.to_datetime(missing["day"])
    return pd.DataFrame(
        {
            "child_key": missing["child_key"].to_numpy(),
            "day": day.to_numpy(),
            "week": (day - pd.to_timedelta(day.dt.day_of_week, unit="D")).to_numpy(),
            "urn": missing["urn"].astype("object").astype("category").to_numpy(),
            "am": (1 - missing["am"]).to_numpy(),
            "pm": (1 - missing["pm"]).to_numpy(),
            AWAITED: (2 - missing["am"] - missing["pm"]).to_numpy(),
        }
    )


def days(
    connection: Connection, frame: Frame, scope: Scope = EVERYTHING, keys: Collection[int] | None = None
) -> pd.DataFrame:
    """Every session of the period by day and half day: `day`, `session`, COUNTS; of these children, or of all."""
    only = None if keys is None else care.listed(sorted(keys))
    found = fetch.in_pieces(connection, partial(register_cells.codes_by_day, frame, scope, only), frame)
    return heatmaps.of_codes(found, _codes(connection))


def on_days(
    connection: Connection, frame: Frame, days: Collection[date], session: str | None, scope: Scope = EVERYTHING
) -> pd.DataFrame:
    """Sessions of these days of the period, in one half day or both: `child_key`, COUNTS; one row a child."""
    return fetch.rows(connection, register_cells.sessions_on_days(frame, days, session, scope, counts=COUNTS))


def weekdays(frame: Frame, weekday: int) -> list[date]:
    """The Mondays (0) to Sundays (6) of the period."""
    first = frame.start + timedelta(days=(weekday - frame.start.weekday()) % 7)
    return [first + timedelta(weeks=turn) for turn in range((frame.end - first).days // 7 + 1)]


def marks(
    connection: Connection,
    child_key: int,
    frame: Frame,
    scope: Scope = EVERYTHING,
    authority: str = "",
    due_in: str | None = None,
) -> pd.DataFrame:
    """The marks of the period of one child that the viewer may open, in order of time: `child_key`, `day`, `session`,
    `code`, `meaning`, `statistical_class`, `urn`, `school`; with an empty code the half days on which a mark is due
    and none has come. Nothing for any other child.

    due_in: the cohort on whose days marks are due; without it that of the frame."""
    own = replace(scope, child=child_key)
    if connection.execute(search.openable(child_key, own)).first() is None:
        return pd.DataFrame(columns=_MARK)
    found = fetch.rows(connection, register_cells.marks(frame, own))
    missing = awaited(connection, replace(frame, cohort=due_in or frame.cohort), own, authority)
    halves = [("AM", missing["am"]), ("PM", missing["pm"])]
    days = [day.date() for day in missing["day"]]
    due = [(day, name) for name, flags in halves for day, flag in zip(days, flags, strict=True) if flag]
    waiting = pd.DataFrame(due, columns=["day", "session"], dtype=object).assign(child_key=child_key, code="")
    return pd.concat([found, waiting], ignore_index=True)[_MARK].sort_values(["day", "session"], ignore_index=True)


_MARK = ["child_key", "day", "session", "code", "meaning", "statistical_class", "urn", "school"]


def people(connection: Connection, frame: Frame, scope: Scope, keys: Collection[int]) -> pd.DataFrame:
    """`figures.children.details` of these children."""
    return children.details(connection, frame, scope, keys)


def gaps(
    connection: Connection, start: date, end: date, known_on: date | None, authority: str
) -> dict[date, tuple[str, str]] | None:
    """Days without school by the authority's calendar (`rules.heatmaps.gaps`)."""
    closed = ClosedDays(fetch.calendar_rows(connection, known_on), authority)
    return heatmaps.gaps(closed, start, end)


def _codes(connection: Connection) -> list[Code]:
    return [Code(*row) for row in connection.execute(register_cells.codes())]

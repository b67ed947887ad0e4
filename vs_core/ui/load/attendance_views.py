"""What the heatmaps of attendance are drawn from, and what stands behind their cells."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import heatmaps as figures
from vs_core.figures.attendance import with_shares
from vs_core.figures.heatmaps import Weeks
from vs_core.queries.attendance import COUNTS
from vs_core.rules import heatmaps
from vs_core.rules.frame import Frame
from vs_core.rules.heatmaps import AWAITED
from vs_core.rules.narrowing import Narrowing
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, narrowing, version
from vs_core.ui.load.attendance import WHO, rows_of

Gaps = dict[date, tuple[str, str]]


def weeks(viewer: Viewer, chosen: Chosen) -> Weeks:
    """Sessions of the choice by child, school and week (`figures.heatmaps.weeks`)."""
    return weeks_of(scope(viewer), version(), chosen.frame, chosen.only)


def awaited(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """Half days of the children of the choice that should have a mark and have none (`figures.heatmaps.awaited`)."""
    return awaited_of(scope(viewer), version(), chosen.frame, chosen.only)


def on_day(viewer: Viewer, chosen: Chosen, day: date, session: str | None) -> pd.DataFrame:
    """Sessions of one day, in one half day (AM, PM) or both, by child of the choice."""
    seen, at = scope(viewer), version()
    found: pd.DataFrame = _on_day(seen, at, chosen.frame, day, session)
    return _of_choice(found, seen, at, chosen.frame, chosen.only)


def on_weekday(viewer: Viewer, chosen: Chosen, weekday: int, session: str | None) -> pd.DataFrame:
    """The same for every Monday (0) to Sunday (6) of the period."""
    seen, at = scope(viewer), version()
    found: pd.DataFrame = _on_weekday(seen, at, chosen.frame, weekday, session)
    return _of_choice(found, seen, at, chosen.frame, chosen.only)


def marks(viewer: Viewer, child_key: int, frame: Frame, due_in: str | None = None) -> pd.DataFrame:
    """The marks of one child, and with an empty code those that are due (`figures.heatmaps.marks`), for who may open
    children's pages. Raises PermissionError."""
    if not viewer.may(roles.SEE_CHILD):
        raise PermissionError("This role may not open a child's page.")
    found: pd.DataFrame = _marks(scope(viewer), version(), child_key, frame, due_in)
    return found


def people(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """Who the children of the cells are (`everybody_of`)."""
    return everybody_of(scope(viewer), version(), chosen.frame, chosen.only)


def gaps(frame: Frame) -> Gaps | None:
    """Days without school by the authority's calendar, to the end of the period's last week; None where it is not
    loaded."""
    found: Gaps | None = _gaps(version(), frame.start, frame.end, frame.known_on)
    return found


def _of_choice(rows: pd.DataFrame, seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    return rows[rows["child_key"].isin(narrowing.keys_of(seen, at, frame, only))] if only else rows


def weeks_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> Weeks:
    """Sessions by child, school and week."""
    found: Weeks = _weeks(seen, at, frame)
    return Weeks(_of_choice(found.rows, seen, at, frame, only), found.schools)


def awaited_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    """Half days without a mark that should have one."""
    found: pd.DataFrame = _awaited(seen, at, frame)
    return _of_choice(found, seen, at, frame, only)


@kept
def everybody_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    """One row a child with marks in the period, and below them one of each of whom marks are due and none came:
    `ui.load.attendance.WHO`, sessions and shares, and AWAITED."""
    rows, due = rows_of(seen, at, frame, only), awaited_of(seen, at, frame, only)
    missing = due.groupby("child_key")[AWAITED].sum()
    others = sorted(set(missing.index) - set(rows["child_key"]))
    every = rows if not others else pd.concat([rows, _without_marks(seen, frame, others)], ignore_index=True)
    return every.assign(**{AWAITED: every["child_key"].map(missing).fillna(0).astype("int64")})


def _without_marks(seen: Scope, frame: Frame, keys: list[int]) -> pd.DataFrame:
    found = retried(lambda connection: figures.people(connection, frame, seen, keys))[list(WHO)]
    return with_shares(found.assign(**dict.fromkeys(COUNTS, 0)))


@kept
def school_names(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> dict[str, str]:
    """Names by URN of the schools of whose children a mark came or is due."""
    named, due = weeks_of(seen, at, frame, only).schools, awaited_of(seen, at, frame, only)
    others = {str(urn) for urn in due["urn"].dropna().unique() if urn} - set(named)
    return {**named, **retried(lambda connection: figures.school_names(connection, others, frame.known_on))}


@kept
def cells_of(seen: Scope, at: Version, frame: Frame, only: Narrowing, by: str) -> pd.DataFrame:
    """Sessions and marks that are due, by `child_key` or `urn` and `week` (`rules.heatmaps.added`)."""
    own = weeks_of(seen, at, frame, only).rows.astype({"urn": object})
    return heatmaps.added(own, [by, "week"], awaited_of(seen, at, frame, only).astype({"urn": object}))


@kept
def every_row_of(seen: Scope, at: Version, frame: Frame, only: Narrowing, by: str) -> pd.DataFrame:
    """The same of every row together, by `week`."""
    cells: pd.DataFrame = cells_of(seen, at, frame, only, by)
    return cells.groupby("week", as_index=False)[[*heatmaps.COUNTS, heatmaps.AWAITED]].sum()


@kept
def _weeks(seen: Scope, at: Version, frame: Frame) -> Weeks:
    return retried(lambda connection: figures.weeks(connection, frame, seen))


@kept
def _awaited(seen: Scope, at: Version, frame: Frame) -> pd.DataFrame:
    authority = settings().authority or ""
    return retried(lambda connection: figures.awaited(connection, frame, seen, authority))


@kept
def days_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    """Sessions by day and half day (`figures.heatmaps.days`)."""
    keys = narrowing.keys_of(seen, at, frame, only) if only else None
    return retried(lambda connection: figures.days(connection, frame, seen, keys))


@kept
def _on_day(seen: Scope, at: Version, frame: Frame, day: date, session: str | None) -> pd.DataFrame:
    return retried(lambda connection: figures.on_days(connection, frame, [day], session, seen))


@kept
def _on_weekday(seen: Scope, at: Version, frame: Frame, weekday: int, session: str | None) -> pd.DataFrame:
    on = figures.weekdays(frame, weekday)
    return retried(lambda connection: figures.on_days(connection, frame, on, session, seen))


@kept
def _marks(seen: Scope, at: Version, child_key: int, frame: Frame, due_in: str | None) -> pd.DataFrame:
    authority = settings().authority or ""
    return retried(lambda connection: figures.marks(connection, child_key, frame, seen, authority, due_in))


@kept
def _gaps(at: Version, start: date, end: date, known_on: date | None) -> Gaps | None:
    monday, sunday = start - timedelta(days=start.weekday()), end + timedelta(days=6 - end.weekday())
    authority = settings().authority or ""
    return retried(lambda connection: figures.gaps(connection, monday, sunday, known_on, authority))

"""The heatmaps of attendance as they are sent: each kept whole, with the choices that it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

from vs_core import charts
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.charts.cells import ALL
from vs_core.charts.drawing import Chart
from vs_core.rules import attendance_orders as orders
from vs_core.rules import heatmaps
from vs_core.rules.cohorts import YEAR_GROUPS
from vs_core.rules.frame import Frame
from vs_core.rules.heatmaps import AWAITED
from vs_core.rules.listed import MARK, left_out, listed
from vs_core.rules.narrowing import Narrowing
from vs_core.ui import chart, words
from vs_core.ui.chart import Finished
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, attendance, finished, version
from vs_core.ui.load import attendance_views as read
from vs_core.ui.parts import children

ROWS_A_PAGE = 25
_SUMS = ["attended_sessions", "possible_sessions", AWAITED]


@dataclass(frozen=True)
class Rows:
    """What can be chosen in a heatmap. names: of its rows by key, in their order; times: its Mondays or days, the
    latest first; said: who is counted and in no row."""

    names: dict[str, str] = field(default_factory=dict)
    times: tuple[date, ...] = ()
    said: str = ""


def children_in(viewer: Viewer, chosen: Chosen, order: str) -> Rows:
    """The children who may be listed, in an order of `rules.attendance_orders.ORDERS`."""
    found: Rows = _children(scope(viewer), version(), chosen.frame, chosen.only, order)
    return found


def child_by_week(viewer: Viewer, chosen: Chosen, order: str, first: int, outlined: tuple[str, str]) -> Finished:
    """A page of those children. first: its first row, from 0; outlined: row and column of the chosen cell."""
    seen, at = scope(viewer), version()
    found: Finished = _child_by_week(seen, at, chosen.frame, chosen.only, order, first, *outlined, chart.is_dark())
    return found


def schools_in(viewer: Viewer, chosen: Chosen, order: str) -> Rows:
    """The schools, in an order of `rules.attendance_orders.SCHOOL_ORDERS`."""
    found: Rows = _schools(scope(viewer), version(), chosen.frame, chosen.only, order)
    return found


def school_by_week(viewer: Viewer, chosen: Chosen, order: str, first: int, outlined: tuple[str, str]) -> Finished:
    """A page of those schools."""
    seen, at = scope(viewer), version()
    found: Finished = _school_by_week(seen, at, chosen.frame, chosen.only, order, first, *outlined, chart.is_dark())
    return found


def years_in(viewer: Viewer, chosen: Chosen) -> Rows:
    """The year groups, youngest first."""
    found: Rows = _years(scope(viewer), version(), chosen.frame, chosen.only)
    return found


def year_by_week(viewer: Viewer, chosen: Chosen, outlined: tuple[str, str]) -> Finished:
    """All of those year groups."""
    seen, at = scope(viewer), version()
    found: Finished = _year_by_week(seen, at, chosen.frame, chosen.only, *outlined, chart.is_dark())
    return found


def weekdays(viewer: Viewer, chosen: Chosen, outlined: tuple[str, str]) -> Finished:
    """Mornings and afternoons of each weekday."""
    seen, at = scope(viewer), version()
    found: Finished = _weekdays(seen, at, chosen.frame, chosen.only, *outlined, chart.is_dark())
    return found


def days_in(viewer: Viewer, chosen: Chosen) -> Rows:
    """The days with a possible session or a mark that is due."""
    found: Rows = _days(scope(viewer), version(), chosen.frame, chosen.only)
    return found


def calendar(viewer: Viewer, chosen: Chosen, outlined: tuple[str, str] | None) -> Finished:
    """The days of the group."""
    seen, at = scope(viewer), version()
    found: Finished = _calendar(seen, at, chosen.frame, chosen.only, *(outlined or ("", "")), chart.is_dark())
    return found


def names(viewer: Viewer, chosen: Chosen) -> dict[str, str]:
    """The children with marks, or with marks that are due, who may be listed, by surname: name by key."""
    found: dict[str, str] = _names(scope(viewer), version(), chosen.frame, chosen.only)
    return found


@dataclass(frozen=True)
class Trend:
    """A chart of the weeks, its `alt`, and what is to be said of the last week."""

    chart: Finished
    alt: str
    said: str


def trend(viewer: Viewer, chosen: Chosen) -> Trend:
    """Attendance week by week against the published year."""
    found: Trend = _trend(scope(viewer), version(), chosen.frame, chosen.only, chart.is_dark())
    return found


def of_calendar(frame: Frame) -> dict[str, Any]:
    """What a calendar of the frame is drawn with, beside its days."""
    return {"gaps": read.gaps(frame), "last": frame.end, "seen_on": frame.as_at}


@finished
def _children(seen: Scope, at: Version, frame: Frame, only: Narrowing, order: str) -> Rows:
    ranked, counted = _ranked(seen, at, frame, only, order), _counted(seen, at, frame, only)
    return Rows(
        dict(zip(ranked["child_key"].astype(str), ranked["name"], strict=True)),
        _mondays(read.cells_of(seen, at, frame, only, "child_key")),
        " ".join(filter(None, [_who_counts(counted), left_out(counted)])),
    )


def _counted(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    """Everybody in the cells of the heatmaps, those too who may not be listed."""
    every = read.everybody_of(seen, at, frame, only)
    return every[orders.in_cells(every)]


def _who_counts(counted: pd.DataFrame) -> str:
    """`All 64 children: 61 with a possible session, as in the figures above; of 3 no mark that counts has come yet.`"""
    waiting = int((counted["possible_sessions"] == 0).sum())
    if not waiting:
        return ""
    with_any = f"{len(counted) - waiting:,} with a possible session, as in the figures above"
    return f"All {len(counted):,} children: {with_any}; of {waiting:,} marks are due and none that counts has come."


@finished
def _child_by_week(
    seen: Scope,
    at: Version,
    frame: Frame,
    only: Narrowing,
    order: str,
    first: int,
    row: str,
    week: str,
    dark: bool,
) -> Finished:
    shown = _ranked(seen, at, frame, only, order).iloc[first : first + ROWS_A_PAGE]
    every = read.every_row_of(seen, at, frame, only, "child_key")
    counted = len(_counted(seen, at, frame, only))
    return _by_week(
        charts.child_by_week,
        frame,
        read.cells_of(seen, at, frame, only, "child_key").rename(columns={"child_key": "key"}),
        shown.rename(columns={"child_key": "key"})[["key", "name", "rank", MARK]],
        every.assign(name=f"All {counted:,} children", **{MARK: True}),
        (row, week),
        dark,
        f"Nobody is in the order “{order}” for these choices.",
    )


def _ranked(seen: Scope, at: Version, frame: Frame, only: Narrowing, order: str) -> pd.DataFrame:
    """`child_key`, `is_listed`, `name` and `rank` of an order's children who may be listed."""
    own = listed(read.everybody_of(seen, at, frame, only))
    ranked = orders.children_ranked(own, attendance.courses_of(seen, at, frame, only), order)
    return ranked.assign(name=children.names(ranked))[["child_key", MARK, "name", "rank"]]


@finished
def _schools(seen: Scope, at: Version, frame: Frame, only: Narrowing, order: str) -> Rows:
    ranked = _schools_ranked(seen, at, frame, only, order)
    own = (read.weeks_of(seen, at, frame, only).rows, read.awaited_of(seen, at, frame, only))
    untold = len({key for rows in own for key in rows.loc[rows["urn"].isna(), "child_key"]})
    return Rows(
        dict(zip(ranked["key"], ranked["name"], strict=True)),
        _mondays(read.cells_of(seen, at, frame, only, "urn")),
        _untold(untold),
    )


@finished
def _school_by_week(
    seen: Scope,
    at: Version,
    frame: Frame,
    only: Narrowing,
    order: str,
    first: int,
    row: str,
    week: str,
    dark: bool,
) -> Finished:
    ranked = _schools_ranked(seen, at, frame, only, order)
    cells = read.cells_of(seen, at, frame, only, "urn")
    return _by_week(
        charts.school_by_week,
        frame,
        cells.assign(key=[urn or orders.NO_SCHOOL for urn in cells["urn"]]),
        ranked.iloc[first : first + ROWS_A_PAGE],
        read.every_row_of(seen, at, frame, only, "urn").assign(name=f"All {len(ranked):,} schools"),
        (row, week),
        dark,
    )


def _schools_ranked(seen: Scope, at: Version, frame: Frame, only: Narrowing, order: str) -> pd.DataFrame:
    rows, due = read.weeks_of(seen, at, frame, only).rows, read.awaited_of(seen, at, frame, only)
    return orders.schools_ranked(rows, due, read.school_names(seen, at, frame, only), order)


def _untold(number: int) -> str:
    if not number:
        return ""
    one = number == 1
    who, are = ("child", "is") if one else ("children", "are")
    return f"{number:,} {who} whose whereabouts are restricted {are} in no school's row."


@finished
def _years(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> Rows:
    cells = _cells_of_years(seen, at, frame, only)
    present = set(cells["group"])
    counts = _counted(seen, at, frame, only)["year_group"].value_counts()
    named = {
        key_of_group(group): f"{children.year(group)} ({counts.get(group, 0):,})"
        for group in YEAR_GROUPS
        if group in present
    }
    return Rows(named, _mondays(cells))


@finished
def _year_by_week(seen: Scope, at: Version, frame: Frame, only: Narrowing, row: str, week: str, dark: bool) -> Finished:
    named: dict[str, str] = _years(seen, at, frame, only).names
    cells = _cells_of_years(seen, at, frame, only)
    return _by_week(
        charts.group_by_week,
        frame,
        cells.assign(key=cells["group"].map(key_of_group)),
        pd.DataFrame({"key": list(named), "name": list(named.values()), "rank": range(1, len(named) + 1)}),
        cells.groupby("week", as_index=False)[_SUMS].sum().assign(name="All year groups"),
        (row, week),
        dark,
    )


def _cells_of_years(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    groups = read.everybody_of(seen, at, frame, only).set_index("child_key")["year_group"]
    cells = read.cells_of(seen, at, frame, only, "child_key")
    return by_group(cells.assign(group=cells["child_key"].map(groups)))


def by_group(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of children added up by their `group` and week; children of no group are in none."""
    return cells.groupby(["group", "week"], as_index=False)[_SUMS].sum()


def key_of_group(group: str) -> str:
    """How a year group stands in the address."""
    return group.replace(" ", "-")


def _mondays(cells: pd.DataFrame) -> tuple[date, ...]:
    return tuple(sorted((week.date() for week in pd.to_datetime(cells["week"].unique())), reverse=True))


def _by_week(
    of: Chart,
    frame: Frame,
    cells: pd.DataFrame,
    shown: pd.DataFrame,
    every_row: pd.DataFrame,
    outlined: tuple[str, str],
    dark: bool,
    empty: str = "",
) -> Finished:
    days = read.gaps(frame)
    gaps = None if days is None else heatmaps.weeks_without_school(days)
    weeks = charts.Weeks(last=frame.end, seen_on=frame.as_at, gaps=gaps)
    grid = _grid(cells, shown, every_row)
    return chart.finish(of, grid, dark=dark, choose=True, empty=empty, weeks=weeks, chosen=outlined)


def _grid(cells: pd.DataFrame, shown: pd.DataFrame, every_row: pd.DataFrame) -> pd.DataFrame:
    """The frame of a chart by week: the rows of `shown` (`key`, `name`, `rank`) after every row together, by `week`."""
    own = cells.loc[cells["key"].isin(shown["key"]), ["key", "week", *_SUMS]].merge(shown, on="key")
    if own.empty:
        return own.assign(week_on=own["week"], row_id=own["key"])
    all_rows = every_row.assign(row_id=ALL, rank=0)
    own = own.assign(row_id=own["key"].astype(str))
    return pd.concat([all_rows, own], ignore_index=True).drop(columns="key").rename(columns={"week": "week_on"})


@finished
def _weekdays(seen: Scope, at: Version, frame: Frame, only: Narrowing, half: str, weekday: str, dark: bool) -> Finished:
    every = _halves(seen, at, frame, only)
    sums = every.assign(weekday=[each.weekday() for each in every["day"]])
    sums = sums.groupby(["weekday", "session"], as_index=False)[_SUMS].sum()
    return chart.finish(charts.weekdays, sums, dark=dark, choose=True, chosen=(half, weekday))


@finished
def _days(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> Rows:
    every = _halves(seen, at, frame, only)
    with_any = every[(every["possible_sessions"] > 0) | (every[AWAITED] > 0)]
    return Rows(times=tuple(sorted(set(with_any["day"]), reverse=True)))


@finished
def _calendar(seen: Scope, at: Version, frame: Frame, only: Narrowing, row: str, week: str, dark: bool) -> Finished:
    sums = _halves(seen, at, frame, only).groupby("day", as_index=False)[_SUMS].sum()
    outlined = (row, week) if row else None
    return chart.finish(charts.calendar, sums, dark=dark, choose=True, chosen=outlined, **of_calendar(frame))


def _halves(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    """One row a day and half day: its sessions, and below them one of its marks that are due."""
    due = read.awaited_of(seen, at, frame, only)
    parts = [read.days_of(seen, at, frame, only)]
    for session in ("AM", "PM"):
        sums = due.groupby("day", as_index=False)[[session.lower()]].sum()
        halves = sums.rename(columns={session.lower(): AWAITED})
        parts.append(halves.assign(session=session, day=sums["day"].dt.date))
    return pd.concat(parts, ignore_index=True)


@finished
def _names(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> dict[str, str]:
    own = children.by_surname(listed(read.everybody_of(seen, at, frame, only)))
    return dict(zip(own["child_key"].astype(str), children.names(own), strict=True))


@finished
def _trend(seen: Scope, at: Version, frame: Frame, only: Narrowing, dark: bool) -> Trend:
    page: attendance.Page = attendance.page_of(seen, at, frame, only)
    weekly = page.weekly
    lines = [each for each in page.published if each.key == "attendance_percent" and each.value is not None]
    ours = pd.DataFrame({"week_on": weekly["week"], "series": "Ours", **{name: weekly[name] for name in _OF_WEEKS}})
    flat = [
        pd.DataFrame({"week_on": weekly["week"], "series": each.place, "attendance_percent": each.value})
        for each in lines
    ]
    made = chart.finish(charts.attendance_trend, pd.concat([ours, *flat], ignore_index=True), dark=dark)
    places = words.listed([each.place for each in lines]) or "nothing"
    alt = f"Attendance by week, {len(weekly)} weeks, against {places}"
    return Trend(made, alt, _not_over(max(weekly["week"]), frame.end))


_OF_WEEKS = ("attendance_percent", "attended_sessions", "possible_sessions")


def _not_over(last_monday: date, end: date) -> str:
    friday = last_monday + timedelta(days=4)
    return f"The last point is a week that is not over: marks up to {words.long_day(end)}." if end < friday else ""

"""The heatmaps of attendance as they are sent: each kept whole, with the choices that it shows."""

from __future__ import annotations

from collections.abc import Callable
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
CHILD, SCHOOL, YEAR = "child", "school", "year"
_SUMS = ["attended_sessions", "possible_sessions", AWAITED]


@dataclass(frozen=True)
class Rows:
    """What can be chosen in a heatmap. names: of its rows by key, in their order; times: its Mondays or days, the
    latest first; said: who is counted and in no row."""

    names: dict[str, str] = field(default_factory=dict)
    times: tuple[date, ...] = ()
    said: str = ""


def rows_in(viewer: Viewer, chosen: Chosen, of: str, order: str) -> Rows:
    """The rows of the heatmap by week of CHILD, SCHOOL or YEAR (`of`), in an order of `rules.attendance_orders`: of
    children those who may be listed; year groups have one order, the youngest first."""
    found: Rows = _rows(scope(viewer), version(), chosen.frame, chosen.only, of, order)
    return found


def by_week(viewer: Viewer, chosen: Chosen, of: str, order: str, first: int, outlined: tuple[str, str]) -> Finished:
    """A page of those rows. first: its first row, from 0; outlined: row and column of the chosen cell."""
    seen, at = scope(viewer), version()
    found: Finished = _by_week(seen, at, chosen.frame, chosen.only, of, order, first, *outlined, chart.is_dark())
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


@dataclass(frozen=True)
class Table:
    """A heatmap by week before it is drawn. cells: `key`, `week` and sums; ranked: `key`, `name`, `rank` of its rows;
    every_row: all of them together, by `week`; said: of whom it is; empty: what is said without rows."""

    chart: Chart
    cells: pd.DataFrame
    ranked: pd.DataFrame
    every_row: pd.DataFrame
    said: str = ""
    empty: str = ""


@finished
def _rows(seen: Scope, at: Version, frame: Frame, only: Narrowing, of: str, order: str) -> Rows:
    table = _TABLES[of](seen, at, frame, only, order)
    names = dict(zip(table.ranked["key"].astype(str), table.ranked["name"], strict=True))
    mondays = (week.date() for week in pd.to_datetime(table.cells["week"].unique()))
    return Rows(names, tuple(sorted(mondays, reverse=True)), table.said)


@finished
def _by_week(
    seen: Scope,
    at: Version,
    frame: Frame,
    only: Narrowing,
    of: str,
    order: str,
    first: int,
    row: str,
    week: str,
    dark: bool,
) -> Finished:
    table, days = _TABLES[of](seen, at, frame, only, order), read.gaps(frame)
    gaps = None if days is None else heatmaps.weeks_without_school(days)
    weeks = charts.Weeks(last=frame.end, seen_on=frame.as_at, gaps=gaps)
    grid = _grid(table.cells, table.ranked.iloc[first : first + ROWS_A_PAGE], table.every_row)
    outlined = {"weeks": weeks, "chosen": (row, week)}
    return chart.finish(table.chart, grid, dark=dark, choose=True, empty=table.empty, **outlined)


def _of_children(seen: Scope, at: Version, frame: Frame, only: Narrowing, order: str) -> Table:
    everybody = read.everybody_of(seen, at, frame, only)
    counted = everybody[orders.in_cells(everybody)]
    ranked = orders.children_ranked(listed(everybody), attendance.courses_of(seen, at, frame, only), order)
    every_row = read.every_row_of(seen, at, frame, only, "child_key")
    return Table(
        charts.child_by_week,
        read.cells_of(seen, at, frame, only, "child_key").rename(columns={"child_key": "key"}),
        ranked.assign(name=children.names(ranked), key=ranked["child_key"])[["key", MARK, "name", "rank"]],
        every_row.assign(name=f"All {len(counted):,} children", **{MARK: True}),
        " ".join(filter(None, [_who_counts(counted), left_out(counted)])),
        f"Nobody is in the order “{order}” for these choices.",
    )


def _who_counts(counted: pd.DataFrame) -> str:
    """`All 64 children: 61 with a possible session, as in the figures above; of 3 no mark that counts has come yet.`"""
    waiting = int((counted["possible_sessions"] == 0).sum())
    if not waiting:
        return ""
    with_any = f"{len(counted) - waiting:,} with a possible session, as in the figures above"
    return f"All {len(counted):,} children: {with_any}; of {waiting:,} marks are due and none that counts has come."


def _of_schools(seen: Scope, at: Version, frame: Frame, only: Narrowing, order: str) -> Table:
    rows, due = read.weeks_of(seen, at, frame, only).rows, read.awaited_of(seen, at, frame, only)
    ranked = orders.schools_ranked(rows, due, read.school_names(seen, at, frame, only), order)
    cells = read.cells_of(seen, at, frame, only, "urn")
    return Table(
        charts.school_by_week,
        cells.assign(key=[urn or orders.NO_SCHOOL for urn in cells["urn"]]),
        ranked,
        read.every_row_of(seen, at, frame, only, "urn").assign(name=f"All {len(ranked):,} schools"),
        _untold(len({key for own in (rows, due) for key in own.loc[own["urn"].isna(), "child_key"]})),
    )


def _untold(number: int) -> str:
    if not number:
        return ""
    one = number == 1
    who, are = ("child", "is") if one else ("children", "are")
    return f"{number:,} {who} whose whereabouts are restricted {are} in no school's row."


def _of_years(seen: Scope, at: Version, frame: Frame, only: Narrowing, _order: str) -> Table:
    everybody = read.everybody_of(seen, at, frame, only)
    own = read.cells_of(seen, at, frame, only, "child_key")
    cells = by_group(own.assign(group=own["child_key"].map(everybody.set_index("child_key")["year_group"])))
    counts = everybody.loc[orders.in_cells(everybody), "year_group"].value_counts()
    groups = [group for group in YEAR_GROUPS if group in set(cells["group"])]
    names = [f"{children.year(group)} ({counts.get(group, 0):,})" for group in groups]
    keys = [key_of_group(group) for group in groups]
    return Table(
        charts.group_by_week,
        cells.assign(key=cells["group"].map(key_of_group)),
        pd.DataFrame({"key": keys, "name": names, "rank": range(1, len(keys) + 1)}),
        cells.groupby("week", as_index=False)[_SUMS].sum().assign(name="All year groups"),
    )


_TABLES: dict[str, Callable[[Scope, Version, Frame, Narrowing, str], Table]] = {
    CHILD: _of_children,
    SCHOOL: _of_schools,
    YEAR: _of_years,
}


def by_group(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of children added up by their `group` and week; children of no group are in none."""
    return cells.groupby(["group", "week"], as_index=False)[_SUMS].sum()


def key_of_group(group: str) -> str:
    """How a year group stands in the address."""
    return group.replace(" ", "-")


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

"""Attendance by week, a row for a child, a school or a group: the number in the cell, five bands, lowest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import altair as alt
import pandas as pd

from vs_core.charts import cells
from vs_core.charts.cells import ALL, HOLIDAY, Grid, Key
from vs_core.charts.drawing import MOST_MARKS, Drawing, chart, day, distinct
from vs_core.charts.look import Look
from vs_core.rules.words import long_day

_EMPTY = "No possible sessions are recorded in this period. Choose an earlier week or a longer period."
_COUNTS = ("attended_sessions", "possible_sessions", "awaited_halves")


@dataclass(frozen=True)
class Weeks:
    """Which weeks are drawn and what is known of them besides marks.

    last: a day of the last one (None: the last with a mark); seen_on: the day from which it is seen; gaps: by Monday
    `holiday` or `closed`, for weeks without a school day (None: not known, so that a week without any session is a
    holiday); most: how many at most."""

    most: int = 14
    last: date | None = None
    seen_on: date | None = None
    gaps: Mapping[str, str] | None = field(default=None, hash=False)


@chart(empty=_EMPTY, marks_each_child=True)
def child_by_week(
    frame: pd.DataFrame,
    *,
    dark: bool = False,
    weeks: Weeks | None = None,
    provisional_under: int = 5,
    choose: bool = False,
    chosen: tuple[str, str] | None = None,
) -> Drawing:
    """Children by week, in the order of `rank`, each cell with its attendance.

    Columns: `row_id`, `name` (text at the left), `rank` (1 first), `week_on` (a Monday), `attended_sessions`,
    `possible_sessions`, and if it is known `awaited_halves`, the half days without a mark that should have one. A
    row of cells.ALL is the sum of all rows, and gives each row its sum over every week. A cell with fewer than
    `provisional_under` possible sessions carries a star. As many rows as 3,000 marks allow. With `choose`, a click
    gives `row_id` and `column` (the Monday, or cells.ALL) in the selection cells.SELECTED; `chosen`: the cell to
    outline so far.
    """
    return _drawing(frame, ("child", "children"), dark, weeks or Weeks(), provisional_under, choose, chosen)


@chart(empty=_EMPTY)
def school_by_week(
    frame: pd.DataFrame,
    *,
    dark: bool = False,
    weeks: Weeks | None = None,
    provisional_under: int = 20,
    choose: bool = False,
    chosen: tuple[str, str] | None = None,
) -> Drawing:
    """Schools by week: columns and options as `child_by_week`, with the school's sessions."""
    return _drawing(frame, ("school", "schools"), dark, weeks or Weeks(), provisional_under, choose, chosen)


@chart(empty=_EMPTY)
def group_by_week(
    frame: pd.DataFrame,
    *,
    dark: bool = False,
    weeks: Weeks | None = None,
    provisional_under: int = 20,
    choose: bool = False,
    chosen: tuple[str, str] | None = None,
) -> Drawing:
    """Groups (year group, phase, area) by week: columns and options as `child_by_week`, with the group's sessions."""
    return _drawing(frame, ("group", "groups"), dark, weeks or Weeks(), provisional_under, choose, chosen)


def _drawing(
    frame: pd.DataFrame,
    noun: tuple[str, str],
    dark: bool,
    weeks: Weeks,
    provisional_under: int,
    choose: bool,
    chosen: tuple[str, str] | None,
) -> Drawing:
    known = _counted(frame)
    mondays = _mondays(known, weeks)
    key = _key(provisional_under, weeks)
    if not len(mondays):
        return Drawing(known.iloc[:0], cells.chart, (Grid(0, 0, noun[0], key, choose=choose, dark=dark),))
    with_any = known[known["week_on"].isin(mondays)].groupby("row_id")[list(_COUNTS)[1:]].sum().sum(axis=1) > 0
    ranked = known[known["row_id"].map(with_any).eq(True)].drop_duplicates("row_id")
    ranked = ranked.sort_values("rank", kind="stable")
    drawn = ranked.head(max(1, MOST_MARKS // (2 * (len(mondays) + 1))))
    grid = Grid(len(drawn), len(mondays), noun[0], key, choose=choose, dark=dark)
    rows = _cells(known, drawn, mondays, weeks, provisional_under)
    outline = cells.outlines(rows, chosen, cells.monday(weeks.seen_on))
    return Drawing(
        rows.assign(outline=outline), cells.chart, (grid,), _left_out(known, mondays, ranked, drawn, noun[1])
    )


def _key(provisional_under: int, weeks: Weeks) -> Key:
    return Key.of_bands(
        "Attendance, percent", *cells.notes(provisional_under, "the week of today" * bool(weeks.seen_on))
    )


def _counted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(week_on=pd.to_datetime(frame["week_on"]), awaited_halves=frame.get("awaited_halves", 0))


def _mondays(known: pd.DataFrame, weeks: Weeks) -> pd.DatetimeIndex:
    """The Mondays to draw, the last `most` at most; none without a possible session or a mark that is due."""
    with_any = known[(known["possible_sessions"] > 0) | (known["awaited_halves"] > 0)]
    if with_any.empty:
        return pd.DatetimeIndex([])
    last = pd.Timestamp(cells.monday(weeks.last) or "") if weeks.last else known["week_on"].max()
    every = pd.date_range(known["week_on"].min(), max(last, known["week_on"].max()), freq="7D")
    return every[-weeks.most :]


def _left_out(
    known: pd.DataFrame, mondays: pd.DatetimeIndex, ranked: pd.DataFrame, drawn: pd.DataFrame, many: str
) -> str:
    parts = []
    if len(drawn) < len(ranked):
        parts.append(f"The first {len(drawn)} of {len(ranked):,} {many} are drawn; the list below has all of them.")
    if known["week_on"].min() < mondays[0]:
        parts.append(f"The chart starts with the week of {day(mondays[0])}.")
    return " ".join(parts)


def _cells(
    known: pd.DataFrame, drawn: pd.DataFrame, mondays: pd.DatetimeIndex, weeks: Weeks, provisional_under: int
) -> pd.DataFrame:
    names = drawn.assign(name=distinct(drawn["name"]), rank=range(1, len(drawn) + 1))[["row_id", "name", "rank"]]
    counts = list(_COUNTS)
    own = known[["row_id", "week_on", *counts]]
    grid = names.merge(pd.DataFrame({"week_on": mondays}), how="cross")
    found = grid.merge(own, how="left", on=["row_id", "week_on"])
    found[counts] = found[counts].fillna(0).astype("int64")
    found = found.assign(
        column=found["week_on"].dt.strftime("%Y-%m-%d"), back=(mondays[-1] - found["week_on"]).dt.days // 7
    )
    gap = _gaps(found, weeks)
    if ALL in set(drawn["row_id"]):
        found = pd.concat([found, _sums(names, own)], ignore_index=True)
        gap = gap.reindex(found.index, fill_value="")
    return _worded(found, gap, provisional_under)


def _gaps(found: pd.DataFrame, weeks: Weeks) -> pd.Series[str]:
    if weeks.gaps is not None:
        return found["column"].map(weeks.gaps).fillna("").astype(object)
    nothing = found.groupby("column")["possible_sessions"].transform("sum").eq(0)
    return nothing.map({True: HOLIDAY, False: ""})


def _sums(names: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    sums = own.groupby("row_id", as_index=False)[list(_COUNTS)].sum()
    return names.merge(sums, on="row_id").assign(column=ALL, back=0)


def _worded(found: pd.DataFrame, gap: pd.Series[str], provisional_under: int) -> pd.DataFrame:
    attended, possible, awaited = (found[name] for name in _COUNTS)
    pairs = zip(attended, possible, awaited, gap, strict=True)
    drawn = found.assign(
        band=cells.states(attended, possible, awaited, gap),
        figure=cells.figures(attended, possible, awaited, provisional_under),
        sessions=[cells.told(*each) for each in pairs],
        when=[_week(each) for each in found["column"]],
    )
    return drawn[["row_id", "name", "rank", "column", "back", "when", "band", "figure", "sessions"]]


def _week(column: str) -> str:
    return "All weeks of the period" if column == ALL else long_day(date.fromisoformat(column))


def week_axis(look: Look) -> alt.Axis:
    """Mondays below a chart, as many as there is room for."""
    own = {"labelExpr": cells.WEEK_LABEL, "labelPadding": alt.ExprRef("bandwidth('x') < 44 ? 10 : 8")}
    return look.axis("Week beginning", labelAngle=0, labelOverlap=True, **own)

"""Attendance by week, a row for a child, a school or a group: the number in the cell, five bands, lowest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import TypedDict, Unpack

import altair as alt
import pandas as pd

from vs_core.charts import cells
from vs_core.charts.cells import ALL, HOLIDAY, Grid, Key
from vs_core.charts.drawing import MOST_MARKS, Drawing, chart, day, distinct
from vs_core.charts.look import Look
from vs_core.rules.words import long_day

_EMPTY = "No possible sessions are recorded in this period. Choose an earlier week or a longer period."


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


class Options(TypedDict, total=False):
    """dark: for a dark page; weeks: which are drawn; provisional_under: possible sessions under which a cell carries a
    star; choose: whether a click gives a cell; chosen: the cell to outline so far, either part empty for every one."""

    dark: bool
    weeks: Weeks
    provisional_under: int
    choose: bool
    chosen: tuple[str, str]


@chart(empty=_EMPTY, marks_each_child=True)
def child_by_week(frame: pd.DataFrame, **options: Unpack[Options]) -> Drawing:
    """Children by week, in the order of `rank`, each cell with its attendance.

    Columns: `row_id`, `name` (text at the left), `rank` (1 first), `week_on` (a Monday), `attended_sessions`,
    `possible_sessions`, and if it is known `awaited_halves`, the half days without a mark that should have one. A
    row of cells.ALL is the sum of all rows, and gives each row its sum over every week. A cell with fewer than five
    possible sessions carries a star. As many rows as 3,000 marks allow. With `choose`, a click gives `row_id` and
    `column` (the Monday, or cells.ALL) in the selection cells.SELECTED.
    """
    return _drawing(frame, ("child", "children"), Options(provisional_under=5) | options)


@chart(empty=_EMPTY)
def school_by_week(frame: pd.DataFrame, **options: Unpack[Options]) -> Drawing:
    """Schools by week: columns and options as `child_by_week`, with the school's sessions; a star under twenty."""
    return _drawing(frame, ("school", "schools"), Options(provisional_under=20) | options)


@chart(empty=_EMPTY)
def group_by_week(frame: pd.DataFrame, **options: Unpack[Options]) -> Drawing:
    """Groups (year group, phase, area) by week: columns and options as `school_by_week`, with the group's sessions."""
    return _drawing(frame, ("group", "groups"), Options(provisional_under=20) | options)


def _drawing(frame: pd.DataFrame, noun: tuple[str, str], options: Options) -> Drawing:
    known, weeks, few = _known(frame), options.get("weeks", Weeks()), options["provisional_under"]
    mondays = _mondays(known, weeks)
    form = partial(
        Grid, one=noun[0], key=_key(few, weeks), choose=options.get("choose", False), dark=options.get("dark", False)
    )
    if not mondays:
        return Drawing(pd.DataFrame(columns=_DRAWN), cells.chart, (form(0, 0),))
    ranked = _ranked(frame, known, mondays)
    drawn = ranked.head(max(1, MOST_MARKS // (2 * (len(mondays) + 1))))
    names = list(zip(drawn["row_id"], distinct(drawn["name"]), range(1, len(drawn) + 1), strict=True))
    gaps, now = _gaps(known, mondays, weeks), cells.monday(weeks.seen_on)
    with_sum = ALL in {each for each, *_ in names}
    found = [
        _cell(*row, column, counts, back, gaps.get(column, ""), few, options.get("chosen"), now)
        for row in names
        for column, back, counts in _columns(known, row[0], mondays, with_sum)
    ]
    left_out = _left_out(known, mondays, ranked, drawn, noun[1])
    return Drawing(pd.DataFrame(found, columns=_DRAWN), cells.chart, (form(len(drawn), len(mondays)),), left_out)


_DRAWN = ["row_id", "name", "rank", "column", "back", "when", "band", "figure", "sessions", "outline"]
Counts = tuple[int, int, int]
"""Attended and possible sessions, and half days without a mark that should have one."""
Known = dict[tuple[str, str], Counts]
"""By row and Monday."""


def _known(frame: pd.DataFrame) -> Known:
    days = [f"{day:%Y-%m-%d}" for day in pd.to_datetime(frame["week_on"])]
    awaited = frame["awaited_halves"].tolist() if "awaited_halves" in frame else [0] * len(frame)
    sessions = (frame["attended_sessions"].tolist(), frame["possible_sessions"].tolist(), awaited)
    counts = ((int(attended), int(possible), int(due)) for attended, possible, due in zip(*sessions, strict=True))
    return dict(zip(zip(frame["row_id"], days, strict=True), counts, strict=True))


def _columns(known: Known, row: str, mondays: list[str], with_sum: bool) -> Iterator[tuple[str, int, Counts]]:
    """The cells of a row: column, how far from the last one, counts; the sum over every week first."""
    if with_sum:
        own = [counts for (each, _), counts in known.items() if each == row]
        yield ALL, 0, (sum(c[0] for c in own), sum(c[1] for c in own), sum(c[2] for c in own))
    for turn, monday in enumerate(mondays):
        yield monday, len(mondays) - 1 - turn, known.get((row, monday), (0, 0, 0))


def _cell(
    row: str,
    name: str,
    rank: int,
    column: str,
    counts: Counts,
    back: int,
    gap: str,
    few: int,
    chosen: tuple[str, str] | None,
    now: str | None,
) -> tuple[object, ...]:
    said = (cells.state(*counts, gap), cells.figure(*counts, gap, few), cells.told(*counts, gap))
    return row, name, rank, column, back, _week(column), *said, cells.outline(row, column, chosen, now)


def _ranked(frame: pd.DataFrame, known: Known, mondays: list[str]) -> pd.DataFrame:
    """The rows with a possible session or a mark that is due in these weeks, in the order of their rank; where each
    has its sum, in any week."""
    with_sums = frame["row_id"].eq(ALL).any()
    within = {monday for _, monday in known} if with_sums else set(mondays)
    with_any = {row for (row, monday), (_, possible, due) in known.items() if monday in within and (possible or due)}
    rows = frame[["row_id", "name", "rank"]].drop_duplicates("row_id")
    return rows[rows["row_id"].isin(with_any)].sort_values("rank", kind="stable")


def _key(provisional_under: int, weeks: Weeks) -> Key:
    return Key.of_bands(
        "Attendance, percent", *cells.notes(provisional_under, "the week of today" * bool(weeks.seen_on))
    )


def _mondays(known: Known, weeks: Weeks) -> list[str]:
    """The Mondays to draw, the last `most` at most; none without a possible session or a mark that is due."""
    if not any(possible or due for _, possible, due in known.values()):
        return []
    days = [monday for _, monday in known]
    last = max([*days, *([cells.monday(weeks.last) or ""] if weeks.last else [])])
    first, end = date.fromisoformat(min(days)), date.fromisoformat(last)
    every = [(first + timedelta(weeks=turn)).isoformat() for turn in range((end - first).days // 7 + 1)]
    return every[-weeks.most :]


def _gaps(known: Known, mondays: list[str], weeks: Weeks) -> Mapping[str, str]:
    if weeks.gaps is not None:
        return weeks.gaps
    with_sessions = {monday for (_, monday), (_, possible, _) in known.items() if possible}
    return {monday: HOLIDAY for monday in mondays if monday not in with_sessions}


def _left_out(known: Known, mondays: list[str], ranked: pd.DataFrame, drawn: pd.DataFrame, many: str) -> str:
    parts = []
    if len(drawn) < len(ranked):
        parts.append(f"The first {len(drawn)} of {len(ranked):,} {many} are drawn; the list below has all of them.")
    if min(monday for _, monday in known) < mondays[0]:
        parts.append(f"The chart starts with the week of {day(mondays[0])}.")
    return " ".join(parts)


def _week(column: str) -> str:
    return "All weeks of the period" if column == ALL else long_day(date.fromisoformat(column))


def week_axis(look: Look) -> alt.Axis:
    """Mondays below a chart, as many as there is room for."""
    own = {"labelExpr": cells.WEEK_LABEL, "labelPadding": alt.ExprRef("bandwidth('x') < 44 ? 10 : 8")}
    return look.axis("Week beginning", labelAngle=0, labelOverlap=True, **own)

"""Attendance by day: weekdays with mornings and afternoons, the calendar of a group, the half days of one child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from vs_core.charts import cells
from vs_core.charts.cells import ALL, AWAITED, HOLIDAY, Grid, Key
from vs_core.charts.drawing import Drawing, chart, day
from vs_core.rules.register import BANDS, NO_SESSIONS, StatisticalClass
from vs_core.rules.words import long_day

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HALVES = {"AM": "mornings", "PM": "afternoons"}
MOST_WEEKS = 14
_EMPTY = "No register mark is recorded or due in this period. Choose an earlier week or a longer period."
_COUNTS = ["attended_sessions", "possible_sessions", "awaited_halves"]
_DRAWN = ["row_id", "name", "rank", "column", "when", "band", "figure", "sessions", "outline"]
Gaps = Mapping[date, tuple[str, str]]
"""By day without school `holiday` or `closed`, and why in words."""


@chart(empty=_EMPTY)
def weekdays(
    frame: pd.DataFrame,
    *,
    dark: bool = False,
    provisional_under: int = 20,
    choose: bool = False,
    chosen: tuple[str, str] | None = None,
) -> Drawing:
    """Mornings and afternoons of each weekday, added up over the period.

    Columns: `weekday` (0 Monday), `session` (AM, PM), `attended_sessions`, `possible_sessions`, `awaited_halves` (half
    days without a mark that should have one). A click gives the session as `row_id` and the weekday as `column`,
    cells.ALL for the sums; the rest as `charts.child_by_week`.
    """
    found = pd.concat([_week_of(frame), *_sums_of(frame)], ignore_index=True)
    key = Key.of_bands("Attendance, percent", *cells.notes(provisional_under, ""))
    columns = found["column"].nunique()
    grid = Grid(3, columns, "half", key, "weekdays", fits=False, choose=choose, dark=dark, row_pixels=44)
    if frame.empty or not frame[_COUNTS[1:]].to_numpy().any():
        return Drawing(found.iloc[:0], cells.chart, (grid,))
    rows = _numbered(found, pd.Series("", found.index), provisional_under, exact=True)
    when = [_of_halves(*each) for each in zip(rows["row_id"], rows["column"], strict=True)]
    rows = rows.assign(when=when, name=rows["row_id"].map(_HALF_NAMES), rank=rows["row_id"].map(_HALF_RANKS))
    return Drawing(rows.assign(outline=_outlined(rows, chosen, None))[_DRAWN], cells.chart, (grid,))


_HALF_NAMES = {"AM": "Morning", "PM": "Afternoon", ALL: "Whole day"}
_HALF_RANKS = {"AM": 1, "PM": 2, ALL: 3}


def _week_of(frame: pd.DataFrame) -> pd.DataFrame:
    """A cell for each half day from Monday to Friday, and of a weekend where it has any session."""
    some = frame.loc[frame["possible_sessions"] > 0, "weekday"]
    days = sorted({0, 1, 2, 3, 4, *(int(each) for each in some)})
    every = pd.MultiIndex.from_product([HALVES, days], names=["session", "weekday"])
    sums = frame.groupby(["session", "weekday"])[_COUNTS].sum().reindex(every, fill_value=0).reset_index()
    return sums.assign(row_id=sums["session"], column=sums["weekday"].astype(str))[["row_id", "column", *_COUNTS]]


def _sums_of(frame: pd.DataFrame) -> list[pd.DataFrame]:
    own = _week_of(frame)
    by_row = own.groupby("row_id", as_index=False)[_COUNTS].sum().assign(column=ALL)
    by_column = own.groupby("column", as_index=False)[_COUNTS].sum().assign(row_id=ALL)
    whole = own[_COUNTS].sum().to_frame().T.assign(row_id=ALL, column=ALL)
    return [by_row, by_column, whole]


def _of_halves(session: str, weekday: str) -> str:
    """`Monday mornings`, `Fridays`, `all afternoons`."""
    if weekday == ALL:
        return f"All {HALVES.get(session, 'half days')}"
    named = WEEKDAYS[int(weekday)]
    return f"{named} {HALVES[session]}" if session in HALVES else f"{named}s"


@chart(empty=_EMPTY)
def calendar(
    frame: pd.DataFrame,
    *,
    dark: bool = False,
    gaps: Gaps | None = None,
    last: date | None = None,
    seen_on: date | None = None,
    provisional_under: int = 20,
    choose: bool = False,
    chosen: tuple[str, str] | None = None,
) -> Drawing:
    """A group's days: weeks across, weekdays down, a cell a day with its attendance.

    Columns: `day`, `attended_sessions`, `possible_sessions`, `awaited_halves`. gaps: days without school; last: the
    last day of the period; seen_on: the day it is seen from, outlined. A click gives the weekday (0 Monday) as `row_id`
    and the Monday as `column`.
    """
    key = Key.of_bands("Attendance, percent", *cells.notes(provisional_under, "today" * bool(seen_on)), closed=True)
    days = frame.groupby("day")[_COUNTS].sum() if len(frame) else frame.set_index("day")[_COUNTS]
    days = days[days[_COUNTS[1:]].sum(axis=1) > 0]
    within = list(days.index)
    mondays = _mondays(within, last)
    shown = _shown_days(within, mondays, last)
    found = days.reindex(pd.Index(shown, name="day"), fill_value=0).reset_index()
    known = gaps or {}
    gap = pd.Series([known.get(each, ("", ""))[0] for each in found["day"]], found.index, dtype=object)
    why = [known.get(each, ("", ""))[1] for each in found["day"]]
    rows = _placed(_numbered(found, gap, provisional_under, why), mondays)
    grid = Grid(rows["row_id"].nunique(), len(mondays), "day", key, choose=choose, dark=dark)
    outline = _outlined(rows, chosen, seen_on)
    return Drawing(rows.assign(outline=outline)[[*_DRAWN, "back"]], cells.chart, (grid,), _starts(within, mondays))


def _mondays(days: Sequence[date], last: date | None) -> list[date]:
    if not len(days):
        return []
    end = max([*days, *([last] if last else [])])
    first, final = (each - timedelta(days=each.weekday()) for each in (min(days), end))
    every = [first + timedelta(weeks=turn) for turn in range((final - first).days // 7 + 1)]
    return every[-MOST_WEEKS:]


def _shown_days(days: Sequence[date], mondays: Sequence[date], last: date | None) -> list[date]:
    """Monday to Friday of each week up to the last day, and of weekends the weekdays on which there is anything."""
    wanted = sorted({0, 1, 2, 3, 4, *(each.weekday() for each in days if mondays and each >= mondays[0])})
    end = max([*days, *([last] if last else [])]) if len(days) else None
    every = (monday + timedelta(days=turn) for monday in mondays for turn in wanted)
    return [each for each in every if end is not None and each <= end]


def _numbered(
    found: pd.DataFrame, gap: pd.Series[str], provisional_under: int, why: Sequence[str] = (), *, exact: bool = False
) -> pd.DataFrame:
    counts: list[tuple[int, int, int]] = [
        (int(attended), int(possible), int(due)) for attended, possible, due in found[_COUNTS].to_numpy()
    ]
    words = why or [""] * len(found)
    return found.assign(
        band=[cells.state(*each, state) for each, state in zip(counts, gap, strict=True)],
        figure=[
            cells.figure(*each, state, provisional_under, exact=exact) for each, state in zip(counts, gap, strict=True)
        ],
        sessions=[cells.told(*each, said) for each, said in zip(counts, words, strict=True)],
    )


def _placed(found: pd.DataFrame, mondays: Sequence[date]) -> pd.DataFrame:
    """Rows with a `day` in their row and column."""
    starts = [each - timedelta(days=each.weekday()) for each in found["day"]]
    turns = [each.weekday() for each in found["day"]]
    return found.assign(
        row_id=[str(turn) for turn in turns],
        name=[WEEKDAYS[turn] for turn in turns],
        rank=turns,
        column=[each.isoformat() for each in starts],
        back=[(mondays[-1] - each).days // 7 for each in starts] if len(mondays) else [],
        when=[f"{each:%A} {long_day(each)}" for each in found["day"]],
    )


def _outlined(rows: pd.DataFrame, chosen: tuple[str, str] | None, seen_on: date | None) -> list[str]:
    """Of each cell; `now` is that of the day itself."""
    days = rows["day"] if seen_on is not None else [None] * len(rows)
    placed = zip(rows["row_id"], rows["column"], days, strict=True)
    return [
        cells.outline(row, column, chosen, column if seen_on is not None and day == seen_on else None)
        for row, column, day in placed
    ]


def _starts(days: Sequence[date], mondays: Sequence[date]) -> str:
    if len(days) and min(days) < mondays[0]:
        return f"The chart starts with the week of {day(mondays[0])}."
    return ""


ATTENDED, ELSEWHERE = "present", "educated elsewhere"
AUTHORISED, UNAUTHORISED = "authorised absence", "unauthorised absence"
_OF_CLASS = {
    StatisticalClass.UNAUTHORISED_ABSENCE: (UNAUTHORISED, "severe"),
    StatisticalClass.AUTHORISED_ABSENCE: (AUTHORISED, "persistent"),
    StatisticalClass.PRESENT: (ATTENDED, "good"),
    StatisticalClass.APPROVED_EDUCATIONAL_ACTIVITY: (ELSEWHERE, "under 95"),
}
"""Label and band's colours by class; of several marks of a half day the first class here gives the colour."""
_BANDS = {band.key: band for band in BANDS}
_OTHERS = [("not a possible session", NO_SESSIONS.colour, "#808080"), *cells.others(True)[1:]]
_CODED = [(label, _BANDS[own].colour, _BANDS[own].ink) for label, own in _OF_CLASS.values()] + _OTHERS
CODES = Key.of(
    _CODED,
    "Register code of each half day",
    "? a mark is due",
    "blank: no school or no mark; outlined: today",
)


@chart(empty="No register mark of this child is recorded or due in this period.", marks_each_child=True)
def child_calendar(
    frame: pd.DataFrame,
    *,
    dark: bool = False,
    gaps: Gaps | None = None,
    last: date | None = None,
    seen_on: date | None = None,
    choose: bool = False,
    chosen: tuple[str, str] | None = None,
) -> Drawing:
    """One child's half days: weeks across, mornings and afternoons of the weekdays down, each with its register code.

    Columns: `day`, `session` (AM, PM), `code` (empty: a mark is due and has not come), `meaning`, `statistical_class`;
    several rows for a half day with marks of several schools. Options as `calendar`. A click gives the weekday and the
    session (`0-AM`) as `row_id` and the Monday as `column`.
    """
    halves = _halves(frame)
    days: list[date] = [each for each, _ in halves.index]
    mondays = _mondays(days, last)
    every = [(each, half) for each in _shown_days(days, mondays, last) for half in HALVES]
    found = halves.reindex(pd.MultiIndex.from_tuples(every, names=["day", "session"])).reset_index()
    rows = _placed(_coded(found, gaps or {}), mondays)
    rows = rows.assign(
        row_id=rows["row_id"] + "-" + rows["session"],
        name=rows["name"].str.slice(0, 3) + " " + rows["session"].str.lower(),
        rank=rows["rank"] * 2 + rows["session"].eq("PM"),
    )
    rows = rows.assign(when=rows["when"] + ", " + rows["session"].map({"AM": "morning", "PM": "afternoon"}))
    form: dict[str, Any] = {"figure": "Register code", "choose": choose, "dark": dark, "row_pixels": 24}
    grid = Grid(rows["row_id"].nunique(), len(mondays), "half day", CODES, **form)
    outlined = rows.assign(outline=_outlined(rows, chosen, seen_on))
    return Drawing(outlined[[*_DRAWN, "back"]], cells.chart, (grid,), _starts(days, mondays))


def _halves(frame: pd.DataFrame) -> pd.DataFrame:
    """A row a half day: `figure` (its codes), `sessions` (their meanings), `band`."""
    given = frame.assign(
        order=frame["statistical_class"].map(_order),
        meant=[f"{c} {meaning}" if c else "" for c, meaning in zip(frame["code"], frame["meaning"], strict=True)],
    ).sort_values("order", kind="stable")
    by = given.groupby(["day", "session"], sort=True)
    joined = by.agg(figure=("code", " ".join), sessions=("meant", "; ".join), order=("order", "min"))
    return joined.assign(band=joined["order"].map(lambda place: CODES.labels[place])).drop(columns="order")


def _order(statistical_class: str | None) -> int:
    known = [each.value for each in _OF_CLASS]
    if statistical_class is None or pd.isna(statistical_class):
        return CODES.labels.index(AWAITED)
    return known.index(statistical_class) if statistical_class in known else len(known)


def _coded(found: pd.DataFrame, gaps: Gaps) -> pd.DataFrame:
    gap = [gaps.get(each, ("", "")) for each in found["day"]]
    band = found["band"].astype(object).where(found["band"].notna(), [state or HOLIDAY for state, _ in gap])
    due = band.eq(AWAITED)
    said = found["sessions"].astype(object).where(found["band"].notna(), [why[:1].upper() + why[1:] for _, why in gap])
    return found.assign(
        band=band,
        figure=found["figure"].fillna("").mask(due, "?").mask(band.eq(cells.CLOSED), cells.SHUT),
        sessions=said.mask(due, "No mark has come yet").replace("", "No mark"),
    )

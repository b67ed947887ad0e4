"""The heatmaps of attendance: one at a time, each with what can be chosen in it and what stands behind the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from vs_core import charts
from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.charts.cells import ALL
from vs_core.charts.days import HALVES, MOST_WEEKS, WEEKDAYS
from vs_core.figures.changes import Changes
from vs_core.rules import heatmaps
from vs_core.rules.cohorts import YEAR_GROUPS
from vs_core.rules.frame import Frame
from vs_core.rules.heatmaps import AWAITED
from vs_core.rules.listed import MARK, left_out, listed
from vs_core.ui import chart, opening, words
from vs_core.ui.chart import Cell
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import attendance_views as read
from vs_core.ui.parts import attendance_behind as behind
from vs_core.ui.parts import attendance_choice, children
from vs_core.ui.parts import attendance_orders as orders
from vs_core.ui.parts.attendance_choice import Choice, Offer

BY_CHILD, BY_SCHOOL, BY_YEAR = "Child by week", "School by week", "Year group by week"
WEEKDAY, CALENDAR, ONE_CHILD = "Weekdays", "Calendar", "One child"
CHART = "heatmap"
NO_SUCH = {
    "child": "There is no such child among those you may see for these choices.",
    "school": "There is no such school among those you may see for these choices.",
    "year": "There is no such year group for these choices.",
}


@dataclass(frozen=True)
class Seen:
    """What every view is made of. rows: one row a child with marks (`figures.attendance.answer`); courses: how each
    moved."""

    viewer: Viewer
    chosen: Chosen
    rows: pd.DataFrame
    courses: pd.DataFrame

    @property
    def weeks(self) -> charts.Weeks:
        """The weeks of the period, its holidays and the week of the day it is seen from."""
        days = read.gaps(self.chosen.frame)
        gaps = None if days is None else heatmaps.weeks_without_school(days)
        return charts.Weeks(last=self.chosen.frame.end, seen_on=self.chosen.frame.as_at, gaps=gaps)


def draw(viewer: Viewer, chosen: Chosen, compared: Changes, courses: pd.DataFrame) -> None:
    """The control that chooses a view, the view, and what is behind the cell that is chosen in it."""
    st.subheader("Heatmaps")
    views = [name for name in VIEWS if name != ONE_CHILD or viewer.may(roles.SEE_CHILD)]
    view = st.segmented_control(
        "View", views, default=BY_CHILD, required=True, key="view", bind="query-params", label_visibility="collapsed"
    )
    seen = Seen(viewer, chosen, compared.now.rows["children"], courses)
    VIEWS[view or BY_CHILD](seen)


def _choose(offer: Offer) -> Choice:
    choice = attendance_choice.choose(offer)
    if choice.unknown:
        st.warning(NO_SUCH[offer.of], icon=":material/visibility_off:")
    return choice


def _by_child(seen: Seen) -> None:
    own, cells = listed(seen.rows), read.cells(seen.viewer, seen.chosen, "child_key")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        order = orders.of_children()
        ranked = orders.children_ranked(own, seen.courses, order)
        names = dict(zip(ranked["child_key"].astype(str), ranked["name"], strict=True))
        asked = _with_asked(own, names)
        choice = _choose(_by_week(BY_CHILD, "child", asked, cells, ("Child", "Every child")))
        first = orders.page(len(ranked), list(names).index(choice.row) if choice.row in names else None)
    st.caption(words.plain(" ".join(filter(None, [orders.MEANS[order], left_out(seen.rows)]))))
    shown = ranked.iloc[first : first + orders.ROWS_A_PAGE].rename(columns={"child_key": "key"})
    whole: dict[str, Any] = {"name": f"All {len(seen.rows):,} children", MARK: True}
    chart.draw(
        charts.child_by_week,
        _grid(
            cells.rename(columns={"child_key": "key"}),
            shown[["key", "name", "rank", MARK]],
            read.every_row(seen.viewer, seen.chosen, "child_key").assign(**whole),
        ),
        alt=f"Attendance by week of children {first + 1} to {first + len(shown)} of {len(ranked)}, {order}",
        key=CHART,
        choose=True,
        weeks=seen.weeks,
        chosen=_outlined(choice),
        empty=f"Nobody is in the order “{order}” for these choices.",
    )
    behind.of_weeks(seen.viewer, seen.chosen, seen.rows, choice.at, "child", choice.row, asked.get(choice.row, ""))


def _with_asked(own: pd.DataFrame, names: Mapping[str, str]) -> Mapping[str, str]:
    """The children of an order, and with them the one of the address, whom the order may leave out."""
    asked = attendance_choice.in_address("child").row
    others = own[own["child_key"].astype(str).eq(asked)] if asked and asked not in names else own.iloc[:0]
    return {**names, **dict(zip(others["child_key"].astype(str), children.names(others), strict=True))}


def _by_school(seen: Seen) -> None:
    found, cells = read.weeks(seen.viewer, seen.chosen), read.cells(seen.viewer, seen.chosen, "urn")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        order = orders.of_schools()
        ranked = orders.schools_ranked(found.rows, found.schools, order)
        names = dict(zip(ranked["key"], ranked["name"], strict=True))
        choice = _choose(_by_week(BY_SCHOOL, "school", names, cells, ("School", "Every school")))
        first = orders.page(len(ranked), list(names).index(choice.row) if choice.row in names else None)
    untold = found.rows.loc[found.rows["urn"].isna(), "child_key"].nunique()
    st.caption(words.plain(" ".join(filter(None, [orders.MEANS[order], _COUNTED, _untold(untold)]))))
    shown = ranked.iloc[first : first + orders.ROWS_A_PAGE]
    whole = {"name": f"All {len(ranked):,} schools"}
    chart.draw(
        charts.school_by_week,
        _grid(
            cells.assign(key=cells["urn"].map(_school_key)),
            shown[["key", "name", "rank"]],
            read.every_row(seen.viewer, seen.chosen, "urn").assign(**whole),
        ),
        alt=f"Attendance by week of schools {first + 1} to {first + len(shown)} of {len(ranked)}, {order}",
        key=CHART,
        choose=True,
        weeks=seen.weeks,
        chosen=_outlined(choice),
    )
    behind.of_weeks(seen.viewer, seen.chosen, seen.rows, choice.at, "school", choice.row, names.get(choice.row, ""))


_COUNTED = "After each school: how many children have a possible session there."


def _untold(number: int) -> str:
    if not number:
        return ""
    who = words.counted(number, "child", "children").capitalize()
    are = "is" if number == 1 else "are"
    return f"{who} whose whereabouts are restricted {are} in no school's row."


def _school_key(urn: str) -> str:
    return urn or orders.NO_SCHOOL


def _by_year(seen: Seen) -> None:
    groups = seen.rows.set_index("child_key")["year_group"]
    of_children = read.cells(seen.viewer, seen.chosen, "child_key")
    cells = by_group(of_children.assign(group=of_children["child_key"].map(groups)))
    present = set(cells["group"])
    order = [group for group in YEAR_GROUPS if group in present]
    counts = seen.rows.loc[seen.rows["possible_sessions"] > 0, "year_group"].value_counts()
    labels = {group: f"{children.year(group)} ({counts.get(group, 0):,})" for group in order}
    keys = {_key_of_group(group): label for group, label in labels.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        choice = _choose(_by_week(BY_YEAR, "year", keys, cells, ("Year group", "Every year group")))
    st.caption(words.plain(_OF_YEARS))
    rows = pd.DataFrame({"key": list(keys), "name": list(keys.values()), "rank": range(1, len(keys) + 1)})
    chart.draw(
        charts.group_by_week,
        _grid(
            cells.assign(key=cells["group"].map(_key_of_group)),
            rows,
            cells.groupby("week", as_index=False)[_COUNTS].sum().assign(name="All year groups"),
        ),
        alt=f"Attendance by week of {len(keys)} year groups",
        key=CHART,
        choose=True,
        weeks=seen.weeks,
        chosen=_outlined(choice),
    )
    behind.of_weeks(seen.viewer, seen.chosen, seen.rows, choice.at, "year", choice.row, keys.get(choice.row, ""))


def by_group(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of children added up by their `group` and week; children of no group are in none."""
    return cells.groupby(["group", "week"], as_index=False)[_COUNTS].sum()


def _key_of_group(group: str) -> str:
    return group.replace(" ", "-")


_COUNTS = ["attended_sessions", "possible_sessions", AWAITED]
_OF_YEARS = "Year groups as they are on the day shown. After each: how many children have a possible session."


def _grid(cells: pd.DataFrame, shown: pd.DataFrame, every_row: pd.DataFrame) -> pd.DataFrame:
    """The frame of a chart by week: the rows of `shown` (`key`, `name`, `rank`) after every row together, by `week`."""
    own = cells.loc[cells["key"].isin(shown["key"]), ["key", "week", *_COUNTS]].merge(shown, on="key")
    if own.empty:
        return own.assign(week_on=own["week"], row_id=own["key"])
    all_rows = every_row.assign(row_id=ALL, rank=0)
    own = own.assign(row_id=own["key"].astype(str))
    return pd.concat([all_rows, own], ignore_index=True).drop(columns="key").rename(columns={"week": "week_on"})


def _by_week(view: str, of: str, names: Mapping[str, str], cells: pd.DataFrame, said: tuple[str, str]) -> Offer:
    weeks = sorted((f"{week:%Y-%m-%d}" for week in cells["week"].unique()), reverse=True)
    times = {week: f"Week of {words.long_day(date.fromisoformat(week))}" for week in weeks}
    return Offer(view, of, names, times, (said[0], "Week"), (said[1], "Every week"), _of_weeks_cell, CHART)


def _of_weeks_cell(cell: Cell) -> tuple[str, str]:
    row, column = ("" if part == ALL else part for part in cell)
    return row, column


def _outlined(choice: Choice) -> tuple[str, str]:
    return choice.row, choice.at


def _weekdays(seen: Seen) -> None:
    days, due = read.days(seen.viewer, seen.chosen), read.awaited(seen.viewer, seen.chosen)
    sums = _of_halves(days, due)
    times = {
        f"{weekday}-{half}": f"{WEEKDAYS[weekday]} {said}" for weekday in range(5) for half, said in HALVES.items()
    }
    times |= {str(weekday): f"{WEEKDAYS[weekday]}s" for weekday in range(5)}
    times |= {half: f"All {said}" for half, said in HALVES.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        offer = Offer(WEEKDAY, "", {}, times, ("", "Half days"), ("", "Every half day"), _of_weekday_cell, CHART)
        choice = _choose(offer)
    st.caption(f"Every session from {words.span(seen.chosen.frame.start, seen.chosen.frame.end)} added up.")
    weekday, _, half = choice.at.rpartition("-") if choice.at[:1].isdigit() and "-" in choice.at else ("", "", "")
    if choice.at and not weekday:
        weekday, half = (choice.at, "") if choice.at.isdigit() else ("", choice.at)
    chart.draw(
        charts.weekdays,
        sums,
        alt="Attendance by weekday, mornings and afternoons",
        key=CHART,
        choose=True,
        chosen=(half, weekday),
    )
    behind.of_weekday(seen.viewer, seen.chosen, seen.rows, weekday, half, times.get(choice.at, ""))


def _of_weekday_cell(cell: Cell) -> tuple[str, str]:
    return "", "-".join(part for part in (cell.column, cell.row) if part != ALL)


def _of_halves(days: pd.DataFrame, due: pd.DataFrame) -> pd.DataFrame:
    """Days with their half days, and marks that are due, by weekday and half day."""
    waiting = _halves_due(due)
    every = pd.concat([days, waiting], ignore_index=True)
    weekday = [each.weekday() for each in every["day"]]
    return every.assign(weekday=weekday).groupby(["weekday", "session"], as_index=False)[_COUNTS].sum()


def _halves_due(due: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for session, half in (("AM", "am"), ("PM", "pm")):
        sums = due.groupby("day", as_index=False)[[half]].sum().rename(columns={half: AWAITED})
        parts.append(sums.assign(session=session, day=sums["day"].dt.date))
    return pd.concat(parts, ignore_index=True)


def _calendar(seen: Seen) -> None:
    days, due = read.days(seen.viewer, seen.chosen), read.awaited(seen.viewer, seen.chosen)
    every = pd.concat([days, _halves_due(due)], ignore_index=True)
    sums = every.groupby("day", as_index=False)[_COUNTS].sum()
    with_any = sorted(sums.loc[(sums["possible_sessions"] > 0) | (sums[AWAITED] > 0), "day"], reverse=True)
    times = {day.isoformat(): f"{day:%A} {words.long_day(day)}" for day in with_any}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        offer = Offer(CALENDAR, "", {}, times, ("", "Day"), ("", "Every day"), _of_day_cell, CHART)
        choice = _choose(offer)
    chart.draw(
        charts.calendar,
        sums,
        alt=f"Attendance by day, {len(times)} days",
        key=CHART,
        choose=True,
        chosen=_cell_of_day(choice.at),
        **_of_calendar(seen.chosen.frame),
    )
    behind.of_day(seen.viewer, seen.chosen, seen.rows, choice.at, times.get(choice.at, ""))


def _of_calendar(frame: Frame) -> dict[str, Any]:
    return {"gaps": read.gaps(frame), "last": frame.end, "seen_on": frame.as_at}


def _of_day_cell(cell: Cell) -> tuple[str, str]:
    day = date.fromisoformat(cell.column) + timedelta(days=int(cell.row[0]))
    return "", f"{day.isoformat()}{cell.row[1:]}"


def _cell_of_day(at: str) -> tuple[str, str] | None:
    if not at:
        return None
    day = date.fromisoformat(at[:10])
    return f"{day.weekday()}{at[10:]}", (day - timedelta(days=day.weekday())).isoformat()


def _one_child(seen: Seen) -> None:
    own = children.by_surname(listed(seen.rows))
    names = dict(zip(own["child_key"].astype(str), children.names(own), strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        said = (("Child", "Half day"), ("Choose a child", "Every half day"))
        choice = _choose(
            Offer(ONE_CHILD, "child", names, _half_days(seen.chosen.frame), *said, _of_half_day_cell, CHART)
        )
    if not choice.row:
        st.caption("Choose a child: its calendar stands here, with the register code of each half day.")
        return
    if opening.noted(seen.viewer, int(choice.row)).refused:
        st.warning(NO_SUCH["child"], icon=":material/visibility_off:")
        return
    marks = read.marks(seen.viewer, int(choice.row), seen.chosen.frame)
    child_calendar(marks, seen.chosen.frame, CHART, choose=True, chosen=_cell_of_day(choice.at))
    when, shown = words.span(seen.chosen.frame.start, seen.chosen.frame.end), marks
    if choice.at:
        day, half = date.fromisoformat(choice.at[:10]), choice.at[11:]
        when, shown = (
            _half_days(seen.chosen.frame)[choice.at],
            marks[(marks["day"] == day) & (marks["session"] == half)],
        )
    behind.marks_listed(seen.viewer, seen.chosen, int(choice.row), shown, names[choice.row], when)


def child_calendar(marks: pd.DataFrame, frame: Frame, key: str, **options: Any) -> None:
    """One child's half days. marks: `ui.load.attendance_views.marks`, of a child who may be opened."""
    days = marks["day"].nunique()
    chart.draw(
        charts.child_calendar,
        marks[["day", "session", "code", "meaning", "statistical_class"]].assign(**{MARK: True}),
        alt=f"Register codes of the child's half days, {days} days with marks",
        key=key,
        **_of_calendar(frame),
        **options,
    )


def _half_days(frame: Frame) -> dict[str, str]:
    """The half days of the weekdays of the weeks that a calendar shows, latest first."""
    days = [frame.end - timedelta(days=back) for back in range(min((frame.end - frame.start).days + 1, MOST_WEEKS * 7))]
    halves = (("PM", "afternoon"), ("AM", "morning"))
    return {
        f"{day.isoformat()}-{half}": f"{day:%a} {words.long_day(day)}, {said}"
        for day in days
        if day.weekday() < 5
        for half, said in halves
    }


def _of_half_day_cell(cell: Cell) -> tuple[str, str]:
    return attendance_choice.in_address("child").row, _of_day_cell(cell)[1]


VIEWS: dict[str, Callable[[Seen], None]] = {
    BY_CHILD: _by_child,
    BY_SCHOOL: _by_school,
    BY_YEAR: _by_year,
    WEEKDAY: _weekdays,
    CALENDAR: _calendar,
    ONE_CHILD: _one_child,
}

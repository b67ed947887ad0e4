"""The heatmaps of attendance: one at a time, each with what can be chosen in it and what stands behind the choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from vs_core import access, charts
from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.charts.cells import ALL
from vs_core.charts.days import HALVES, MOST_WEEKS, WEEKDAYS
from vs_core.rules.attendance_orders import MEANS
from vs_core.rules.frame import Frame
from vs_core.rules.listed import MARK
from vs_core.ui import chart, opening, words
from vs_core.ui.chart import Cell
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import attendance_drawn as drawn
from vs_core.ui.load import attendance_views as read
from vs_core.ui.parts import attendance_behind as behind
from vs_core.ui.parts import attendance_choice
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


@st.fragment
def draw(chosen: Chosen) -> None:
    """The control that chooses a view, the view, and what is behind the cell that is chosen in it. A choice in it runs
    this part of the page alone, which asks again who is looking."""
    viewer = access.require("attendance")
    st.subheader("Heatmaps")
    views = [name for name in VIEWS if name != ONE_CHILD or viewer.may(roles.SEE_CHILD)]
    view = st.segmented_control(
        "View", views, default=BY_CHILD, required=True, key="view", bind="query-params", label_visibility="collapsed"
    )
    VIEWS[view or BY_CHILD](viewer, chosen)


def _choose(offer: Offer) -> Choice:
    choice = attendance_choice.choose(offer)
    if choice.unknown:
        st.warning(NO_SUCH[offer.of], icon=":material/visibility_off:")
    return choice


@dataclass(frozen=True)
class ByWeek:
    """A heatmap by week. of: as `ui.load.attendance_drawn` calls it; one, many: what a row is; order: the control that
    chooses one, where there are several; said: what stands behind a row's name."""

    view: str
    of: str
    one: str
    many: str
    order: Callable[[Frame], str]
    said: str = ""


_COUNTED = "how many children have a possible session{}, or a mark that is due."
_WEEKLY = (
    ByWeek(BY_CHILD, drawn.CHILD, "child", "children", orders.of_children),
    ByWeek(
        BY_SCHOOL,
        drawn.SCHOOL,
        "school",
        "schools",
        orders.of_schools,
        f"After each school: {_COUNTED.format(' there')}",
    ),
    ByWeek(
        BY_YEAR,
        drawn.YEAR,
        "year group",
        "year groups",
        lambda _frame: "",
        f"Year groups as they are on the day shown. After each: {_COUNTED.format('')}",
    ),
)


def _by_week(by: ByWeek, viewer: Viewer, chosen: Chosen) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        order = by.order(chosen.frame)
        rows = drawn.rows_in(viewer, chosen, by.of, order)
        names = rows.names | (_asked(viewer, chosen, rows) if by.of == drawn.CHILD else {})
        times = {week.isoformat(): f"Week of {words.long_day(week)}" for week in rows.times}
        labels, every = (by.one.capitalize(), "Week"), (f"Every {by.one}", "Every week")
        choice = _choose(Offer(by.view, by.of, names, times, labels, every, _of_weeks_cell, CHART))
        first = _page(rows, choice)
    st.caption(words.plain(" ".join(filter(None, [MEANS.get(order, ""), by.said, rows.said]))))
    chart.show(
        drawn.by_week(viewer, chosen, by.of, order, first, (choice.row, choice.at)),
        alt=", ".join(filter(None, [f"Attendance by week of {by.many} {_of(rows, first)}", order])),
        key=CHART,
        choose=True,
    )
    behind.of_weeks(viewer, chosen, choice.at, by.of, choice.row, names.get(choice.row, ""))


def _asked(viewer: Viewer, chosen: Chosen, rows: drawn.Rows) -> dict[str, str]:
    """The child of the address, whom the order may leave out."""
    asked = attendance_choice.in_address(drawn.CHILD).row
    if not asked or asked in rows.names:
        return {}
    named = drawn.names(viewer, chosen)
    return {asked: named[asked]} if asked in named else {}


def _page(rows: drawn.Rows, choice: Choice) -> int:
    """The first row of the page that is shown: the chosen one, or that of a row that was chosen anew."""
    return orders.page(len(rows.names), list(rows.names).index(choice.row) if choice.row in rows.names else None)


def _of(rows: drawn.Rows, first: int) -> str:
    count = len(rows.names)
    return f"{first + 1} to {min(first + drawn.ROWS_A_PAGE, count)} of {count}"


def _of_weeks_cell(cell: Cell) -> tuple[str, str]:
    row, column = ("" if part == ALL else part for part in cell)
    return row, column


def _weekdays(viewer: Viewer, chosen: Chosen) -> None:
    times = {
        f"{weekday}-{half}": f"{WEEKDAYS[weekday]} {said}" for weekday in range(5) for half, said in HALVES.items()
    }
    times |= {str(weekday): f"{WEEKDAYS[weekday]}s" for weekday in range(5)}
    times |= {half: f"All {said}" for half, said in HALVES.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        offer = Offer(WEEKDAY, "", {}, times, ("", "Half days"), ("", "Every half day"), _of_weekday_cell, CHART)
        choice = _choose(offer)
    st.caption(f"Every session from {words.span(chosen.frame.start, chosen.frame.end)} added up.")
    weekday, _, half = choice.at.rpartition("-") if choice.at[:1].isdigit() and "-" in choice.at else ("", "", "")
    if choice.at and not weekday:
        weekday, half = (choice.at, "") if choice.at.isdigit() else ("", choice.at)
    chart.show(
        drawn.weekdays(viewer, chosen, (half, weekday)),
        alt="Attendance by weekday, mornings and afternoons",
        key=CHART,
        choose=True,
    )
    behind.of_weekday(viewer, chosen, weekday, half, times.get(choice.at, ""))


def _of_weekday_cell(cell: Cell) -> tuple[str, str]:
    return "", "-".join(part for part in (cell.column, cell.row) if part != ALL)


def _calendar(viewer: Viewer, chosen: Chosen) -> None:
    days = drawn.days_in(viewer, chosen).times
    times = {day.isoformat(): f"{day:%A} {words.long_day(day)}" for day in days}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        offer = Offer(CALENDAR, "", {}, times, ("", "Day"), ("", "Every day"), _of_day_cell, CHART)
        choice = _choose(offer)
    chart.show(
        drawn.calendar(viewer, chosen, _cell_of_day(choice.at)),
        alt=f"Attendance by day, {len(times)} days",
        key=CHART,
        choose=True,
    )
    behind.of_day(viewer, chosen, choice.at, times.get(choice.at, ""))


def _of_day_cell(cell: Cell) -> tuple[str, str]:
    day = date.fromisoformat(cell.column) + timedelta(days=int(cell.row[0]))
    return "", f"{day.isoformat()}{cell.row[1:]}"


def _cell_of_day(at: str) -> tuple[str, str] | None:
    if not at:
        return None
    day = date.fromisoformat(at[:10])
    return f"{day.weekday()}{at[10:]}", (day - timedelta(days=day.weekday())).isoformat()


def _one_child(viewer: Viewer, chosen: Chosen) -> None:
    names = drawn.names(viewer, chosen)
    halves = _half_days(chosen.frame)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        said = (("Child", "Half day"), ("Choose a child", "Every half day"))
        choice = _choose(Offer(ONE_CHILD, "child", names, halves, *said, _of_half_day_cell, CHART))
    if not choice.row:
        st.caption("Choose a child: its calendar stands here, with the register code of each half day.")
        return
    if opening.noted(viewer, int(choice.row)).refused:
        st.warning(NO_SUCH["child"], icon=":material/visibility_off:")
        return
    marks = read.marks(viewer, int(choice.row), chosen.frame)
    child_calendar(marks, chosen.frame, CHART, choose=True, chosen=_cell_of_day(choice.at))
    when, shown = words.span(chosen.frame.start, chosen.frame.end), marks
    if choice.at:
        day, half = date.fromisoformat(choice.at[:10]), choice.at[11:]
        when, shown = halves[choice.at], marks[(marks["day"] == day) & (marks["session"] == half)]
    behind.marks_listed(viewer, chosen, int(choice.row), shown, names[choice.row], when)


def child_calendar(marks: pd.DataFrame, frame: Frame, key: str, **options: Any) -> None:
    """One child's half days. marks: `ui.load.attendance_views.marks`, of a child who may be opened."""
    days = marks["day"].nunique()
    chart.draw(
        charts.child_calendar,
        marks[["day", "session", "code", "meaning", "statistical_class"]].assign(**{MARK: True}),
        alt=f"Register codes of the child's half days, {days} days with marks",
        key=key,
        **drawn.of_calendar(frame),
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


VIEWS: dict[str, Callable[[Viewer, Chosen], None]] = {
    **{by.view: partial(_by_week, by) for by in _WEEKLY},
    WEEKDAY: _weekdays,
    CALENDAR: _calendar,
    ONE_CHILD: _one_child,
}

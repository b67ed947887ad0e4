"""The heatmaps of attendance: one at a time, each with what can be chosen in it and what stands behind the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
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


def _by_child(viewer: Viewer, chosen: Chosen) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        order = orders.of_children(chosen.frame)
        rows = drawn.children_in(viewer, chosen, order)
        asked = rows.names | _asked(viewer, chosen, rows)
        choice = _choose(_by_week(BY_CHILD, "child", asked, rows.times, ("Child", "Every child")))
        first = _page(rows, choice)
    st.caption(words.plain(" ".join(filter(None, [MEANS[order], rows.said]))))
    chart.show(
        drawn.child_by_week(viewer, chosen, order, first, (choice.row, choice.at)),
        alt=f"Attendance by week of children {_of(rows, first)}, {order}",
        key=CHART,
        choose=True,
    )
    behind.of_weeks(viewer, chosen, choice.at, "child", choice.row, asked.get(choice.row, ""))


def _asked(viewer: Viewer, chosen: Chosen, rows: drawn.Rows) -> dict[str, str]:
    """The child of the address, whom the order may leave out."""
    asked = attendance_choice.in_address("child").row
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


def _by_school(viewer: Viewer, chosen: Chosen) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        order = orders.of_schools()
        rows = drawn.schools_in(viewer, chosen, order)
        choice = _choose(_by_week(BY_SCHOOL, "school", rows.names, rows.times, ("School", "Every school")))
        first = _page(rows, choice)
    st.caption(words.plain(" ".join(filter(None, [MEANS[order], _COUNTED, rows.said]))))
    chart.show(
        drawn.school_by_week(viewer, chosen, order, first, (choice.row, choice.at)),
        alt=f"Attendance by week of schools {_of(rows, first)}, {order}",
        key=CHART,
        choose=True,
    )
    behind.of_weeks(viewer, chosen, choice.at, "school", choice.row, rows.names.get(choice.row, ""))


_COUNTED = "After each school: how many children have a possible session there, or a mark that is due."


def _by_year(viewer: Viewer, chosen: Chosen) -> None:
    rows = drawn.years_in(viewer, chosen)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        choice = _choose(_by_week(BY_YEAR, "year", rows.names, rows.times, ("Year group", "Every year group")))
    st.caption(words.plain(_OF_YEARS))
    chart.show(
        drawn.year_by_week(viewer, chosen, (choice.row, choice.at)),
        alt=f"Attendance by week of {len(rows.names)} year groups",
        key=CHART,
        choose=True,
    )
    behind.of_weeks(viewer, chosen, choice.at, "year", choice.row, rows.names.get(choice.row, ""))


_OF_YEARS = (
    "Year groups as they are on the day shown. After each: how many children have a possible session, or a mark that "
    "is due."
)


def _by_week(view: str, of: str, names: Mapping[str, str], weeks: tuple[date, ...], said: tuple[str, str]) -> Offer:
    times = {week.isoformat(): f"Week of {words.long_day(week)}" for week in weeks}
    return Offer(view, of, names, times, (said[0], "Week"), (said[1], "Every week"), _of_weeks_cell, CHART)


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
    BY_CHILD: _by_child,
    BY_SCHOOL: _by_school,
    BY_YEAR: _by_year,
    WEEKDAY: _weekdays,
    CALENDAR: _calendar,
    ONE_CHILD: _one_child,
}

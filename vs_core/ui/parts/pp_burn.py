"""The burn-down: what is left of the year's money day by day, or what is spent, with what stands behind each point."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from vs_core import access
from vs_core.access.viewer import Viewer
from vs_core.charts.money import LINES, RUN
from vs_core.figures import SubjectFigures
from vs_core.figures.burn_down import LEFT, SPENT
from vs_core.figures.burn_down_behind import BehindPoint
from vs_core.ui import chart, downloads, tables, words
from vs_core.ui.chart import Cell
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import pp_burn as read
from vs_core.ui.load import pp_plus as of_page
from vs_core.ui.parts import attendance_choice, children, comparing
from vs_core.ui.parts import pp_plus as parts
from vs_core.ui.parts import pp_what_if as what_if
from vs_core.ui.parts.attendance_choice import Choice, Offer
from vs_core.ui.tables import Column

FORMS = {"What is left": LEFT, "What is spent": SPENT}
CHART = "burn-down"
VIEW = "burn-down"


@st.fragment
def draw(chosen: Chosen) -> None:
    """The chart with its forms, its table and the rows behind a chosen point. A choice in it runs this part of the
    page alone, which asks again who is looking."""
    viewer = access.require("pp_plus")
    parts.stop_without_money(viewer)
    money = of_page.compared(viewer, chosen).now
    st.subheader(f"Burn-down {money.frame.financial_year}")
    shown = st.segmented_control(
        "Show", list(FORMS), default="What is left", required=True, key="burn", bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
    form = FORMS.get(shown or "", LEFT)
    with st.spinner("Counting what earlier years did from this day on"):
        changes = what_if.choose(viewer, chosen, money)
        burn = read.burn(viewer, chosen, form, changes)
    what_if.difference(viewer, chosen, changes)
    _in_this_form(form)
    choice = _choose(burn.lines)
    drawn = read.drawn(viewer, chosen, form, (choice.row, choice.at), changes)
    chart.show(drawn, alt=alt(money, form), key=CHART, choose=True)
    st.caption(words.plain(_explained(form, burn.plan_says)))
    what_if.basis(viewer, chosen)
    _table(viewer, chosen, burn.table)
    _behind(viewer, chosen, choice)


def alt(money: SubjectFigures, form: str) -> str:
    """What the chart shows, as a sentence."""
    figure = money.figures
    spendable, remaining, committed = parts.to_spend(money), figure["remaining_pence"], figure["committed_pence"]
    left = None if remaining is None or committed is None else remaining + committed
    known = {"to spend": spendable, "left": left, "promised to nobody": remaining}
    if form == SPENT:
        known = {"allocation": figure["allocation_pence"], "paid": figure["paid_pence"], "committed": committed}
    known |= {"forecast to be paid": figure["forecast_pence"]}
    said = ", ".join(f"{name} {words.pounds(pence)}" for name, pence in known.items() if pence is not None)
    what = "what is left" if form == LEFT else "what is spent"
    return f"Pupil Premium Plus, {what} from 1 April to {words.long_day(money.frame.end)}: {said}"


def _explained(form: str, plan_says: str) -> str:
    what = (
        "Left: allocation less retained and paid, with what was recovered; it falls on the day on which money is paid. "
        "Not promised: the same less what is approved and not paid. "
        if form == LEFT
        else "Paid less recovered, and the same with what is approved and not paid. "
    )
    return f"{what}Plan: {plan_says}. Choose a point, a payment run or a line to see what stands behind it."


_OTHER = {LEFT: {"spent": "left", "promised": "remaining", "allocation": "notice"}}
_OTHER[SPENT] = {left: spent for spent, left in _OTHER[LEFT].items() if left != "notice"}


def _in_this_form(form: str) -> None:
    """A line that was chosen in the other form is chosen as the one that takes its place."""
    row = attendance_choice.in_address("line").row
    if row in _OTHER[form]:
        st.query_params[attendance_choice.ROW] = f"line-{_OTHER[form][row]}"


def _choose(lines: pd.DataFrame) -> Choice:
    """The boxes over the chart; a click on it says the same."""
    shown = [line for line in LINES if (lines["line"] == line).any() or (line == RUN and len(lines))]
    runs = set(lines.loc[lines["line"] == "plan", "on"].iloc[1:-1])
    days = sorted(set(lines["on"]), reverse=True)
    offer = Offer(
        view=VIEW,
        of="line",
        rows={line: LINES[line] for line in shown},
        times={day.isoformat(): f"{words.long_day(day)}{', payment run' * (day in runs)}" for day in days},
        labels=("Line", "Day"),
        every=("No line", "Up to the day shown"),
        of_cell=of_click,
        chart=CHART,
    )
    with st.container(horizontal=True):
        return attendance_choice.choose(offer)


def of_click(cell: Cell) -> tuple[str, str]:
    """Line and day of a point that was clicked on: the browser sends the day as milliseconds since 1970."""
    try:
        return cell.row, datetime.fromtimestamp(float(cell.column) / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return cell.row, cell.column if _DAY.fullmatch(cell.column) else ""


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _table(viewer: Viewer, chosen: Chosen, rows: pd.DataFrame) -> None:
    with st.expander("The same as a table: each notice and payment run", icon=":material/table:"):
        title = "Burn-down of Pupil Premium Plus"
        tables.listing(rows, TABLE, key="burn-down table", alt=title, noun=("day", "days"), most_rows=18)
        downloads.table(
            viewer, rows, TABLE, title=title, notes=[chosen.sentence], as_at=chosen.frame.as_at, noun=("day", "days")
        )


def _behind(viewer: Viewer, chosen: Chosen, choice: Choice) -> None:
    if choice.unknown:
        st.warning("There is no such line for these choices.", icon=":material/visibility_off:")
    if not choice:
        return
    found = read.behind(viewer, chosen, choice.row, date.fromisoformat(choice.at) if choice.at else None)
    st.subheader(found.title)
    columns, noun = _LISTS[found.kind]
    comparing.listing(viewer, chosen, _named(found), columns, title=found.title, noun=noun)


def _named(found: BehindPoint) -> pd.DataFrame:
    return children.with_names(found.rows) if "year_group" in found.rows else found.rows


_LISTS = {
    "payments": ((Column("status", "What"), *parts.PAYMENTS), ("payment", "payments")),
    "requests": (parts.REQUESTS, ("request", "requests")),
    "notices": (parts.NOTICES, ("notice", "notices")),
}
TABLE = (
    Column("on", "Day", "date"),
    Column("what", "What"),
    Column("left_pence", "Left", "money", "Allocation less retained and paid, with what was recovered"),
    Column("remaining_pence", "Not promised", "money", "What is left less what is approved and not paid"),
    Column("planned_left_pence", "Left by the plan", "money"),
    Column("forecast_left_pence", "Left by the forecast", "money"),
    Column("low_left_pence", "From", "money", "The lower end of the forecast's band"),
    Column("high_left_pence", "To", "money", "The upper end of the forecast's band"),
    Column("paid_pence", "Paid", "money"),
    Column("recovered_pence", "Recovered", "money"),
    Column("committed_pence", "Committed", "money"),
    Column("approved_pence", "Approved", "money"),
    Column("allocation_pence", "Allocation", "money"),
    Column("retained_pence", "Retained", "money"),
)

"""Where the year's money goes: paid, committed and asked for, divided as one chooses, each group with its requests."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from vs_core import charts
from vs_core.access.viewer import Viewer
from vs_core.rules import pp_spend as rules
from vs_core.ui import chart, words
from vs_core.ui.filters import Chosen
from vs_core.ui.load import pp_spend as read
from vs_core.ui.parts import children, comparing, grouped
from vs_core.ui.tables import Column

LABELS = {
    rules.AREA: "Area of spending",
    rules.SCHOOL: "School",
    rules.YEAR: "Year group",
    rules.PHASE: "Phase",
    rules.COUNTY: "In or out of county",
}
SAID = {
    rules.AREA: "The department's three areas, as each request names its own.",
    rules.SCHOOL: "The school that the money is for, the largest amount first.",
    rules.YEAR: "The child's year group on the day on which the request was made.",
    rules.PHASE: "The child's phase on the day on which the request was made.",
    rules.COUNTY: "Where the school that the money is for lies, by the department's list of schools.",
}
OF = "spend_of"
REQUEST = ("request", "requests")


def draw(viewer: Viewer, chosen: Chosen) -> None:
    """The division in the address, its chart and table; beneath, the requests of the row that is chosen."""
    st.subheader("Where the money goes")
    rows = read.lines(viewer, chosen)
    if rows.empty:
        st.info("No request of this year was made by this day.", icon=":material/info:")
        return
    division = _choose()
    groups = rules.by_group(rows, division)
    drawn, table = st.columns([2, 3], gap="large")
    with drawn:
        alt = f"Paid, committed and asked for by {LABELS[division].lower()}, {len(groups)} groups: {_all(groups)}"
        chart.draw(charts.pp_spend_by_group, groups, alt=alt, key=f"spend {division}")
    with table:
        opened = grouped.table(
            groups,
            (Column("group", LABELS[division], width="medium"), *GROUPS),
            OF,
            alt=f"Paid, committed and asked for by {LABELS[division].lower()}",
            count=f"All together: {_all(groups)}. {SAID[division]}",
        )
    _requests(viewer, chosen, rows, groups[groups["key"] == opened], division)


def _choose() -> str:
    keys = {label: key for key, label in LABELS.items()}
    chosen = st.selectbox("Divided by", list(keys), key="spend", filter_mode=None, width=320, bind="query-params")
    return keys.get(chosen, rules.AREA)


def _all(groups: pd.DataFrame) -> str:
    paid, committed, asked = (words.pounds(int(groups[name].sum())) for name in rules.AMOUNTS)
    return f"paid {paid}, committed {committed}, asked for {asked}"


def _requests(viewer: Viewer, chosen: Chosen, rows: pd.DataFrame, own: pd.DataFrame, division: str) -> None:
    if own.empty:
        st.caption("Choose a row to see its requests.")
        return
    group = str(own["group"].iloc[0])
    of_group = rows[rows[rules.column(division)] == group]
    then = of_group.assign(year_group=of_group["year_then"], amount=of_group[list(rules.AMOUNTS)].sum(axis=1))
    ordered = children.with_names(then.sort_values("amount", ascending=False, kind="stable"))
    comparing.listing(viewer, chosen, ordered, REQUESTS, title=f"{LABELS[division]}: {group}", noun=REQUEST)


GROUPS = (
    Column("paid_pence", "Paid", "money"),
    Column("committed_pence", "Committed", "money", "Agreed and not paid"),
    Column("requested_pence", "Asked for", "money", "Not decided"),
    Column("children", "Children", "number", "For whom something is paid or committed"),
    Column("each_pence", "A child", "money", "Paid and committed, for each of these children"),
    Column("requests", "Requests", "number"),
)
REQUESTS = (
    Column("paid_pence", "Paid", "money"),
    Column("committed_pence", "Committed", "money"),
    Column("requested_pence", "Asked for", "money"),
    children.CHILD,
    Column("year", "Year then", help="On the day on which the request was made"),
    children.SCHOOL,
    Column("term", "Term"),
    Column("area", "Area"),
    Column("intervention", "Intervention"),
    Column("state", "State"),
    Column("requested_on", "Requested", "date"),
    Column("request_id", "Request"),
)

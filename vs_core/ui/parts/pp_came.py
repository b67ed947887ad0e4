"""What came of the money: paid requests without an impact, and attendance and plans before and after it began."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.rules import pp_history as rules
from vs_core.rules.listed import MARK
from vs_core.rules.pp_spend import NOT_KNOWN, NOT_SHOWN
from vs_core.rules.words import sentence
from vs_core.ui import tables, words
from vs_core.ui.filters import Chosen
from vs_core.ui.load import pp_history as read
from vs_core.ui.parts import children, comparing
from vs_core.ui.tables import Column

DIVISIONS = {"Intervention": "intervention", "Area of spending": "area"}
OWED = "Paid, term over, no impact recorded"


def draw(viewer: Viewer, chosen: Chosen) -> None:
    """First what schools still owe an answer to, then what was seen before and after."""
    _owed(viewer, chosen)
    _before_and_after(viewer, chosen)


def _owed(viewer: Viewer, chosen: Chosen) -> None:
    st.subheader("Impact not recorded")
    paid = read.paid_in_ended_terms(viewer, chosen)
    if paid.empty:
        st.info("No request of this year or the year before is paid whose term is over.", icon=":material/info:")
        return
    owed = paid[paid["owes_impact"]]
    st.markdown(words.plain(_said(paid, owed)))
    named = children.with_names(owed)
    comparing.listing(viewer, chosen, named, COLUMNS, title=OWED, noun=("request", "requests"))


def _said(paid: pd.DataFrame, owed: pd.DataFrame) -> str:
    """How many, for how much, of which terms, and what to do about it."""
    terms = owed["term"].value_counts()
    order = sorted(terms.index, key=lambda term: str(owed.loc[owed["term"] == term, "term_ends_on"].min()))
    by_term = words.listed([f"{terms[term]:,} of {term}" for term in order])
    count = f"{len(owed):,} of {words.counted(len(paid), 'paid request')} whose term is over"
    if owed.empty:
        return f"{count}: an impact is recorded for all of them."
    pounds = words.pounds(int(owed["paid_pence"].sum()))
    ask = "Ask the schools for it with the next plan."
    return f"{count} have no impact recorded, {pounds} in all: {by_term}. {ask}"


def _before_and_after(viewer: Viewer, chosen: Chosen) -> None:
    st.subheader("Before and after")
    with st.spinner("Looking at the days before and after"):
        rows = read.before_and_after(viewer, chosen)
    limits = read.limits(chosen.frame.end)
    since = words.long_day(chosen.frame.end - read.LOOKED_BACK)
    st.caption(
        words.plain(
            f"Approved requests whose intervention began after {since}: attendance in the {limits.school_days} school "
            f"days before and after the beginning, and the quality of the last plan before it and the first after it. "
            f"{rules.NO_CLAIM} Of {limits.small[0]} to {limits.small[1]} cases or children only the number is shown."
        )
    )
    if rows.empty:
        st.info("No intervention with a first day began in this time.", icon=":material/info:")
        return
    label = st.selectbox("By", list(DIVISIONS), key="came", filter_mode=None, width=320, bind="query-params")
    label = label if label in DIVISIONS else "Intervention"
    groups = rules.by_group(rows.assign(group=_groups(rows, DIVISIONS[label])), "group", *limits.small)
    tables.listing(
        groups,
        (Column("group", label, width="medium"), *GROUPS),
        key=f"came by {label}",
        alt=f"Before and after by {label.lower()}: cases, median change of attendance, quality of plans",
        noun=("group", "groups"),
    )


def _groups(rows: pd.DataFrame, column: str) -> list[str]:
    return [
        NOT_SHOWN if not may else NOT_KNOWN if pd.isna(text) or not text else sentence(str(text))
        for text, may in zip(rows[column], rows[MARK].eq(True), strict=True)
    ]


GROUPS = (
    Column("cases", "Cases", "number", "With enough sessions before and after"),
    Column("children", "Children", "number"),
    Column("median_points", "Median change, points", "days", "Attendance after less before, in percentage points"),
    Column("rose", "Rose", "number", "Cases in which attendance was higher after"),
    Column("fell", "Fell", "number", "Cases in which attendance was lower after"),
    Column("not_yet", "Too early", "number", "The school days after it are not over yet"),
    Column("too_few", "Too few sessions", "number"),
    Column("plans", "Plans", "number", "Quality known before and after"),
    Column("better", "Better", "number", "Quality of the plan: red, amber, green"),
    Column("same", "The same", "number"),
    Column("worse", "Worse", "number"),
)
COLUMNS = (
    Column("term_ends_on", "Term ended", "date"),
    Column("paid_pence", "Paid", "money"),
    children.CHILD,
    children.YEAR,
    children.SCHOOL,
    Column("term", "Term"),
    Column("intervention", "Intervention"),
    Column("area", "Area"),
    Column("target", "PEP target", names_people=True),
    Column("fund", "Fund"),
    Column("request_id", "Request"),
)

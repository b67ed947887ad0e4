"""In which order the rows of a heatmap stand, and which page of them is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from vs_core.rules import attendance_course
from vs_core.rules.listed import MARK
from vs_core.ui.parts import children

ROWS_A_PAGE = 25
NO_SCHOOL = "none"
"""The key of marks that name no school."""
LOWEST, WORSENED, NEWEST = "Lowest first", "Most worsened", "Newly at 90 or under"
ORDERS = (LOWEST, WORSENED, NEWEST)
MISSED, LOWEST_SCHOOL, LARGEST = "Most missed", "Lowest", "Most children"
SCHOOL_ORDERS = (MISSED, LOWEST_SCHOOL, LARGEST)
MEANS = {
    LOWEST: "Lowest attendance over the period first; of equal ones the child with more sessions missed.",
    WORSENED: f"The last {attendance_course.RECENT_WEEKS} weeks against the weeks before, largest fall first.",
    NEWEST: "Persistently absent children, those who became so most lately first.",
    MISSED: "The schools in which our children missed most sessions in the period first.",
    LOWEST_SCHOOL: "Lowest attendance over the period first; of equal ones the school with more sessions missed.",
    LARGEST: "The schools with most of our children first.",
}


def of_children() -> str:
    """The order of the children, kept in the address."""
    return _chosen("order", ORDERS)


def of_schools() -> str:
    """The order of the schools, kept in the address."""
    return _chosen("schools", SCHOOL_ORDERS)


def _chosen(key: str, orders: Sequence[str]) -> str:
    chosen = st.segmented_control("Order", orders, default=orders[0], required=True, key=key, bind="query-params")
    return chosen or orders[0]


def children_ranked(rows: pd.DataFrame, courses: pd.DataFrame, order: str) -> pd.DataFrame:
    """`child_key`, `is_listed`, `name` and `rank` (1 first) of an order's children."""
    known = rows.loc[rows["possible_sessions"] > 0, _OF_A_CHILD].merge(courses, on="child_key", how="left")
    if order == WORSENED:
        ranked = known[known["change_points"] < 0].sort_values("change_points", kind="stable")
    elif order == NEWEST:
        persistent = known[known["is_persistently_absent"].astype(bool)]
        ranked = persistent.sort_values(
            ["persistent_from", "attendance_percent"], ascending=[False, True], kind="stable"
        )
    else:
        ranked = known.sort_values(["attendance_percent", "absent_sessions"], ascending=[True, False], kind="stable")
    return ranked[["child_key", MARK]].assign(name=children.names(ranked), rank=range(1, len(ranked) + 1))


_OF_A_CHILD = [
    "child_key",
    MARK,
    "child_id",
    "forename",
    "surname",
    "attendance_percent",
    "absent_sessions",
    "is_persistently_absent",
]


def schools_ranked(rows: pd.DataFrame, schools: Mapping[str, str], order: str) -> pd.DataFrame:
    """`key` (URN, or NO_SCHOOL), `name` (with the number of children) and `rank` of the schools with a possible
    session; those of children whose school the viewer may not know are left out.

    rows: `figures.heatmaps.weeks`; schools: names by URN."""
    known = rows[(rows["possible_sessions"] > 0) & rows["urn"].notna()]
    by = known.assign(urn=known["urn"].astype(object)).groupby("urn")
    sums = by[["possible_sessions", "attended_sessions"]].sum().assign(children=by["child_key"].nunique())
    missed = sums["possible_sessions"] - sums["attended_sessions"]
    sums = sums.assign(missed=missed, percent=sums["attended_sessions"] / sums["possible_sessions"]).reset_index()
    columns, ascending = _SCHOOLS_BY[order]
    ranked = sums.sort_values([*columns, "urn"], ascending=[*ascending, True], kind="stable")
    names = [
        f"{schools.get(urn, urn) if urn else 'School not known'} ({count:,})"
        for urn, count in zip(ranked["urn"], ranked["children"], strict=True)
    ]
    keys = [urn or NO_SCHOOL for urn in ranked["urn"]]
    return pd.DataFrame({"key": keys, "name": names, "rank": range(1, len(ranked) + 1)})


_SCHOOLS_BY = {
    MISSED: (["missed"], [False]),
    LOWEST_SCHOOL: (["percent", "missed"], [True, False]),
    LARGEST: (["children", "missed"], [False, False]),
}


def page(count: int, chosen: int | None = None) -> int:
    """The first row (from 0) of the page of rows that was chosen; chosen: a row that was chosen anew is on it."""
    firsts = list(range(0, count, ROWS_A_PAGE)) or [0]
    if len(firsts) == 1:
        return 0
    if chosen != st.session_state.get(_FOLLOWED):
        st.session_state[_FOLLOWED] = chosen
        if chosen is not None:
            st.session_state["rows"] = firsts[chosen // ROWS_A_PAGE]
    if st.session_state.get("rows") not in firsts:
        st.session_state["rows"] = 0
    return st.selectbox(
        "Rows",
        firsts,
        format_func=lambda first: f"{first + 1} to {min(first + ROWS_A_PAGE, count)} of {count:,}",
        key="rows",
        width=190,
        filter_mode=None,
    )


_FOLLOWED = "followed row"

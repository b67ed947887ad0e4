"""The choice of the order in which the rows of a heatmap stand, and of the page of them that is shown."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from vs_core.rules.attendance_orders import NEWEST, ORDERS, SCHOOL_ORDERS
from vs_core.rules.frame import Frame
from vs_core.rules.measures_sessions import is_too_short
from vs_core.ui.load.attendance_drawn import ROWS_A_PAGE


def of_children(frame: Frame) -> str:
    """The order of the children, kept in the address. Who is persistently absent is not said of a week or a day."""
    return _chosen("order", [each for each in ORDERS if each != NEWEST or not is_too_short(frame.start, frame.end)])


def of_schools(_frame: Frame) -> str:
    """The order of the schools, kept in the address."""
    return _chosen("schools", SCHOOL_ORDERS)


def _chosen(key: str, orders: Sequence[str]) -> str:
    chosen = st.segmented_control("Order", orders, default=orders[0], required=True, key=key, bind="query-params")
    return chosen or orders[0]


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

"""The search for a child. What is typed stays between the browser and the server's memory: not in the address, not in
the log, not in the trail (`access.openings`)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from vs_core.access import openings
from vs_core.access.viewer import Viewer
from vs_core.queries.search import FEWEST_CHARACTERS, NAME, NUMBER, SCHOOL, WAYS, words_of
from vs_core.ui import links, opening, words
from vs_core.ui.load import child as read
from vs_core.ui.parts import children

_WAYS = {NAME: "Name", NUMBER: "Council's number or UPN", SCHOOL: "School"}
_LAST, _WAY, _TYPED = "last search", "search way", "search typed"


@dataclass(frozen=True)
class _Search:
    """told: it stands in the trail."""

    way: str
    typed: str
    told: bool = False


def draw(viewer: Viewer, today: date, *, refused: bool) -> None:
    """The search, and what was found; above it the one sentence for every child that cannot be opened."""
    st.title("Find a child")
    if refused:
        st.warning(openings.NOBODY, icon=":material/search_off:")
    _form()
    last: _Search | None = st.session_state.get(_LAST)
    if last is None:
        return
    if not words_of(last.typed):
        st.info(f"Type at least {FEWEST_CHARACTERS} characters.", icon=":material/info:")
        return
    rows = read.found(viewer, last.way, last.typed, today)
    if not last.told:
        openings.searched(viewer, last.way, len(last.typed), len(rows))
        st.session_state[_LAST] = _Search(last.way, last.typed, True)
    _found(rows)


def _form() -> None:
    with st.form("find-a-child", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Search by", WAYS, format_func=_WAYS.__getitem__, key=_WAY, width=230, filter_mode=None)
        st.text_input("Find", key=_TYPED, max_chars=100, autocomplete="off", type="search", width=320)
        st.form_submit_button("Search", icon=":material/search:", type="primary", on_click=_ask)


def _ask() -> None:
    opening.close()
    st.session_state[_LAST] = _Search(st.session_state[_WAY], st.session_state[_TYPED])


def _found(rows: pd.DataFrame) -> None:
    if rows.empty:
        st.info("Nobody of that name, number or school is among those you may see.", icon=":material/info:")
        return
    shown = children.with_names(rows.head(read.MOST_FOUND))
    more = len(rows) > len(shown)
    count = f"The first {len(shown)}: search for more of the name to see the others" if more else ""
    st.caption(f"{count or words.counted(len(shown), 'child', 'children').capitalize()}.")
    row: Any
    for row in shown.itertuples():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            links.to_child_here(words.plain(row.child), int(row.child_key))
            st.caption(words.plain(_beside(row)))


def _beside(row: Any) -> str:
    parts = [row.year, row.school, row.child_id, "restricted" if row.restricted else ""]
    return ", ".join(str(part) for part in parts if part is not None and not pd.isna(part) and part)

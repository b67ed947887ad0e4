"""Attendance with and without the sessions that say more of what a child was offered than of the child."""

from __future__ import annotations

from functools import partial

import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.rules.measures_sessions import MEASURES
from vs_core.ui import address, tables, words
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import attendance_listed as read
from vs_core.ui.parts import attendance_lists as lists
from vs_core.ui.tables import Listing

CODE = "code"
"""The chosen row, in the address."""
_MEANS = (
    "Each is taken out of the possible sessions and of the absent ones, as if the register did not hold it; sessions"
    " attended stay. In every other figure here it counts, as authorised absence. A chosen row opens its children."
)
_APART = "Not possible sessions, so in no figure here: not attended and not missed."


def draw(viewer: Viewer, chosen: Chosen) -> None:
    """A row for each code that is taken out, and one for each that counts nowhere."""
    st.subheader("With and without some codes")
    found = read.codes(viewer, chosen)
    _table(found.taken, found.taken_keys, "codes-taken-out", "Attendance with and without part-time timetables", _MEANS)
    alt = "Sessions at the other school, and of children unable to attend"
    _table(found.apart, found.apart_keys, "codes-apart", alt, _APART)


def _table(rows: Listing, keys: tuple[str, ...], table: str, alt: str, says: str) -> None:
    """The rows, of which that of the address is chosen."""
    asked = address.of(CODE)
    marked = [keys.index(asked)] if asked in keys else []
    st.session_state[table] = {"selection": {"rows": marked, "columns": [], "cells": []}}
    tables.show(rows, key=table, alt=alt, noun=read.ROWS, select=partial(_row_chosen, table, keys), count=says)


def _row_chosen(table: str, keys: tuple[str, ...]) -> None:
    rows = st.session_state[table]["selection"]["rows"]
    address.write(CODE, keys[rows[0]] if rows and rows[0] < len(keys) else "")


def opened(viewer: Viewer, chosen: Chosen) -> None:
    """The children of the chosen row."""
    key = address.of(CODE)
    if key not in {*read.NAMED, *read.APART, *read.OF_SESSIONS}:
        return
    title = f"Children of the row: {MEASURES[key].label if key in MEASURES else read.NAMED[key]}"
    st.markdown(f"**{words.plain(title)}**")
    lists.of_figure(viewer, chosen, key, title)

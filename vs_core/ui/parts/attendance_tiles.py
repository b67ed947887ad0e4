"""The figures at the top of the attendance page."""

from __future__ import annotations

import streamlit as st

from vs_core.ui import tiles, words
from vs_core.ui.chosen import Chosen
from vs_core.ui.load.attendance_tiles import Tiles


def headline(found: Tiles) -> None:
    """Attendance, absence, lateness, marks received; what they are held against."""
    tiles.figures_row(found.headline, key="attendance-figures")
    st.caption(words.plain(found.against))


def bands(found: Tiles) -> None:
    """How many children are in each band of attendance over the period."""
    st.subheader("Children by attendance, percent")
    tiles.figures_row(found.bands, key="attendance-bands")


def counts(chosen: Chosen) -> str:
    """Which of a child's sessions count: all of the period, or those while in the group."""
    frame = chosen.frame
    if frame.cohort == "all":
        return "All sessions of each child in the period count."
    where = "in care" if frame.cohort == "in care" else "in the group"
    if frame.while_in_care:
        return f"Only sessions on days while the child was {where} count."
    return f"All sessions of each child in the period count, those before and after its time {where} among them."

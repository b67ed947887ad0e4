"""Attendance week by week, and who came over a line."""

from __future__ import annotations

import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.rules.measures_sessions import is_too_short
from vs_core.ui import chart, words
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import attendance_drawn as drawn
from vs_core.ui.load.attendance import Moved


def nothing_yet(awaited: int) -> None:
    """That no mark has come of what is due, which is no absence."""
    if awaited:
        due = words.counted(awaited, "mark is due", "marks are due")
        st.caption(words.plain(f"{due} for these choices and none has come yet."))


def what_moved(moved: Moved, chosen: Chosen) -> None:
    """Who came over a line and who came back, in a sentence each; nobody where the period is too short for it."""
    if is_too_short(chosen.frame.start, chosen.frame.end):
        return
    text = " ".join(_sentence(moved, key) for key in moved.came) or moved.why_not
    if text:
        st.markdown(words.plain(text))


def _sentence(moved: Moved, key: str) -> str:
    """`9 children became severely absent since last week, 2 no longer are.`"""
    came, went = words.counted(moved.came[key], "child", "children").capitalize(), moved.went[key]
    return f"{came} became {key.replace('_', ' ')} since last week, {went or 'none'} no longer are."


def trend(viewer: Viewer, chosen: Chosen) -> None:
    """Attendance week by week against the published year; a last week that is not over is named."""
    st.subheader("Week by week")
    found = drawn.trend(viewer, chosen)
    chart.show(found.chart, alt=found.alt, key="trend")
    if found.said:
        st.caption(words.plain(found.said))

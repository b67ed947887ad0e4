"""Attendance week by week, and who came over a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from vs_core import charts
from vs_core.figures.benchmarks import Published
from vs_core.rules.measures_sessions import is_too_short
from vs_core.ui import chart, words
from vs_core.ui.chosen import Chosen
from vs_core.ui.load.attendance import Moved


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


def trend(weekly: pd.DataFrame, published: Sequence[Published], end: date) -> None:
    """Attendance week by week against the published year; a last week that is not over by `end` is named."""
    st.subheader("Week by week")
    lines = [each for each in published if each.key == "attendance_percent" and each.value is not None]
    ours = pd.DataFrame({"week_on": weekly["week"], "series": "Ours", **{name: weekly[name] for name in _TREND}})
    flat = [_level(weekly, each) for each in lines]
    alt = f"Attendance by week, {len(ours)} weeks, against {words.listed([each.place for each in lines]) or 'nothing'}"
    chart.draw(charts.attendance_trend, pd.concat([ours, *flat], ignore_index=True), alt=alt, key="trend")
    said = _not_over(max(weekly["week"]), end)
    if said:
        st.caption(words.plain(" ".join(said)))


def _not_over(last_monday: date, end: date) -> list[str]:
    friday = last_monday + timedelta(days=4)
    return [f"The last point is a week that is not over: marks up to {words.long_day(end)}."] if end < friday else []


_TREND = ("attendance_percent", "attended_sessions", "possible_sessions")


def _level(weekly: pd.DataFrame, line: Published) -> pd.DataFrame:
    return pd.DataFrame({"week_on": weekly["week"], "series": line.place, "attendance_percent": line.value})

"""Attendance in the ten school days before and after what was done: of one child, and of everything of a kind."""

from __future__ import annotations

import streamlit as st

from vs_core import access, charts
from vs_core.access.viewer import Viewer
from vs_core.rules import effect
from vs_core.ui import chart, tables, words
from vs_core.ui.load import triage as read
from vs_core.ui.load import triage_reviewed as reviewed
from vs_core.ui.parts.triage import Day

NOT_WHY = (
    "What happened, not why: children are acted for when they are worst, and some would have come back without it. "
    "A few cases say little."
)
MOST = 12


@st.fragment
def draw(day: Day) -> None:
    """Over everything of a kind, with its number of cases. What is done in it runs this part of the page alone, which
    asks again who is looking."""
    viewer = access.require("triage")
    with st.spinner("Looking at the days before and after"):
        found = reviewed.effects(viewer, day.as_at, day.known_on)
    chart.show(
        found.chart,
        alt="Attendance in the ten school days before and after, by what was done",
        key="effect of all",
    )
    st.caption(words.plain(NOT_WHY))
    if not found.listing.number:
        return
    chosen = tables.show(
        found.listing,
        key="effects",
        alt="By what was done: cases, attendance before and after",
        noun=reviewed.KIND,
        select=True,
    )
    if not chosen:
        st.caption("Choose a row to see the cases behind it.")
        return
    _cases(viewer, day, found.kinds[chosen[0]])


def _cases(viewer: Viewer, day: Day, kind: str) -> None:
    name = reviewed.name_of(kind)
    st.markdown(f"**{words.plain(name)}: every case of the last year**")
    tables.show(
        reviewed.cases(viewer, day.as_at, day.known_on, kind), key=f"cases of {kind}", alt=name, noun=reviewed.CASE
    )


def of_child(viewer: Viewer, child_key: int, day: Day) -> None:
    """Of each thing that was done for one child, the latest first; nothing where nothing was."""
    rows = read.effects(viewer, day.as_at, day.known_on)
    own = rows[rows["child_key"] == child_key].head(MOST)
    if own.empty:
        return
    st.markdown("**Attendance before and after**")
    known = own[own["state"] == effect.KNOWN]
    if len(known):
        on = [words.short_day(day) for day in known["on"]]
        names = [f"{reviewed.name_of(str(kind))}, {day}" for kind, day in zip(known["kind"], on, strict=True)]
        chart.draw(
            charts.before_and_after,
            known.assign(name=names, cases="this child"),
            alt="Attendance in the ten school days before and after each thing that was done for the child",
            key=f"effect of child {child_key}",
        )
    waiting = int((own["state"] == effect.NOT_YET).sum())
    if waiting:
        st.caption(words.plain(f"For {waiting} more the ten school days after are not over yet."))

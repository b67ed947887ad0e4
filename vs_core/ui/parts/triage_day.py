"""The triage page as it is seen from a day: the part of it that is chosen."""

from __future__ import annotations

import streamlit as st

from vs_core import access
from vs_core.access import sessions
from vs_core.access.viewer import Viewer
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals
from vs_core.ui.load import triage as read
from vs_core.ui.load import triage_listed as listed
from vs_core.ui.parts import triage as parts
from vs_core.ui.parts import triage_effect as effect
from vs_core.ui.parts import triage_registers as registers
from vs_core.ui.parts import triage_worklist as worklist
from vs_core.ui.parts.triage import Day


@st.fragment
def draw() -> None:
    """The choice of the part and of the day, and the part. Another choice runs the page without its frame, which asks
    again who is looking."""
    viewer = access.require("triage")
    today = load.today()
    with parts.title_row():
        st.title("Triage", width="content")
        part = parts.part()
        as_at, known_on = filters.choose_day(today)
    looked_on = read.last_looked_on(viewer, sessions.now())
    day = Day(as_at, known_on, looked_on, today if as_at == today else None)
    registers_of = arrivals.of_subject("attendance", day.frame).known_on
    freshness.caption(day.frame, registers_of, "Registers")
    parts.another_day(day)
    if part == parts.WORKLIST:
        _worklist(viewer, day, registers_of is not None)
    elif registers_of is None:
        st.info(parts.NO_REGISTERS, icon=":material/info:")
    elif part == parts.REGISTERS:
        registers.draw(day)
    else:
        effect.draw(day)


def _worklist(viewer: Viewer, day: Day, with_registers: bool) -> None:
    by = parts.looking(viewer, day)
    with st.spinner("Reading who needs something"):
        whole = listed.whole(viewer, by, day.known_on)
    if not whole.number and not with_registers:
        st.info(parts.NO_REGISTERS, icon=":material/info:")
        return
    parts.figures_row(whole, by)
    worklist.draw(day, by, whole)

"""Which children to act on today, who acts, and did last week's actions work?"""

import streamlit as st

from vs_core import access
from vs_core.access import sessions
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals
from vs_core.ui.load import triage as read
from vs_core.ui.load import triage_listed as listed
from vs_core.ui.parts import triage as parts
from vs_core.ui.parts import triage_effect as effect
from vs_core.ui.parts import triage_registers as registers
from vs_core.ui.parts import triage_worklist as worklist

viewer = access.require("triage")

today = load.today()
with parts.title_row():
    st.title("Triage", width="content")
    part = parts.part()
    as_at, known_on = filters.choose_day(today)
day = parts.Day(as_at, known_on, read.last_looked_on(viewer, sessions.now()), today if as_at == today else None)
registers_of = arrivals.of_subject("attendance", day.frame).known_on
freshness.caption(day.frame, registers_of, "Registers")
parts.another_day(day)
if part != parts.WORKLIST and registers_of is None:
    st.info(parts.NO_REGISTERS, icon=":material/info:")
    st.stop()
if part == parts.REGISTERS:
    registers.draw(viewer, day)
    st.stop()
if part == parts.EFFECT:
    effect.draw(viewer, day)
    st.stop()

by = parts.looking(viewer, day)
with st.spinner("Reading who needs something"):
    whole = listed.whole(viewer, by, known_on)
if not whole.number and registers_of is None:
    st.info(parts.NO_REGISTERS, icon=":material/info:")
    st.stop()
parts.figures_row(whole, by)
worklist.draw(day, by, whole)

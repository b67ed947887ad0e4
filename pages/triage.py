"""Which children to act on today, who acts, and did last week's actions work?"""

import streamlit as st

from vs_core import access
from vs_core.access import sessions
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals
from vs_core.ui.load import triage as read
from vs_core.ui.parts import triage as parts
from vs_core.ui.parts import triage_child as child
from vs_core.ui.parts import triage_effect as effect
from vs_core.ui.parts import triage_registers as registers
from vs_core.ui.parts import triage_school as of_school

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

with st.spinner("Reading who needs something"):
    rows = read.worklist(viewer, as_at, known_on)
if rows.empty and registers_of is None:
    st.info(parts.NO_REGISTERS, icon=":material/info:")
    st.stop()
by = parts.looking(viewer, day)
parts.figures_row(rows, by)
with parts.choices_row():
    view = parts.choose_view()
    school = parts.choose_school(rows)
    chosen = parts.chosen_rows(rows, view, school, by)
    parts.choose_child(viewer, chosen)
    parts.take_away(viewer, chosen, view, school, day)
    of_school.draw(viewer, chosen, school, day)
empty = parts.nobody(rows, view, school, by)
opened = child.asked(viewer)
if opened.child_key is None:
    if opened.refused:
        st.warning(child.NOBODY, icon=":material/person_off:")
    parts.table(viewer, chosen, empty, day, None)
else:
    panel, others = st.columns([3, 2], gap="large")
    with panel:
        child.draw(viewer, opened.child_key, rows, chosen, day)
    with others:
        parts.table(viewer, chosen, empty, day, opened.child_key)

"""One child in ten seconds: who, what is the matter now, and what happened before; and the search for a child."""

import streamlit as st

from vs_core import access
from vs_core.ui import filters, freshness, links, load, opening
from vs_core.ui.load import arrivals
from vs_core.ui.load import child as read
from vs_core.ui.parts import child as parts
from vs_core.ui.parts import child_money as money
from vs_core.ui.parts import child_points as points
from vs_core.ui.parts import child_search as search
from vs_core.ui.parts import child_timeline as timeline

viewer = access.require("child")

today = load.today()
asked = opening.asked(viewer)
if asked.child_key is None:
    search.draw(viewer, today, refused=asked.refused)
    st.stop()

with parts.title_row():
    name = st.empty()
    links.to_search("Find another child")
    as_at, known_on = filters.choose_day(today)
child = read.child(viewer, asked.child_key, as_at, known_on)
if child is None or child.roll.empty:
    st.info(parts.NOT_THEN, icon=":material/info:")
    st.stop()

with name.container(horizontal=True, vertical_alignment="center"):
    parts.heading(child)
parts.who(child)
freshness.caption(child.frame, arrivals.of_subject("attendance", child.frame).known_on, "Registers")
points.draw(viewer, child)
parts.figures_row(viewer, child)
parts.about(child)

over_time, told = st.columns([5, 3], gap="large")
with over_time:
    parts.weeks(child)
    parts.half_days(viewer, child)
    parts.actions(child)
with told:
    timeline.draw(viewer, child)

money.draw(viewer, child)
parts.who_looked(viewer, asked.child_key)

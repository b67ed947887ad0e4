"""Who misses school, how much, and is it getting worse?"""

import streamlit as st

from vs_core import access
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals
from vs_core.ui.load import attendance_tiles as read
from vs_core.ui.parts import attendance as parts
from vs_core.ui.parts import attendance_codes as codes
from vs_core.ui.parts import attendance_lists as lists
from vs_core.ui.parts import attendance_tiles as tiles
from vs_core.ui.parts import attendance_views as views
from vs_core.ui.parts import comparing

viewer = access.require("attendance")

st.title("Attendance")
chosen = filters.choose("attendance", load.today(), load.half_terms(), viewer=viewer, while_in_care=True)
fresh = arrivals.of_subject("attendance", chosen.frame)
with st.spinner("Adding up the registers"):
    found = read.of_choice(viewer, chosen)
freshness.caption(chosen.frame, fresh.known_on, "Registers", tiles.counts(chosen).rstrip("."))
if not found.with_marks:
    comparing.nothing("attendance", fresh)
    parts.nothing_yet(found.awaited)
    st.stop()

tiles.headline(found)
parts.what_moved(found.moved, chosen)
tiles.bands(found)

over_time, with_and_without = st.columns(2, gap="large")
with over_time:
    parts.trend(viewer, chosen)
with with_and_without:
    codes.draw(viewer, chosen)
codes.opened(viewer, chosen)

views.draw(chosen)
lists.listing(chosen)

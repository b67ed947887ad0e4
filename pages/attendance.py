"""Who misses school, how much, and is it getting worse?"""

import streamlit as st

from vs_core import access
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals
from vs_core.ui.load import attendance as read
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
now = read.now(viewer, chosen)
freshness.caption(chosen.frame, fresh.known_on, "Registers", tiles.counts(chosen).rstrip("."))
if comparing.is_empty(now, "children", fresh):
    st.stop()

page, courses = read.page(viewer, chosen), read.courses(viewer, chosen)
shown = tiles.Shown(page)
tiles.headline(shown)
tiles.against(chosen, shown)
parts.what_moved(page.moved, chosen)
tiles.bands(shown)

over_time, with_and_without = st.columns(2, gap="large")
with over_time:
    parts.trend(page.weekly, page.published, chosen.frame.end)
with with_and_without:
    row = codes.draw(page, now.now)
codes.opened(viewer, chosen, now.now, courses, page.few, row)

views.draw(viewer, chosen, now, courses)
lists.listing(viewer, chosen, now, courses, page.few)

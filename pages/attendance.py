"""Who misses school, how much, and is it getting worse?"""

import streamlit as st

from vs_core import access
from vs_core.rules import attendance_course
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals, narrowing
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
compared = read.compared(viewer, chosen)
freshness.caption(chosen.frame, fresh.known_on, "Registers", tiles.counts(chosen).rstrip("."))
if comparing.is_empty(compared, "children", fresh):
    st.stop()

weekly, courses = attendance_course.by_week(read.weeks(viewer, chosen)), read.courses(viewer, chosen)
published, few = read.published(chosen), read.provisional_under(chosen.frame.as_at)
course = tiles.Courses(read.to_date(viewer, chosen), weekly, read.coverage_by_week(viewer, chosen))
members = narrowing.children_of(viewer, chosen)
shown = tiles.Shown(read.stood(viewer, chosen), course, published, members, few)

tiles.headline(shown)
tiles.against(chosen, shown)
parts.what_moved(compared)
tiles.bands(shown)

over_time, with_and_without = st.columns(2, gap="large")
with over_time:
    parts.trend(weekly, published, chosen.frame.end)
with with_and_without:
    codes.draw(viewer, chosen, compared, courses, few)

views.draw(viewer, chosen, compared, courses)
lists.listing(viewer, chosen, compared, courses, few)

"""Who misses school, how much, and is it getting worse?"""

import streamlit as st

from vs_core import access
from vs_core.rules import attendance_course
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals, narrowing
from vs_core.ui.load import attendance as read
from vs_core.ui.parts import attendance as parts
from vs_core.ui.parts import attendance_views as views
from vs_core.ui.parts import comparing

viewer = access.require("attendance")

st.title("Attendance")
chosen = filters.choose("attendance", load.today(), load.half_terms(), viewer=viewer, while_in_care=True)
fresh = arrivals.of_subject("attendance", chosen.frame)
compared = read.compared(viewer, chosen)
complete = parts.coverage(arrivals.of_marks(viewer, chosen.frame)) if fresh.known_on else ""
freshness.caption(chosen.frame, fresh.known_on, "Registers", complete)
if comparing.is_empty(compared, "children", fresh):
    st.stop()

rows = compared.now.rows["children"]
weeks = read.weeks(viewer, chosen)
weekly, courses = attendance_course.by_week(weeks), read.courses(viewer, chosen)
published = read.published(chosen)

members = narrowing.children_of(viewer, chosen)
parts.figures_row(compared, read.to_date(viewer, chosen), weekly, published, members)
parts.what_moved(compared)

over_time, spread = st.columns([3, 2], gap="large")
with over_time:
    parts.trend(weekly, published, chosen.frame.end)
with spread:
    parts.bands(rows)

views.draw(viewer, chosen, compared, courses)
parts.listing(viewer, chosen, compared, courses, read.provisional_under(chosen.frame.as_at))

"""Who are our children, and who came and went?"""

import streamlit as st

from vs_core import access
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals
from vs_core.ui.load import cohort as read
from vs_core.ui.parts import cohort as parts
from vs_core.ui.parts import comparing

viewer = access.require("cohort")

st.title("Cohort")
chosen = filters.choose("cohort", load.today(), load.half_terms(), viewer=viewer)
fresh = arrivals.of_subject("cohort", chosen.frame)
compared = read.compared(viewer, chosen)
freshness.caption(chosen.frame, fresh.known_on, "Files about children")
if comparing.is_empty(compared, "roll", fresh):
    st.stop()

rows = compared.now.rows["roll"]
parts.figures_row(compared, read.recent_weeks(viewer, chosen, rows), chosen.frame)
parts.what_stands_out(rows)

divided, months = st.columns([3, 2], gap="large")
with divided:
    grouped = parts.roll(viewer, rows, chosen.frame)
with months:
    parts.moves(read.joined_and_left(viewer, chosen, rows))

parts.listing(viewer, chosen, compared, grouped)

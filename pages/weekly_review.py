"""What changed since last Monday, what needs a decision, and where do we stand?"""

import streamlit as st

from vs_core import access
from vs_core.ui import downloads, filters, load
from vs_core.ui.filters import Chosen
from vs_core.ui.load import weekly_review as read
from vs_core.ui.parts import weekly_decisions as decisions
from vs_core.ui.parts import weekly_review as parts

viewer = access.require("weekly_review")

today = load.today()
with parts.title_row():
    st.title("Weekly review")
    as_at, known_on = filters.choose_day(today)
    downloads.take_away(viewer, as_at, known_on)
with st.spinner("Reading this week and the week before"):
    changes = read.compared(viewer, as_at, known_on)
frame = changes["attendance"].now.frame
registers = read.registers(viewer, frame)
parts.heading(frame, registers)
if parts.is_empty(changes):
    st.stop()

matters, notes = read.matters(viewer, changes, registers)
open_actions = changes["actions"].now.rows["actions"]
decisions.draw(viewer, (matters, notes), open_actions, read.clock(frame), today if as_at == today else None)

seen = read.attendance(viewer, frame, registers.start)
parts.figures_row(changes, read.courses(viewer, changes), seen, registers.start)

chosen = Chosen(frame)
changed, over_time = st.columns(2, gap="large")
with changed:
    parts.since_last_week(viewer, chosen, read.since_last_week(changes))
with over_time:
    parts.trend(seen, registers.end)

parts.behind(viewer, chosen, changes, matters)

"""Are the seats filled, who does not come, who waits, and which schools were never reached?"""

import streamlit as st

from vs_core import access
from vs_core.ui import filters, freshness, load, sentences
from vs_core.ui.load import arrivals
from vs_core.ui.load import training as read
from vs_core.ui.parts import training as parts

viewer = access.require("training")

st.title("Training")
chosen = filters.choose("training", load.today(), load.half_terms())
fresh = arrivals.of_subject("training", chosen.frame)
freshness.caption(chosen.frame, fresh.known_on, "Courses and bookings")
compared, ahead = read.compared(viewer, chosen), read.to_come(chosen.frame)
training = compared.now
if training.rows["sessions"].empty and ahead.empty:
    sentences.nothing("training")
    st.stop()

schools = read.schools(viewer, chosen.frame)
parts.needs(ahead, schools, chosen.frame.as_at)
parts.figures_row(compared, ahead, schools, read.schools_before(viewer, compared))
parts.to_come(viewer, chosen, ahead)
parts.fill(training)
parts.coverage(viewer, chosen, schools)
parts.listing(viewer, chosen, training)

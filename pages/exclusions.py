"""Who is sent home, why, and who comes near a limit?"""

import streamlit as st

from vs_core import access
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals, narrowing
from vs_core.ui.load import exclusions as read
from vs_core.ui.parts import comparing
from vs_core.ui.parts import exclusions as parts

viewer = access.require("exclusions")

st.title("Suspensions and exclusions")
chosen = filters.choose("exclusions", load.today(), load.half_terms(), viewer=viewer)
fresh = arrivals.of_subject("exclusions", chosen.frame)
compared = read.compared(viewer, chosen)
freshness.caption(chosen.frame, fresh.known_on, "Notices", parts.last_notice(fresh))
if comparing.is_unknown(compared, "suspensions"):
    st.stop()

term = read.term_now(chosen.frame)
limits = read.limits(chosen.frame.end)
meanings = arrivals.meanings("suspension_reason", chosen.frame.end)
days = parts.days_by_child(read.this_year(viewer, chosen), term)
weekly = parts.by_week(compared.now.rows["notices"], chosen.frame.start, chosen.frame.end)

parts.figures_row(compared, weekly, narrowing.children_of(viewer, chosen))
parts.what_moved(compared, days, limits)

over_time, why = st.columns(2, gap="large")
with over_time:
    by_term = parts.over_time_choice() == parts.BY_TERM
    parts.over_time(weekly, parts.by_term(read.years(viewer, chosen), term) if by_term else None)
with why:
    parts.by_reason(compared.now, meanings)

parts.limits(days, limits)
parts.listing(viewer, chosen, compared, meanings)

"""Does the year's Pupil Premium Plus reach children, what waits, and what would go back on 31 March?"""

import streamlit as st

from vs_core import access
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals
from vs_core.ui.load import pp_plus as read
from vs_core.ui.parts import pp_checks as checks
from vs_core.ui.parts import pp_income
from vs_core.ui.parts import pp_plus as parts
from vs_core.ui.parts import pp_policy as policy
from vs_core.ui.parts import pp_waiting as waiting

viewer = access.require("pp_plus")

st.title("Pupil Premium Plus")
parts.stop_without_money(viewer)
chosen = filters.choose("pp-plus", load.today(), load.half_terms(), cohorts=("in care",), viewer=viewer)
fresh = arrivals.of_subject("pp-plus", chosen.frame)
freshness.caption(chosen.frame, fresh.known_on, "Allocations, requests and payments")
compared = read.compared(viewer, chosen)
money = compared.now
if parts.is_empty(money):
    policy.draw(viewer, chosen)
    st.stop()

left = read.year_end(chosen.frame)
parts.needs(money, left)
parts.figures_row(compared, left, read.unconfirmed_rate(chosen.frame))
pp_income.draw(money, left.top_slice_percent)

over_time, by_state = st.columns([3, 2], gap="large")
with over_time:
    parts.burn_down(money)
with by_state:
    parts.states(money)

waiting.draw(viewer, chosen)
checks.draw(viewer, chosen)
parts.without_spend(money)
parts.listing(viewer, chosen, money)
policy.draw(viewer, chosen)

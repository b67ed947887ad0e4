"""Does the year's Pupil Premium Plus reach children, what waits, and what would go back on 31 March?"""

import streamlit as st

from vs_core import access
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals
from vs_core.ui.load import pp_plus as read
from vs_core.ui.parts import pp_burn as burn
from vs_core.ui.parts import pp_came as came
from vs_core.ui.parts import pp_checks as checks
from vs_core.ui.parts import pp_funds as funds
from vs_core.ui.parts import pp_income, pp_parts
from vs_core.ui.parts import pp_plus as parts
from vs_core.ui.parts import pp_policy as policy
from vs_core.ui.parts import pp_spend as spend
from vs_core.ui.parts import pp_tiles as tiles
from vs_core.ui.parts import pp_waiting as waiting
from vs_core.ui.parts import pp_without as without

viewer = access.require("pp_plus")

st.title("Pupil Premium Plus")
parts.stop_without_money(viewer)
chosen = filters.choose("pp-plus", load.today(), load.half_terms(), cohorts=("in care",), viewer=viewer)
fresh = arrivals.of_subject("pp-plus", chosen.frame)
freshness.caption(chosen.frame, fresh.known_on, "Allocations, requests and payments")
with st.spinner("Adding up notices, requests and payments"):
    compared = read.compared(viewer, chosen)
money = compared.now
if parts.is_empty(money):
    policy.draw(viewer, chosen)
    st.stop()

left = read.year_end(chosen.frame)
shown = pp_parts.choose()
if shown == pp_parts.BURN_DOWN:
    parts.needs(money, left)
    with st.spinner("Reading what is ready for the next payment run"):
        tiles.glance(viewer, chosen, compared, left)
    burn.draw(chosen)
    tiles.of_the_year(compared, left, read.unconfirmed_rate(chosen.frame))
    pp_income.draw(viewer, money, left.top_slice_percent)
elif shown == pp_parts.REQUESTS:
    parts.states(money)
    with st.spinner("Reading every request of the year, and why it is not paid"):
        waiting.draw(viewer, chosen)
elif shown == pp_parts.SPEND:
    spend.draw(viewer, chosen)
    funds.draw(viewer, chosen, money)
elif shown == pp_parts.CAME:
    came.draw(viewer, chosen)
elif shown == pp_parts.OUTSIDE:
    with st.spinner("Holding every request of the year against the policy"):
        checks.draw(viewer, chosen)
elif shown == pp_parts.NOTHING:
    without.draw(viewer, chosen, money)
elif shown == pp_parts.BEHIND:
    parts.listing(viewer, chosen, money)
else:
    policy.draw(viewer, chosen)

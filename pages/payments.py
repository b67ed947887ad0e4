"""Which requests can be paid now, what stands in which batch, and has finance paid what was released?"""

import streamlit as st

from vs_core import access
from vs_core.ui import freshness, load
from vs_core.ui.load import arrivals
from vs_core.ui.load import payments as read
from vs_core.ui.parts import payments as parts
from vs_core.ui.parts import payments_answer as answer
from vs_core.ui.parts import payments_batch as batch
from vs_core.ui.parts import payments_build as build
from vs_core.ui.parts import payments_payees as payees
from vs_core.ui.parts import payments_request as request

viewer = access.require("payments")

st.title("Payments")
part = parts.part()
desk = parts.Desk(viewer, read.book(viewer, load.today()), load.today())
fresh = arrivals.of_subject("pp-plus", desk.frame)
freshness.caption(desk.frame, fresh.known_on, "Requests and payments")
parts.said()
if parts.is_empty(desk):
    st.stop()
draw = {
    parts.TO_PAY: build.draw,
    parts.BATCHES: batch.draw,
    parts.ANSWER: answer.draw,
    parts.PAYEES: payees.draw,
    parts.REQUEST: request.draw,
}
draw[part](desk)

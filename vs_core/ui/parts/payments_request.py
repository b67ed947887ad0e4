"""One request on its way: each step with its day and who did it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from vs_core.rules import payment_chain as chain
from vs_core.rules.payables import Payable
from vs_core.rules.pp_plus import pounds
from vs_core.ui import address, tables, words
from vs_core.ui.parts.payments import Desk
from vs_core.ui.tables import Column

REQUEST = "request"
STEPS = (
    Column("on", "Day", "date"),
    Column("what", "Step"),
    Column("by", "Who", names_people=True),
    Column("said", "More"),
)
NONE_OPEN = (
    "Choose a request by its number, school or child: approved ones that are due, and all that were ever in a batch."
)


def draw(desk: Desk) -> None:
    """The choice of a request and its steps."""
    own = sorted((of for of in desk.book.payables if of.is_listed), key=lambda of: of.request_id)
    options = {str(of.key): f"{of.request_id}, {of.place}, {of.child}" for of in own}
    key = address.choose("Request", options, REQUEST, none="Choose a request", width=520)
    if not key:
        st.caption(NONE_OPEN)
        return
    _steps(desk, next(of for of in own if str(of.key) == key))


def _steps(desk: Desk, of: Payable) -> None:
    lines = desk.book.lines_of_request.get(of.request_id, [])
    answers = desk.book.answers_of_request.get(of.request_id, [])
    state = chain.state(of, lines, answers, desk.book.authority)
    st.subheader(words.plain(f"{of.request_id}: {state}"))
    about = [of.child, of.place, of.term or "", of.intervention or "", f"approved {pounds(of.approved_pence)}"]
    st.caption(words.plain(" · ".join(part for part in about if part)))
    steps = chain.steps(of, lines, answers, desk.book.authority, desk.today)
    frame = pd.DataFrame([{"is_listed": True, **vars(step)} for step in steps])
    tables.listing(
        frame, tables.seen(STEPS, desk.viewer), key="steps", alt="Steps of the request", noun=("step", "steps")
    )

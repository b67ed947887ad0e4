"""The parts of the Pupil Premium Plus page: one is shown, and only what it shows is read."""

from __future__ import annotations

import streamlit as st

BURN_DOWN, REQUESTS, OUTSIDE = "Burn-down", "Requests", "Outside the policy"
SPEND, CAME = "Where it goes", "What came of it"
NOTHING, BEHIND, POLICY = "Nothing requested", "Behind the figures", "Rates and policy"
PARTS = (BURN_DOWN, REQUESTS, OUTSIDE, SPEND, CAME, NOTHING, BEHIND, POLICY)
_OF_A_PART = {
    "stage": REQUESTS,
    "outside": OUTSIDE,
    "spend": SPEND,
    "spend_of": SPEND,
    "without": NOTHING,
    "without_of": NOTHING,
    "behind": BEHIND,
    "policy": POLICY,
}
"""What an address may choose within a part, and which: such an address opens it."""


def choose() -> str:
    """Which part is shown, in the address."""
    if "part" not in st.session_state and "part" not in st.query_params:
        st.session_state["part"] = next(
            (part for name, part in _OF_A_PART.items() if name in st.query_params), BURN_DOWN
        )
    chosen = st.segmented_control(
        "Part of the page", PARTS, key="part", label_visibility="collapsed", required=True, bind="query-params"
    )
    return chosen if chosen in PARTS else BURN_DOWN

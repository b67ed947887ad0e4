"""What was just done, said to who did it: it stays for a while, so that a second click does not take it away."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from vs_core.ui import words

STAYS_SECONDS = 10.0


def keep(about: str, what: Any) -> None:
    """Keep what is to be said. about: what it belongs to, among all that this tab says."""
    st.session_state[about] = time.monotonic(), what


def lately(about: str) -> Any:
    """What was kept within the last STAYS_SECONDS; None when there is nothing, or nothing any more."""
    at, what = st.session_state.get(about, (0.0, None))
    if what is not None and time.monotonic() - at > STAYS_SECONDS:
        del st.session_state[about]
        return None
    return what


def show(about: str) -> None:
    """The sentence kept about something, while it is new."""
    if sentence := lately(about):
        st.success(words.plain(sentence), icon=":material/check:")

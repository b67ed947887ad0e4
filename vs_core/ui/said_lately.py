"""What was just done, said to who did it: it stays for a while, so that a second click does not take it away."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import streamlit as st

from vs_core.ui import words

STAYS_SECONDS = 10.0


@dataclass
class Told:
    """What is to be said, whether it worked, and since when."""

    what: Any = None
    worked: bool = True
    at: float = 0.0

    def say(self, what: Any, *, worked: bool = True) -> None:
        """Touches nothing of Streamlit's: a second click, which ends the run, cannot come between deed and word."""
        self.what, self.worked, self.at = what, worked, time.monotonic()


def about(place: str) -> Told:
    """Where is told what was done about something. To be asked for before it is done."""
    told: Told = st.session_state.setdefault(place, Told())
    return told


def lately(place: str) -> Told | None:
    """What was told within the last STAYS_SECONDS; None when there was nothing."""
    told = about(place)
    if told.what is not None and time.monotonic() - told.at > STAYS_SECONDS:
        told.what = None
    return None if told.what is None else told


def show(place: str) -> None:
    """The sentence told about something, while it is new."""
    told = lately(place)
    if told is None:
        return
    if told.worked:
        st.success(words.plain(told.what), icon=":material/check:")
    else:
        st.error(words.plain(told.what), icon=":material/error:")

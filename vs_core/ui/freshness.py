"""How fresh and how complete the figures are, in one line under a page's title."""

from datetime import date

import streamlit as st

from vs_core.rules.frame import Frame
from vs_core.ui import words


def caption(frame: Frame, delivered_on: date | None, source: str, coverage: str = "") -> None:
    """Draw the line of `sentence`."""
    st.caption(words.plain(sentence(frame, delivered_on, source, coverage)))


def sentence(frame: Frame, delivered_on: date | None, source: str, coverage: str = "") -> str:
    """`As at 20 Nov 2026, as known today. Registers last arrived on 20 Nov 2026. 97% of marks in, 3 schools missing.`

    source: what arrives, as a plural (`Registers`); delivered_on: None when it never has; coverage: a clause or empty.
    """
    known = f"as known on {words.long_day(frame.known_on)}" if frame.known_on else "as known today"
    arrived = f"last arrived on {words.long_day(delivered_on)}" if delivered_on else "have not arrived yet"
    parts = [f"As at {words.long_day(frame.as_at)}, {known}", f"{source} {arrived}", *([coverage] if coverage else [])]
    return ". ".join(parts) + "."

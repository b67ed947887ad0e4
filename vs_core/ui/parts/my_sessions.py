"""One's own sessions: how long they last, where one is signed in, and the ending of all others."""

from __future__ import annotations

import streamlit as st

from vs_core.access import administering
from vs_core.access.viewer import Viewer
from vs_core.settings import settings
from vs_core.ui import words
from vs_core.ui.load import people as read
from vs_core.ui.parts import people_sessions, people_told
from vs_core.ui.parts.people_told import Told


def show(viewer: Viewer) -> None:
    """The part of the page."""
    rules = settings()
    st.subheader("Where you are signed in")
    people_told.say()
    st.markdown(
        f"A session ends by itself after {words.counted(rules.idle_minutes, 'minute')} in which you do nothing, and"
        f" after {words.counted(rules.absolute_hours, 'hour')} in any case. What you were writing then is kept for you."
    )
    rows = read.own_sessions(viewer)
    people_sessions.listing(rows, people_sessions.COLUMNS)
    others = int(rows["this"].isna().sum())
    if st.button(
        "Sign out everywhere else", icon=":material/logout:", key="sign out everywhere else", disabled=not others
    ):
        people_told.changed(lambda: _others_ended(viewer))


def _others_ended(viewer: Viewer) -> Told:
    number = administering.end_own_others(viewer)
    return Told(f"{words.counted(number, 'other session has', 'other sessions have').capitalize()} ended.")

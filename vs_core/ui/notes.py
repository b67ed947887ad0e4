"""Text areas for notes: what was being written when a session ended is there again for its writer."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from vs_core.access import drafts, sessions
from vs_core.access.viewer import Viewer
from vs_core.store.engine import retried, writing
from vs_core.ui import words


def text_area(viewer: Viewer, label: str, key: str, *, most_characters: int, start: str = "") -> str:
    """A text area for a note. key: names the field among all of the product, without a name of a person; start: what
    stands in it at first, unless the viewer was writing there and never saved."""
    widget = f"{drafts.PREFIX}{key}"
    told = f"told of {widget}"
    if widget not in st.session_state:
        field = drafts.field_of(widget)
        found = retried(lambda connection: drafts.kept(connection, viewer.user_id, field))
        st.session_state[widget] = found[0][:most_characters] if found else start
        st.session_state[told] = _when(found[1]) if found else ""
    text = st.text_area(label, max_chars=most_characters, key=widget)
    if st.session_state.get(told):
        st.caption(f"You were writing this on {st.session_state[told]} and had not saved it.")
    return text


def _when(at: datetime) -> str:
    local = at.astimezone()
    return f"{words.long_day(local.date())} at {local:%H:%M}"


def emptied(viewer: Viewer, *keys: str) -> None:
    """The notes of these fields are saved now, and the fields are empty when they are drawn again."""
    saved(viewer, *keys)
    for key in keys:
        st.session_state.pop(f"{drafts.PREFIX}{key}", None)


def saved(viewer: Viewer, *keys: str) -> None:
    """The notes of these fields are saved now: nothing is kept for them any more."""
    with writing() as connection:
        for key in keys:
            field = drafts.field_of(f"{drafts.PREFIX}{key}")
            drafts.saved(connection, viewer.user_id, field, sessions.now())
            st.session_state.pop(f"told of {drafts.PREFIX}{key}", None)

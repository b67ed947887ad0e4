"""Which child a page is asked for, and the trail of it: once an opening, before anything of the child is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from vs_core.access import openings, sessions
from vs_core.access.viewer import Viewer
from vs_core.ui.load import child as read

PARAMETER = "child"
AGAIN_AFTER = timedelta(minutes=15)
_LAST = "last opening"


@dataclass(frozen=True)
class Asked:
    """child_key: the child that may be shown; refused: one was asked for that may not, or that there is not."""

    child_key: int | None = None
    refused: bool = False


@dataclass(frozen=True)
class _Opening:
    session_id: str
    child_key: int | None
    refused: bool
    at: datetime


def asked(viewer: Viewer) -> Asked:
    """What the address asks for. The event is written at the first run of an opening, at the runs that follow it only
    after a quarter of an hour; going back to the search ends it."""
    given = st.query_params.get_all(PARAMETER)
    if not given:
        if st.session_state.pop(_LAST, None):
            _say_in_the_address()
        return Asked()
    child_key = openings.key_of(given)
    return noted(viewer, child_key, _say_in_the_address)


def noted(viewer: Viewer, child_key: int | None, when_new: Callable[[], None] | None = None) -> Asked:
    """Whether a child that somebody asks for may be shown; the trail says of a new opening, and of one that is refused,
    before anything of the child is sent."""
    refused = child_key is None or not read.may_open(viewer, child_key)
    if _is_new(viewer, child_key, refused):
        at = sessions.now()
        if refused or child_key is None:
            openings.refused(viewer, child_key)
        else:
            openings.opened(viewer, child_key, at)
            if when_new:
                when_new()
        st.session_state[_LAST] = _Opening(viewer.session_id, child_key, refused, at)
    return Asked(None, True) if refused else Asked(child_key)


def _say_in_the_address() -> None:
    """The browser is told what is asked for: it does not change its address by itself when a link leads from this page
    to this page."""
    st.query_params.update({})


def close() -> None:
    """Nobody's page is asked for any longer."""
    st.query_params.pop(PARAMETER, None)


def _is_new(viewer: Viewer, child_key: int | None, refused: bool) -> bool:
    last: _Opening | None = st.session_state.get(_LAST)
    same = last is not None and (last.session_id, last.child_key, last.refused) == (
        viewer.session_id,
        child_key,
        refused,
    )
    return last is None or not same or sessions.now() - last.at >= AGAIN_AFTER

"""What came of a change of people: said on the next run, so that the page already shows the change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from vs_core.access.users import UserError
from vs_core.ui import said_lately, words

TOLD = "people told"
CHANGES = "changes of people"


@dataclass(frozen=True)
class Told:
    """sentence: what happened; password: of `name`, to be shown until it has been noted."""

    sentence: str
    name: str = ""
    password: str = ""

    def __str__(self) -> str:
        return self.sentence


def changed(change: Callable[[], Told]) -> None:
    """Make a change, keep what came of it and draw the page anew."""
    told = said_lately.about(TOLD)
    try:
        told.say(change())
    except (UserError, PermissionError) as refusal:
        told.say(Told(str(refusal)), worked=False)
    st.session_state[CHANGES] = changes() + 1
    st.rerun()


def changes() -> int:
    """How many changes were made so far: as part of a field's key, it empties the field after each."""
    return int(st.session_state.get(CHANGES, 0))


def say() -> None:
    """What came of the last change. A password stays until its reader says that it is noted, then it is gone."""
    kept: Told | None = said_lately.about(TOLD).what
    if kept is not None and kept.password:
        _password(kept)
    else:
        said_lately.show(TOLD)


def _password(told: Told) -> None:
    st.success(words.plain(told.sentence), icon=":material/check:")
    with st.container(border=True):
        st.markdown(f"Password of **{words.plain(told.name)}**, shown this once and kept nowhere:")
        st.code(told.password, language=None)
        st.caption("Hand it over in person or by telephone, never together with the sign-in name in one message.")
        st.button("It is noted", icon=":material/check:", on_click=_forget, key="password noted")


def _forget() -> None:
    st.session_state.pop(TOLD, None)

"""The change of one's own password."""

from __future__ import annotations

import streamlit as st

from vs_core.access import own_password, passwords
from vs_core.access.open_tabs import TABS
from vs_core.access.users import UserError
from vs_core.access.viewer import Viewer
from vs_core.settings import settings
from vs_core.ui.parts import people_told
from vs_core.ui.parts.people_told import Told


def show(viewer: Viewer) -> None:
    """The part of the page; nothing where nobody comes in with a password."""
    if not settings().password_sign_in:
        return
    with (
        st.expander("Change my password", icon=":material/key:"),
        st.form("own password", clear_on_submit=True, border=False),
    ):
        old = _password("Present password", "current-password")
        new = _password("New password", "new-password")
        again = _password("New password once more", "new-password")
        st.caption(f"{passwords.SHORTEST} to {passwords.LONGEST} characters; several words make a good one.")
        pressed = st.form_submit_button("Change my password", icon=":material/check:")
    if pressed:
        people_told.changed(lambda: _changed(viewer, old, new, again))


def _password(label: str, autocomplete: str) -> str:
    return st.text_input(
        label,
        type="password",
        max_chars=passwords.LONGEST,
        autocomplete=autocomplete,
        key=f"own {label} {people_told.changes()}",
        width=420,
    )


def _changed(viewer: Viewer, old: str, new: str, again: str) -> Told:
    if new != again:
        raise UserError("The new password is not the same both times.")
    own_password.change(viewer, old, new, settings())
    TABS.check_soon()
    return Told("Your password is changed. Your sessions in other browsers have ended.")

"""Somebody new who may sign in."""

from __future__ import annotations

import streamlit as st

from vs_core.access import administering
from vs_core.access.administering import Place
from vs_core.access.viewer import Viewer
from vs_core.settings import settings
from vs_core.ui.parts import people_place, people_told
from vs_core.ui.parts.people_told import Told

LONGEST_NAME, LONGEST_DISPLAY_NAME = 100, 200
NUMBER = "number of somebody new"


def show(viewer: Viewer) -> None:
    """The part of the page. Each person has fields of their own, which are empty at the start."""
    people_told.say()
    number = st.session_state.setdefault(NUMBER, 0)
    with st.container(border=True):
        name = _text(
            "Sign-in name",
            LONGEST_NAME,
            f"new name {number}",
            "What the person types, without regard to capitals. It stays the same for good.",
        )
        display_name = _text("Name that others see", LONGEST_DISPLAY_NAME, f"new display name {number}")
        place = people_place.fields(viewer, f"of somebody new {number}")
        sso_name, no_password = _single_sign_on(number)
        if st.button("Add", type="primary", icon=":material/person_add:", key="add", disabled=place is None) and place:
            people_told.changed(lambda: _added(viewer, name, display_name, place, sso_name, no_password))


def _text(label: str, longest: int, key: str, meaning: str | None = None) -> str:
    return st.text_input(label, max_chars=longest, key=key, help=meaning, autocomplete="off", width=420)


def _single_sign_on(number: int) -> tuple[str, bool]:
    """The name at the council's single sign-on, and whether the person comes in that way only; where it is set up."""
    if settings().single_sign_on is None:
        return "", False
    name = _text(
        "Name at the council's single sign-on",
        LONGEST_DISPLAY_NAME,
        f"new single sign-on name {number}",
        "As the council account is called. At the first sign-in the account is linked for good.",
    )
    only = st.checkbox("Comes in that way only, without a password", key=f"no password {number}", disabled=not name)
    return name, bool(only and name)


def _added(
    viewer: Viewer, name: str, display_name: str, place: Place, sso_name: str = "", no_password: bool = False
) -> Told:
    password = administering.add(viewer, name, display_name, place, sso_name, no_password=no_password)
    st.session_state[NUMBER] += 1
    return Told(f"{display_name.strip() or name.strip()} may sign in.", name=name.strip(), password=password)

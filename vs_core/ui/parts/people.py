"""Everybody who may sign in, and what an administrator changes about one of them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from vs_core.access import administering
from vs_core.access.administering import Place
from vs_core.access.users import UserError
from vs_core.access.viewer import Viewer
from vs_core.settings import settings
from vs_core.ui import tables, words
from vs_core.ui.load import people as read
from vs_core.ui.parts import people_place, people_told
from vs_core.ui.parts.people_told import Told
from vs_core.ui.tables import Column

EVERYBODY, NEW, SESSIONS = "Everybody", "Add somebody", "Signed in now"
COLUMNS = (
    Column("display_name", "Name"),
    Column("name", "Sign-in name"),
    Column("role_title", "Role"),
    Column("caseload", "Caseload", help="The adviser whose children an adviser sees, as the children file has it"),
    Column("sees_restricted", "Restricted children", "yes or no", "May see children whose whereabouts are restricted"),
    Column("state", "State"),
    Column("last_seen", "Last seen"),
    Column("how", "How", help="How the person signed in then"),
    Column("sso", "Single sign-on", help="Whether the council's single sign-on knows the person"),
)


@dataclass(frozen=True)
class Person:
    """A person who may sign in, as far as it is for changing them. adviser: the caseload; is_self: the viewer; sso: of
    the single sign-on, in words; is_linked: it knows the person for good."""

    name: str
    display_name: str
    role: str
    adviser: str | None
    sees_restricted: bool
    disabled: bool
    is_self: bool
    sso: str | None
    is_linked: bool


def choose() -> str:
    """The part that is shown, kept in the address."""
    parts = [EVERYBODY, NEW, SESSIONS]
    chosen = st.segmented_control(
        "Part of the page", parts, default=EVERYBODY, key="part", label_visibility="collapsed", bind="query-params"
    )
    return chosen if chosen in parts else EVERYBODY


def show(viewer: Viewer) -> None:
    """The part of the page."""
    people_told.say()
    rows = read.everybody(viewer)
    tables.listing(
        rows,
        COLUMNS,
        key="people",
        alt="People who may sign in, with role, caseload, state and when they were last seen",
        noun=("person", "people"),
        empty="Nobody may sign in yet.",
    )
    labels = dict(zip(rows["name"], rows["display_name"] + " (" + rows["name"] + ")", strict=True))
    name = st.selectbox(
        "Change somebody",
        list(labels),
        index=None,
        format_func=lambda name: labels.get(name, name),
        placeholder="Choose a person",
        filter_mode="contains",
        key="person to change",
        width=420,
    )
    chosen = rows[rows["name"] == name]
    if chosen.empty:
        st.caption("Another role, a new password, or no way in any more: choose the person first.")
    else:
        _one(viewer, _person(viewer, chosen.iloc[0]))


def _person(viewer: Viewer, row: pd.Series) -> Person:
    return Person(
        name=str(row["name"]),
        display_name=str(row["display_name"]),
        role=str(row["role"]),
        adviser=_text(row["caseload_adviser"]),
        sees_restricted=bool(row["sees_restricted"]),
        disabled=bool(row["disabled"]),
        is_self=int(row["id"]) == viewer.user_id,
        sso=_text(row["sso"]),
        is_linked=not pd.isna(row["sso_linked_at"]),
    )


def _text(cell: object) -> str | None:
    """A cell's text; an empty cell of a frame is no text, and not false either."""
    return cell if isinstance(cell, str) and cell else None


def _one(viewer: Viewer, person: Person) -> None:
    with st.container(border=True):
        st.subheader(words.plain(person.display_name))
        if person.is_self:
            st.info("This is you. Another administrator changes your role.", icon=":material/person:")
            return
        _place(viewer, person)
        with st.container(horizontal=True):
            _password(viewer, person)
            _account(viewer, person)
            _door(viewer, person)


def _place(viewer: Viewer, person: Person) -> None:
    now = Place(person.role, person.adviser, person.sees_restricted)
    wanted = people_place.fields(viewer, f"of {person.name}", now)
    st.caption("A change ends this person's sessions and is written to the trail.")
    if st.button("Change", type="primary", icon=":material/check:", key=f"change {person.name}") and wanted:
        people_told.changed(lambda: _placed(viewer, person, now, wanted))


def _placed(viewer: Viewer, person: Person, now: Place, wanted: Place) -> Told:
    if wanted == now:
        raise UserError("Nothing was changed: these are the role, caseload and sight that the person has.")
    administering.give_place(viewer, person.name, wanted)
    return Told(f"{person.display_name} has been changed and signs in anew.")


def _password(viewer: Viewer, person: Person) -> None:
    if not settings().password_sign_in:
        return
    with st.popover("New password", icon=":material/key:", key=f"password of {person.name}"):
        st.markdown("The password so far stops working, and every session of this person ends.")
        if st.button("Make a new password", key=f"reset {person.name}"):
            people_told.changed(lambda: _with_password(viewer, person))


def _with_password(viewer: Viewer, person: Person) -> Told:
    password = administering.reset(viewer, person.name)
    return Told(f"{person.display_name} has a new password.", name=person.name, password=password)


def _account(viewer: Viewer, person: Person) -> None:
    if settings().single_sign_on is None:
        return
    with st.popover("Council account", icon=":material/badge:", key=f"account of {person.name}"):
        if person.sso:
            st.markdown(f"Single sign-on: {words.plain(person.sso)}.")
            if st.button("Take it away", key=f"unlink {person.name}"):
                people_told.changed(lambda: _unlinked(viewer, person))
        if not person.is_linked:
            name = st.text_input("Name at the council's single sign-on", max_chars=300, key=f"sso of {person.name}")
            if st.button("Give this name", key=f"name {person.name}") and name:
                people_told.changed(lambda: _named(viewer, person, name))


def _unlinked(viewer: Viewer, person: Person) -> Told:
    administering.unlink(viewer, person.name)
    return Told(f"{person.display_name} has no council account here any more.")


def _named(viewer: Viewer, person: Person, name: str) -> Told:
    administering.name_at_single_sign_on(viewer, person.name, name)
    return Told(f"{person.display_name} is linked to that council account at the next sign-in.")


def _door(viewer: Viewer, person: Person) -> None:
    if person.disabled:
        if st.button("Let in again", icon=":material/lock_open:", key=f"enable {person.name}"):
            people_told.changed(lambda: _enabled(viewer, person))
        return
    with st.popover("Let in no longer", icon=":material/block:", key=f"door of {person.name}"):
        st.markdown("This person's open tabs close within seconds. What they did stays on the trail.")
        if st.button("Let in no longer", key=f"disable {person.name}"):
            people_told.changed(lambda: _disabled(viewer, person))


def _enabled(viewer: Viewer, person: Person) -> Told:
    administering.enable(viewer, person.name)
    return Told(f"{person.display_name} may sign in again.")


def _disabled(viewer: Viewer, person: Person) -> Told:
    administering.disable(viewer, person.name)
    return Told(f"{person.display_name} may sign in no longer.")

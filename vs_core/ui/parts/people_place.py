"""Fields for what a person is to the dashboard: role, caseload, restricted children."""

from __future__ import annotations

import streamlit as st

from vs_core.access import roles
from vs_core.access.administering import Place
from vs_core.access.viewer import Viewer
from vs_core.ui.load import people

LONGEST_NAME = 200


def fields(viewer: Viewer, key: str, now: Place | None = None) -> Place | None:
    """Role, caseload and sight of restricted children; None until a role is chosen. now: what the person is so far.

    A caseload is chosen from the advisers whom the children file names, or typed where that has not come yet."""
    names = list(roles.ROLES)
    role = st.selectbox(
        "Role",
        names,
        index=names.index(now.role) if now else None,
        format_func=lambda name: roles.ROLES[name].title if name in roles.ROLES else name,
        placeholder="Choose",
        filter_mode=None,
        key=f"role {key}",
        width=420,
    )
    if role is None:
        return None
    st.caption(roles.ROLES[role].meaning)
    adviser = _caseload(viewer, key, now) if roles.ROLES[role].own_caseload else None
    restricted = st.checkbox(
        "May see restricted children",
        value=now.sees_restricted if now else False,
        key=f"restricted {key}",
        help="Children whose whereabouts are restricted are hidden from everybody who is not named for them here.",
    )
    return Place(role, adviser, restricted)


def _caseload(viewer: Viewer, key: str, now: Place | None) -> str | None:
    known = people.advisers(viewer)
    own = now.adviser if now else None
    options = sorted({*known, *([own] if own else [])})
    chosen = st.selectbox(
        "Caseload",
        options,
        index=options.index(own) if own else None,
        accept_new_options=True,
        placeholder="Choose, or type the name as the children file has it",
        key=f"caseload {key}",
        help="The adviser's name as the children file has it: this person sees the children of that adviser.",
        width=420,
    )
    return str(chosen)[:LONGEST_NAME] if chosen else None

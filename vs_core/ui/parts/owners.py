"""Who is to do something: a person to choose."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from vs_core.access import roles

ATTENDANCE = "inclusion"
"""The role of those who work with attendance."""


def choose(
    label: str, people: Mapping[str, str], key: str, *, first: str | None, role: str, usual: str | None = None
) -> str:
    """A name of `people` (role by name); empty where there is nobody. Listed are `first`, then those of the role, then
    the others; usual: who is chosen at first, else the first of the list."""
    names = sorted(people, key=lambda name: (name != first, people[name] != role, name))
    titles = {name: f"{name} · {roles.ROLES[own].title}" for name, own in people.items()}
    place = names.index(usual) if usual in names else 0
    return st.selectbox(label, names, place, lambda name: titles.get(name, name), key=key) or ""

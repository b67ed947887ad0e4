"""A choice whose list shows names, and which stands in the address by a key that names nobody.

The address holds the choice and nothing else does: what is drawn follows it, and who chooses changes it. A widget bound
to the address would write there what its list shows."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st


def choose(label: str, options: Mapping[str, str], parameter: str, *, none: str, width: int) -> str:
    """A list to choose from, by mouse or keyboard. options: label by key; none: what it says when nothing is chosen.

    Gives the key of the address if it is among the options, else an empty text."""
    asked = of(parameter)
    chosen = asked if asked in options else ""
    widget = f"{parameter} by name"
    st.session_state[widget] = chosen or None
    st.selectbox(
        label,
        list(options),
        index=None,
        format_func=lambda key: options.get(key, key),
        key=widget,
        placeholder=none,
        filter_mode="contains",
        on_change=_chosen,
        args=(parameter, widget),
        width=width,
    )
    return chosen


def one_of(label: str, options: Mapping[str, str], parameter: str, *, usual: str) -> str:
    """One of a few that are all in sight. options: label by key; usual: the key that is chosen where the address names
    none of them."""
    asked = of(parameter)
    chosen = asked if asked in options else usual
    widget = f"{parameter} by name"
    st.session_state[widget] = chosen
    st.radio(
        label,
        list(options),
        format_func=lambda key: options.get(key, key),
        key=widget,
        on_change=_chosen,
        args=(parameter, widget),
    )
    return chosen


def of(parameter: str) -> str:
    """What stands in the address; empty when nothing does, or more than one."""
    given = st.query_params.get_all(parameter)
    return given[0] if len(given) == 1 else ""


def write(parameter: str, key: str) -> None:
    """Put a key in the address; an empty one takes it out."""
    if key:
        st.query_params[parameter] = key
    else:
        st.query_params.pop(parameter, None)


def _chosen(parameter: str, widget: str) -> None:
    write(parameter, st.session_state[widget] or "")

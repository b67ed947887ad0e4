"""A table of groups of which one row is chosen; the choice stands in the address by the group's key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from vs_core.ui import address, tables
from vs_core.ui.tables import Column


def table(groups: pd.DataFrame, columns: Sequence[Column], parameter: str, *, alt: str, count: str) -> str:
    """Draw the groups (`key` and the columns' fields); give the key of the chosen one, empty where none is.

    parameter: of the address; alt: what the table holds; count: the sentence above it."""
    keys, name = [str(key) for key in groups["key"]], f"{parameter} table"
    opened = address.of(parameter)
    marked = [keys.index(opened)] if opened in keys else []
    st.session_state[f"{name} keys"] = keys
    st.session_state[name] = {"selection": {"rows": marked, "columns": [], "cells": []}}
    chosen = partial(_row_chosen, name, parameter)
    tables.listing(groups, columns, key=name, alt=alt, noun=("group", "groups"), select=chosen, count=count)
    return opened if marked else ""


def _row_chosen(name: str, parameter: str) -> None:
    """The row that is chosen goes into the address; runs before the page asks who is looking."""
    rows, keys = st.session_state[name]["selection"]["rows"], st.session_state.get(f"{name} keys", [])
    address.write(parameter, keys[rows[0]] if rows and rows[0] < len(keys) else "")

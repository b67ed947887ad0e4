"""Register codes that do not agree with what else is known, as lists of work."""

from __future__ import annotations

import streamlit as st

from vs_core import access
from vs_core.access.viewer import Viewer
from vs_core.rules.listed import listed
from vs_core.ui import address, downloads, tables, words
from vs_core.ui.load import triage_reviewed as read
from vs_core.ui.load.triage_reviewed import Kind
from vs_core.ui.parts.triage import Day

KIND = "registers"


@st.fragment
def draw(day: Day) -> None:
    """How much there is of each kind, and the list of the one that is chosen. Another choice runs this part of the page
    alone, which asks again who is looking."""
    viewer = access.require("triage")
    with st.spinner("Comparing registers with what else is known"):
        kinds = {each.key: each for each in read.kinds(viewer, day.as_at, day.known_on)}
    titles = {key: f"{each.title} ({each.children})" for key, each in kinds.items()}
    usual = next((key for key, each in kinds.items() if each.children), next(iter(kinds)))
    _listing(viewer, kinds[address.one_of("What does not agree", titles, KIND, usual=usual)], day)


def _listing(viewer: Viewer, of: Kind, day: Day) -> None:
    st.markdown(words.plain(of.to_do))
    found = read.spells(viewer, day.as_at, day.known_on, of.key)
    tables.show(
        found,
        key=f"registers {of.key}",
        alt="Half days in registers that do not agree with what else is known, by child",
        noun=read.SPELL,
        empty="Nothing of this kind: the registers agree with what else is known.",
    )
    if not found.number:
        return
    notes = [of.to_do, f"As at {words.long_day(day.as_at)}", *filter(None, [found.unlisted])]
    downloads.lazily(
        viewer,
        lambda: listed(read.rows_of(viewer, day.as_at, day.known_on, of.key)),
        read.SPELLS,
        title=of.title,
        notes=notes,
        as_at=day.as_at,
        rows=found.number,
    )

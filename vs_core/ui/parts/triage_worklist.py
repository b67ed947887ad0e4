"""The worklist with what can be chosen of it, and the child that is open beside it."""

from __future__ import annotations

import streamlit as st

from vs_core import access
from vs_core.rules.worklist_views import Choice, Looking
from vs_core.ui.load import triage_listed as read
from vs_core.ui.load.triage_listed import Whole
from vs_core.ui.parts import triage as parts
from vs_core.ui.parts import triage_child as child
from vs_core.ui.parts import triage_school as of_school
from vs_core.ui.parts.triage import Day


@st.fragment
def draw(day: Day, by: Looking, whole: Whole) -> None:
    """A choice in it runs this part of the page alone, which asks again who is looking; what is written down runs the
    whole page."""
    viewer = access.require("triage")
    with parts.choices_row():
        choice = Choice(by, day.known_on, parts.choose_view(), parts.choose_school(whole))
        shown = read.shown(viewer, choice)
        parts.choose_child(shown)
        parts.take_away(viewer, choice, shown)
        of_school.draw(viewer, choice, day)
    opened = child.asked(viewer)
    if opened.child_key is None:
        if opened.refused:
            st.warning(child.NOBODY, icon=":material/person_off:")
        parts.table(viewer, choice, shown, None)
        return
    panel, others = st.columns([3, 2], gap="large")
    with panel:
        child.draw(viewer, opened.child_key, shown, day)
    with others:
        parts.table(viewer, choice, shown, opened.child_key)

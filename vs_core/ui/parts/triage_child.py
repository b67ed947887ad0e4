"""The child that is open on the worklist, and what can be done about it there."""

from __future__ import annotations

import streamlit as st

from vs_core.access import openings, roles
from vs_core.access.viewer import Viewer
from vs_core.casework import actions
from vs_core.ui import opening
from vs_core.ui.load import triage as read
from vs_core.ui.load.triage_listed import Shown
from vs_core.ui.opening import Asked
from vs_core.ui.parts import triage as parts
from vs_core.ui.parts import triage_correcting as correcting
from vs_core.ui.parts import triage_effect as effect
from vs_core.ui.parts import triage_forms as forms
from vs_core.ui.parts import triage_panel as panel
from vs_core.ui.parts.triage import Day
from vs_core.ui.parts.triage_forms import Desk

NOBODY = "There is no such child among those you may see."
ANOTHER_DAY = "To write something down choose today."


def asked(viewer: Viewer) -> Asked:
    """Which child the address asks for, by its key; the trail says of it as of the child's page."""
    given = st.query_params.get_all(parts.OPEN)
    return opening.noted(viewer, openings.key_of(given)) if given else Asked()


def draw(viewer: Viewer, child_key: int, shown: Shown, day: Day) -> None:
    """shown: of the view, for the way to the next child."""
    book = read.casebook(viewer, child_key, day.as_at, day.known_on)
    if book is None or book.who.empty:
        st.warning(NOBODY, icon=":material/person_off:")
        return
    rows = read.worklist(viewer, day.as_at, day.known_on)
    own = rows[rows["child_key"] == child_key]
    row = own.iloc[0] if len(own) else None
    with st.container(border=True, key="child-panel"):
        panel.heading(book, row, parts.neighbours(rows, shown, child_key))
        panel.reasons(row)
        panel.acting(book, row, day)
        told = panel.history(book)
        if day.today is None:
            st.caption(ANOTHER_DAY)
        elif viewer.may(roles.ASSIGN):
            clock, people = read.clock(day.as_at, day.known_on), actions.owners(viewer)
            desk = Desk(viewer, book, forms.shown(book), clock, day.today, people, panel.is_back(row))
            forms.draw(desk)
            correcting.draw(desk, told)
        panel.draw_history(told)
        effect.of_child(viewer, child_key, day)
        panel.links_row(book)

"""One's own entry about the child, corrected: the first stays and says that it was corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from vs_core.casework import entries
from vs_core.casework.entries import NewEntry
from vs_core.rules import case_history
from vs_core.ui import words
from vs_core.ui.parts import triage_forms as forms
from vs_core.ui.parts.triage_forms import Desk
from vs_core.ui.parts.triage_panel import Told

MOST = 10
CORRECTED = (case_history.CONTACT, case_history.NOTE)


def draw(desk: Desk, told: Sequence[Told]) -> None:
    """The last entries of the viewer, one to choose and to write anew; nothing where there is none."""
    own = [each for each in told if _is_own(desk, each)][:MOST]
    if not own:
        return
    options = {str(each.entry.entry_id): each for each in own}
    menu = st.popover("Correct an entry of mine", icon=":material/edit:", type="tertiary", key=desk.key("correct"))
    with menu:
        number = st.selectbox(
            "Entry", list(options), format_func=lambda key: _label(options[key]), key=desk.key("which")
        )
        if number in options:
            _form(desk, options[number])


def _is_own(desk: Desk, told: Told) -> bool:
    """By the name that others see; that it is really the viewer's is asked when it is saved."""
    mine = told.entry is not None and told.by == desk.viewer.display_name
    return mine and not told.is_old and told.entry.kind in CORRECTED


def _label(told: Told) -> str:
    return f"{told.what}, {words.moment(told.at)}"


def _form(desk: Desk, told: Told) -> None:
    before, number = told.entry, int(told.entry.entry_id)
    with st.form(desk.key(f"correction form {number}"), border=False):
        said = forms.text(desk, "As it should be", f"correction {number}", start=before.said or "")
        if st.form_submit_button("Save the correction", type="primary", icon=":material/edit:"):
            is_contact = before.kind == case_history.CONTACT
            new = NewEntry(desk.child_key, before.kind, said, before.on if is_contact else None)
            if is_contact:
                new = _contact(new, before)
            forms.saved(
                desk,
                f"correction {number}",
                lambda: entries.correct(desk.viewer, number, new, desk.today),
                "The correction is saved; what stood there before is kept.",
            )


def _contact(new: NewEntry, before: object) -> NewEntry:
    how, who, outcome = (getattr(before, name) for name in ("how", "who", "outcome"))
    return replace(new, how=how, with_whom=who, outcome=outcome or "")

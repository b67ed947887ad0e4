"""All children of one school on the worklist: the same action for each, and the table for a letter to it."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from vs_core.access import downloads, roles
from vs_core.access.viewer import Viewer
from vs_core.casework import actions
from vs_core.casework.actions import ActionError, Given, NewAction
from vs_core.reports import school_table
from vs_core.rules import worklist_views as views
from vs_core.rules.listed import listed
from vs_core.rules.worklist_views import Choice
from vs_core.settings import settings
from vs_core.ui import notes, said_lately, words
from vs_core.ui.downloads import file_stem
from vs_core.ui.load import triage as read
from vs_core.ui.load.triage_listed import rows
from vs_core.ui.parts import due_days, owners
from vs_core.ui.parts.triage import Day
from vs_core.ui.parts.triage_forms import SUBJECT

SAID = "given to all of a school"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def draw(viewer: Viewer, choice: Choice, day: Day) -> None:
    """Of every school together nothing is offered."""
    said_lately.show(SAID)
    school = choice.school
    if not school:
        return
    own = listed(rows(viewer, choice))
    if own.empty:
        return
    name = str(own["school"].iloc[0] or school)
    if day.today is not None and viewer.may(roles.ASSIGN):
        _for_all(viewer, own, school, name, day)
    asked = school_table.answerable(own)
    if viewer.may(roles.EXPORT) and len(asked):
        _letter(viewer, asked, school, name, day)


def _for_all(viewer: Viewer, own: pd.DataFrame, school: str, name: str, day: Day) -> None:
    free = own[~views.is_acting(own)]
    menu = st.popover(
        "Assign all", icon=":material/group_add:", key=f"assign all of {school}", disabled=free.empty, on_change="rerun"
    )
    if not menu.open or day.today is None:
        return
    with menu, st.form(f"assign all form {school}", border=False):
        children = words.counted(len(free), "child", "children")
        st.markdown(
            words.plain(f"{children} of {name} in this view for whom nobody acts. Each gets an action of its own.")
        )
        own_name = actions.owner_name(viewer.display_name, viewer.adviser)
        who = owners.choose(
            "Who", actions.owners(viewer), f"owner of all {school}", first=own_name, role=owners.ATTENDANCE
        )
        due_on = due_days.choose(read.clock(day.as_at, day.known_on), day.today, f"due of all {school}")
        field = f"step of all {school}"
        step = notes.text_area(viewer, "Next step", field, most_characters=actions.LONGEST_TEXT)
        if st.form_submit_button("Assign to each", type="primary", icon=":material/group_add:"):
            keys = [int(key) for key in free["child_key"]]
            _give(viewer, NewAction(SUBJECT, step, who, due_on), keys, day, field)


def _give(viewer: Viewer, new: NewAction, keys: list[int], day: Day, field: str) -> None:
    told = said_lately.about(SAID)
    try:
        given = actions.open_for_each(viewer, new, keys, day.today or day.as_at)
    except (ActionError, PermissionError) as error:
        st.error(words.plain(error), icon=":material/error:")
        return
    told.say(_said(given, new.owner))
    notes.emptied(viewer, field)
    st.rerun()


def _said(given: Given, owner: str) -> str:
    """`4 actions for A. Officer. For 1 child somebody acts since a moment ago: it keeps that action.`"""
    said = f"{words.counted(len(given.opened), 'action').capitalize()} for {owner}."
    if given.acting:
        said += f" For {words.counted(len(given.acting), 'child', 'children')} somebody was quicker: that action stays."
    return said


def _letter(viewer: Viewer, rows: pd.DataFrame, school: str, name: str, day: Day) -> None:
    """A page for a letter to the school: the fewest columns that it needs to find the children and to answer."""
    menu = st.popover("Table for a letter", icon=":material/mail:", key=f"letter to {name}", on_change="rerun")
    if not menu.open:
        return
    own = school_table.answerable(read.of_letter(viewer, rows, school, day.as_at, day.known_on))
    if own.empty:
        menu.caption("There is nothing to ask this school: what it is about happened at another one.")
        return
    make = partial(school_table.content, own, name, day.as_at, settings().authority)
    title = f"Attendance at {name}"
    detail = {"title": title, "rows": len(own), "as_at": day.as_at.isoformat()}
    file = downloads.offer(viewer, f"{file_stem(title, day.as_at)}.docx", _DOCX, make, detail)
    with menu:
        st.link_button("Word (.docx)", file, on_click="rerun", icon=":material/description:", width="stretch")
        st.caption(
            "Name, year, attendance at this school, half days missed there and why it is asked: no more. The download "
            "is on the trail."
        )

"""What needs a decision: sentences, who acts, and the button that gives it to somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.casework import actions
from vs_core.casework.actions import ActionError, NewAction
from vs_core.figures.attention import Matter
from vs_core.rules.clocks import Clock
from vs_core.rules.listed import is_one_unlisted
from vs_core.ui import notes, words
from vs_core.ui.parts import due_days, owners

SHOWN = 6
NOTHING = "Nothing needs a decision: no limit is passed and nothing is overdue."


@dataclass(frozen=True)
class Giving:
    """What a person may do here. today: the day on which an action is opened; people: role by name of who can have
    one."""

    viewer: Viewer
    clock: Clock
    today: date
    people: Mapping[str, str]


def draw(
    viewer: Viewer,
    found: tuple[Sequence[Matter], Sequence[str]],
    open_actions: pd.DataFrame,
    clock: Clock,
    today: date | None,
) -> None:
    """The matters, the most serious first; those after the first six behind a button.

    today: the day on which an action would be opened; None where the page is seen from another day."""
    st.subheader("Needs a decision")
    matters, remarks = found
    may = today is not None and viewer.may(roles.ASSIGN)
    giving = Giving(viewer, clock, today, actions.owners(viewer)) if may and today and matters else None
    if not matters:
        st.success(NOTHING, icon=":material/check:")
    else:
        with st.container(border=True, gap="small", key="decisions"):
            _each(matters[:SHOWN], open_actions, giving)
            if len(matters) > SHOWN:
                with st.expander(f"{len(matters) - SHOWN} more"):
                    _each(matters[SHOWN:], open_actions, giving)
    for remark in remarks:
        st.caption(words.plain(remark))


def _each(matters: Sequence[Matter], open_actions: pd.DataFrame, giving: Giving | None) -> None:
    for matter in matters:
        _matter(matter, matter.latest_action(open_actions), giving)


def _matter(matter: Matter, action: pd.Series | None, giving: Giving | None) -> None:
    colour = "red" if matter.severe else "orange"
    said, who, button = st.columns([6, 2, 2], vertical_alignment="center")
    headline, detail = words.plain(matter.headline), words.plain(matter.detail)
    said.markdown(f":{colour}[:material/flag:] **{headline}**  \n{detail}")
    answered = action is not None and matter.is_answered(action["opened_on"])
    who.caption(_who(matter, action, answered))
    if giving is None or is_one_unlisted(matter.rows):
        return
    with button:
        if action is not None and answered:
            _change(matter, action, giving)
        else:
            _assign(matter, giving)


def _who(matter: Matter, action: pd.Series | None, answered: bool) -> str:
    role = words.plain(roles.ROLES[matter.role].title)
    if action is None:
        return role
    due = words.long_day(action["due_on"]) if not pd.isna(action["due_on"]) else "no day"
    given = f":material/person_check: {words.plain(action['owner'] or 'nobody')}, due {words.plain(due)}"
    if action["is_overdue"]:
        given += " :red[:material/alarm:] overdue"
    return given if answered else f"{role}. Since then more: {given}"


def _assign(matter: Matter, giving: Giving) -> None:
    menu = st.popover("Assign", icon=":material/person_add:", key=f"assign {matter.key}", width="stretch")
    with menu, st.form(f"assign form {matter.key}", border=False):
        owner = owners.choose("Owner", giving.people, f"owner {matter.key}", first=None, role=matter.role)
        due_on = due_days.choose(giving.clock, giving.today, f"due {matter.key}")
        step = _note(giving, "Next step", f"step {matter.key}", matter.next_step)
        if st.form_submit_button("Assign", type="primary", icon=":material/person_add:"):
            new = NewAction(matter.about, step, owner, due_on, _only_child(matter))
            _written(giving, f"step {matter.key}", lambda: actions.open_action(giving.viewer, new, giving.today))


def _change(matter: Matter, action: pd.Series, giving: Giving) -> None:
    number, viewer, today = int(action["action_id"]), giving.viewer, giving.today
    shown = _shown(number, int(action["row_id"]))
    menu = st.popover("Change", icon=":material/edit:", key=f"change {number}", width="stretch")
    menu.markdown(words.plain(action["next_step"]))
    with menu, st.form(f"change form {number}", border=False):
        owner = owners.choose("Owner", giving.people, f"new owner {number}", first=action["owner"], role=matter.role)
        due_on = due_days.choose(giving.clock, giving.today, f"new due {number}")
        note = _note(giving, "Note", f"action {number}")
        with st.container(horizontal=True):
            done = st.form_submit_button("Close as done", type="primary", icon=":material/check:")
            give = st.form_submit_button("Assign anew", icon=":material/person_add:")
    if give:
        _written(
            giving, f"action {number}", lambda: actions.assign(viewer, number, owner, due_on, today, note, seen=shown)
        )
    if done:
        _written(giving, f"action {number}", lambda: actions.close(viewer, number, note or "Done", today, seen=shown))


def _shown(number: int, row: int) -> int:
    """The row of an action that the page had shown when it was last drawn; from now on, the one that it shows now."""
    key = f"row of action {number}"
    before: int = st.session_state.get(key, row)
    st.session_state[key] = row
    return before


def _only_child(matter: Matter) -> int | None:
    keys = list(matter.rows["child_key"].unique()) if "child_key" in matter.rows else []
    return int(keys[0]) if len(keys) == 1 else None


def _note(giving: Giving, label: str, key: str, start: str = "") -> str:
    return notes.text_area(giving.viewer, label, key, most_characters=actions.LONGEST_TEXT, start=start)


def _written(giving: Giving, key: str, write: Callable[[], object]) -> None:
    try:
        write()
    except (ActionError, PermissionError) as error:
        st.error(words.plain(error), icon=":material/error:")
        return
    notes.saved(giving.viewer, key)
    st.rerun()

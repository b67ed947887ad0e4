"""What an officer writes about the child that is open: a contact, who acts, a snooze, a referral, the end of an action.

What is saved is held against what the person's page had shown, not against what has come since: where somebody else was
quicker nothing is written, the page says who did what, and what was typed stays where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.casework import actions, entries
from vs_core.casework.actions import ActionError, NewAction
from vs_core.casework.entries import NewEntry
from vs_core.figures.casebook import Casebook
from vs_core.rules import case_history
from vs_core.rules.case_history import Said
from vs_core.rules.clocks import Clock
from vs_core.ui import notes, said_lately, words
from vs_core.ui.parts import due_days, owners

SEEN, SAID = "state of the child that was shown", "saved about the child"
CONTACT, ASSIGN, SNOOZE, REFER, CLOSE, NOTE = FORMS = (
    "Log a contact",
    "Assign",
    "Snooze",
    "Refer",
    "Close",
    "Note",
)
SUBJECT = "Attendance"
NEW = "new"


@dataclass(frozen=True)
class Seen:
    """What the page had shown of a child: the row of each open action, and the last snooze, waking or referral."""

    child_key: int
    rows: Mapping[int, int]
    last_entry: int


@dataclass(frozen=True)
class Desk:
    """viewer: who writes; book: about whom, as it is now; seen: as the page had shown it; today: on which day; people:
    role by name of who can be given an action; is_back: something new brought the child back from a snooze."""

    viewer: Viewer
    book: Casebook
    seen: Seen
    clock: Clock
    today: date
    people: Mapping[str, str]
    is_back: bool = False

    @property
    def child_key(self) -> int:
        return self.seen.child_key

    def key(self, what: str) -> str:
        return f"triage {what} {self.child_key}"


def shown(book: Casebook) -> Seen:
    """What the page had shown of the child when it was last drawn; from now on, what it shows now."""
    child_key = int(book.who.iloc[0]["child_key"])
    current = book.open_actions
    rows = {int(number): int(row) for number, row in zip(current["action_id"], current["row_id"], strict=True)}
    now = Seen(child_key, rows, book.last_entry)
    before: Seen | None = st.session_state.get(SEEN)
    st.session_state[SEEN] = now
    return before if before is not None and before.child_key == child_key else now


def draw(desk: Desk) -> None:
    """The forms, one of them at a time."""
    said_lately.show(desk.key(SAID))
    for tab, form in zip(st.tabs(FORMS, key="forms of the child"), _FORMS, strict=True):
        with tab:
            form(desk)


def _contact(desk: Desk) -> None:
    with st.form(desk.key("contact form"), border=False):
        first, second, third = st.columns(3)
        with first:
            how = _one_of("How", case_history.HOW, desk.key("how"))
        with second:
            who = _one_of("With", case_history.WITH_WHOM, desk.key("with"))
        st.session_state.setdefault(desk.key("day"), desk.today)
        on = third.date_input("Day", max_value=desk.today, format="DD/MM/YYYY", key=desk.key("day"))
        said = text(desk, "What was said", "contact")
        outcome = text(desk, "Outcome, if there is one", "outcome of the contact", most=500)
        if st.form_submit_button("Save the contact", type="primary", icon=":material/call:"):
            day = on if isinstance(on, date) else desk.today
            new = NewEntry(desk.child_key, "contact", said, day, how, who, outcome)

            def write() -> None:
                _write(desk, new)
                st.session_state.pop(desk.key("day"))

            saved(desk, "contact", write, "The contact is saved.", "outcome of the contact")


def _one_of(label: str, options: Mapping[str, Said], key: str) -> str:
    return st.selectbox(label, list(options), format_func=lambda each: options[each].label, key=key, filter_mode=None)


def _assign(desk: Desk) -> None:
    meant = _meant(desk, "assign", desk.book.open_actions, new="A new action")
    action = _row(desk.book.open_actions, meant)
    with st.form(desk.key("assign form"), border=False):
        first, second = st.columns(2)
        with first:
            owner = _owner(desk, None if action is None else action["owner"])
        with second:
            due_on = due_days.choose(desk.clock, desk.today, desk.key("due"), before=_due(desk, action))
        label = "Next step" if meant == NEW else "Next step, if it is another"
        step = text(desk, label, "step", most=actions.LONGEST_TEXT)
        if st.form_submit_button("Save", type="primary", icon=":material/person_add:"):
            done = f"{owner} has it now, due {words.long_day(due_on)}."
            saved(desk, "step", lambda: _give(desk, meant, owner, due_on, step), done)


def _give(desk: Desk, meant: str, owner: str, due_on: date, step: str) -> None:
    if meant == NEW:
        new = NewAction(SUBJECT, step, owner, due_on, desk.child_key)
        actions.open_action(desk.viewer, new, desk.today, beside=list(desk.seen.rows.values()))
    else:
        number = int(meant)
        actions.assign(desk.viewer, number, owner, due_on, desk.today, step, seen=_seen(desk, number))


def _due(desk: Desk, action: pd.Series | None) -> date | None:
    """The day by which the action is due, while it is to come."""
    return None if action is None or pd.isna(action["due_on"]) or action["due_on"] < desk.today else action["due_on"]


def _snooze(desk: Desk) -> None:
    asleep = None if desk.is_back else desk.book.snooze(desk.today)
    if asleep is not None:
        st.caption(words.plain(f"Snoozed until {words.long_day(asleep['until_on'])} by {asleep['by']}."))
    with st.form(desk.key("snooze form"), border=False):
        if asleep is None:
            until = due_days.choose(desk.clock, desk.today, desk.key("until"), label="Until")
        said = text(desk, "Reason", "snooze", most=500)
        label, icon = ("Snooze", "snooze") if asleep is None else ("Put back on the worklist", "alarm_on")
        if st.form_submit_button(label, type="primary", icon=f":material/{icon}:"):
            if asleep is None:
                new = NewEntry(desk.child_key, "snooze", said, until_on=until)
                done = f"Off the worklist until {words.long_day(until)}."
            else:
                new, done = NewEntry(desk.child_key, "wake", said), "On the worklist again."
            saved(desk, "snooze", lambda: _write(desk, new), done)


def _refer(desk: Desk) -> None:
    with st.form(desk.key("referral form"), border=False):
        to = _one_of("To", case_history.REFERRED_TO, desk.key("referred to"))
        said = text(desk, "Reason", "referral")
        if st.form_submit_button("Refer", type="primary", icon=":material/forward_to_inbox:"):
            new = NewEntry(desk.child_key, "referral", said, referred_to=to)
            saved(desk, "referral", lambda: _write(desk, new), "The referral is written down.")


def _close(desk: Desk) -> None:
    rows = desk.book.open_actions
    rows = rows[[actions.may_change(desk.viewer, owner) for owner in rows["owner"]]]
    meant = _meant(desk, "close", rows)
    if not meant:
        st.caption("There is no open action to close.")
        return
    number = int(meant)
    with st.form(desk.key("close form"), border=False):
        outcome = text(desk, "Outcome", "outcome", most=actions.LONGEST_TEXT)
        if st.form_submit_button("Close the action", type="primary", icon=":material/task_alt:"):
            saved(
                desk,
                "outcome",
                lambda: actions.close(desk.viewer, number, outcome, desk.today, seen=_seen(desk, number)),
                "The action is closed.",
            )


def _note(desk: Desk) -> None:
    with st.form(desk.key("note form"), border=False):
        said = text(desk, "Note", "note")
        if st.form_submit_button("Save the note", type="primary", icon=":material/edit_note:"):
            saved(desk, "note", lambda: _write(desk, NewEntry(desk.child_key, "note", said)), "The note is saved.")


_FORMS: tuple[Callable[[Desk], None], ...] = (_contact, _assign, _snooze, _refer, _close, _note)


def _meant(desk: Desk, what: str, rows: pd.DataFrame, new: str = "") -> str:
    """Which action is meant, by its number, or NEW: what was chosen, else the first that the page had shown; empty
    where there is none. That it may be closed by now is said when it is saved.

    rows: the open actions; new: what a new one is called, where one can be opened."""
    steps = {str(row.action_id): f"{row.next_step} ({row.owner or 'nobody'})" for row in _each(rows)}
    options = steps | ({NEW: new} if new else {})
    key = desk.key(f"which {what}")
    usual = next((str(number) for number in desk.seen.rows), NEW if new else "")
    meant = st.session_state.get(key) or usual
    if len(options) > 1:
        place = list(options).index(meant) if meant in options else 0
        st.selectbox("Action", list(options), place, format_func=lambda each: options.get(each, each), key=key)
    return str(meant)


def _each(rows: pd.DataFrame) -> Iterator[Any]:
    yield from rows.itertuples()


def _row(rows: pd.DataFrame, number: str) -> pd.Series | None:
    found = rows[rows["action_id"].astype(str) == number]
    return None if found.empty else found.iloc[0]


def _seen(desk: Desk, number: int) -> int:
    """The row of an action that the page had shown; 0, which none has, where it had not shown it."""
    return desk.seen.rows.get(number, 0)


def _owner(desk: Desk, before: str | None) -> str:
    """A person to choose: oneself first, then those who work with attendance; at first the owner so far."""
    own = actions.owner_name(desk.viewer.display_name, desk.viewer.adviser)
    return owners.choose("Who", desk.people, desk.key("owner"), first=own, role=owners.ATTENDANCE, usual=before)


def text(desk: Desk, label: str, key: str, most: int = entries.LONGEST_TEXT, start: str = "") -> str:
    """A field for a note about the child."""
    return notes.text_area(desk.viewer, label, desk.key(key), most_characters=most, start=start)


def _write(desk: Desk, new: NewEntry) -> int:
    return entries.write(desk.viewer, new, desk.today, after=desk.seen.last_entry)


def saved(desk: Desk, key: str, write: Callable[[], Any], done: str, *also: str) -> None:
    """Written, the field is empty again; refused, it keeps what was typed. also: keys of other fields to empty."""
    told = said_lately.about(desk.key(SAID))
    try:
        write()
    except (ActionError, PermissionError) as error:
        st.error(words.plain(error), icon=":material/error:")
        return
    told.say(done)
    notes.emptied(desk.viewer, *(desk.key(each) for each in (key, *also)))
    st.session_state.pop(SEEN, None)
    st.rerun()

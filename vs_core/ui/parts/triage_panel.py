"""The child that is open on the worklist: why it is there, what is left, who acts, and what was done so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from vs_core.casework.turns import utc
from vs_core.figures.casebook import Casebook
from vs_core.rules import case_history
from vs_core.rules.words import sentence
from vs_core.ui import address, links, words
from vs_core.ui.parts import children
from vs_core.ui.parts.triage import OPEN, Day

NOT_LISTED = "Nothing brings this child on the worklist on this day."
NOTHING_YET = "Nobody has written anything about this child yet."
SHOWN = 8


@dataclass(frozen=True)
class Told:
    """at: when it was written; by: who; what: what was done; said: in whose words, if any; is_old: corrected since;
    entry: the row of `Casebook.entries`, None for an action."""

    at: datetime
    by: str
    what: str
    said: str = ""
    is_old: bool = False
    entry: Any = None


def heading(book: Casebook, row: pd.Series | None, neighbours: tuple[str, str]) -> None:
    """Who it is, and the way to the next child and back to the list."""
    who = book.who.iloc[0]
    before, after = neighbours
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(words.plain(children.names(book.who).iloc[0]), width="content")
        with st.container(horizontal=True, gap="xsmall", width="content"):
            _go("Previous", ":material/chevron_left:", before)
            _go("Next", ":material/chevron_right:", after)
            st.button(
                "Back to the list", icon=":material/close:", on_click=_to, args=("",), key="no child", type="tertiary"
            )
    school = _text(who["school"]) or ("on a school's roll" if who["on_roll"] else "on no school's roll")
    attended = (
        "" if row is None or pd.isna(row["attendance_percent"]) else f"{row['attendance_percent']:.1f}% this year"
    )
    parts = [str(who["child_id"]), children.year(who["year_group"]), school, attended]
    st.caption(words.plain(" · ".join(part for part in parts if part)))


def _go(label: str, icon: str, key: str) -> None:
    st.button(label, icon=icon, on_click=_to, args=(key,), disabled=not key, key=f"{label} child", type="tertiary")


def _to(key: str) -> None:
    """Another child, or none, goes into the address; runs before the page asks who is looking."""
    address.write(OPEN, key)


def reasons(row: pd.Series | None) -> None:
    """Why the child is on the worklist, what it can still miss."""
    if row is None:
        st.info(NOT_LISTED, icon=":material/check:")
        return
    st.markdown("\n".join(f"- {words.plain(sentence(each))}" for each in row["reasons"]))
    st.caption(words.plain(left(row)))


def left(row: pd.Series) -> str:
    """`Can miss 12 more sessions below 10% this year. 90% can still be reached by July, 95% cannot.`"""
    if pd.isna(row["sessions_left"]):
        why = _text(row.get("sessions_left_why_not"))
        return f"How many sessions can still be missed is not told. {why}".strip()
    number = int(row["sessions_left"])
    if number <= 0:
        missed = "No session can be missed any more without 10% of the year being missed."
    else:
        missed = f"Can miss {words.counted(number, 'more session', 'more sessions')} before 10% of the year is missed."
    return f"{missed} {_reach(row['can_reach_90'], row['can_reach_95'])}"


def _reach(ninety: Any, ninety_five: Any) -> str:
    if ninety_five is True or ninety_five == 1:
        return "90% and 95% can be reached by July if every session is attended."
    if ninety is True or ninety == 1:
        return "90% can still be reached by July if every session is attended, 95% cannot."
    return "Neither 90% nor 95% can be reached by July any more."


def acting(book: Casebook, row: pd.Series | None, day: Day) -> None:
    """Who acts, or that nobody does, and whether the child is snoozed."""
    rows = book.open_actions
    if rows.empty:
        st.markdown(":orange[:material/person_off: **Nobody is acting.**]")
    for action in _each(rows):
        late = _is(action.due_on) and action.due_on < day.as_at
        due = f", due {words.long_day(action.due_on)}" if _is(action.due_on) else ""
        said = f"**{words.plain(action.owner or 'nobody')}**{words.plain(due)}: {words.plain(action.next_step or '')}"
        st.markdown(f":material/person_check: {said}{' :red[:material/alarm: **overdue**]' if late else ''}")
    asleep = book.snooze(day.as_at)
    if asleep is not None:
        back = ", back already" if is_back(row) else ""
        until = words.plain(f"Snoozed until {words.long_day(asleep['until_on'])}{back}: {asleep['said']}")
        st.markdown(f":material/snooze: {until}")


def is_back(row: pd.Series | None) -> bool:
    """Whether something new brought the child back before the end of a snooze."""
    return row is not None and "woken" in row["parts"]


def history(book: Casebook) -> list[Told]:
    """All that was written about the child, the newest first."""
    return sorted([*_entries(book), *_states(book)], key=lambda told: told.at, reverse=True)


def _entries(book: Casebook) -> Iterator[Told]:
    for row in _each(book.entries):
        on = f" on {words.short_day(row.on)}" if row.kind == case_history.CONTACT else ""
        correction = "Correction: " if _is(row.replaces) else ""
        outcome = f"Outcome: {row.outcome}" if _text(row.outcome) else ""
        said = " / ".join(part for part in (_text(row.said), outcome) if part)
        what = f"{correction}{case_history.entry(row)}{on}"
        yield Told(utc(row.at), _text(row.by), what, said, _is(row.replaced_by), row)


def _states(book: Casebook) -> Iterator[Told]:
    known: set[int] = set()
    for row in _each(book.states.sort_values("row_id")):
        what = case_history.state(row, is_first=row.action_id not in known)
        said = _text(row.outcome) if _is(row.closed_on) else _text(row.next_step)
        known.add(row.action_id)
        yield Told(utc(row.at), _text(row.by), what[:1].upper() + what[1:], said)


def draw_history(told: list[Told]) -> None:
    """The last entries; the others behind a button."""
    st.markdown("**What was done so far**")
    if not told:
        st.caption(NOTHING_YET)
        return
    st.markdown("\n".join(map(_line, told[:SHOWN])))
    if len(told) > SHOWN:
        with st.expander(f"{len(told) - SHOWN} earlier"):
            st.markdown("\n".join(map(_line, told[SHOWN:])))


def _line(told: Told) -> str:
    said = f": {words.plain(told.said)}" if told.said else ""
    what = f"**{words.plain(told.what)}**{said}"
    body = f"~~{what}~~ (corrected)" if told.is_old else what
    return f"- {body}  \n  :gray[{words.plain(words.moment(told.at))}, {words.plain(told.by or 'somebody')}]"


def links_row(book: Casebook) -> None:
    links.to_child_here("The child's page", int(book.who.iloc[0]["child_key"]))


def _each(rows: pd.DataFrame) -> Iterator[Any]:
    yield from rows.itertuples()


def _is(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _text(value: Any) -> str:
    return str(value) if _is(value) else ""

"""How rates, policies and limits are changed and confirmed by who may pay.

What is saved is held against what the page had shown: where somebody else was quicker nothing is written, and the page
says who did what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.casework import reference
from vs_core.casework.reference import NewValue
from vs_core.casework.turns import ActionError
from vs_core.rules.frame import financial_year_bounds
from vs_core.rules.reference_changes import RATES, Change
from vs_core.ui import said_lately, words
from vs_core.ui.load.pp_policy import Lists

SEEN, SAID = "last change of a list that was shown", "saved of a list"


@dataclass(frozen=True)
class Row:
    """A row that may be changed. list, subject, name, starts_on: which it is; what: in words; value: as text, empty
    when it is not set; unit: of the value."""

    list: str
    subject: str
    name: str
    starts_on: date | None
    what: str
    value: str
    unit: str
    source: str = ""
    unconfirmed: bool = True
    change: Change | None = None


def say() -> None:
    """What was saved a moment ago."""
    said_lately.show(SAID)


def choose_policy(viewer: Viewer, lists: Lists, today: date) -> None:
    """The form that says which policy holds from a day on; open while none is chosen."""
    seen = _seen(lists)
    with st.expander("Choose the policy that holds", icon=":material/policy:", expanded=lists.policy is None):
        st.caption("The policies are two authorities' published ones, as examples: change their terms to your own.")
        with st.form("policy that holds", border=False):
            key = st.radio(
                "Policy", list(lists.policies), format_func=lambda each: lists.policies[each].title, key="policy chosen"
            )
            first = financial_year_bounds(today)[0]
            on = st.date_input("Holds from", first, format="DD/MM/YYYY", key="policy from", width=200)
            if st.form_submit_button("Save the choice", type="primary", icon=":material/check:") and key:
                begins = on if isinstance(on, date) else first
                done = f"The {lists.policies[key].title} policy holds from {words.long_day(begins)}."
                _saved(lambda: reference.choose_policy(viewer, key, begins, today, seen=seen), done)


def change_a_row(viewer: Viewer, lists: Lists, rows: Sequence[Row], today: date) -> None:
    """The form that changes a row of the list that is shown, or confirms it."""
    seen = _seen(lists)
    by_key = {f"{row.list} {row.subject} {row.name} {row.starts_on}": row for row in rows}
    with st.expander("Change or confirm", icon=":material/edit:"):
        key = st.selectbox(
            "Row", list(by_key), format_func=lambda each: by_key[each].what if each in by_key else each, key="list row"
        )
        row = by_key.get(key) or rows[0]
        with st.form(f"change {key}", border=False):
            value = _value(row, f"value {key}")
            source = st.text_input(
                "Source: the document, or why", row.source, max_chars=reference.LONGEST_SOURCE, key=f"source {key}"
            )
            sure = st.checkbox("Confirmed: the source says so", not row.unconfirmed, key=f"confirmed {key}")
            begins = None if row.list == RATES else _begins(row, f"from {key}")
            if st.form_submit_button("Save", type="primary", icon=":material/check:"):
                new = NewValue(row.list, row.subject, row.name, value, source, begins, unconfirmed=not sure)
                _saved(lambda: reference.change(viewer, new, today, seen=seen), f"Saved: {row.what}.")


def _begins(row: Row, key: str) -> date | None:
    help_ = "A later day leaves the value that holds until then as it is. Empty: it has always held."
    on = st.date_input("Holds from", row.starts_on, format="DD/MM/YYYY", key=key, help=help_, width=200)
    return on if isinstance(on, date) else None


def _value(row: Row, key: str) -> str:
    """A field in the row's unit; gives the value as the lists have it."""
    if row.unit == "yes or no":
        return st.selectbox(row.what, ["yes", "no"], index=int(row.value == "no"), key=key, width=200) or "no"
    if row.unit in ("text", "words"):
        told = "Words, ';' between" if row.unit == "words" else None
        return st.text_input(row.what, row.value, max_chars=reference.LONGEST_VALUE, key=key, help=told)
    if row.unit == "pence":
        start = float(Decimal(row.value or "0") / 100)
        given = st.number_input(f"{row.what}, pounds", 0.0, None, start, 1.0, "%.2f", key=key, width=240)
        return str(int((Decimal(str(given)) * 100).to_integral_value()))
    whole = int(Decimal(row.value or "0"))
    return str(st.number_input(f"{row.what}, {row.unit}", 0, None, whole, 1, key=key, width=240))


def _seen(lists: Lists) -> int:
    """The last change that the page had shown when it was last drawn; from now on, what it shows now."""
    shown: int = st.session_state.get(SEEN, lists.last)
    return shown


def shown(lists: Lists) -> None:
    """What the page has shown from now on."""
    st.session_state[SEEN] = lists.last


def _saved(write: Callable[[], int], done: str) -> None:
    told = said_lately.about(SAID)
    try:
        write()
    except (ActionError, PermissionError) as error:
        st.error(words.plain(str(error)), icon=":material/error:")
        return
    told.say(done)
    st.session_state.pop(SEEN, None)
    st.rerun()

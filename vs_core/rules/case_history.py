"""What the team did about a child, said in words: entries, and the states that an action was in.

Rows are those of `queries.case_entries`; what somebody wrote is no part of these words."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from vs_core.rules.words import long_day

KINDS = CONTACT, NOTE, SNOOZE, WAKE, REFERRAL = ("contact", "note", "snooze", "wake", "referral")
ONE_AFTER_THE_OTHER = (SNOOZE, WAKE, REFERRAL)
"""Kinds of which a second one, written without having seen the first, may be one too many."""


class Said(NamedTuple):
    """What a choice is called in a list, and how it is told afterwards."""

    label: str
    told: str


HOW = {
    "phone": Said("Phone", "Phoned"),
    "visit": Said("Visit", "Visited"),
    "e-mail": Said("E-mail", "Wrote an e-mail to"),
    "meeting": Said("Meeting", "Met"),
    "letter": Said("Letter", "Wrote a letter to"),
}
WITH_WHOM = {
    "school": Said("School", "the school"),
    "carer": Said("Carer", "the carer"),
    "social worker": Said("Social worker", "the social worker"),
    "child": Said("Child", "the child"),
    "other": Said("Other", "somebody else"),
}
REFERRED_TO = {
    "attendance entitlement officer": Said(
        "Attendance entitlement officer", "Referred to the attendance entitlement officer"
    ),
    "PEP brought forward": Said("PEP brought forward", "Asked to bring the PEP forward"),
    "PP+ request": Said("PP+ request", "Asked for a PP+ request"),
}
OPENED, GIVEN, CLOSED = "opened an action", "gave the action", "closed the action"


def entry(row: Any) -> str:
    """`Phoned the carer`, `Snoozed until 3 Dec 2026`, `Note`."""
    if row.kind == CONTACT:
        how, who = HOW.get(row.how), WITH_WHOM.get(row.who)
        return f"{how.told if how else 'Was in contact with'} {who.told if who else 'somebody'}"
    if row.kind == SNOOZE:
        return f"Snoozed until {long_day(row.until_on)}"
    if row.kind == REFERRAL:
        to = REFERRED_TO.get(row.referred_to)
        return to.told if to else "Referred"
    return {NOTE: "Note", WAKE: "Put back on the worklist"}[row.kind]


def state(row: Any, *, is_first: bool) -> str:
    """What was done to an action: `opened an action for A. Officer, due 3 Dec 2026`, `closed the action`."""
    if _is(row.closed_on):
        return CLOSED
    owner = f" {'for' if is_first else 'to'} {row.owner}" if _is(row.owner) and row.owner else ""
    due = f", due {long_day(row.due_on)}" if _is(row.due_on) else ""
    return f"{OPENED if is_first else GIVEN}{owner}{due}"


def _is(value: Any) -> bool:
    return value is not None and not pd.isna(value)

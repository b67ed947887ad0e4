"""What the team did about a child, said in words: entries, and the states that an action was in.

Rows are those of `queries.case_entries`; what somebody wrote is no part of these words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vs_core.rules.words import long_day

CONTACT, NOTE, SNOOZE, WAKE, REFERRAL = "contact", "note", "snooze", "wake", "referral"
HOW = {
    "phone": "Phoned",
    "visit": "Visited",
    "e-mail": "Wrote an e-mail to",
    "meeting": "Met",
    "letter": "Wrote a letter to",
}
WITH_WHOM = {
    "school": "the school",
    "carer": "the carer",
    "social worker": "the social worker",
    "child": "the child",
    "other": "somebody else",
}
REFERRED_TO = {
    "attendance entitlement officer": "Referred to the attendance entitlement officer",
    "PEP brought forward": "Asked to bring the PEP forward",
    "PP+ request": "Asked for a PP+ request",
}
OPENED, GIVEN, CLOSED = "opened an action", "gave the action", "closed the action"


def entry(row: Any) -> str:
    """`Phoned the carer`, `Snoozed until 3 Dec 2026`, `Note`."""
    if row.kind == CONTACT:
        return f"{HOW.get(row.how, 'Was in contact with')} {WITH_WHOM.get(row.who, 'somebody')}"
    if row.kind == SNOOZE:
        return f"Snoozed until {long_day(row.until_on)}"
    if row.kind == REFERRAL:
        return REFERRED_TO.get(row.referred_to, "Referred")
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

"""Who acts for which child: the open actions, the contacts, and who is put off to another day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import fetch
from vs_core.queries import casework, triage
from vs_core.queries.scope import Scope
from vs_core.rules.frame import Frame
from vs_core.rules.triage import Snooze
from vs_core.rules.worklist import open_actions


@dataclass(frozen=True)
class Acting:
    """What is written down about a child by the day. action: the open action due first (a row of
    `queries.casework.actions`), None where none is open; owners: of every open action; open_from: when the first
    of these was opened; overdue_on: the first due date that has passed."""

    action: Mapping[str, Any] | None = None
    owners: tuple[str, ...] = ()
    open_from: date | None = None
    overdue_on: date | None = None
    contact_on: date | None = None
    snooze: Snooze | None = None


NOBODY = Acting()


def acting(connection: Connection, frame: Frame, scope: Scope) -> dict[int, Acting]:
    """By `child_key`, of the children about whom anything is written down."""
    open_now = open_actions(fetch.rows(connection, casework.actions(frame.as_at, frame.known_on, scope)), frame)
    by_child: dict[int, list[dict[str, Any]]] = {}
    for row in open_now[open_now["child_key"].notna()].to_dict("records"):
        by_child.setdefault(int(row["child_key"]), []).append({str(name): value for name, value in row.items()})
    contacts, snoozes = _contacts(connection, frame, scope), _snoozes(connection, frame, scope)
    keys = {*by_child, *contacts, *snoozes}
    return {key: _of_child(by_child.get(key, []), contacts.get(key), snoozes.get(key)) for key in keys}


def _of_child(actions: list[dict[str, Any]], contact_on: date | None, snooze: Snooze | None) -> Acting:
    in_order = sorted(actions, key=lambda each: (_due(each) or date.max, each["action_id"]))
    late = [_due(each) for each in in_order if each["is_overdue"]]
    owners = tuple(dict.fromkeys(each["owner"] for each in in_order if isinstance(each["owner"], str)))
    open_from = min((each["opened_on"] for each in in_order), default=None)
    first, overdue_on = in_order[0] if in_order else None, late[0] if late else None
    return Acting(first, owners, open_from, overdue_on, contact_on, snooze)


def _due(action: Mapping[str, Any]) -> date | None:
    return None if pd.isna(action["due_on"]) else action["due_on"]


def _contacts(connection: Connection, frame: Frame, scope: Scope) -> dict[int, date]:
    found = connection.execute(triage.last_contacts(frame.as_at, frame.known_on, scope))
    return {row.child_key: row.contact_on for row in found}


def _snoozes(connection: Connection, frame: Frame, scope: Scope) -> dict[int, Snooze]:
    """By `child_key`, the last snooze of a child that was not woken since, while its day is to come."""
    found = connection.execute(triage.snoozes(frame.as_at, frame.known_on, scope))
    last = {row.child_key: Snooze(row.on, row.until_on) for row in found}
    return {key: snooze for key, snooze in last.items() if _lasts(snooze.until, frame)}


def _lasts(until_on: date | None, frame: Frame) -> bool:
    return until_on is not None and until_on > frame.as_at

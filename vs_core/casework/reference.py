"""What people change of the rates, policies and limits of Pupil Premium Plus: a value, its days, its source, and
whether somebody has confirmed it.

Each change is a row of its own, made in one transaction with its event on the trail; nothing is overwritten. Raises
PermissionError for a viewer who may not pay, ActionError (a sentence for the person) for what cannot be, Overtaken when
somebody else has changed something since the viewer looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from vs_core.access import roles, trail
from vs_core.access.viewer import Viewer
from vs_core.casework.turns import ActionError, Overtaken, alone, said
from vs_core.queries import reference
from vs_core.rules import words
from vs_core.rules.frame import financial_year_of_label
from vs_core.rules.pp_plus import FUNDS
from vs_core.rules.pp_policy import parsed
from vs_core.rules.reference_changes import HOLDS, IN_FORCE, LIMITS, POLICIES, RATES
from vs_core.store.engine import engine as own_engine
from vs_core.store.engine import writing
from vs_core.store.schema import reference_change

LONGEST_SOURCE, LONGEST_VALUE = 300, 300
MOST_PENCE = 10_000_000
EDITABLE_LIMITS = {
    "top_slice_percent": (0, 100),
    "exceptional_request_pence": (0, MOST_PENCE),
    "payment_run_day": (1, 28),
    "last_payment_run_day_in_march": (1, 31),
}
"""Limits that the page changes, with the smallest and the largest value of each."""


@dataclass(frozen=True)
class NewValue:
    """What a row is to hold. list: `rules.reference_changes.LISTS`; subject, name: as there; value: as text; source:
    the document, or why; unconfirmed: nobody vouches for it yet."""

    list: str
    subject: str
    name: str
    value: str
    source: str
    starts_on: date | None = None
    ends_on: date | None = None
    unconfirmed: bool = False


def change(viewer: Viewer, new: NewValue, today: date, *, seen: int | None = None, engine: Engine | None = None) -> int:
    """Write what a row holds from now on; gives the number of the change.

    seen: the number of the last change that the viewer had seen (0: none); None when it does not matter."""
    if not viewer.may(roles.PAY):
        raise PermissionError("This role may not change rates and policies.")
    with writing(engine or own_engine()) as connection:
        alone(connection)
        values = _checked(connection, new)
        _check_not_overtaken(connection, new, seen)
        at = datetime.now(UTC).replace(microsecond=0)
        made = insert(reference_change).values(**values, written_at=at, written_by=viewer.name, known_from=today)
        (number,) = connection.execute(made).inserted_primary_key or (0,)
        told = {name: values[name] for name in ("value", "starts_on", "unconfirmed") if values[name] is not None}
        what = "confirmed" if not new.unconfirmed else "changed"
        subject = " ".join(part for part in (new.list, new.subject, new.name) if part)
        trail.record(connection, viewer, f"rate or policy {what}", subject, told)
    return int(number)


def choose_policy(
    viewer: Viewer, policy: str, from_on: date, today: date, *, seen: int | None = None, engine: Engine | None = None
) -> int:
    """Say which policy holds from a day on; gives the number of the change."""
    source = f"Chosen on {words.long_day(today)}"
    return change(viewer, NewValue(IN_FORCE, "", HOLDS, policy, source, from_on), today, seen=seen, engine=engine)


def _checked(connection: Connection, new: NewValue) -> dict[str, Any]:
    """The columns of the change. Raises ActionError for what cannot be."""
    if new.starts_on and new.ends_on and new.ends_on < new.starts_on:
        raise ActionError("The last day is before the first.")
    value = said(new.value, "value", LONGEST_VALUE)
    checks = {RATES: _check_rate, POLICIES: _check_term, LIMITS: _check_limit, IN_FORCE: _check_policy}
    if new.list not in checks:
        raise ActionError(f"There is no list called {new.list}.")
    checks[new.list](connection, new, value)
    starts_on, ends_on = financial_year_of_label(new.subject) if new.list == RATES else (new.starts_on, new.ends_on)
    row = {"list": new.list, "subject": new.subject, "name": new.name, "value": value, "unconfirmed": new.unconfirmed}
    return row | {"starts_on": starts_on, "ends_on": ends_on, "source": said(new.source, "source", LONGEST_SOURCE)}


def _check_rate(_connection: Connection, new: NewValue, value: str) -> None:
    try:
        first, last = financial_year_of_label(new.subject)
    except ValueError as error:
        raise ActionError(str(error)) from error
    if new.subject != f"{first.year}-{last.year % 100:02d}" or new.name not in FUNDS:
        raise ActionError("A rate is of a financial year like 2026-27 and of a fund.")
    _within(value, 1, MOST_PENCE, "pence")


def _check_term(connection: Connection, new: NewValue, value: str) -> None:
    shipped = connection.execute(reference.pp_policies()).all()
    term = next((row for row in shipped if row.name == new.name), None)
    if term is None or new.subject not in {row.policy for row in shipped}:
        raise ActionError("There is no such term of a policy.")
    if term.unit in ("text", "words"):
        return
    if term.unit == "yes or no":
        _parsed(value, term.unit)
    else:
        _within(value, 0, MOST_PENCE, term.unit)


def _check_limit(_connection: Connection, new: NewValue, value: str) -> None:
    if new.name not in EDITABLE_LIMITS or new.subject:
        raise ActionError("This limit is not changed here.")
    _within(value, *EDITABLE_LIMITS[new.name], "units")


def _check_policy(connection: Connection, new: NewValue, value: str) -> None:
    if value not in {row.policy for row in connection.execute(reference.pp_policies())}:
        raise ActionError("There is no such policy.")
    if new.starts_on is None:
        raise ActionError("A policy holds from a day on.")


def _within(value: str, least: int, most: int, unit: str) -> None:
    if not least <= _parsed(value, unit) <= most:
        raise ActionError(f"The value is from {least:,} to {most:,}.")


def _parsed(value: str, unit: str) -> Any:
    try:
        return parsed(value, unit)
    except ValueError as error:
        raise ActionError(str(error)) from error


def _check_not_overtaken(connection: Connection, new: NewValue, seen: int | None) -> None:
    """Another change of the same row, made since the viewer looked."""
    if seen is None:
        return
    row = reference_change.c
    same = (row.list == new.list, row.subject == new.subject, row.name == new.name, row.id > seen)
    later = connection.execute(select(reference_change).where(*same).order_by(row.id.desc())).first()
    if later is not None:
        who, on = later.written_by, words.long_day(later.known_from)
        raise Overtaken(f"Meanwhile {who} has changed this to {later.value} on {on}. Look at it again before you save.")

"""How a school is paid, and the invoices that came: what a payment waits for. Each is an entry that is never changed.

Raises as `vs_core.casework.batches` does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert

from vs_core.access import trail
from vs_core.access.viewer import Viewer, scope
from vs_core.casework import payables
from vs_core.casework.batches import LONGEST_CODE, LONGEST_REASON, may_pay
from vs_core.casework.turns import ActionError, alone, said
from vs_core.rules.payables import Payable
from vs_core.settings import settings
from vs_core.store.engine import engine as own_engine
from vs_core.store.engine import writing
from vs_core.store.schema import invoice_received, payee


@dataclass(frozen=True)
class Payee:
    """vendor: number in the finance system; bank_reference: how finance tells one account from another, never the
    account; sends_invoice: whether the school is paid against an invoice; reason: how that was confirmed."""

    vendor: str
    bank_reference: str
    sends_invoice: bool
    reason: str


def set_up(viewer: Viewer, urn: str, new: Payee, today: date, engine: Engine | None = None) -> None:
    """How a school is paid from now on. The school is one for which a request is approved that the viewer may see."""
    may_pay(viewer)
    vendor = said(new.vendor, "vendor number", LONGEST_CODE)
    reason = said(new.reason, "reason", LONGEST_REASON)
    bank = " ".join(new.bank_reference.split())[:LONGEST_CODE] or None
    with writing(engine or own_engine()) as connection:
        alone(connection)
        book = payables.read(connection, scope(viewer), today, settings().authority, answered=False)
        of = next((each for each in book.payables if each.is_listed and each.urn and each.urn == urn), None)
        if of is None or not of.school_key:
            raise ActionError("No request of this school is approved.")
        how = {"vendor": vendor, "bank_reference": bank, "sends_invoice": new.sends_invoice, "reason": reason}
        _write(connection, viewer, payee, today, school_key=of.school_key, **how)
        trail.record(connection, viewer, "vendor set up", f"school {urn}", {"vendor": vendor})


def note_invoice(
    viewer: Viewer, key: int, invoice: str, received_on: date, today: date, engine: Engine | None = None
) -> None:
    """An invoice that came for a request. key: `Payable.key`."""
    may_pay(viewer)
    number = said(invoice, "invoice number", LONGEST_CODE)
    if received_on > today:
        raise ActionError("An invoice cannot have come on a day to come.")
    with writing(engine or own_engine()) as connection:
        alone(connection)
        book = payables.read(connection, scope(viewer), today, settings().authority, answered=False)
        of = _shown(book.payables, key)
        about = {"request_id": of.request_id, "child_key": of.child_key}
        _write(connection, viewer, invoice_received, today, **about, invoice=number, received_on=received_on)
        trail.record(connection, viewer, "invoice received", f"child {of.child_key}", {"request": key})


def _shown(of: tuple[Payable, ...], key: int) -> Payable:
    found = next((each for each in of if each.key == key and each.is_listed), None)
    if found is None:
        raise ActionError("There is no such request.")
    return found


def _write(connection: Connection, viewer: Viewer, table: Table, today: date, **values: Any) -> None:
    at = datetime.now(UTC).replace(microsecond=0)
    connection.execute(insert(table).values(**values, written_at=at, written_by=viewer.name, known_from=today))

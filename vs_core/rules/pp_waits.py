"""Since when an approved request for Pupil Premium Plus waits for what finance needs before it can pay, and till when.

No file says that a request waits: it is worked out from the day of the approval and the day on which the vendor number
or the invoice was written down here. Where only finance's file names a vendor or an invoice, the day on which that
came is not known, and no wait is claimed. Source: local, the order in which the virtual school and finance pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

VENDOR, INVOICE = "awaiting vendor set-up", "awaiting invoice"
WHOM = {VENDOR: "waits for finance and the school", INVOICE: "waits for the school"}
NOT_IN_THE_FILE = "the file does not say"


@dataclass(frozen=True)
class Needs:
    """What finance needed of an approved request, and when it was there.

    has_vendor, has_invoice: there by now, whoever said so; vendor_on, invoice_on: the days on which that was first
    written down here, None: it was not; sends_invoice: whether the school is paid against an invoice; sent_on: the
    first day on which the request stood in a batch or was paid, from which on it waits for neither."""

    has_vendor: bool = False
    vendor_on: date | None = None
    sends_invoice: bool = False
    has_invoice: bool = False
    invoice_on: date | None = None
    sent_on: date | None = None


@dataclass(frozen=True)
class Wait:
    """what: VENDOR or INVOICE; since: the day of the approval; until: the day on which it ended, None: it lasts."""

    what: str
    since: date
    until: date | None


def waits(approved_on: date | None, of: Needs, end: date) -> Iterator[Wait]:
    """What a request waited for by a day, from its approval on; what was there on that day was not waited for."""
    if approved_on is None or approved_on > end:
        return
    if wait := _wait(VENDOR, approved_on, of.has_vendor, of.vendor_on, of.sent_on, end):
        yield wait
    if of.sends_invoice and (wait := _wait(INVOICE, approved_on, of.has_invoice, of.invoice_on, of.sent_on, end)):
        yield wait


def _wait(
    what: str, since: date, is_there: bool, written_on: date | None, sent_on: date | None, end: date
) -> Wait | None:
    if written_on is None:
        return None if is_there or sent_on is not None else Wait(what, since, None)
    if written_on <= since or (sent_on is not None and sent_on < written_on):
        return None
    return Wait(what, since, written_on if written_on <= end else None)

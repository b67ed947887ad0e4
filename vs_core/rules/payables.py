"""A request on its way to payment: what is due on it, what it still waits for, and the lines that pay it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from vs_core.rules.frame import parse_term
from vs_core.rules.pp_plus import APPROVED_STATES, FUND, year_of_request

VENDOR, INVOICE = "vendor", "invoice"
NOT_KNOWN = "school not known"


@dataclass(frozen=True)
class Payable:
    """An approved request as it is now. Of one that may not be listed (`is_listed`) everything that tells of the child
    is empty. care: first day of each stay in care and first day out of it (None: still); refused: why the authority's
    own policy does not pay it, in a sentence, empty where it does."""

    key: int
    request_id: str
    child_key: int
    child_id: str
    is_listed: bool
    status: str
    approved_pence: int
    paid_pence: int
    recovered_pence: int
    restricted: bool = False
    forename: str | None = None
    surname: str | None = None
    school_key: int | None = None
    urn: str | None = None
    school: str | None = None
    school_status: str | None = None
    school_closed_on: date | None = None
    school_la: str | None = None
    term: str | None = None
    fund: str | None = None
    intervention: str | None = None
    target: str | None = None
    requested_on: date | None = None
    decided_on: date | None = None
    decided_by: str | None = None
    impact: str | None = None
    queried_on: date | None = None
    approved_known_on: date | None = None
    impact_on: date | None = None
    first_vendor_on: date | None = None
    vendor: str | None = None
    bank_reference: str | None = None
    sends_invoice: bool | None = None
    vendor_at: datetime | None = None
    vendor_by: str | None = None
    vendor_why: str | None = None
    last_vendor: str | None = None
    last_invoice: str | None = None
    last_cost_code: str | None = None
    last_fund: str | None = None
    invoice: str | None = None
    invoice_on: date | None = None
    invoice_by: str | None = None
    born_on: date | None = None
    care: tuple[tuple[date, date | None], ...] = ()
    refused: str = ""

    @property
    def child(self) -> str:
        """Name, or number where there is none."""
        return " ".join(part for part in (self.forename, self.surname) if part) or self.child_id

    @property
    def place(self) -> str:
        return self.school or self.urn or NOT_KNOWN

    @property
    def of_fund(self) -> str:
        return self.fund or FUND

    @property
    def financial_year(self) -> str:
        return year_of_request(self.term, self.requested_on) or ""

    @property
    def pays_to(self) -> str | None:
        """The vendor number: as it was set up, else that of the last payment to the school."""
        return self.vendor or self.last_vendor

    def due_pence(self, reversed_pence: int = 0) -> int:
        """What is approved and not paid. What was recovered is due again as far as we reversed it ourselves."""
        if self.status not in APPROVED_STATES:
            return 0
        return max(0, self.approved_pence - self.paid_pence + min(self.recovered_pence, reversed_pence))

    def needs_invoice(self, authority: str) -> bool:
        """Whether it is paid against an invoice: as it was set up, else as the last payment was, else a school of
        another authority is."""
        if self.sends_invoice is not None:
            return self.sends_invoice
        if self.last_vendor:
            return bool(self.last_invoice)
        return bool(self.school_la and authority and self.school_la != authority)

    def waits_for(self, authority: str) -> str:
        """VENDOR, INVOICE or an empty text."""
        if not self.pays_to:
            return VENDOR
        return INVOICE if self.needs_invoice(authority) and not self.invoice else ""


@dataclass(frozen=True)
class Line:
    """A line of a batch and what became of it."""

    line_id: int
    batch_id: int
    turn: int
    child_key: int
    child_id: str
    is_listed: bool
    request_id: str
    amount_pence: int
    term: str
    fund: str
    builder: str
    built_by: str
    built_at: datetime
    school_key: int | None = None
    urn: str | None = None
    school: str | None = None
    vendor: str | None = None
    bank_reference: str | None = None
    invoice: str | None = None
    cost_code: str | None = None
    released_at: datetime | None = None
    released_by: str | None = None
    taken_out_at: datetime | None = None
    taken_out_by: str | None = None
    taken_out_why: str | None = None
    reversed_at: datetime | None = None
    reversed_by: str | None = None
    reversed_why: str | None = None

    @property
    def holds(self) -> bool:
        """Neither taken out nor reversed: its request is in this batch and in no other."""
        return self.taken_out_at is None and self.reversed_at is None

    @property
    def place(self) -> str:
        return self.school or self.urn or NOT_KNOWN

    @property
    def reference(self) -> str:
        """What the line is called in the file for finance."""
        return f"{label(self.batch_id)}-{self.line_id}"


def label(batch_id: int) -> str:
    """What a batch is called."""
    return f"VS-{batch_id}"


def by_request(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines of each request, the earliest first."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.request_id, []).append(line)
    return found


def reversed_pence(lines: Iterable[Line]) -> int:
    """What our counter-entries took back."""
    return sum(line.amount_pence for line in lines if line.reversed_at is not None)


def is_decider(decided_by: str | None, *names: str) -> bool:
    """Whether who decided is one of these names, whatever the capitals and spaces."""
    told = _folded(decided_by or "")
    return bool(told) and told in map(_folded, names)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def term_order(term: str | None) -> tuple[str, int]:
    """Terms one after the other; one that cannot be read before all."""
    try:
        read = parse_term(term or "")
    except ValueError:
        return ("", 0)
    return (read.academic_year, read.position)

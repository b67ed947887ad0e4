"""The steps of one request from the plan to the school's account, each with its day and who did it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vs_core.rules.payables import INVOICE, VENDOR, Line, Payable, label
from vs_core.rules.payment_matching import Answer
from vs_core.rules.pp_plus import APPROVED_STATES, pounds
from vs_core.rules.words import ENGLAND

WAITING = {VENDOR: "awaiting vendor set-up", INVOICE: "awaiting invoice"}
IN_BATCH, RELEASED, PAID, RECOVERED = "in a batch", "released", "paid", "recovered"
READY = "ready to pay"


@dataclass(frozen=True)
class Step:
    """on: its day, None for what holds now; by: who, empty where nobody is named; what: the step; said: more of it."""

    on: date | None
    by: str
    what: str
    said: str = ""


def state(of: Payable, lines: Sequence[Line], answers: Sequence[Answer], authority: str) -> str:
    """Where a request stands on its way. lines, answers: its own, the earliest first."""
    holding = next((line for line in reversed(lines) if line.holds), None)
    paid = sum(each.amount_pence for each in answers if each.status == "paid") or of.paid_pence
    back = sum(each.amount_pence for each in answers if each.status == "recovered") or of.recovered_pence
    if paid and back >= paid:
        return RECOVERED
    if paid and paid >= of.approved_pence:
        return PAID
    if holding is not None:
        return RELEASED if holding.released_at else IN_BATCH
    if of.status not in APPROVED_STATES:
        return of.status
    return WAITING.get(of.waits_for(authority), READY)


def steps(of: Payable, lines: Sequence[Line], answers: Sequence[Answer], authority: str) -> list[Step]:
    """What happened, the earliest first; what holds now and has no day is last."""
    told = [*_asked(of), *_prepared(of), *_batches(lines), *_finance(answers)]
    ordered = sorted(told, key=lambda each: each.on or date.min)
    return [*ordered, *_now(of, lines, authority)]


def _asked(of: Payable) -> Iterator[Step]:
    if of.requested_on:
        what = f"Target: {of.target}" if of.target else ""
        yield Step(of.requested_on, "", "requested", ". ".join(part for part in (of.intervention or "", what) if part))
    if of.decided_on:
        amount = pounds(of.approved_pence) if of.status in APPROVED_STATES else ""
        yield Step(of.decided_on, of.decided_by or "", of.status, amount)


def _prepared(of: Payable) -> Iterator[Step]:
    if of.vendor_at:
        yield Step(
            _day(of.vendor_at),
            of.vendor_by or "",
            "vendor set up",
            ": ".join(part for part in (of.vendor, of.vendor_why) if part),
        )
    if of.invoice_on:
        yield Step(of.invoice_on, of.invoice_by or "", "invoice received", of.invoice or "")


def _batches(lines: Iterable[Line]) -> Iterator[Step]:
    for line in lines:
        name = label(line.batch_id)
        yield Step(_day(line.built_at), line.built_by, IN_BATCH, f"{name}, {pounds(line.amount_pence)}")
        if line.taken_out_at:
            yield Step(_day(line.taken_out_at), line.taken_out_by or "", "taken out", line.taken_out_why or "")
        elif line.released_at:
            yield Step(_day(line.released_at), line.released_by or "", RELEASED, name)
        if line.reversed_at:
            said = f"{pounds(-line.amount_pence)}: {line.reversed_why or ''}"
            yield Step(_day(line.reversed_at), line.reversed_by or "", "reversed", said)


def _finance(answers: Iterable[Answer]) -> Iterator[Step]:
    for each in answers:
        yield Step(each.paid_on, "Finance system", each.status, f"{each.payment_id}, {pounds(each.amount_pence)}")


def _now(of: Payable, lines: Sequence[Line], authority: str) -> Iterator[Step]:
    is_open = of.status in APPROVED_STATES and of.due_pence() and not any(line.holds for line in lines)
    if is_open and (wait := of.waits_for(authority)):
        yield Step(None, "", WAITING[wait])
    if is_open and of.refused:
        yield Step(None, "", "not paid", of.refused)
    if of.impact:
        yield Step(None, "", "impact recorded", of.impact)


def _day(at: datetime) -> date:
    return at.astimezone(ENGLAND).date()

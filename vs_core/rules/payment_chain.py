"""The steps of one request from the plan to the school's account, each with its day and who did it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vs_core.rules import pp_waits
from vs_core.rules.payables import INVOICE, VENDOR, Line, Payable, label
from vs_core.rules.payment_matching import Answer
from vs_core.rules.pp_plus import APPROVED_STATES, pounds
from vs_core.rules.pp_waits import NOT_IN_THE_FILE
from vs_core.rules.words import ENGLAND, short_day

WAITING = {VENDOR: pp_waits.VENDOR, INVOICE: pp_waits.INVOICE}
IN_BATCH, RELEASED, PAID, RECOVERED = "in a batch", "released", "paid", "recovered"
READY = "ready to pay"


@dataclass(frozen=True)
class Step:
    """on: its day, None for what holds now; by: who did it or whom it waits for, NOT_IN_THE_FILE where no file says;
    what: the step; said: more of it."""

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


def steps(of: Payable, lines: Sequence[Line], answers: Sequence[Answer], authority: str, on: date) -> list[Step]:
    """What happened by a day, the earliest first; what holds now and has no day is last."""
    waited = _waited(of, lines, answers, authority, on)
    told = [*_asked(of), *waited, *_prepared(of), *_batches(lines), *_finance(answers), *_impact(of)]
    ordered = sorted(told, key=lambda each: each.on or date.min)
    return [*ordered, *_now(of, lines)]


def _asked(of: Payable) -> Iterator[Step]:
    if of.requested_on:
        what = f"Target: {of.target}" if of.target else ""
        said = ". ".join(part for part in (of.intervention or "", what) if part)
        yield Step(of.requested_on, NOT_IN_THE_FILE, "requested", said)
    if of.queried_on:
        yield Step(of.queried_on, NOT_IN_THE_FILE, "queried")
    if of.decided_on:
        amount = pounds(of.approved_pence) if of.status in APPROVED_STATES else ""
        yield Step(of.decided_on, of.decided_by or NOT_IN_THE_FILE, of.status, amount)


def _waited(of: Payable, lines: Sequence[Line], answers: Sequence[Answer], authority: str, on: date) -> Iterator[Step]:
    if of.status not in APPROVED_STATES:
        return
    sent = [*(_day(line.built_at) for line in lines), *(each.paid_on for each in answers if each.paid_on)]
    by_finance = bool(of.invoice) and of.invoice_on is None
    needs = pp_waits.Needs(
        has_vendor=bool(of.pays_to),
        vendor_on=of.first_vendor_on,
        sends_invoice=of.needs_invoice(authority),
        has_invoice=by_finance,
        invoice_on=of.invoice_on,
        sent_on=min(sent, default=on if of.paid_pence else None),
    )
    for wait in pp_waits.waits(of.decided_on or of.approved_known_on, needs, on):
        ends = wait.until or on
        said = f"{'until' if wait.until else 'still on'} {short_day(ends)}, {_days((ends - wait.since).days)}"
        yield Step(wait.since, pp_waits.WHOM[wait.what], wait.what, said)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


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


def _impact(of: Payable) -> Iterator[Step]:
    if of.impact:
        yield Step(of.impact_on, NOT_IN_THE_FILE, "impact recorded", of.impact)


def _now(of: Payable, lines: Sequence[Line]) -> Iterator[Step]:
    is_open = of.status in APPROVED_STATES and of.due_pence() and not any(line.holds for line in lines)
    if is_open and of.refused:
        yield Step(None, "", "not paid", of.refused)


def _day(at: datetime) -> date:
    return at.astimezone(ENGLAND).date()

"""Why a request for Pupil Premium Plus is not paid: one plain sentence, with the rule that it comes from.

Every request in every state gets exactly one, until all that was approved of it is paid. The first rule that stands in
the way is the one that is said; a request that nothing stands in the way of is ready to pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from vs_core.rules import words
from vs_core.rules.frame import financial_year_of_label
from vs_core.rules.periods import HalfTerm
from vs_core.rules.pp_plus import APPROVED_STATES, FUND
from vs_core.rules.pp_policy import Policy
from vs_core.rules.pp_policy_schools import PLAIN
from vs_core.rules.pp_policy_timing import (
    agreed_in_time,
    fault_of_exception,
    has_summer_money,
    in_autumn_rule,
    invoice_due,
    is_exceptional,
    is_invoice_late,
    payable_from,
)

Stage = Literal[
    "asked for",
    "queried",
    "not agreed in time",
    "plan not signed",
    "not funded",
    "not payable yet",
    "awaiting vendor",
    "awaiting invoice",
    "invoice overdue",
    "ready to pay",
    "in a batch",
    "returned",
    "too late this year",
    "nothing to pay",
    "rejected",
    "lapsed",
    "paid",
]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""Where a request can stand, in the order of the way that it goes."""
_GRANT = "DfE, pupil premium conditions of grant: what is not spent by 31 March goes back"
_CHAIN = "The virtual school's own order: asked for, decided, signed for, paid"


@dataclass(frozen=True)
class Asked:
    """What is known of a request on the day. state: as of the day; money in pence; season: of its term, empty when it
    has none; financial_year: as 2026-27; plan_exists and plan_signed_on: of the child's plan for the term (signed:
    quality-assured by the day); school_kind: `pp_policy_schools.KINDS`; out_of_county: None when not known; add_on: as
    `pp_policy_timing.add_on`; add_on_fault: what is wrong with one (`pp_add_ons.fault`); has_vendor: finance has the
    school; sends_invoice: it is paid against one, None: not said; batch: of a payment not made
    yet; batch_is: `built`, `released`, `sent` (finance has it), empty when it is in none; returned_on: of the last
    payment that came back and was not made again; has_invoice: one came."""

    state: str
    amount_pence: int
    financial_year: str
    season: str = ""
    fund: str = FUND
    approved_pence: int = 0
    paid_pence: int = 0
    requested_on: date | None = None
    queried_on: date | None = None
    decided_on: date | None = None
    exceptional: bool = False
    adviser_agreed_on: date | None = None
    starts_on: date | None = None
    year_group: str = ""
    plan_exists: bool = False
    plan_signed_on: date | None = None
    school_kind: str = "not known"
    out_of_county: bool | None = None
    add_on: str = ""
    add_on_fault: str = ""
    has_vendor: bool = True
    sends_invoice: bool | None = None
    has_invoice: bool = False
    batch: str = ""
    batch_is: Literal["", "built", "released", "sent"] = ""
    returned_on: date | None = None

    @property
    def unpaid_pence(self) -> int:
        """What is approved and not paid."""
        return max(0, self.approved_pence - self.paid_pence)


@dataclass(frozen=True)
class Setting:
    """What the rules are read against on a day. policy: None where none is chosen; runs: the payment runs of the
    financial year, all of them; exceptional_pence: the threshold for a term; half_terms: the authority's."""

    on: date
    policy: Policy | None
    runs: tuple[date, ...]
    exceptional_pence: int
    half_terms: Sequence[HalfTerm] = ()


@dataclass(frozen=True)
class Why:
    """stage: where the request stands; sentence: why it is not paid; rule: where that comes from."""

    stage: Stage
    sentence: str
    rule: str


def why_not_paid(asked: Asked, by: Setting) -> Why | None:
    """Why a request is not paid on the day; None once all that was approved of it is."""
    if asked.state in _UNDECIDED:
        return _UNDECIDED[asked.state](asked, by)
    if asked.state not in APPROVED_STATES:
        return Why("nothing to pay", f"It stands as {asked.state or 'nothing'}, which pays nothing.", _CHAIN)
    if asked.approved_pence <= 0:
        return Why("nothing to pay", f"Approved{_on(asked.decided_on)} with nothing to pay.", _CHAIN)
    if not asked.unpaid_pence:
        return None
    return next(why for rule in _IN_ORDER if (why := rule(asked, by)) is not None)


def _requested(asked: Asked, by: Setting) -> Why:
    since = f"Asked for{_on(asked.requested_on)}"
    if by.policy and asked.add_on_fault:
        return Why("asked for", f"{since}: waiting for a decision. {asked.add_on_fault}", _add_ons(by))
    if by.policy and not in_autumn_rule(by.policy, asked.season, asked.school_kind, asked.fund, asked.add_on):
        said = f"{since}: waiting for a decision. {by.policy.title}: {PLAIN[asked.school_kind]} claim through the"
        return Why("asked for", f"{said} autumn plan, so this is an exception to agree.", _rule(by, _AUTUMN))
    if _is_late_summer(asked, by):
        said = f"{since}: waiting for a decision. A Year 11 plan signed after the May half-term brings no summer money"
        return Why("asked for", f"{said} of its own accord.", _rule(by, "no_late_summer_year_11"))
    if is_exceptional(asked.amount_pence, asked.exceptional, by.exceptional_pence):
        fault = fault_of_exception(asked.requested_on, asked.adviser_agreed_on, asked.starts_on)
        if fault:
            said = f"{since}: waiting for a decision, which first needs an adviser's agreement. {fault}"
            return Why("asked for", said, _EXCEPTIONAL)
    return Why("asked for", f"{since}: waiting for a decision.", _CHAIN)


def _is_late_summer(asked: Asked, by: Setting) -> bool:
    if by.policy is None or not by.policy.no_late_summer_year_11 or asked.season != "summer":
        return False
    signed_on = asked.plan_signed_on
    return signed_on is not None and has_summer_money(asked.year_group, signed_on, by.half_terms) is False


def _queried(asked: Asked, _by: Setting) -> Why:
    return Why("queried", f"Queried{_on(asked.queried_on)}: waiting for the school's answer.", _CHAIN)


def _rejected(asked: Asked, _by: Setting) -> Why:
    return Why("rejected", f"Rejected{_on(asked.decided_on)}.", _CHAIN)


def _lapsed(asked: Asked, _by: Setting) -> Why:
    said = f"Lapsed{_on(asked.decided_on)}: the money is free for other requests."
    return Why("lapsed", said, _CHAIN)


_UNDECIDED = {"requested": _requested, "queried": _queried, "rejected": _rejected, "lapsed": _lapsed}
_AUTUMN = "claims_in_autumn_only"
_EXCEPTIONAL = "Norfolk Virtual School: above the threshold agreed with the adviser before the intervention starts"


def _in_batch(asked: Asked, _by: Setting) -> Why | None:
    name = f"In batch {asked.batch}" if asked.batch else "In a batch"
    said = {
        "built": f"{name}, waiting to be released by a second person.",
        "released": f"{name}, released: waiting for finance to pay it.",
        "sent": f"{name}: finance has it and has not paid it yet.",
    }
    return Why("in a batch", _part(asked, said[asked.batch_is]), _CHAIN) if asked.batch_is else None


def _returned(asked: Asked, _by: Setting) -> Why | None:
    if asked.returned_on is None:
        return None
    said = f"Paid and returned by the bank{_on(asked.returned_on)}: the payee's details are to be checked."
    return Why("returned", said, "The finance system's answer")


def _after_the_last_run(asked: Asked, by: Setting) -> Why | None:
    last = financial_year_of_label(asked.financial_year)[1]
    if by.on > last:
        said = f"{_approved(asked)}, and not paid by {words.long_day(last)}: the money has gone back."
    elif by.runs and by.on > by.runs[-1]:
        run = words.short_day(by.runs[-1])
        said = f"{_approved(asked)}, but the year's last payment run was on {run}: the money goes back on 31 Mar."
    else:
        return None
    return Why("too late this year", said, _GRANT)


def _school_not_funded(asked: Asked, by: Setting) -> Why | None:
    if by.policy is None or (asked.exceptional and agreed_in_time(asked.adviser_agreed_on, asked.starts_on)):
        return None
    if by.policy.funds(asked.school_kind) is False:
        said = f"{_approved(asked)}, but {by.policy.title} does not pay {PLAIN[asked.school_kind]} as standard."
        return Why("not funded", said, _rule(by, f"funds_{asked.school_kind.replace('-', '_')}"))
    if asked.out_of_county and by.policy.funds_out_of_county is False:
        said = f"{_approved(asked)}, but {by.policy.title} does not pay schools of other authorities."
        return Why("not funded", said, _rule(by, "funds_out_of_county"))
    return None


def _not_agreed(asked: Asked, by: Setting) -> Why | None:
    is_one = is_exceptional(asked.amount_pence, asked.exceptional, by.exceptional_pence)
    if by.policy is None or not is_one:
        return None
    fault = fault_of_exception(asked.requested_on, asked.adviser_agreed_on, asked.starts_on)
    if not fault:
        return None
    said = f"{_approved(asked)}, but it is exceptional and needed an adviser's agreement before it began. {fault}"
    return Why("not agreed in time", said, _EXCEPTIONAL)


def _plan_not_signed(asked: Asked, by: Setting) -> Why | None:
    signed = asked.plan_signed_on is not None and asked.plan_signed_on <= by.on
    if signed or (by.policy is not None and not by.policy.needs_signed_plan):
        return None
    season = f"{asked.season} " if asked.season else ""
    fault = f"the {season}PEP is not signed" if asked.plan_exists else f"there is no {season}PEP"
    return Why("plan not signed", f"{_approved(asked)}, but {fault}: no signed PEP, no payment.", _rule(by, _SIGNED))


_SIGNED = "needs_signed_plan"


def _too_early(asked: Asked, by: Setting) -> Why | None:
    if by.policy is None or asked.plan_signed_on is None:
        return None
    from_on = payable_from(asked.plan_signed_on, by.half_terms) if by.policy.pays_next_half_term else None
    if from_on is None or from_on <= by.on:
        return None
    said = f"{_approved(asked)} and signed{_on(asked.plan_signed_on)}: paid in the half term that begins"
    return Why("not payable yet", f"{said} on {words.short_day(from_on)}.", _rule(by, "pays_next_half_term"))


def _awaits_vendor(asked: Asked, _by: Setting) -> Why | None:
    if asked.has_vendor:
        return None
    said = f"{_approved(asked)}; the school has no vendor number: it has to be set up before it can be paid."
    return Why("awaiting vendor", said, "The finance system pays vendors that are set up")


def _awaits_invoice(asked: Asked, by: Setting) -> Why | None:
    is_needed = asked.out_of_county if asked.sends_invoice is None else asked.sends_invoice
    if not is_needed or asked.has_invoice:
        return None
    days = by.policy.invoice_days if by.policy and asked.out_of_county else None
    if days is None or asked.decided_on is None or not by.runs:
        said = f"{_approved(asked)}; awaits the school's invoice."
        return Why("awaiting invoice", said, "The school is paid against an invoice")
    due = invoice_due(asked.decided_on, days, by.runs[-1])
    if is_invoice_late(due, by.on):
        said = f"{_approved(asked)}; the school's invoice was due by {words.short_day(due)} and has not come: the money"
        return Why("invoice overdue", f"{said} goes back to be used again.", _rule(by, _INVOICE))
    said = f"{_approved(asked)}; awaits the school's invoice, due by {words.short_day(due)} or the money goes back."
    return Why("awaiting invoice", said, _rule(by, _INVOICE))


_INVOICE = "invoice_days"


def _ready(asked: Asked, by: Setting) -> Why:
    run = next((run for run in by.runs if run >= by.on), None)
    when = f": the next payment run is on {words.short_day(run)}" if run else ""
    return Why("ready to pay", _part(asked, f"{_approved(asked)} and ready to pay, in no batch yet{when}."), _CHAIN)


def refused(asked: Asked, by: Setting) -> str:
    """Why what is approved may not be put into a batch on the day, as a sentence; empty where it may."""
    if asked.state not in APPROVED_STATES:
        return ""
    found = [why for rule in _REFUSES if (why := rule(asked, by)) is not None]
    return next((why.sentence for why in found if why.stage != "awaiting invoice"), "")


_REFUSES = (_school_not_funded, _not_agreed, _plan_not_signed, _too_early, _awaits_invoice)
"""Whether an invoice is awaited is said by how the school is paid; that it came too late is the policy's."""
_IN_ORDER = (
    _in_batch,
    _after_the_last_run,
    _returned,
    _school_not_funded,
    _not_agreed,
    _plan_not_signed,
    _too_early,
    _awaits_vendor,
    _awaits_invoice,
    _ready,
)
"""The last one answers whatever the others leave."""


def _approved(asked: Asked) -> str:
    how = "Approved in part" if asked.state == "part-approved" else "Approved"
    return f"{how}{_on(asked.decided_on)}"


def _part(asked: Asked, sentence: str) -> str:
    if not asked.paid_pence:
        return sentence
    paid, whole = words.pounds(asked.paid_pence), words.pounds(asked.approved_pence)
    return f"{paid} of {whole} is paid. {sentence}"


def _on(day: date | None) -> str:
    return f" on {words.short_day(day)}" if day else ""


def _add_ons(by: Setting) -> str:
    """The source of the add-ons' terms."""
    names = ("book_offer_pence", "recovery_pence", "post_16_voucher_pence")
    terms = by.policy.terms if by.policy else ()
    return _rule(by, next((term.name for term in terms if term.name in names), names[0]))


def _rule(by: Setting, name: str) -> str:
    """The source of a term of the policy; of the rule about signed plans also without one."""
    terms = by.policy.terms if by.policy else ()
    term = next((term for term in terms if term.name == name), None)
    if term is None:
        return "No signed PEP, no payment" if name == _SIGNED else _CHAIN
    return f"{term.source}{' (not confirmed)' if term.unconfirmed else ''}"

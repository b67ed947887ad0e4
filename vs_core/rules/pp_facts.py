"""What is known of a request, put together from rows of the database for the rules that look at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, TypedDict

from vs_core.rules import pp_add_ons
from vs_core.rules.frame import parse_term
from vs_core.rules.pp_plus import FUND
from vs_core.rules.pp_policy import Policy
from vs_core.rules.pp_policy_schools import NOT_KNOWN
from vs_core.rules.pp_policy_timing import add_on
from vs_core.rules.pp_waiting import Asked

Row = Mapping[Any, Any]
WORDS = ("book_offer", "book", "recovery", "voucher", "tuition", "laptop", "plan")
"""Sets of words that are looked for in what a request says; a row tells of each as `says_NAME`."""


class InHand(TypedDict):
    """What is on its way to a request; empty where nothing is."""

    batch: str
    batch_is: Literal["", "built", "released", "sent"]
    returned_on: date | None
    has_invoice: bool


NOTHING: InHand = {"batch": "", "batch_is": "", "returned_on": None, "has_invoice": False}


def words_of(policy: Policy | None) -> Mapping[str, tuple[str, ...]]:
    """What is looked for in requests, in small letters, by name (WORDS)."""
    if policy is None:
        return dict.fromkeys(WORDS, ())
    wording = policy.book_offer_wording.casefold()
    return {
        "book_offer": (wording,) if wording else (),
        "book": ("book offer",) if wording else (),
        "recovery": ("recovery",),
        "voucher": ("voucher",),
        "tuition": ("tuition",),
        "laptop": policy.laptop_words,
        "plan": policy.plan_duplicates_words,
    }


def says(row: Row) -> frozenset[str]:
    """Which of WORDS a request has, told by flags because what it says is not for every viewer."""
    return frozenset(name for name in WORDS if row.get(f"says_{name}"))


def in_hand(payments: Iterable[Row], batched: Iterable[Row], invoices: Iterable[Row], end: date) -> dict[str, InHand]:
    """What is on its way to each request on a day. A payment that came back counts until another goes out.

    `payments`: of the finance system (`request_id`, `status`, `paid_on`, `batch`, `invoice`); `batched`: lines of our
    own batches (`request_id`, `batch`, `is_released`); `invoices`: those that came (`request_id`)."""
    found: dict[str, InHand] = {}
    for row in sorted(payments, key=lambda each: each["paid_on"] or date.max):
        is_out, day = row["status"] == "in batch", row["paid_on"]
        if not is_out and (day is None or day > end or row["status"] not in ("paid", "returned")):
            continue
        own = _own(found, row)
        own["has_invoice"] = own["has_invoice"] or bool(row["invoice"])
        if is_out:
            own["batch"], own["batch_is"] = row["batch"] or "", "sent"
        else:
            own["returned_on"] = day if row["status"] == "returned" else None
    for row in batched:
        own = _own(found, row)
        if not own["batch_is"]:
            own["batch"], own["batch_is"] = row["batch"], "released" if row["is_released"] else "built"
    for row in invoices:
        _own(found, row)["has_invoice"] = True
    return found


def _own(found: dict[str, InHand], row: Row) -> InHand:
    return found.setdefault(row["request_id"], NOTHING.copy())


def asked_of(row: Row, policy: Policy | None, moved: InHand | None = None) -> Asked:
    """A request as the rules look at it. What is not known is None in the row.

    `row`: `state`, `amount_pence`, `financial_year`, `term`, `fund`, `approved_pence`, `paid_pence`, `requested_on`,
    `queried_on`, `decided_on`, `exceptional`, `adviser_agreed_on`, `starts_on`, `year_group`, `has_plan`, `signed_on`,
    `school_kind`, `out_of_county`, `says_*`, and where they are known `has_vendor`, `sends_invoice` and
    `group_when_asked` (the year group on the day it was made)."""
    season = parse_term(row["term"]).season if row["term"] else ""
    amount = int(row["amount_pence"] or 0)
    elsewhere = row["out_of_county"]
    return Asked(
        state=str(row["state"]),
        amount_pence=amount,
        financial_year=str(row["financial_year"]),
        season=season,
        fund=row["fund"] or FUND,
        approved_pence=int(row["approved_pence"]),
        paid_pence=int(row["paid_pence"]),
        exceptional=bool(row["exceptional"]),
        year_group=row["year_group"] or "",
        plan_exists=bool(row["has_plan"]),
        plan_signed_on=row["signed_on"],
        school_kind=row["school_kind"] or NOT_KNOWN,
        out_of_county=None if elsewhere is None else bool(elsewhere),
        has_vendor=row.get("has_vendor") in (None, True, 1),
        sends_invoice=None if row.get("sends_invoice") is None else bool(row["sends_invoice"]),
        add_on_fault=_add_on_fault(row, policy, season, amount),
        add_on=add_on(policy, season, says(row), amount) if policy else "",
        **{name: row[name] for name in ("requested_on", "queried_on", "decided_on", "adviser_agreed_on", "starts_on")},
        **(moved or NOTHING),
    )


def _add_on_fault(row: Row, policy: Policy | None, season: str, amount_pence: int) -> str:
    if policy is None:
        return ""
    return pp_add_ons.fault(policy, says(row), season, amount_pence, row.get("group_when_asked") or "")

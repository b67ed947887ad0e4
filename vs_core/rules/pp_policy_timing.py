"""By when and in what order Pupil Premium Plus is agreed, signed for, invoiced and paid. Every day is given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from vs_core.rules.periods import HalfTerm
from vs_core.rules.pp_plus import FUND
from vs_core.rules.pp_policy import Policy
from vs_core.rules.pp_policy_schools import ACADEMY, MAINTAINED

MAY_HALF_TERM = 5


def payable_from(signed_on: date, half_terms: Sequence[HalfTerm]) -> date | None:
    """Norfolk's timing rule: the first day of the first half term that begins after the plan was signed off.

    Signed off in the first half of a term (or in the break after it), paid in the second; in the second half (or in the
    holiday after it), paid in the next term. None where no half term after that day is loaded.
    """
    return min((half.start for half in half_terms if half.start > signed_on), default=None)


def has_summer_money(year_group: str, signed_on: date, half_terms: Sequence[HalfTerm]) -> bool | None:
    """Whether a summer plan is paid of its own accord: not in Year 11 when it is signed off after the May half-term
    (from the first day of the sixth half term on). None where that half term is not loaded."""
    if year_group != "11":
        return True
    first = signed_on.year if signed_on.month < 9 else signed_on.year + 1
    begins = [half.start for half in half_terms if half.number == MAY_HALF_TERM + 1 and half.start.year == first]
    return signed_on < begins[0] if begins else None


def invoice_due(decided_on: date, invoice_days: int, last_run: date) -> date:
    """The last day for an invoice: so many days after the approval, and not after the year's last payment run."""
    return min(decided_on + timedelta(days=invoice_days), last_run)


def is_invoice_late(due_on: date, on: date) -> bool:
    """An invoice can still come on its last day."""
    return on > due_on


def agreed_in_time(adviser_agreed_on: date | None, starts_on: date | None) -> bool:
    """An exceptional request is agreed before its intervention starts; on the first day itself is too late.

    Without a start nothing has begun, so any agreement is in time."""
    if adviser_agreed_on is None:
        return False
    return starts_on is None or adviser_agreed_on < starts_on


def is_exceptional(amount_pence: int, exceptional: bool | None, threshold_pence: int) -> bool:
    """Marked so, or above the threshold for a term; exactly the threshold is ordinary."""
    return bool(exceptional) or amount_pence > threshold_pence


def fault_of_exception(requested_on: date | None, adviser_agreed_on: date | None, starts_on: date | None) -> str:
    """What is wrong with an exceptional request, as a sentence; empty when it was agreed before its start."""
    if adviser_agreed_on is None:
        return "No adviser has agreed."
    if agreed_in_time(adviser_agreed_on, starts_on):
        asked_late = requested_on is not None and starts_on is not None and requested_on >= starts_on
        return "Asked for when the intervention had begun." if asked_late else ""
    return "Agreed when the intervention had begun."


def in_autumn_rule(policy: Policy, season: str, school_kind: str, fund: str, add_on: str) -> bool:
    """Essex's autumn rule: maintained schools and academies claim through the autumn plan; later only add-ons."""
    bound = policy.claims_in_autumn_only and fund == FUND and school_kind in (MAINTAINED, ACADEMY)
    return not bound or season == "autumn" or bool(add_on)


def add_on(policy: Policy, season: str, says: Collection[str], amount_pence: int) -> str:
    """Which add-on of the policy a request is, by its words and within its amount; empty when it is none.

    says: which of `book_offer` (the policy's wording, such as `VS spring book offer £25`), `recovery`, `tuition` stand
    in what the request is for."""
    in_spring = season == "spring"
    if in_spring and "book_offer" in says and amount_pence <= (policy.book_offer_pence or 0):
        return "book offer"
    if in_spring and "recovery" in says and amount_pence <= (policy.recovery_pence or 0):
        return "recovery"
    return "tuition" if season == "summer" and policy.summer_tuition_hours and "tuition" in says else ""

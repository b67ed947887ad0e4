"""What is wrong with a request for one of a policy's add-ons: book offer, recovery, the book voucher after year 11.

By the words that a request has, each term with its source in `pp_policies.csv`. Hours of summer tuition are not
checked: no file names the hours of a request, and no source gives a rate for one (NOT_CHECKED)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from vs_core.rules.pp_plus import pounds
from vs_core.rules.pp_policy import Policy

BOOK_OFFER, RECOVERY, VOUCHER = "book offer", "recovery", "book voucher"
POST_16 = ("12", "13")
"""The year groups of 16 to 18: 16 or 17 on the 31 August before the academic year."""
NOT_CHECKED = {
    "summer_tuition_hours": "Hours of summer tuition are not checked: a request names an amount and no hours, and no "
    "rate for an hour is set.",
    "early_years_limit_pence": "The early years limit is not checked: of the early years fund sums are shown, and no "
    "list of its requests.",
}
"""By the name of a term of a policy, why no rule looks at it."""


def named(policy: Policy, says: Collection[str]) -> str:
    """Which add-on of the policy a request speaks of, within its terms or not; empty for none.

    says: which of `book` (book offer), `book_offer` (in the policy's wording), `recovery`, `voucher` stand in it."""
    if policy.book_offer_pence is not None and {"book", "book_offer"} & set(says):
        return BOOK_OFFER
    if policy.post_16_voucher_pence is not None and "voucher" in says:
        return VOUCHER
    return RECOVERY if policy.recovery_pence is not None and "recovery" in says else ""


def fault(policy: Policy, says: Collection[str], season: str, amount_pence: int, year_group: str) -> str:
    """What is wrong with a request for an add-on, in sentences; empty where nothing is, or it is for none.

    season: of its term, empty when it has none; amount_pence: what is asked for; year_group: on the day it was made,
    `not known` without a date of birth, which is not held against it."""
    what = named(policy, says)
    return " ".join(_faults(policy, what, says, season, amount_pence, year_group)) if what else ""


def _faults(
    policy: Policy, what: str, says: Collection[str], season: str, amount_pence: int, year_group: str
) -> Iterator[str]:
    most = {
        BOOK_OFFER: policy.book_offer_pence,
        RECOVERY: policy.recovery_pence,
        VOUCHER: policy.post_16_voucher_pence,
    }[what]
    if most is not None and amount_pence > most:
        yield f"The {what} is {pounds(most)}, and {pounds(amount_pence)} is asked for."
    if what == VOUCHER:
        if year_group not in (*POST_16, "not known", ""):
            yield f"The {what} is for years 12 and 13, and the child was in {_group(year_group)}."
        return
    if season not in ("spring", ""):
        yield f"The {what} is claimed on the spring plan, and this is for the {season} term."
    if what == BOOK_OFFER and "book_offer" not in says and policy.book_offer_wording:
        yield f"Its target does not say '{policy.book_offer_wording}'."


def _group(year_group: str) -> str:
    names = {
        "R": "reception",
        "N1": "nursery",
        "N2": "nursery",
        "under 2": "no year yet",
        "over 18": "no year any more",
    }
    return names.get(year_group, f"year {year_group}")

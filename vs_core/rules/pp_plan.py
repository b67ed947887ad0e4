"""When the year's money is planned to be paid: a third for each term, at the payment runs of its months.

The rule is the virtual school's own, read from its policy: money follows the term's plan, so a term's third is paid in
equal parts at the runs of the term. Where a policy pays a signed plan a half term later (Norfolk's timing rule), so it
is planned; where schools claim through the autumn plan (Essex's autumn rule), the plan begins in September."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vs_core.rules.pp_plus import split
from vs_core.rules.pp_policy import Policy


@dataclass(frozen=True)
class Plan:
    """parts: the months in whose runs each equal part of the year's money is paid; says: the same as a sentence."""

    parts: tuple[tuple[int, ...], ...]
    says: str


BY_TERM = Plan(
    ((4, 5, 6, 7, 8), (9, 10, 11, 12), (1, 2, 3)),
    "a third for each term in equal parts at its runs: summer April to August, autumn September to December, spring "
    "January to March",
)
A_HALF_TERM_LATER = Plan(
    ((6, 7, 8, 9, 10), (11, 12, 1), (2, 3)),
    "a third for each term in equal parts at the runs a half term later, as the policy pays signed plans: summer June "
    "to October, autumn November to January, spring February and March",
)
THROUGH_AUTUMN = Plan(
    ((9, 10, 11, 12, 1, 2, 3),),
    "in equal parts at the runs from September on, as the policy pays what is claimed through the autumn plan",
)


def plan_of(policy: Policy | None) -> Plan:
    """The plan that a policy's terms make; thirds by term where none is chosen or it says nothing of when."""
    if policy is not None and policy.pays_next_half_term:
        return A_HALF_TERM_LATER
    return THROUGH_AUTUMN if policy is not None and policy.claims_in_autumn_only else BY_TERM


def planned(plan: Plan, runs: Sequence[date], spendable_pence: int) -> list[int]:
    """What each run is planned to pay, in pence; they add up to the year's money to spend, odd pence at the end.

    runs: those of the financial year, one a month; spendable_pence: allocation less what is retained."""
    by_month = {run.month: place for place, run in enumerate(runs)}
    amounts = [0] * len(runs)
    for pence, months in zip(split(spendable_pence, len(plan.parts)), plan.parts, strict=True):
        for share, month in zip(split(pence, len(months)), months, strict=True):
            amounts[by_month[month]] += share
    return amounts

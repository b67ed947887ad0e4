"""What stands outside the policy: children over a term's limit, provision paid for twice, exceptions not agreed in
time. Each by the requests that stand: what was rejected or has lapsed is no longer asked for."""

from __future__ import annotations

from datetime import date

import pandas as pd

from vs_core.rules import words
from vs_core.rules.pp_plus import APPROVED_STATES, OPEN_STATES
from vs_core.rules.pp_policy_timing import fault_of_exception, is_exceptional

STANDS = OPEN_STATES | APPROVED_STATES
OVER = ("child_key", "term", "requests", "counted_pence", "limit_pence", "over_pence", "agreed")


def counted(state: str, amount_pence: int, approved_pence: int, add_on: str) -> int:
    """What a request counts towards its term's limit, pence: what is approved of it, else what is asked for; add-ons
    (book offer, recovery, tuition) have amounts of their own and count nothing."""
    if add_on or state not in STANDS:
        return 0
    return approved_pence if state in APPROVED_STATES else amount_pence


def exception_at_fault(
    state: str,
    amount_pence: int,
    exceptional: bool,
    threshold_pence: int,
    requested_on: date | None,
    adviser_agreed_on: date | None,
    starts_on: date | None,
) -> str:
    """What is wrong with a request that is an exception and stands; empty for any other."""
    if state not in STANDS or not is_exceptional(amount_pence, exceptional, threshold_pence):
        return ""
    return fault_of_exception(requested_on, adviser_agreed_on, starts_on)


def doubled(
    state: str,
    says_laptop: bool,
    laptop_given_on: date | None,
    says_plan: bool,
    has_plan: bool,
    requested_on: date | None,
    asked_before: str,
) -> str:
    """Why what a request is for may be paid for already, as a sentence; empty where nothing says so.

    says_laptop, says_plan: it has words of the policy; laptop_given_on: the first that a project gave the child;
    has_plan: the child had an education, health and care plan when it was made; asked_before: the number of an earlier
    request for the same child, term and intervention that stands."""
    if state not in STANDS:
        return ""
    said = []
    if says_laptop:
        given = laptop_given_on is not None and (requested_on is None or laptop_given_on <= requested_on)
        had = f", and the child was given one on {words.long_day(laptop_given_on)}" if given and laptop_given_on else ""
        said.append(f"Asks for a laptop, which is no intervention{had}.")
    if says_plan and has_plan:
        said.append("The child has an education, health and care plan, which may pay for it.")
    if asked_before:
        said.append(f"The same was asked for the child and term before: {asked_before}.")
    return " ".join(said)


def over_limit(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a child and term whose requests count for more than its limit, those not agreed first and the most over:
    OVER (`requests`: those that count; `agreed`: none of them is an exception at fault).

    `rows`: requests with `child_key`, `term`, `counted_pence`, `limit_pence` (of the term; empty: none), `fault`."""
    own = rows[(rows["counted_pence"] > 0) & rows["limit_pence"].notna()]
    if own.empty:
        return pd.DataFrame(columns=list(OVER))
    grouped = own.groupby(["child_key", "term"], as_index=False).agg(
        requests=("counted_pence", "size"),
        counted_pence=("counted_pence", "sum"),
        limit_pence=("limit_pence", "max"),
        faults=("fault", lambda faults: int((faults != "").sum())),
    )
    over = grouped[grouped["counted_pence"] > grouped["limit_pence"]]
    over = over.assign(over_pence=over["counted_pence"] - over["limit_pence"], agreed=over["faults"] == 0)
    whole = over.astype({"limit_pence": "int64", "over_pence": "int64"})
    order = ["agreed", "over_pence", "child_key"]
    return whole.sort_values(order, ascending=[True, False, True], ignore_index=True)[list(OVER)]

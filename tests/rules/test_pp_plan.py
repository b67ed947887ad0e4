"""When the year's money is planned to be paid, and what there was to spend in turn."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from vs_core.rules.measures_pp_plus import to_spend
from vs_core.rules.pp_plan import A_HALF_TERM_LATER, BY_TERM, THROUGH_AUTUMN, Plan, plan_of, planned
from vs_core.rules.pp_plus import payment_runs, retained, split
from vs_core.rules.pp_policy import Policy

YEAR = "2026-27"
RUNS = payment_runs(YEAR, 20, 15)
PLANS = (BY_TERM, A_HALF_TERM_LATER, THROUGH_AUTUMN)


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("pence", [0, 1, 100, 190_622_401, 205_600])
def test_the_runs_add_up_to_the_year_to_the_penny(plan: Plan, pence: int) -> None:
    amounts = planned(plan, RUNS, pence)
    assert sum(amounts) == pence
    assert all(amount >= 0 for amount in amounts)


def test_a_term_is_paid_at_its_own_runs() -> None:
    amounts = dict(zip((run.month for run in RUNS), planned(BY_TERM, RUNS, 205_600), strict=True))
    summer, autumn, spring = split(205_600)
    assert sum(amounts[month] for month in (4, 5, 6, 7, 8)) == summer
    assert sum(amounts[month] for month in (9, 10, 11, 12)) == autumn
    assert sum(amounts[month] for month in (1, 2, 3)) == spring


@pytest.mark.parametrize("plan", PLANS)
def test_every_month_of_a_plan_is_in_one_part(plan: Plan) -> None:
    months = [month for part in plan.parts for month in part]
    assert len(months) == len(set(months))


@pytest.mark.parametrize(
    ("policy", "plan"),
    [
        (None, BY_TERM),
        (Policy("own"), BY_TERM),
        (Policy("norfolk-like", pays_next_half_term=True), A_HALF_TERM_LATER),
        (Policy("essex-like", claims_in_autumn_only=True), THROUGH_AUTUMN),
    ],
)
def test_the_plan_is_that_of_the_policy(policy: Policy | None, plan: Plan) -> None:
    assert plan_of(policy) is plan
    assert planned(THROUGH_AUTUMN, RUNS, 700)[:5] == [0] * 5
    assert planned(A_HALF_TERM_LATER, RUNS, 700)[:2] == [0] * 2


def notices(*rows: tuple[str, int, str]) -> pd.DataFrame:
    own = [(YEAR, "PP+", stage, pence, date.fromisoformat(day)) for stage, pence, day in rows]
    return pd.DataFrame(own, columns=["financial_year", "fund", "stage", "amount_pence", "notified_on"])


def steps(rows: pd.DataFrame, end: date, changes: dict[date, int] | None = None) -> list[tuple[date, str, int, int]]:
    shares = {date.min: 20} | (changes or {})
    found = to_spend(rows, YEAR, end, lambda on: Decimal(shares[max(day for day in shares if day <= on)]))
    return list(found.itertuples(index=False, name=None))


def test_of_several_notices_of_a_day_the_last_holds_and_a_final_one_before_any() -> None:
    end = date(2026, 5, 31)
    twice = [("provisional", 500, "2026-05-14"), ("provisional", 600, "2026-05-14")]
    assert steps(notices(*twice), end) == [(date(2026, 5, 14), "provisional", 600, 120)]
    first = ("final", 550, "2026-05-14")
    assert steps(notices(first, *twice), end) == [(date(2026, 5, 14), "final", 550, 110)]


def test_another_share_kept_back_is_a_step_and_a_notice_that_says_the_same_is_none() -> None:
    rows = notices(("provisional", 1_000, "2026-05-14"), ("provisional", 1_000, "2026-06-01"))
    changes = {date(2026, 4, 10): 25, date(2026, 9, 1): 10}
    assert steps(rows, date(2026, 9, 1), changes) == [
        (date(2026, 5, 14), "provisional", 1_000, retained(1_000, Decimal(25))),
        (date(2026, 9, 1), "provisional", 1_000, 100),
    ]


def test_before_the_first_notice_nobody_knows() -> None:
    assert steps(notices(("final", 1_000, "2026-05-14")), date(2026, 5, 13)) == []
    assert steps(notices(), date(2027, 3, 31)) == []

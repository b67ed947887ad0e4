"""What the notices of a year come to, by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from vs_core.rules.pp_income import Income, Share, income, share
from vs_core.rules.pp_plus import pounds, retained

COLUMNS = ("stage", "amount_pence", "notified_on", "children", "count_year")
MAY, DECEMBER = date(2026, 5, 14), date(2026, 12, 11)
PROVISIONAL = ("provisional", 257_000_000, MAY, 1_000, "2025")
FINAL = ("final", 254_430_000, DECEMBER, 990, "2026")


def notices(*rows: tuple[Any, ...], fund: str = "PP+") -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS)).assign(financial_year="2026-27", fund=fund)


def of(*rows: tuple[Any, ...], end: date = DECEMBER) -> Income:
    return income(notices(*rows), "2026-27", end)


def test_a_thousand_children_by_hand() -> None:
    allocation = 1_000 * 257_000
    kept = retained(allocation, Decimal(20))
    found = share(allocation, kept, 1_000)
    assert found == Share(205_600_000, 1_000, 205_600, (68_533, 68_533, 68_534))
    assert [pounds(pence) for pence in (allocation, kept, found.delegated_pence, found.pence, *found.terms)] == [
        "£2,570,000.00",
        "£514,000.00",
        "£2,056,000.00",
        "£2,056.00",
        "£685.33",
        "£685.33",
        "£685.34",
    ]


@given(st.integers(0, 10**9), st.integers(0, 100), st.integers(1, 5_000))
def test_shares_never_add_up_to_more_than_is_delegated(allocation: int, percent: int, children: int) -> None:
    kept = retained(allocation, Decimal(percent))
    found = share(allocation, kept, children)
    assert found is not None
    assert sum(found.terms) == found.pence
    assert 0 <= allocation - kept - found.pence * children < children


def test_without_a_count_there_is_no_share() -> None:
    assert share(257_000_000, 51_400_000, 0) is None


def test_both_notices_are_kept_and_the_difference_is_theirs() -> None:
    both = of(PROVISIONAL, FINAL)
    assert both.provisional is not None
    assert both.holds == both.final
    assert (both.provisional.pence, both.difference_pence) == (257_000_000, -2_570_000)
    assert (both.final.children, both.final.count_year) == (990, "2026")


def test_before_its_day_a_notice_has_not_come() -> None:
    assert of(PROVISIONAL, FINAL, end=DECEMBER - timedelta(days=1)).holds == of(PROVISIONAL).provisional
    assert of(PROVISIONAL, FINAL, end=DECEMBER - timedelta(days=1)).difference_pence is None
    assert of(PROVISIONAL, end=MAY - timedelta(days=1)).holds is None


def test_another_fund_and_another_year_are_not_this_income() -> None:
    assert income(notices(FINAL, fund="EYPP"), "2026-27", DECEMBER).holds is None
    assert income(notices(FINAL), "2025-26", DECEMBER).holds is None


def test_a_notice_that_names_neither_count_nor_year() -> None:
    bare = of(("provisional", 100, MAY, None, None)).holds
    assert bare is not None
    assert (bare.children, bare.count_year) == (None, None)

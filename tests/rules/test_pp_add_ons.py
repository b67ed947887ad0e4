"""Requests for a policy's add-ons at the edges of their amounts, terms, wording and ages."""

from __future__ import annotations

from datetime import date

import pytest

from vs_core.rules.pp_add_ons import NOT_CHECKED, fault, named
from vs_core.rules.pp_policy import NAMES, Policy, PolicyTerm, policy

ON = date(2026, 11, 23)
BOOK, MISNAMED, RECOVERY, VOUCHER = {"book", "book_offer"}, {"book"}, {"recovery"}, {"voucher"}


@pytest.fixture(scope="module")
def essex(policy_terms: list[PolicyTerm]) -> Policy:
    return policy(policy_terms, "essex-like", ON)


@pytest.mark.parametrize(
    ("says", "season", "pence", "group", "said"),
    [
        (BOOK, "spring", 2_500, "5", ""),
        (BOOK, "spring", 2_501, "5", "The book offer is £25.00, and £25.01 is asked for."),
        (BOOK, "autumn", 2_500, "5", "The book offer is claimed on the spring plan, and this is for the autumn term."),
        (BOOK, "", 2_500, "5", ""),
        (MISNAMED, "spring", 2_500, "5", "Its target does not say 'VS spring book offer £25'."),
        (RECOVERY, "spring", 15_000, "5", ""),
        (RECOVERY, "spring", 15_001, "5", "The recovery is £150.00, and £150.01 is asked for."),
        (RECOVERY, "summer", 1, "5", "The recovery is claimed on the spring plan, and this is for the summer term."),
        (VOUCHER, "autumn", 2_000, "12", ""),
        (VOUCHER, "summer", 2_000, "13", ""),
        (VOUCHER, "autumn", 2_001, "12", "The book voucher is £20.00, and £20.01 is asked for."),
        (VOUCHER, "autumn", 1, "11", "The book voucher is for years 12 and 13, and the child was in year 11."),
        (
            VOUCHER,
            "autumn",
            1,
            "over 18",
            "The book voucher is for years 12 and 13, and the child was in no year any more.",
        ),
        (VOUCHER, "autumn", 2_000, "not known", ""),
        (set(), "autumn", 99_999, "3", ""),
        ({"tuition"}, "summer", 99_999, "3", ""),
    ],
)
def test_an_add_on_is_held_against_its_terms(
    essex: Policy, says: set[str], season: str, pence: int, group: str, said: str
) -> None:
    assert fault(essex, says, season, pence, group) == said


def test_every_fault_is_said(essex: Policy) -> None:
    said = fault(essex, MISNAMED, "autumn", 2_501, "5")
    assert said.count(". ") == 2
    assert said.startswith("The book offer is £25.00")
    assert said.endswith("book offer £25'.")


def test_a_policy_without_add_ons_holds_nothing_against_them(policy_terms: list[PolicyTerm]) -> None:
    norfolk = policy(policy_terms, "norfolk-like", ON)
    for says in (BOOK, MISNAMED, RECOVERY, VOUCHER):
        assert named(norfolk, says) == ""
        assert fault(norfolk, says, "autumn", 99_999, "3") == ""


def test_what_is_not_checked_are_terms_of_a_policy() -> None:
    assert set(NOT_CHECKED) <= set(NAMES)

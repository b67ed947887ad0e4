"""Policies for Pupil Premium Plus: the two that ship, their terms by day, and each rule at its edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from vs_core.rules import pp_policy as policies
from vs_core.rules.periods import HalfTerm
from vs_core.rules.pp_policy import Policy, PolicyTerm, limit_of_term, parsed, policy
from vs_core.rules.pp_policy_schools import kind_of_school
from vs_core.rules.pp_policy_timing import (
    add_on,
    agreed_in_time,
    fault_of_exception,
    has_summer_money,
    in_autumn_rule,
    invoice_due,
    is_exceptional,
    is_invoice_late,
    payable_from,
)

ON = date(2026, 11, 23)
HALVES = tuple(
    HalfTerm(number, date.fromisoformat(start), date.fromisoformat(end))
    for number, start, end in (
        (5, "2026-04-13", "2026-05-22"),
        (6, "2026-06-01", "2026-07-21"),
        (1, "2026-09-03", "2026-10-23"),
        (2, "2026-11-02", "2026-12-18"),
        (3, "2027-01-05", "2027-02-12"),
        (4, "2027-02-22", "2027-03-25"),
        (5, "2027-04-12", "2027-05-28"),
    )
)


@pytest.fixture(scope="module")
def essex(policy_terms: list[PolicyTerm]) -> Policy:
    return policy(policy_terms, "essex-like", ON)


@pytest.fixture(scope="module")
def norfolk(policy_terms: list[PolicyTerm]) -> Policy:
    return policy(policy_terms, "norfolk-like", ON)


def test_every_term_that_ships_is_read(policy_terms):
    assert {term.policy for term in policy_terms} == {"essex-like", "norfolk-like"}
    assert {term.name for term in policy_terms} <= set(policies.NAMES)
    assert all(parsed(term.value, term.unit) is not None for term in policy_terms)


def test_the_policy_that_is_like_essex(essex):
    assert (essex.title, essex.autumn_claim_limit_pence, essex.early_years_limit_pence) == (
        "Essex-like",
        70_000,
        12_500,
    )
    assert [essex.funds(kind) for kind in ("maintained", "academy", "independent")] == [True, True, False]
    assert (essex.book_offer_pence, essex.book_offer_wording) == (2_500, "VS spring book offer £25")
    assert (essex.recovery_pence, essex.summer_tuition_hours, essex.post_16_voucher_pence) == (15_000, 10, 2_000)
    assert essex.claims_in_autumn_only
    assert not essex.pays_next_half_term
    assert {"funds_short_stay", "invoice_days"} <= set(essex.unconfirmed)


def test_the_policy_that_is_like_norfolk(norfolk):
    assert (norfolk.term_limit_pence, norfolk.separate_funds) == (60_000, ("EYPP", "post-16"))
    assert [norfolk.funds(kind) for kind in ("academy", "independent", "short-stay")] == [True, False, False]
    assert norfolk.pays_next_half_term
    assert norfolk.no_late_summer_year_11
    assert not norfolk.claims_in_autumn_only


def test_a_policy_of_which_nothing_is_known_says_nothing():
    nothing = policy([], "elsewhere", ON)
    assert (nothing.term_limit_pence, nothing.funds("academy"), nothing.invoice_days) == (None, None, None)
    assert nothing.needs_signed_plan


def test_terms_hold_from_their_day():
    old = PolicyTerm("p", "term_limit_pence", "60000", "pence", "Most", None, date(2027, 3, 31))
    new = replace(old, value="65000", starts_on=date(2027, 4, 1), ends_on=None)
    limits = [policy([new, old], "p", on).term_limit_pence for on in (date(2027, 3, 31), date(2027, 4, 1))]
    assert limits == [60_000, 65_000]


@pytest.mark.parametrize(("value", "unit"), [("-1", "pence"), ("", "hours"), ("1.5", "pence"), ("maybe", "yes or no")])
def test_a_value_that_is_not_in_its_unit_is_refused(value, unit):
    with pytest.raises(ValueError, match=r"\.$"):
        parsed(value, unit)


def test_limits_of_a_term(essex, norfolk):
    assert [limit_of_term(norfolk, season, "PP+") for season in ("autumn", "spring")] == [60_000, 60_000]
    assert [limit_of_term(essex, season, "PP+") for season in ("autumn", "spring")] == [70_000, None]
    assert [limit_of_term(essex, "spring", fund) for fund in ("EYPP", "post-16")] == [12_500, None]


@pytest.mark.parametrize(
    ("signed_on", "paid_from"),
    [
        ("2026-09-03", "2026-11-02"),  # first day of term: first half, paid in the second
        ("2026-10-23", "2026-11-02"),  # last day of the first half
        ("2026-10-28", "2026-11-02"),  # in the break
        ("2026-11-01", "2026-11-02"),
        ("2026-11-02", "2027-01-05"),  # first day of the second half: next term
        ("2026-12-18", "2027-01-05"),
        ("2027-01-04", "2027-01-05"),
        ("2027-03-31", "2027-04-12"),  # 31 March: paid in summer, another year's money
        ("2026-08-31", "2026-09-03"),  # 31 August
        ("2026-02-28", "2026-04-13"),
        ("2024-02-29", "2026-04-13"),  # leap day
    ],
)
def test_a_plan_signed_in_one_half_term_is_paid_in_the_next(signed_on, paid_from):
    assert payable_from(date.fromisoformat(signed_on), HALVES) == date.fromisoformat(paid_from)


def test_without_term_dates_nobody_knows_when_it_is_paid():
    assert payable_from(date(2027, 5, 1), HALVES) is None
    assert payable_from(ON, ()) is None


def test_year_11_has_no_summer_money_of_its_own_after_the_may_half_term():
    days = [date(2026, 5, 22), date(2026, 5, 31), date(2026, 6, 1), date(2026, 8, 31)]
    assert [has_summer_money("11", on, HALVES) for on in days] == [True, True, False, False]
    assert has_summer_money("10", date(2026, 7, 1), HALVES)
    assert has_summer_money("11", date(2030, 6, 10), HALVES) is None


def test_an_invoice_is_due_so_many_days_after_the_approval_and_before_the_last_run():
    run = date(2027, 3, 15)
    assert invoice_due(date(2026, 11, 12), 30, run) == date(2026, 12, 12)
    assert invoice_due(date(2027, 2, 20), 30, run) == run
    assert invoice_due(date(2024, 1, 30), 30, date(2024, 3, 15)) == date(2024, 2, 29)
    due = date(2026, 12, 12)
    assert [is_invoice_late(due, due + timedelta(days=more)) for more in (0, 1)] == [False, True]


def test_exceptions_begin_above_the_threshold():
    assert [is_exceptional(pence, None, 60_000) for pence in (59_999, 60_000, 60_001)] == [False, False, True]
    assert is_exceptional(1, True, 60_000)


def test_an_exception_is_agreed_before_its_first_day():
    start = date(2026, 11, 23)
    assert [agreed_in_time(start - timedelta(days=before), start) for before in (1, 0, -1)] == [True, False, False]
    assert agreed_in_time(start, None)
    assert not agreed_in_time(None, start)
    assert not agreed_in_time(None, None)


@pytest.mark.parametrize(
    ("requested_on", "agreed_on", "starts_on", "fault"),
    [
        (20, 21, 23, ""),
        (None, 21, None, ""),
        (20, None, 23, "No adviser has agreed."),
        (20, 23, 23, "Agreed when the intervention had begun."),
        (23, 21, 23, "Asked for when the intervention had begun."),
        (22, 21, 23, ""),
    ],
)
def test_what_is_wrong_with_an_exception(requested_on, agreed_on, starts_on, fault):
    days = [date(2026, 11, of) if of else None for of in (requested_on, agreed_on, starts_on)]
    assert fault_of_exception(*days) == fault


def test_the_autumn_rule(essex, norfolk):
    def bound(season: str, kind: str = "academy", fund: str = "PP+", extra: str = "", of: Policy = essex) -> bool:
        return not in_autumn_rule(of, season, kind, fund, extra)

    assert [bound(season) for season in ("autumn", "spring", "summer")] == [False, True, True]
    assert bound("spring", "maintained")
    assert not bound("spring", "independent")
    assert not bound("spring", fund="EYPP")
    assert not bound("spring", extra="book offer")
    assert not bound("spring", of=norfolk)


def test_add_ons_are_known_by_their_words_their_term_and_their_amount(essex, norfolk):
    assert add_on(essex, "spring", {"book_offer"}, 2_500) == "book offer"
    assert add_on(essex, "spring", {"book_offer"}, 2_501) == ""
    assert add_on(essex, "autumn", {"book_offer"}, 2_500) == ""
    assert add_on(essex, "spring", {"recovery"}, 15_000) == "recovery"
    assert add_on(essex, "summer", {"tuition"}, 40_000) == "tuition"
    assert add_on(norfolk, "summer", {"tuition"}, 40_000) == ""
    assert add_on(norfolk, "spring", {"book_offer"}, 0) == "book offer"


@pytest.mark.parametrize(
    ("type_of_establishment", "kind"),
    [
        ("Community school", "maintained"),
        ("Voluntary aided school", "maintained"),
        ("Foundation special school", "maintained"),
        ("Academy converter", "academy"),
        ("Free schools special", "academy"),
        ("Other independent special school", "independent"),
        ("Pupil referral unit", "short-stay"),
        ("Academy alternative provision converter", "short-stay"),
        ("Free schools alternative provision", "short-stay"),
        ("Further education", "other"),
        (" ", "not known"),
        (None, "not known"),
    ],
)
def test_the_kind_of_a_school(type_of_establishment, kind):
    assert kind_of_school(type_of_establishment) == kind

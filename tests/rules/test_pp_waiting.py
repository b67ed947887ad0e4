"""Why a request is not paid: one sentence in every state that it can be in."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.test_pp_policy import HALVES
from vs_core.rules.pp_plus import payment_runs
from vs_core.rules.pp_policy import Policy, PolicyTerm, policy
from vs_core.rules.pp_waiting import STAGES, Asked, Setting, refused, why_not_paid

ON = date(2026, 11, 23)
RUNS = tuple(payment_runs("2026-27", 20, 15))


@pytest.fixture(scope="module")
def norfolk(policy_terms: list[PolicyTerm]) -> Policy:
    return policy(policy_terms, "norfolk-like", ON)


@pytest.fixture(scope="module")
def essex(policy_terms: list[PolicyTerm]) -> Policy:
    return policy(policy_terms, "essex-like", ON)


def by(policy: Policy | None = None, on: date = ON) -> Setting:
    return Setting(on, policy, RUNS, 60_000, HALVES)


def asked(state: str = "approved", **values: object) -> Asked:
    own = {
        "amount_pence": 50_000,
        "financial_year": "2026-27",
        "season": "autumn",
        "requested_on": date(2026, 10, 20),
        "decided_on": date(2026, 11, 12),
        "approved_pence": 50_000 if state in ("approved", "part-approved") else 0,
        "plan_exists": True,
        "plan_signed_on": date(2026, 10, 15),
        "school_kind": "maintained",
        "out_of_county": False,
    }
    return Asked(state, **{**own, **values})


def said(request: Asked, setting: Setting) -> tuple[str, str]:
    why = why_not_paid(request, setting)
    assert why is not None
    assert why.rule
    return why.stage, why.sentence


def test_what_nobody_has_decided():
    assert said(asked("requested"), by()) == ("asked for", "Asked for on 20 Oct: waiting for a decision.")
    queried = asked("queried", queried_on=date(2026, 11, 3))
    assert said(queried, by()) == ("queried", "Queried on 3 Nov: waiting for the school's answer.")
    assert said(asked("rejected"), by()) == ("rejected", "Rejected on 12 Nov.")
    assert said(asked("lapsed"), by())[0] == "lapsed"


def test_no_signed_plan_no_payment(norfolk):
    unsigned = asked(plan_signed_on=None)
    sentence = "Approved on 12 Nov, but the autumn PEP is not signed: no signed PEP, no payment."
    assert said(unsigned, by()) == ("plan not signed", sentence)
    assert said(unsigned, by(norfolk)) == ("plan not signed", sentence)
    assert said(asked(plan_exists=False, plan_signed_on=None), by())[1].startswith(
        "Approved on 12 Nov, but there is no"
    )
    assert said(asked(plan_signed_on=date(2026, 11, 24)), by())[0] == "plan not signed"
    assert said(asked(plan_signed_on=ON), by())[0] == "ready to pay"


def test_signed_in_the_second_half_of_a_term_is_paid_in_the_next(norfolk, essex):
    late = asked(plan_signed_on=date(2026, 11, 2))
    stage, sentence = said(late, by(norfolk))
    assert (stage, sentence) == (
        "not payable yet",
        "Approved on 12 Nov and signed on 2 Nov: paid in the half term that begins on 5 Jan.",
    )
    assert said(late, by(norfolk, date(2027, 1, 5)))[0] == "ready to pay"
    assert said(late, by(essex))[0] == "ready to pay"


def test_a_school_of_another_authority_sends_its_invoice(norfolk):
    elsewhere = asked(out_of_county=True)
    assert said(elsewhere, by(norfolk)) == (
        "awaiting invoice",
        "Approved on 12 Nov; awaits the school's invoice, due by 12 Dec or the money goes back.",
    )
    assert said(elsewhere, by(norfolk, date(2026, 12, 12)))[0] == "awaiting invoice"
    assert said(elsewhere, by(norfolk, date(2026, 12, 13)))[0] == "invoice overdue"
    assert said(asked(out_of_county=True, has_invoice=True), by(norfolk))[0] == "ready to pay"
    assert said(elsewhere, by()) == ("awaiting invoice", "Approved on 12 Nov; awaits the school's invoice.")
    assert said(asked(out_of_county=True, sends_invoice=False), by(norfolk))[0] == "ready to pay"
    assert said(asked(sends_invoice=True), by(norfolk))[1] == "Approved on 12 Nov; awaits the school's invoice."
    assert said(asked(has_vendor=False), by())[0] == "awaiting vendor"


def test_schools_that_a_policy_does_not_pay(norfolk, essex):
    assert said(asked(school_kind="short-stay"), by(norfolk))[0] == "not funded"
    assert said(asked(school_kind="short-stay"), by(essex))[0] == "ready to pay"
    assert "independent schools" in said(asked(school_kind="independent"), by(essex))[1]
    agreed = {"exceptional": True, "adviser_agreed_on": date(2026, 10, 1)}
    assert said(asked(school_kind="independent", **agreed), by(essex))[0] == "ready to pay"
    assert said(asked(school_kind="not known"), by(norfolk))[0] == "ready to pay"


def test_essex_claims_in_autumn(essex, norfolk):
    spring = asked("requested", season="spring")
    assert "claim through the autumn plan" in said(spring, by(essex))[1]
    assert "autumn" not in said(spring, by(norfolk))[1]


def test_a_book_offer_is_asked_for_in_its_words(essex):
    wrong = "Its target does not say 'VS spring book offer £25'."
    misnamed = asked("requested", season="spring", amount_pence=2_500, add_on_fault=wrong)
    assert said(misnamed, by(essex))[1].endswith(f"waiting for a decision. {wrong}")
    why = why_not_paid(misnamed, by(essex))
    assert why is not None
    assert why.rule == "Essex Virtual School guide, 2022"
    named = asked("requested", season="spring", amount_pence=2_500, add_on="book offer")
    assert said(named, by(essex))[1] == "Asked for on 20 Oct: waiting for a decision."


def test_an_exception_is_agreed_before_it_begins(norfolk):
    above = {"amount_pence": 60_001, "approved_pence": 60_001, "starts_on": date(2026, 11, 20)}
    assert said(asked(**above), by(norfolk))[0] == "not agreed in time"
    assert said(asked(**above, adviser_agreed_on=date(2026, 11, 19)), by(norfolk))[0] == "ready to pay"
    assert said(asked(**above, adviser_agreed_on=date(2026, 11, 20)), by(norfolk))[0] == "not agreed in time"
    assert said(asked(**above), by())[0] == "ready to pay"
    assert "adviser" in said(asked("requested", amount_pence=60_001), by())[1]


def test_a_late_summer_plan_of_year_11_is_to_be_decided(norfolk):
    late = {"season": "summer", "year_group": "11", "plan_signed_on": date(2026, 6, 1)}
    assert "no summer money of its own accord" in said(asked("requested", **late), by(norfolk))[1]
    assert "of its own accord" not in said(asked("requested", **late), by())[1]
    assert said(asked(**late), by(norfolk))[0] == "ready to pay"


def test_what_may_not_be_put_into_a_batch(norfolk):
    assert refused(asked(), by(norfolk)) == ""
    assert "no signed PEP, no payment" in refused(asked(plan_signed_on=None), by())
    assert refused(asked("rejected", plan_signed_on=None), by()) == ""
    assert refused(asked(out_of_county=True), by(norfolk)) == ""
    assert "was due by 12 Dec" in refused(asked(out_of_county=True), by(norfolk, date(2026, 12, 13)))
    assert "on 5 Jan" in refused(asked(plan_signed_on=date(2026, 11, 2)), by(norfolk))


def test_on_its_way_and_back():
    assert said(asked(batch="B-12", batch_is="built"), by()) == (
        "in a batch",
        "In batch B-12, waiting to be released by a second person.",
    )
    assert said(asked(batch="B-12", batch_is="sent"), by())[1].startswith("In batch B-12: finance")
    assert said(asked(returned_on=date(2026, 11, 13)), by())[0] == "returned"


def test_paid_in_part_and_paid():
    assert said(asked(paid_pence=20_000), by())[1].startswith("£200 of £500 is paid. ")
    assert why_not_paid(asked(paid_pence=50_000), by()) is None
    assert why_not_paid(asked(paid_pence=50_001), by()) is None
    assert said(asked(approved_pence=0), by())[0] == "nothing to pay"


def test_the_year_runs_out():
    assert said(asked(), by(on=date(2027, 3, 15)))[0] == "ready to pay"
    assert "the money goes back on 31 Mar" in said(asked(), by(on=date(2027, 3, 16)))[1]
    assert "the money goes back on 31 Mar" in said(asked(), by(on=date(2027, 3, 31)))[1]
    assert "has gone back" in said(asked(), by(on=date(2027, 4, 1)))[1]


days = st.none() | st.dates(date(2026, 4, 1), date(2027, 3, 31))
requests = st.builds(
    Asked,
    st.sampled_from(["requested", "queried", "part-approved", "approved", "rejected", "lapsed", ""]),
    st.integers(0, 150_000),
    st.just("2026-27"),
    st.sampled_from(["", "autumn", "spring", "summer"]),
    st.sampled_from(["PP+", "EYPP", "post-16"]),
    st.integers(0, 150_000),
    st.integers(0, 150_000),
    days,
    days,
    days,
    st.booleans(),
    days,
    days,
    st.sampled_from(["", "R", "11", "not known"]),
    st.booleans(),
    days,
    st.sampled_from(["maintained", "academy", "independent", "short-stay", "other", "not known"]),
    st.none() | st.booleans(),
    st.sampled_from(["", "book offer"]),
    st.sampled_from(["", "The book offer is £25.00, and £26.00 is asked for."]),
    st.booleans(),
    st.none() | st.booleans(),
    st.booleans(),
    st.sampled_from(["", "B-12"]),
    st.sampled_from(["", "built", "released", "sent"]),
    days,
)


@given(request=requests, on=days, which=st.sampled_from(["", "essex-like", "norfolk-like"]), halves=st.booleans())
@settings(max_examples=300, deadline=None)
def test_every_request_that_is_not_paid_says_why_in_one_sentence(policy_terms, request, on, which, halves):
    on = on or date(2028, 2, 29)
    holds = policy(policy_terms, which, on) if which else None
    why = why_not_paid(request, Setting(on, holds, RUNS, 60_000, HALVES if halves else ()))
    is_paid = request.state in ("approved", "part-approved") and 0 < request.approved_pence <= request.paid_pence
    assert (why is None) == is_paid
    if why is not None:
        assert why.stage in STAGES
        assert why.stage != "paid"
        assert why.rule
        assert why.sentence[0].isupper() or why.sentence[0] == "£"
        assert why.sentence.endswith(".")
        assert "None" not in why.sentence

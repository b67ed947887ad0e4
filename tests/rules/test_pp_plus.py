from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vs_core.rules.frame import Frame
from vs_core.rules.measures import pp_plus
from vs_core.rules.measures_pp_plus import staged
from vs_core.rules.pp_plus import (
    half_up,
    last_run,
    payment_runs,
    pounds,
    retained,
    runs_left,
    short_pounds,
    split,
    state_at,
    year_of_request,
)

END = date(2026, 11, 23)
FRAME = Frame.for_subject("pp-plus", END)
ALLOCATIONS = ["financial_year", "fund", "stage", "amount_pence", "notified_on"]
REQUESTS = [
    "request_id",
    "child_id",
    "term",
    "amount_pence",
    "approved_amount_pence",
    "status",
    "requested_on",
    "decided_on",
    "fund",
]
PAYMENTS = ["request_id", "amount_pence", "status", "paid_on", "fund"]


def figures(allocations=(), requests=(), payments=(), eligible=(), frame=FRAME):
    asked, moved = (
        pd.DataFrame(list(rows), columns=names) for rows, names in ((requests, REQUESTS), (payments, PAYMENTS))
    )
    made, moved = staged(asked, moved, frame.financial_year, frame.end)
    own = set(made.loc[made["financial_year"] == frame.financial_year, "child_id"])
    children = pd.DataFrame([(child, child in own) for child in eligible], columns=["child_id", "has_request"])
    notices = pd.DataFrame(list(allocations), columns=ALLOCATIONS)
    return pp_plus(frame, notices, made, moved, children, Decimal(20), last_run(frame.financial_year, 15))


def request(
    number, amount, status, asked=date(2026, 9, 10), decided=None, approved=None, term="2026/27 autumn", fund=None
):
    return (f"R{number}", f"C{number}", term, amount, approved, status, asked, decided, fund)


def test_the_worked_example_of_a_thousand_children():
    assert retained(257_000_000, Decimal(20)) == 51_400_000
    assert pounds(257_000_000 - 51_400_000) == "£2,056,000.00"
    assert split(205_600) == (68_533, 68_533, 68_534)


@given(st.integers(0, 10**9), st.integers(1, 12))
def test_a_split_adds_up_and_is_even(amount, parts):
    shares = split(amount, parts)
    assert sum(shares) == amount
    assert max(shares) - min(shares) <= 1
    assert list(shares) == sorted(shares)


@pytest.mark.parametrize(
    ("exact", "whole"),
    [(Fraction(5, 2), 3), (Fraction(-5, 2), -3), (Fraction(249, 100), 2), (Decimal("0.5"), 1), (7, 7)],
)
def test_half_a_penny_is_rounded_up(exact, whole):
    assert half_up(exact) == whole


@pytest.mark.parametrize(
    ("pence", "long", "short"),
    [
        (257_000, "£2,570.00", "£2,570"),
        (0, "£0.00", "£0"),
        (-500, "-£5.00", "-£5"),
        (5, "£0.05", "£0"),
        (156_000_000, "£1,560,000.00", "£1.56m"),
        (51_400_000, "£514,000.00", "£514k"),
        (999_999, "£9,999.99", "£10,000"),
        (99_999_999, "£999,999.99", "£1.00m"),
        (1_000_000, "£10,000.00", "£10k"),
    ],
)
def test_money_in_words(pence, long, short):
    assert (pounds(pence), short_pounds(pence)) == (long, short)


def test_a_request_without_a_term_belongs_to_the_year_it_was_made_in():
    assert year_of_request("2025/26 summer", date(2026, 3, 1)) == "2026-27"
    assert year_of_request(None, date(2027, 3, 31)) == "2026-27"
    assert year_of_request("", date(2027, 4, 1)) == "2027-28"
    assert year_of_request(None, None) is None


def test_before_its_decision_a_request_was_requested():
    assert state_at("approved", date(2026, 11, 24), END) == "requested"
    assert state_at("approved", END, END) == "approved"
    assert state_at("queried", None, END) == "queried"


def test_runs_end_in_the_middle_of_march():
    runs = payment_runs("2026-27", 20, 15)
    assert len(runs) == 12
    assert runs[0] == date(2026, 4, 20)
    assert date(2026, 6, 19) in runs  # the 20th is a Saturday
    assert runs[-1] == date(2027, 3, 15)
    assert runs_left(runs, date(2027, 3, 15)) == [date(2027, 3, 15)]
    assert runs_left(runs, date(2027, 3, 16)) == []


def test_every_part_of_the_year():
    found = figures(
        [
            ("2026-27", "PP+", "provisional", 200_000, date(2026, 6, 1)),
            ("2025-26", "PP+", "final", 1, date(2025, 6, 1)),
        ],
        [
            request(1, 10_000, "approved", decided=date(2026, 10, 1)),
            request(2, 10_000, "part-approved", decided=date(2026, 10, 1), approved=5_000),
            request(3, 10_000, "rejected", decided=date(2026, 10, 1)),
            request(4, 6_001, "requested"),
            request(5, 9_000, "approved", decided=date(2026, 11, 24)),
            request(6, 9_000, "approved", decided=date(2026, 10, 1), fund="EYPP"),
            request(7, 9_000, "approved", asked=date(2026, 11, 24)),
            request(8, 9_000, "requested", term="2027/28 summer"),
        ],
        [
            ("R1", 4_000, "paid", date(2026, 10, 20), "PP+"),
            ("R1", 1_000, "recovered", date(2026, 11, 1), None),
            ("R2", 9_000, "paid", date(2026, 10, 20), None),
            ("R1", 6_000, "paid", date(2026, 11, 24), None),
            ("R1", 6_000, "in batch", date(2026, 11, 1), None),
            ("R6", 100, "paid", date(2026, 11, 1), None),
            ("unknown", 70, "paid", date(2026, 4, 1), None),
            ("unknown", 80, "paid", date(2026, 3, 31), None),
        ],
        {"C1", "C3", "C7", "C8", "C9"},
    )
    assert found == {
        "financial_year": "2026-27",
        "allocation_pence": 200_000,
        "allocation_is_final": False,
        "retained_pence": 40_000,
        "requested_pence": 15_001,
        "approved_pence": 15_000,
        "paid_pence": 13_070,
        "committed_pence": 6_000,
        "recovered_pence": 1_000,
        "remaining_pence": 200_000 - 40_000 - 13_070 - 6_000 + 1_000,
        "forecast_pence": 13_070 - 1_000 + 6_000 + 7_501,  # half of 15,001, rounded half up
        "at_risk_pence": 160_000 - 25_571,
        "children_without_spend": 3,
    }


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (date(2027, 3, 14), 3_000 + 6_000 + 2_000),
        (date(2027, 3, 15), 3_000),
        (date(2027, 3, 31), 3_000),
        (date(2027, 4, 1), 0),
    ],
)
def test_from_the_last_payment_run_on_nothing_more_is_expected(end, expected):
    found = figures(
        [("2026-27", "PP+", "final", 20_000, date(2026, 6, 1)), ("2027-28", "PP+", "final", 20_000, date(2026, 6, 1))],
        [request(1, 10_000, "approved", decided=date(2026, 10, 1)), request(2, 2_000, "queried")],
        [("R1", 4_000, "paid", date(2026, 11, 1), None), ("R1", 1_000, "recovered", date(2026, 12, 1), None)],
        frame=Frame.for_subject("pp-plus", end),
    )
    assert (found["forecast_pence"], found["at_risk_pence"]) == (expected, 16_000 - expected)


def test_a_year_that_is_over_stays_what_it_was():
    over = Frame.for_subject("pp-plus", date(2027, 6, 30), end=date(2027, 3, 31))
    found = figures(
        [("2026-27", "PP+", "final", 20_000, date(2026, 6, 1))],
        [request(1, 10_000, "approved", decided=date(2026, 10, 1))],
        [("R1", 4_000, "paid", date(2026, 11, 1), None), ("R1", 6_000, "paid", date(2027, 4, 20), None)],
        frame=over,
    )
    assert (found["committed_pence"], found["forecast_pence"], found["at_risk_pence"]) == (6_000, 4_000, 12_000)


def test_the_last_run_is_on_a_working_day():
    assert last_run("2024-25", 15) == date(2025, 3, 14)  # the 15th is a Saturday
    assert last_run("2026-27", 15) == date(2027, 3, 15)


def test_the_final_notice_counts_from_its_day():
    notices = [
        ("2026-27", None, "provisional", 100, date(2026, 6, 1)),
        ("2026-27", "PP+", "final", 90, date(2026, 11, 23)),
        ("2026-27", "EYPP", "final", 7, date(2026, 6, 1)),
    ]
    assert figures(notices)["allocation_pence"] == 90
    before = Frame.for_subject("pp-plus", END - timedelta(days=1))
    assert (
        figures(notices, frame=before)["allocation_pence"],
        figures(notices, frame=before)["allocation_is_final"],
    ) == (
        100,
        False,
    )


@pytest.mark.parametrize(("days", "share"), [(364, 0), (365, 1)])
def test_the_share_looks_back_365_days_and_is_whole_when_nothing_was_decided(days, share):
    last_year = END - timedelta(days=days)
    rows = [
        request(1, 100, "rejected", asked=date(2025, 9, 1), decided=last_year, term="2025/26 autumn"),
        request(2, 100, "requested"),
    ]
    assert figures(requests=rows)["forecast_pence"] == 100 * share


def test_without_a_notice_what_rests_on_the_allocation_is_unknown_and_the_rest_is_nothing():
    found = figures(eligible={"A"})
    assert found["children_without_spend"] == 1
    unknown = {key for key, value in found.items() if value is None}
    assert unknown == {"allocation_pence", "allocation_is_final", "retained_pence", "remaining_pence", "at_risk_pence"}
    assert {found[key] for key in found if key.endswith("_pence") and key not in unknown} == {0}


MONEY = st.integers(0, 10_000)
STATES = st.sampled_from(["requested", "queried", "part-approved", "approved", "rejected", "lapsed"])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(MONEY, STATES, st.one_of(st.none(), MONEY)), max_size=6),
    st.lists(
        st.tuples(st.integers(0, 7), MONEY, st.sampled_from(["paid", "recovered", "in batch", "returned"])), max_size=8
    ),
    MONEY,
)
def test_every_pound_is_in_one_state(requests, payments, allocation):
    found = figures(
        [("2026-27", "PP+", "final", allocation, date(2026, 6, 1))],
        [request(n, amount, status, approved=agreed) for n, (amount, status, agreed) in enumerate(requests)],
        [(f"R{n}", amount, status, date(2026, 11, 1), None) for n, amount, status in payments],
    )
    parts = found["retained_pence"] + found["remaining_pence"] + found["committed_pence"] + found["paid_pence"]
    assert parts - found["recovered_pence"] == allocation
    assert found["at_risk_pence"] >= 0


def test_a_provisional_notice_after_the_final_one_changes_nothing():
    notices = [
        ("2026-27", "PP+", "final", 90, date(2026, 11, 1)),
        ("2026-27", "PP+", "provisional", 100, date(2026, 11, 10)),
    ]
    assert figures(notices)["allocation_pence"] == 90

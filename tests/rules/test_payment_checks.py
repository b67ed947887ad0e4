"""Rules that hold for every payment, at their edges; and the way of a request, step by step."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from vs_core.rules import payment_chain as chain
from vs_core.rules.payables import Line, Payable, is_decider
from vs_core.rules.payment_checks import RULES, Around, Row, findings
from vs_core.rules.payment_matching import Answer

ON = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
CARE = ((date(2024, 1, 8), None),)


def payable(**more: Any) -> Payable:
    usual: dict[str, Any] = {
        "key": 1,
        "request_id": "R1",
        "child_key": 7,
        "child_id": "C1",
        "is_listed": True,
        "status": "approved",
        "approved_pence": 60_000,
        "paid_pence": 0,
        "recovered_pence": 0,
        "school": "Hill School",
        "urn": "100001",
        "term": "2026/27 autumn",
        "vendor": "V1",
        "care": CARE,
        "born_on": date(2016, 1, 10),
    }
    return Payable(**{**usual, **more})


def found(of: Payable, *others: Payable, pence: int | None = None) -> list[tuple[str, str]]:
    row = Row(1, of, of.due_pence() if pence is None else pence)
    return [(each.rule, each.said) for each in findings([row], Around((), (of, *others), ON))]


def test_nothing_is_found_of_a_payment_that_is_in_order() -> None:
    assert found(payable()) == []


@pytest.mark.parametrize(
    ("more", "rule", "said"),
    [
        ({"school_closed_on": ON}, "school closed", "the school closed on 23 Nov 2026."),
        ({"school_status": " Closed "}, "school closed", "the school is closed."),
        (
            {"care": ((date(2025, 1, 1), date(2026, 4, 1)),)},
            "not in care",
            "the child was not looked after on any day of 2026-27.",
        ),
        ({"care": ((date(2025, 1, 1), date(2026, 4, 2)),)}, "left care", "the child left care on 2 Apr 2026."),
        ({"born_on": date(2010, 8, 31)}, "age", "the child is over the age on 31 Aug 2026."),
        ({"born_on": date(2022, 9, 1)}, "age", "the child is under the age on 31 Aug 2026."),
        ({"term": "2025/26 spring"}, "year is over", "2025-26 ended on 31 Mar 2026."),
        ({"last_vendor": "V9"}, "vendor", "vendor V1, and the last payment to the school went to V9."),
        ({"refused": "The plan is not signed."}, "policy", "The plan is not signed."),
        ({"status": "lapsed"}, "approved", "the request is lapsed now."),
        ({"paid_pence": 60_000}, "paid", "finance has paid £600.00 of the £600.00 that was approved."),
    ],
)
def test_what_is_found(more: dict[str, Any], rule: str, said: str) -> None:
    assert found(payable(**more)) == [(rule, said)]


@pytest.mark.parametrize(
    "more",
    [
        {"school_closed_on": date(2026, 11, 24)},
        {"care": ((date(2025, 1, 1), date(2026, 11, 24)),)},
        {"born_on": date(2010, 9, 1)},
        {"born_on": date(2022, 8, 31)},
        {"born_on": date(2008, 1, 1), "fund": "post-16"},
        {"last_vendor": "V1"},
        {"born_on": None, "care": ()},
    ],
)
def test_what_is_just_inside_is_not_found(more: dict[str, Any]) -> None:
    assert found(payable(**more)) == []


def test_the_line_pays_what_is_due() -> None:
    part = payable(paid_pence=20_000)
    assert found(part, pence=40_000) == []
    assert found(part, pence=60_000) == [("amount", "£400.00 is due on it and the line says £600.00.")]


def test_the_same_for_the_same_child_is_found_in_the_same_year_only() -> None:
    own = payable(intervention="One-to-one  Tuition")
    twin = {"key": 2, "request_id": "R2", "intervention": "one-to-one tuition"}
    assert [rule for rule, _ in found(own, payable(**twin))] == ["alike"]
    for other in ({"approved_pence": 1}, {"child_key": 8}, {"term": "2025/26 autumn"}, {"intervention": "Mentoring"}):
        assert found(own, payable(**(twin | other))) == []


def test_every_rule_stops_or_is_agreed_to() -> None:
    stops = {name for name, rule in RULES.items() if rule.stops}
    assert set(RULES) - stops == {"year is over", "left care", "vendor", "bank reference", "alike"}


@pytest.mark.parametrize(
    ("decided_by", "is_one"), [("ann", True), (" Ann  LEE ", True), ("Ben", False), ("", False), (None, False)]
)
def test_who_decided_is_known_by_either_name(decided_by: str | None, is_one: bool) -> None:
    assert is_decider(decided_by, "ann", "Ann Lee") is is_one


def line(**more: Any) -> Line:
    about = (1, 1, 1, 7, "C1", True, "R1", 60_000, "2026/27 autumn", "PP+", "ann", "Ann", AT)
    return Line(*about, **more)


def answer(status: str, pence: int = 60_000, day: int = 27) -> Answer:
    return Answer(f"P{day}", "R1", True, pence, status, date(2026, 11, day))


RELEASED = {"released_at": AT, "released_by": "Ben"}


@pytest.mark.parametrize(
    ("more", "lines", "answers", "state"),
    [
        ({"vendor": None}, [], [], "awaiting vendor set-up"),
        ({"sends_invoice": True}, [], [], "awaiting invoice"),
        ({"sends_invoice": True, "invoice": "I1"}, [], [], "ready to pay"),
        ({}, [line()], [], "in a batch"),
        ({}, [line(taken_out_at=AT)], [], "ready to pay"),
        ({}, [line(**RELEASED)], [], "released"),
        ({}, [line(**RELEASED, reversed_at=AT)], [], "ready to pay"),
        ({"paid_pence": 60_000}, [line(**RELEASED)], [answer("paid")], "paid"),
        (
            {"paid_pence": 60_000, "recovered_pence": 60_000},
            [line(**RELEASED)],
            [answer("paid"), answer("recovered")],
            "recovered",
        ),
        ({"status": "lapsed"}, [], [], "lapsed"),
    ],
)
def test_where_a_request_stands(more: dict[str, Any], lines: list[Line], answers: list[Answer], state: str) -> None:
    assert chain.state(payable(**more), lines, answers, "Westmere") == state


def test_every_step_has_its_day_and_who_did_it() -> None:
    of = payable(
        requested_on=date(2026, 9, 20),
        target="Reading",
        intervention="Tuition",
        decided_on=date(2026, 10, 10),
        decided_by="Olive Lead",
        vendor_at=datetime(2026, 10, 12, 9, tzinfo=UTC),
        vendor_by="Ann",
        vendor_why="Bank letter",
        invoice="I1",
        invoice_on=date(2026, 10, 20),
        invoice_by="Ann",
        impact="improved",
        impact_on=date(2027, 1, 11),
        queried_on=date(2026, 9, 25),
        first_vendor_on=date(2026, 10, 12),
        sends_invoice=True,
    )
    lines = [
        line(**RELEASED, reversed_at=datetime(2026, 12, 1, 9, tzinfo=UTC), reversed_by="Cat", reversed_why="Moved")
    ]
    answers = [answer("paid"), answer("recovered", day=30)]
    told = [(step.on, step.by, step.what, step.said) for step in chain.steps(of, lines, answers, "Westmere", ON)]
    assert told == [
        (date(2026, 9, 20), "the file does not say", "requested", "Tuition. Target: Reading"),
        (date(2026, 9, 25), "the file does not say", "queried", ""),
        (date(2026, 10, 10), "Olive Lead", "approved", "£600.00"),
        (date(2026, 10, 10), "waits for finance and the school", "awaiting vendor set-up", "until 12 Oct, 2 days"),
        (date(2026, 10, 10), "waits for the school", "awaiting invoice", "until 20 Oct, 10 days"),
        (date(2026, 10, 12), "Ann", "vendor set up", "V1: Bank letter"),
        (date(2026, 10, 20), "Ann", "invoice received", "I1"),
        (date(2026, 11, 23), "Ann", "in a batch", "VS-1, £600.00"),
        (date(2026, 11, 23), "Ben", "released", "VS-1"),
        (date(2026, 11, 27), "Finance system", "paid", "P27, £600.00"),
        (date(2026, 11, 30), "Finance system", "recovered", "P30, £600.00"),
        (date(2026, 12, 1), "Cat", "reversed", "-£600.00: Moved"),
        (date(2027, 1, 11), "the file does not say", "impact recorded", "improved"),
    ]

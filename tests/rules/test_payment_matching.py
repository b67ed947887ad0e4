"""What finance answered against what was released: line by line, and in sum to the penny."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.rules import payment_matching as matching
from vs_core.rules.payables import Line
from vs_core.rules.payment_matching import (
    DIFFERS,
    MATCHED,
    MISSING,
    REVERSED,
    UNKNOWN,
    WAITING,
    Answer,
    agreements,
    matched,
)

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAID_ON = date(2026, 11, 27)


def line(number: int, pence: int = 10_000, batch: int = 1, request: str = "", **more: Any) -> Line:
    usual: dict[str, Any] = {"vendor": "V1", "released_at": AT, "released_by": "Ben"}
    about = (number, 1, f"C{number}", True, request or f"R{number}", pence)
    return Line(number, batch, *about, "2026/27 autumn", "PP+", "ann", "Ann", AT, **{**usual, **more})


def answer(number: int, pence: int = 10_000, status: str = "paid", request: str = "", **more: Any) -> Answer:
    usual: dict[str, Any] = {"batch": "VS-1", "paid_on": PAID_ON}
    own = {**usual, **more}
    return Answer(f"P{number}", request or f"R{number}", True, pence, status, **own)


def outcomes(lines: list[Line], answers: list[Answer]) -> list[tuple[str, int]]:
    return [(row.outcome, row.difference_pence) for row in matched(lines, answers)]


@pytest.mark.parametrize(
    ("answers", "outcome", "difference", "said"),
    [
        ([answer(1)], MATCHED, 0, ""),
        ([answer(1, 9_999)], DIFFERS, -1, "Released for £100.00, paid £99.99: £0.01 too little."),
        ([answer(1, 10_001)], DIFFERS, 1, "Released for £100.00, paid £100.01: £0.01 too much."),
        ([answer(1), answer(1)], DIFFERS, 10_000, "Released for £100.00, paid £200.00: £100.00 too much."),
        ([answer(1, status="returned")], DIFFERS, -10_000, "The payment came back and was not made again."),
        ([answer(1, status="returned"), answer(1)], MATCHED, 0, ""),
        ([answer(1, status="in batch", paid_on=None)], WAITING, -10_000, ""),
        (
            [answer(1), answer(1, 4_000, "recovered")],
            DIFFERS,
            -4_000,
            "Released for £100.00, paid £60.00: £40.00 too little.",
        ),
        ([answer(1, vendor="V9")], DIFFERS, 0, "Paid to vendor V9 instead of V1."),
        ([answer(1, batch=" vs-1 ", vendor="V1")], MATCHED, 0, ""),
        ([answer(1, batch="B202611")], MATCHED, 0, ""),
        ([answer(1, batch=None)], MATCHED, 0, ""),
        ([], WAITING, -10_000, "Finance has said nothing of this batch yet."),
    ],
)
def test_a_line_against_its_answers(answers: list[Answer], outcome: str, difference: int, said: str) -> None:
    (row,) = matched([line(1)], answers)
    assert (row.outcome, row.difference_pence, row.said) == (outcome, difference, said)


def test_a_line_is_missing_when_finance_has_answered_about_others() -> None:
    assert outcomes([line(1), line(2)], [answer(1)]) == [(MATCHED, 0), (MISSING, -10_000)]


def test_our_own_reference_goes_before_everything_else() -> None:
    own = Answer("VS-1-2", "R9", True, 10_000, "paid", PAID_ON, batch="VS-7")
    assert outcomes([line(1), line(2)], [answer(1), own]) == [(MATCHED, 0), (MATCHED, 0)]


def test_what_names_a_batch_of_ours_and_is_no_line_of_it_is_unknown() -> None:
    rows = matched([line(1)], [answer(1), answer(8, 500), answer(1, 700, "recovered", batch="VS-12")])
    assert [(row.outcome, row.batch_id, row.paid_pence) for row in rows[1:]] == [(UNKNOWN, 1, 500), (UNKNOWN, 12, -700)]
    assert rows[1].said == "P8: £5.00 paid on 27 Nov 2026, which is no line of that batch."
    assert matched([line(1)], [answer(8, batch="B202611"), answer(9, batch=None)])[1:] == []


def test_a_reversed_line_agrees_when_nothing_of_it_is_paid() -> None:
    back = line(1, reversed_at=AT, reversed_by="Ben", reversed_why="Wrong school")
    assert outcomes([back], []) == [(REVERSED, 0)]
    assert outcomes([back], [answer(1), answer(1, status="recovered")]) == [(REVERSED, 0)]
    (row,) = matched([back], [answer(1)])
    assert row.said == "It was reversed, and £100.00 of it is paid: finance recovers it."


def test_a_payment_of_a_request_that_was_reversed_and_released_again_belongs_to_the_later_line() -> None:
    first = line(1, request="R1", reversed_at=AT)
    later = line(2, request="R1", batch=2, released_at=datetime(2026, 11, 26, 9, tzinfo=UTC))
    paid = answer(1, batch=None)
    assert outcomes([first, later], [paid]) == [(REVERSED, 0), (MATCHED, 0)]
    assert outcomes([first, later], [answer(1, batch=None, paid_on=date(2026, 11, 25))]) == [
        (DIFFERS, 10_000),
        (WAITING, -10_000),
    ]


def test_lines_that_were_not_released_are_no_part_of_it() -> None:
    assert matched([line(1, released_at=None), line(2, taken_out_at=AT)], [answer(1), answer(2)])[0].outcome == UNKNOWN


AMOUNTS = st.integers(1, 50_000)
LINES = st.lists(st.tuples(AMOUNTS, st.integers(1, 3), st.booleans()), max_size=6)
ANSWERS = st.lists(
    st.tuples(
        st.integers(1, 8), AMOUNTS, st.sampled_from(["paid", "recovered", "returned", "in batch"]), st.integers(0, 4)
    ),
    max_size=10,
)


@given(LINES, ANSWERS)
def test_sums_agree_to_the_penny_whatever_finance_says(
    released: list[tuple[int, int, bool]], said: list[tuple[int, int, str, int]]
) -> None:
    lines = [
        line(number, pence, batch, reversed_at=AT if back else None)
        for number, (pence, batch, back) in enumerate(released, start=1)
    ]
    answers = [
        answer(place, pence, status, f"R{number}", batch=f"VS-{batch}" if batch else None)
        for place, (number, pence, status, batch) in enumerate(said, start=1)
    ]
    rows = matched(lines, answers)
    sums = agreements(rows)
    held = [each for row in rows for each in row.answers]
    assert len(held) == len({each.payment_id for each in held})
    assert sum(each.sent_pence for each in sums) == sum(each.amount_pence for each in lines if each.reversed_at is None)
    sign = {"paid": 1, "recovered": -1}
    assert sum(each.paid_pence for each in sums) == sum(sign.get(each.status, 0) * each.amount_pence for each in held)
    for each in sums:
        assert each.sent_pence - each.paid_pence == each.missing_pence - each.surplus_pence
    ours = [each for each in answers if each.batch]
    assert {each.payment_id for each in ours} <= {each.payment_id for each in held}
    assert matching.OUTCOMES

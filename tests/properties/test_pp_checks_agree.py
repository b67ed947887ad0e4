"""The lists of what stands outside the policy, on random requests, against a second computation."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.naive import pp_checks as naive
from tests.queries.written import Written
from vs_core.access.viewer import Viewer
from vs_core.casework import reference
from vs_core.figures import pp_waiting
from vs_core.rules.frame import Frame

LEAD = Viewer(1, "lead", "A lead", "operations", "s1")
AS_AT, FIRST = date(2026, 11, 23), date(2026, 4, 1)
TERMS = ("2025/26 summer", "2026/27 autumn", "2026/27 spring")
WHAT = ("A laptop", "Chromebook for homework", "Speech and language support", "Music lessons", " music lessons ", None)
TARGETS = (None, "One-to-one support", "Reading", "An iPad")
LAPTOP = ("laptop", "chromebook", "tablet", "ipad", "computer")
PLAN = ("speech and language", "occupational therapy", "one-to-one support", "teaching assistant")
CHILDREN = tuple(f"C{number}" for number in range(6))


def some_day(chance: Random, last: int = 280) -> str:
    return (FIRST + timedelta(days=chance.randint(0, last))).isoformat()


def request(chance: Random, number: int) -> dict[str, Any]:
    status = chance.choice(("requested", "queried", "approved", "part-approved", "rejected", "lapsed"))
    amount = chance.choice((10_000, 30_000, 60_000, 60_001, 90_000))
    asked = some_day(chance)
    begins = (date.fromisoformat(asked) + timedelta(days=chance.randint(-2, 3))).isoformat()
    agreed = (date.fromisoformat(begins) + timedelta(days=chance.randint(-2, 1))).isoformat()
    return {
        "request_id": f"R{number:03d}",
        "child": chance.choice(CHILDREN),
        "term": chance.choice(TERMS),
        "status": status,
        "amount_pence": amount,
        "approved_amount_pence": chance.choice((None, amount, amount // 2)) if "approved" in status else None,
        "requested_on": asked,
        "decided_on": None if status in ("requested", "queried") else some_day(chance),
        "exceptional": chance.choice((None, True, False)),
        "adviser_agreed_on": chance.choice((None, agreed)),
        "starts_on": chance.choice((None, begins)),
        "intervention": chance.choice(WHAT),
        "target": chance.choice(TARGETS),
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_lists_agree_with_a_second_computation(written: Written, seed: int) -> None:
    chance = Random(seed)
    rows = [request(chance, number) for number in range(120)]
    plans: dict[str, tuple[str, str | None]] = {"C0": ("2024-09-01", None), "C1": ("2024-09-01", "2026-08-31")}
    for child in CHILDREN:
        written.child(child, born_on="2014-01-10")
        first, last = plans.get(child, ("2024-09-01", None))
        written.enrolled(child, "100001", first, last, sen="E" if child in plans else "K")
    for row in rows:
        written.row("pp_request", financial_year="2026-27", **row)
    reference.choose_policy(LEAD, "norfolk-like", FIRST, AS_AT, engine=written.engine)
    with written.reading() as connection:
        found = pp_waiting.requests(connection, Frame.for_subject("pp-plus", AS_AT), "Westmere")
    on = AS_AT.isoformat()
    over = pp_waiting.over_limit(found)
    by_child = zip(over["child_id"], over["term"], over["over_pence"], strict=True)
    assert {(child, term): pence for child, term, pence in by_child} == naive.over_limit(rows, on, 60_000)
    assert set(found.loc[found["fault"] != "", "request_id"]) == naive.exceptions(rows, on, 60_000)
    says = dict(zip(found["request_id"], found["doubled"], strict=True))
    assert {number for number, said in says.items() if "laptop" in said} == naive.laptops(rows, on, LAPTOP)
    assert {number for number, said in says.items() if "care plan" in said} == naive.of_plans(rows, on, PLAN, plans)
    twice = {number: said.rpartition(": ")[2].rstrip(".") for number, said in says.items() if "before:" in said}
    assert twice == naive.asked_twice(rows, on)
    assert min(map(len, (over, twice, naive.laptops(rows, on, LAPTOP), naive.exceptions(rows, on, 60_000)))) > 3


@pytest.fixture
def written(engine: Engine) -> Written:
    return Written(engine)

"""Spend by group against a second, naive computation on random requests, on both databases; the edges by hand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection

from tests.queries.written import Written
from vs_core.access.viewer import EVERYTHING
from vs_core.figures import compute, pp_spend
from vs_core.rules import pp_spend as rules
from vs_core.rules.frame import Frame

LA, AS_AT, FIRST = "Westmere", date(2026, 11, 23), date(2026, 4, 1)
FRAME = Frame.for_subject("pp-plus", AS_AT)
AREAS = ("high-quality teaching", "targeted academic support", "wider strategies", None)
SCHOOLS = {"100001": ("One", LA), "100002": ("Two", "Elsewhere"), "100003": ("Two", " westmere "), "": (None, None)}
STATES = ("requested", "queried", "approved", "part-approved", "rejected", "lapsed")
AGREED, OPEN = ("approved", "part-approved"), ("requested", "queried")
MOVED = ("paid", "in batch", "returned", "recovered")


def day(chance: Random, first: date = FIRST, days: int = 300) -> date:
    return first + timedelta(days=chance.randrange(days))


def random_requests(chance: Random, number: int) -> list[dict[str, Any]]:
    made = []
    for place in range(number):
        state, asked, amount = chance.choice(STATES), day(chance), chance.randrange(1, 99_999)
        part = chance.randrange(1, amount + 1) if state == "part-approved" else None
        paid = [
            (chance.choice(MOVED), day(chance), chance.randrange(1, amount + 1)) for _ in range(chance.randrange(3))
        ]
        made.append(
            {
                "request_id": f"R{place}",
                "child": f"C{chance.randrange(4)}",
                "school": chance.choice(list(SCHOOLS)),
                "area": chance.choice(AREAS),
                "status": state,
                "amount_pence": amount,
                "approved_amount_pence": part,
                "requested_on": asked,
                "decided_on": None if state in OPEN else asked + timedelta(days=chance.randrange(40)),
                "financial_year": chance.choice(("2026-27", "2026-27", "2026-27", "2025-26")),
                "fund": chance.choice((None, "PP+", "PP+", "EYPP")),
                "paid": paid,
            }
        )
    return made


def write(written: Written, requests: list[dict[str, Any]], unknown: list[tuple[date, int]]) -> None:
    for urn, (name, la) in SCHOOLS.items():
        if urn:
            written.row("school_details", school=urn, name=name, la_name=la)
    for child, born in enumerate(("2011-08-31", "2011-09-01", "2021-12-01", None)):
        written.child(f"C{child}", born_on=born, restricted=child == 3)
        written.care(f"C{child}", "2024-01-08")
    for row in requests:
        own = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        paid = own.pop("paid")
        term = "2026/27 autumn" if row["financial_year"] == "2026-27" else "2025/26 spring"
        written.row("pp_request", term=term, **own)
        for turn, (status, on, pence) in enumerate(paid):
            payment = {"payment_id": f"{row['request_id']}-{turn}", "request_id": row["request_id"], "status": status}
            written.row("pp_payment", paid_on=on.isoformat(), amount_pence=pence, school=row["school"], **payment)
    for turn, (on, pence) in enumerate(unknown):
        stray = {"payment_id": f"X{turn}", "request_id": "of nobody", "status": "paid", "school": ""}
        written.row("pp_payment", paid_on=on.isoformat(), amount_pence=pence, **stray)


def school_year(child: str, on: date) -> str:
    """The year group by hand: born on or before 31 August 2011 a year above born on 1 September."""
    started = on.year if on.month >= 9 else on.year - 1
    first_of = {"C0": 2011, "C1": 2012, "C2": 2022}
    if child not in first_of:
        return "Not known"
    year = started - first_of[child] - 4
    return {0: "Reception", -1: "Nursery 2"}.get(year, f"Year {year}")


def naive(requests: list[dict[str, Any]], unknown: list[tuple[date, int]], division: str) -> dict[str, list[int]]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in requests:
        if row["financial_year"] != "2026-27" or row["fund"] == "EYPP":
            continue
        paid = sum(pence for status, on, pence in row["paid"] if status == "paid" and on <= AS_AT)
        is_made = row["requested_on"] <= AS_AT
        key = group_of(row, division) if is_made or division == "school" else "Not known"
        decided = row["decided_on"] is not None and row["decided_on"] <= AS_AT
        state = row["status"] if decided or row["decided_on"] is None else "requested"
        agreed = 0
        if is_made and state in AGREED:
            part = row["approved_amount_pence"]
            agreed = row["amount_pence"] if part is None else part
        own = [paid, max(0, agreed - paid), row["amount_pence"] if is_made and state in OPEN else 0]
        if is_made or paid:
            sums[key] = [one + other for one, other in zip(sums[key], own, strict=True)]
    for on, pence in unknown:
        if FIRST <= on <= AS_AT:
            sums["Not known"][0] += pence
    return dict(sums)


def group_of(row: dict[str, Any], division: str) -> str:
    name, la = SCHOOLS[row["school"]]
    if division == "area":
        return row["area"].capitalize() if row["area"] else "Not known"
    if division == "school":
        return {"100001": "One", "100002": "Two (100002)", "100003": "Two (100003)", "": "Not known"}[row["school"]]
    if division == "county":
        away = {LA: "School in county", "Elsewhere": "School out of county", None: "Not known"}
        return away[la.strip().capitalize() if la else None]
    year = school_year(row["child"], row["requested_on"])
    if division == "year":
        return year
    if year == "Not known":
        return year
    number = -1 if year.startswith("Nursery") else 0 if year == "Reception" else int(year.split()[1])
    return "Early years" if number < 0 else "Primary" if number <= 6 else "Secondary" if number <= 11 else "Post-16"


@pytest.mark.parametrize("seed", [1, 2])
def test_a_second_computation_agrees_to_the_penny(written: Written, seed: int) -> None:
    chance = Random(seed)
    requests, unknown = random_requests(chance, 40), [(day(chance), 1_001), (date(2026, 3, 31), 7), (FIRST, 13)]
    write(written, requests, unknown)
    with written.reading() as connection:
        rows = pp_spend.lines(connection, FRAME, LA)
        figures = compute(connection, "pp-plus", FRAME).figures
    for division in rules.DIVISIONS:
        found = rules.by_group(rows, division)
        sums = {row["group"]: [row[name] for name in rules.AMOUNTS] for row in found.to_dict("records")}
        assert _with_money(sums) == _with_money(naive(requests, unknown, division)), division
        assert [found[name].sum() for name in rules.AMOUNTS] == [figures[name] for name in rules.AMOUNTS]


def _with_money(sums: dict[str, list[int]]) -> dict[str, list[int]]:
    return {group: amounts for group, amounts in sums.items() if any(amounts)}


def ask(written: Written, number: str, child: str, on: str, **more: Any) -> None:
    own = {"request_id": number, "child": child, "status": "requested", "financial_year": "2026-27"}
    usual = {"amount_pence": 10_000, "school": "", "requested_on": on}
    written.row("pp_request", **{**own, **usual, **more})


def groups(connection: Connection, division: str, scope=EVERYTHING) -> dict[str, int]:
    found = rules.by_group(pp_spend.lines(connection, FRAME, LA, scope), division)
    return dict(zip(found["group"], found["requested_pence"], strict=True))


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_year_group_is_that_of_the_day_on_which_it_was_asked(written: Written) -> None:
    written.child("A", born_on="2011-01-05")
    ask(written, "R1", "A", "2026-08-31")
    ask(written, "R2", "A", "2026-09-01")
    with written.reading() as connection:
        assert groups(connection, rules.YEAR) == {"Year 10": 10_000, "Year 11": 10_000}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_restricted_children_are_in_the_sums_and_in_no_group_that_tells(written: Written) -> None:
    written.row("school_details", school="100001", name="One", la_name=LA)
    for child in ("A", "HIDDEN"):
        written.child(child, born_on="2011-01-05", restricted=child == "HIDDEN")
        ask(written, child, child, "2026-09-10", school="100001", area="wider strategies")
    unnamed = replace(EVERYTHING, restricted=False)
    with written.reading() as connection:
        for division in (rules.AREA, rules.SCHOOL, rules.COUNTY):
            assert groups(connection, division, unnamed)[rules.NOT_SHOWN] == 10_000
            assert sum(groups(connection, division, unnamed).values()) == 20_000
            assert rules.NOT_SHOWN not in groups(connection, division)
        assert groups(connection, rules.YEAR, unnamed) == {"Year 11": 20_000}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_without_a_request_there_is_no_row(written: Written) -> None:
    with written.reading() as connection:
        rows = pp_spend.lines(connection, FRAME, LA)
    assert rows.empty
    assert all(rules.by_group(rows, division).empty for division in rules.DIVISIONS)


def test_pounds_a_child_are_of_the_children_with_money() -> None:
    columns = {"child_key": [1, 1, 2, 3], "by_area": ["Wider strategies"] * 4, "urn": [""] * 4}
    money = {"paid_pence": [100, 0, 101, 0], "committed_pence": [0, 50, 0, 0], "requested_pence": [0, 0, 0, 900]}
    row = rules.by_group(pd.DataFrame(columns | money), rules.AREA).iloc[0]
    assert (row["requests"], row["children"], row["each_pence"]) == (4, 2, 126)
    assert row["key"] == "wider-strategies"

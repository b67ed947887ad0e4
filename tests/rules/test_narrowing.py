"""Some of a group's children, by plain Python too; and nobody tells where a hidden child is by choosing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest

from vs_core.rules.cohorts import CareSpan, is_in_care
from vs_core.rules.narrowing import EVERYONE, TRAITS, Narrowing, a_year_in_care, day_of, holds, left_out
from vs_core.rules.placements import KINDS, PLACEMENTS

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
AS_AT = date(2026, 11, 20)
SOME: dict[str, list[Any]] = {
    "phase": ["primary", "secondary"],
    "year_group": ["6", "7"],
    "urn": ["100001", "100002", None],
    "school_la": ["Westmere", "Kent", None],
    "sen": ["N", "K", "E", None],
    "placement": ["U1", "U4", "K2", "Z9", None],
    "in_county": [True, False, None],
    "area": ["North", "South", None],
    "is_unaccompanied_from_file": [True, False],
    "unaccompanied_until": [None, AS_AT, AS_AT + timedelta(1)],
}
TOLD_OF_NOBODY_HIDDEN = {"urn", "school_la", "sen", "placement", "in_county", "area"}
CHOICES: dict[str, list[Any]] = {
    "phase": ["primary"],
    "year_group": ["7"],
    "school": ["100001"],
    "school_la": ["Kent"],
    "sen": ["E"],
    "placement": ["Foster care with family or friends"],
    "in_county": [True, False],
    "unaccompanied": [True, False],
    "area": ["South"],
    "looked_after_12_months": ["at 31 March"],
}


def children(seed: int, number: int = 150) -> list[dict[str, Any]]:
    draw = Random(seed)
    found = []
    for key in range(number):
        row = {name: draw.choice(values) for name, values in SOME.items()}
        row |= {"child_key": key, "school": None, "is_listed": draw.random() > 0.2}
        found.append(row if row["is_listed"] else row | dict.fromkeys(TOLD_OF_NOBODY_HIDDEN))
    return found


def is_chosen(row: dict[str, Any], only: Narrowing, a_year: set[int]) -> bool:
    """One child at a time, by what its row says."""
    asked = [(only.phase, row["phase"]), (only.year_group, row["year_group"])]
    if only.looked_after_12_months and row["child_key"] not in a_year:
        return False
    if any(wanted is not None and wanted != own for wanted, own in asked):
        return False
    until = row["unaccompanied_until"]
    alone = row["is_unaccompanied_from_file"] and (until is None or until > AS_AT)
    own_kind = next((kind for kind, codes in PLACEMENTS.items() if row["placement"] in codes), None)
    telling = [
        (only.school, row["urn"]),
        (only.school_la, row["school_la"]),
        (only.sen, row["sen"]),
        (only.placement, own_kind),
        (only.in_county, row["in_county"]),
        (only.unaccompanied, alone),
        (only.area, row["area"]),
    ]
    asked = [(wanted, own) for wanted, own in telling if wanted is not None]
    return all(row["is_listed"] and wanted == own for wanted, own in asked)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_chosen_rows_are_those_of_a_naive_filter(seed: int) -> None:
    rows, a_year = children(seed), set(range(0, 150, 2))
    frame = pd.DataFrame(rows)[list(TRAITS)]
    one = [Narrowing(**{name: value}) for name, values in CHOICES.items() for value in values]
    pairs = [
        Narrowing(**{first: CHOICES[first][0], second: CHOICES[second][0]})
        for first, second in product(CHOICES, CHOICES)
        if first < second
    ]
    found = 0
    for only in (EVERYONE, *one, *pairs):
        expected = [row["child_key"] for row in rows if is_chosen(row, only, a_year)]
        assert list(frame.loc[holds(frame, only, AS_AT, a_year), "child_key"]) == expected, only
        found += bool(expected)
    assert found > 40


def test_a_hidden_child_is_in_no_choice_that_tells_of_it_and_is_counted_as_left_out() -> None:
    frame = pd.DataFrame(children(3))[list(TRAITS)]
    hidden = frame[~frame["is_listed"]]
    for name, values in CHOICES.items():
        for value in values:
            only = Narrowing(**{name: value})
            inside = set(frame.loc[holds(frame, only, AS_AT, set(frame["child_key"])), "child_key"])
            assert only.tells == (not inside & set(hidden["child_key"])), name
            assert left_out(frame, only, AS_AT, set(frame["child_key"])) == (len(hidden) if only.tells else 0)
    of_phase = left_out(frame, Narrowing("primary", area="North"), AS_AT)
    assert of_phase == (hidden["phase"] == "primary").sum() > 0


def test_who_was_in_care_for_a_year_was_so_on_each_of_its_days() -> None:
    draw = Random(5)
    spans = {key: _spans(draw) for key in range(300)}
    for on in (date(2026, 3, 31), date(2024, 2, 29)):
        days = [on - timedelta(back) for back in range(366) if on - timedelta(back) > _a_year_earlier(on)]
        assert len(days) == 365 if on.month == 3 else 366
        expected = {key for key, own in spans.items() if all(is_in_care(own, day) for day in days)}
        assert a_year_in_care(spans, on) == expected
        assert 10 < len(expected) < 290


def _a_year_earlier(on: date) -> date:
    return date(on.year - 1, on.month, min(on.day, 28) if on.month == 2 else on.day)


def _spans(draw: Random) -> list[CareSpan]:
    """Spans that follow each other, some with a gap or a short break between, some without an end."""
    start, found = date(2022, 6, 1) + timedelta(draw.randint(0, 900)), []
    for _ in range(3):
        end = start + timedelta(draw.randint(1, 700))
        found.append(CareSpan(start, end, draw.random() < 0.1))
        start = end + timedelta(draw.choice([0, 0, 0, 1, 9]))
    return [*found[:2], CareSpan(found[2].start, None, False)]


@pytest.mark.parametrize(
    ("started", "is_one"), [(date(2024, 4, 1), True), (date(2024, 4, 2), False), (date(2020, 1, 1), True)]
)
def test_the_departments_year_is_from_1_april_to_31_march(started: date, is_one: bool) -> None:
    spans = {7: [CareSpan(started, None, False)]}
    assert (a_year_in_care(spans, date(2025, 3, 31)) == {7}) is is_one
    left_that_day = {7: [CareSpan(date(2020, 1, 1), date(2025, 3, 31), False)]}
    assert a_year_in_care(left_that_day, date(2025, 3, 31)) == set()


def test_the_day_of_the_twelve_months() -> None:
    assert day_of("at 31 March", date(2026, 11, 20)) == date(2026, 3, 31)
    assert day_of("at 31 March", date(2026, 3, 31)) == date(2026, 3, 31)
    assert day_of("at 31 March", date(2026, 3, 30)) == date(2025, 3, 31)
    assert day_of("at the end of the period", AS_AT) == AS_AT


def test_a_code_is_of_one_kind_and_every_code_of_the_list_of_some() -> None:
    assert len(KINDS) == sum(map(len, PLACEMENTS.values()))
    listed = pd.read_csv(REFERENCE / "codes.csv", dtype=str)
    assert set(listed.loc[listed["list"] == "placement", "code"]) == set(KINDS)


def test_what_is_chosen_is_said() -> None:
    assert Narrowing().said() == []
    only = Narrowing("secondary", "9", "100001", sen="K", in_county=False, unaccompanied=True)
    assert only.said("Lake School") == [
        "secondary",
        "Year 9",
        "at Lake School",
        "SEN support",
        "placed out of county",
        "unaccompanied",
    ]
    assert bool(only)
    assert not Narrowing()

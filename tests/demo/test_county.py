"""The county's figures sit near those published, worked out plainly from its files.

Published: DfE, Outcomes for children in need, 2024/25 (children looked after at 31 March for 12 months): overall
absence, and the shares who miss 10% and 50%, by type of school; the bands reach from a little under to a little over.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from tests.demo.conftest import AS_AT
from tests.demo.files import Authority, on
from tests.demo.test_cast import ABSENT, NOT_POSSIBLE

LAST_YEAR = ("2025-09-01", "2026-08-31")
# England: 3.8, 7.5, 0.8 / 12.0, 27.5, 9.5 / 11.2, 25.8, 7.7; Essex in all: 7.8, 14.9, 7.0.
BANDS = {
    "Primary": ((3.0, 5.2), (5.0, 11.5), (0.0, 2.2)),
    "Secondary": ((8.5, 12.5), (18.0, 29.0), (5.5, 11.0)),
    "special": ((7.0, 12.5), (15.0, 29.0), (3.0, 10.0)),
    "alternative": ((27.0, 50.0), (60.0, 100.0), (20.0, 65.0)),
    "statutory": ((7.0, 9.3), (13.5, 20.5), (3.8, 7.5)),
}
Tally = dict[str, tuple[int, int]]


def _kind_of_school(county: Authority) -> dict[str, str]:
    kinds = {}
    for row in county.rows("schools"):
        special = "special" in row["TypeOfEstablishment (name)"].lower()
        other = "special" if special else "alternative"
        phase = row["PhaseOfEducation (name)"]
        kinds[row["URN"]] = other if phase == "Not applicable" else phase
    return kinds


@pytest.fixture(scope="module")
def tallies(county: Authority) -> dict[str, Tally]:
    """By kind of school: (absent, possible) sessions of each child in the last whole academic year."""
    kinds = _kind_of_school(county)
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in county.rows("attendance"):
        if LAST_YEAR[0] <= row["date"] <= LAST_YEAR[1] and row["code"] not in NOT_POSSIBLE:
            kind = kinds[row["urn"]]
            for name in (kind,) if kind in ("Nursery", "16 plus") else (kind, "statutory"):
                counts[name][row["child_id"]][0] += row["code"] in ABSENT
                counts[name][row["child_id"]][1] += 1
    return {kind: {child: (a, p) for child, (a, p) in found.items()} for kind, found in counts.items()}


@pytest.mark.parametrize("kind", list(BANDS))
def test_absence_is_near_the_published_figures(tallies: dict[str, Tally], kind: str) -> None:
    found = tallies[kind].values()
    overall = 100 * sum(absent for absent, _ in found) / sum(possible for _, possible in found)
    persistent = 100 * sum(absent * 10 >= possible for absent, possible in found) / len(found)
    severe = 100 * sum(absent * 2 >= possible for absent, possible in found) / len(found)
    for figure, (low, high) in zip((overall, persistent, severe), BANDS[kind], strict=True):
        assert low <= figure <= high, (kind, overall, persistent, severe)


def test_mondays_fridays_and_winter_are_worse(county: Authority) -> None:
    missed: Counter[str] = Counter()
    possible: Counter[str] = Counter()
    for row in county.rows("attendance"):
        if row["code"] not in NOT_POSSIBLE:
            weekday = date.fromisoformat(row["date"]).weekday()
            for name in ("edge" if weekday in (0, 4) else "middle", f"month {row['date'][5:7]}"):
                possible[name] += 1
                missed[name] += row["code"] in ABSENT
    share = {name: missed[name] / possible[name] for name in possible}
    assert share["edge"] > share["middle"]
    assert (share["month 12"] + share["month 01"]) / 2 > (share["month 09"] + share["month 05"]) / 2


def _of_school_age_in_care(county: Authority) -> set[str]:
    """In care in the last academic year, reception to year 11."""
    dobs = {row["child_id"]: on(row["dob"]) for row in county.rows("children")}
    found = set()
    for row in county.rows("ssda903-episodes"):
        if on(row["DECOM"]) <= date(2026, 8, 31) and (not row["DEC"] or on(row["DEC"]) > date(2025, 9, 1)):
            born = dobs[row["CHILD"]]
            age = 2025 - born.year - ((born.month, born.day) > (8, 31))
            found |= {row["CHILD"]} if 4 <= age <= 15 else set()
    return found


def test_suspended_children_are_about_a_tenth(county: Authority) -> None:
    pupils = _of_school_age_in_care(county)
    suspended = {
        row["child_id"]
        for row in county.rows("exclusions")
        if row["category"] == "SUSP"
        and row["status"] != "withdrawn"
        and date(2025, 9, 1) <= on(row["start_date"]) <= date(2026, 8, 31)
    }
    assert 0.06 <= len(suspended & pupils) / len(pupils) <= 0.135


def test_moves_in_mid_year_are_about_those_published(county: Authority) -> None:
    """8% to 9% in Essex and Norfolk (2024): a stay that began after September at another school than before."""
    pupils = _of_school_age_in_care(county)
    starts = defaultdict(list)
    for row in county.rows("enrolments"):
        starts[row["child_id"]].append(on(row["start"]))
    moved = {
        child_id
        for child_id in pupils
        if any(date(2025, 9, 15) < day <= date(2026, 7, 31) for day in starts[child_id])
        and min(starts[child_id]) < date(2025, 9, 15)
    }
    assert 0.06 <= len(moved) / len(pupils) <= 0.13


def test_a_third_are_placed_out_of_county(county: Authority) -> None:
    in_care = {row["CHILD"] for row in county.rows("ssda903-episodes") if not row["DEC"]}
    away = [row["in_county"] == "N" for row in county.rows("children") if row["child_id"] in in_care]
    assert 0.27 <= sum(away) / len(away) <= 0.43


def test_plans_are_mostly_in_time(county: Authority) -> None:
    due = [row for row in county.rows("peps") if date(2025, 9, 1) <= on(row["due_on"]) <= date(2026, 8, 31)]
    in_time = [bool(row["quality_assured_on"]) and on(row["quality_assured_on"]) <= on(row["due_on"]) for row in due]
    assert 0.8 <= sum(in_time) / len(in_time) <= 0.95
    assert {row["quality"] for row in due} == {"", "red", "amber", "green"}


def test_the_money_has_delays_refusals_and_a_rush(county: Authority) -> None:
    states = Counter(row["status"] for row in county.rows("pp-requests"))
    assert set(states) == {"requested", "queried", "part-approved", "approved", "rejected", "lapsed"}
    paid: Counter[str] = Counter()
    for row in county.rows("pp-payments"):
        if (
            row["status"] == "paid"
            and row["fund"] == "PP+"
            and date(2025, 4, 1) <= on(row["paid_on"]) <= date(2026, 3, 31)
        ):
            paid[f"{on(row['paid_on']):%m}"] += round(float(row["amount"]))
    (final,) = [
        float(row["amount"])
        for row in county.rows("pp-allocations")
        if (row["financial_year"], row["fund"], row["stage"]) == ("2025-26", "PP+", "final")
    ]
    assert paid["03"] == max(paid.values())
    assert 0.6 <= sum(paid.values()) / (final * 0.8) <= 1.0


def test_past_mondays_exist(county: Authority) -> None:
    mondays = {d.known_on for d in county.delivered if d.kind == "attendance" and d.known_on.weekday() == 0}
    assert len({day for day in mondays if (AS_AT - day).days <= 84}) >= 11

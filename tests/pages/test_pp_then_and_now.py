"""Pupil Premium Plus of a past day: as known then it never changes, as known today it takes in what came late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.commands.line import CommandLine, command_line
from tests.pages.conftest import Open
from vs_core.access.viewer import Viewer
from vs_core.casework import reference
from vs_core.casework.reference import NewValue
from vs_core.rules.reference_changes import LIMITS

LEAD = Viewer(1, "lead", "A lead", "operations", "s1")
DAYS = ("2026-05-31", "2026-10-05", "2026-11-20")
REQUESTS = "request_id,child_id,term,amount,area,status,requested_on,decided_on,approved_amount"
ASKED = {
    "R1": "R1,C1,2026/27 autumn,600.00,wider strategies,approved,2026-09-10,2026-09-20,",
    "R2": "R2,C2,2026/27 autumn,400.00,wider strategies,requested,2026-09-12,,",
    "R3": "R3,C3,2025/26 summer,250.55,wider strategies,approved,2026-05-02,2026-05-20,",
}
PAYMENTS = "payment_id,request_id,amount,status,paid_on"
ALLOCATION = "financial_year,fund,stage,children,amount,notified_on,rate,count_year"
FILES = {
    "children": ["child_id,dob", "C1,2014-01-10", "C2,2012-03-04", "C3,2010-05-06", "C4,2015-07-08"],
    "ssda903-episodes": [
        "CHILD,DECOM,RNE,LS,PLACE",
        *(f"C{number},2025-01-0{number},S,C2,U4" for number in (1, 2, 3, 4)),
    ],
}
COMES: dict[str, dict[str, list[str]]] = {
    "2026-05-21": {
        "pp-allocations": [ALLOCATION, "2026-27,PP+,provisional,4,10280.00,2026-05-14,2570,2025"],
        "pp-requests": [REQUESTS, ASKED["R3"]],
        "pp-payments": [PAYMENTS, "P1,R3,250.55,paid,2026-05-20"],
    },
    "2026-10-01": {
        "pp-requests": [REQUESTS, ASKED["R1"], ASKED["R2"]],
        "pp-payments": [PAYMENTS, "P2,R1,350.00,paid,2026-09-28"],
    },
}
LATE = {
    "pp-allocations": [ALLOCATION, "2026-27,PP+,provisional,5,12850.01,2026-05-14,2570,2025"],
    "pp-requests": [
        REQUESTS,
        ASKED["R1"].replace("approved,", "part-approved,") + "500.00",
        "R2,C2,2026/27 autumn,400.00,wider strategies,approved,2026-09-12,2026-10-02,",
        "R4,C4,2026/27 autumn,120.00,wider strategies,queried,2026-09-29,,",
    ],
    "pp-payments": [
        PAYMENTS,
        "P1,R3,250.55,returned,2026-05-20",
        "P2,R1,340.00,paid,2026-09-28",
        "P3,R1,40.00,recovered,2026-10-03",
    ],
}


def come_in(line: CommandLine, folder: Path, files: dict[str, list[str]], known_on: str) -> None:
    for kind, rows in files.items():
        file = folder / f"{kind}.csv"
        file.write_text("\n".join([*rows, ""]), encoding="utf-8")
        answer = line("import", kind, file, "--known-on", known_on)
        assert answer.status == 0, answer.out + answer.err


def seen(line: CommandLine, as_at: str, known_on: str | None = None) -> dict[str, Any]:
    asked = ["figures", "pp-plus", "--as-at", as_at, "--json", *(["--known-on", known_on] if known_on else [])]
    found: dict[str, Any] = line(*asked).json
    return {key: found[key] for key in ("pp-plus", "notes")}


def a_year(line: CommandLine, folder: Path, days: tuple[str, ...] = DAYS) -> dict[str, dict[str, Any]]:
    """The figures of each past day as they were printed on it; what came late and was put right comes afterwards."""
    printed = {}
    come_in(line, folder, FILES, "2026-04-01")
    for day in days:
        for known_on, files in COMES.items():
            if known_on <= day and not any(known_on <= earlier < day for earlier in days):
                come_in(line, folder, files, known_on)
        printed[day] = seen(line, day, day)
        assert printed[day] == seen(line, day)
    come_in(line, folder, LATE, "2026-11-23")
    kept_back = NewValue(LIMITS, "", "top_slice_percent", "25", "The team's own policy", date(2026, 4, 1))
    reference.change(LEAD, kept_back, date(2026, 11, 23))
    return printed


@pytest.fixture
def line(prepared_url: str) -> Iterator[CommandLine]:
    with command_line(prepared_url) as started:
        yield started


def test_what_was_known_then_stays_and_today_shows_what_came_late(line: CommandLine, tmp_path: Path) -> None:
    printed = a_year(line, tmp_path)
    for day, figures in printed.items():
        assert seen(line, day, day) == figures
        assert seen(line, day) != figures
    then, now = (seen(line, "2026-10-05", known_on)["pp-plus"] for known_on in ("2026-10-05", None))
    names = ("allocation_pence", "requested_pence", "approved_pence", "committed_pence", "paid_pence")
    more = ("recovered_pence", "remaining_pence", "children_without_spend")
    assert [then[name] for name in (*names, *more)] == [
        1_028_000, 40_000, 85_055, 25_000, 60_055, 0, 737_345, 1,
    ]  # fmt: skip
    assert [now[name] for name in (*names, *more)] == [
        1_285_001, 12_000, 115_055, 81_055, 34_000, 4_000, 852_696, 0,
    ]  # fmt: skip


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_page_says_which_of_the_two_it_shows(
    line: CommandLine, tmp_path: Path, prepared_url: str, over: Callable[[str], Open]
) -> None:
    a_year(line, tmp_path, DAYS[1:2])
    page = over(prepared_url)
    then, now = (page("pp_plus", "operations", as_at="2026-10-05", as_then=each) for each in ("true", "false"))
    assert "as known on 5 Oct 2026" in said(then)
    assert "as known today" not in said(then)
    assert "as known today" in said(now)
    assert "Eligible in 2026-27 itself by 5 Oct 2026: 3 children" in said(now)
    assert tile(then, "Paid") == "£601"
    assert tile(now, "Paid") == "£340"


def said(test: AppTest) -> str:
    return " ".join(each.value for each in (*test.markdown, *test.caption)).replace("\\", "")


def tile(test: AppTest, label: str) -> str:
    return str(next(each.value for each in test.metric if each.label == label))


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_page_says_what_a_child_has_with_count_year_and_source(
    line: CommandLine, tmp_path: Path, prepared_url: str, over: Callable[[str], Open]
) -> None:
    come_in(line, tmp_path, {"pp-allocations": COMES["2026-05-21"]["pp-allocations"]}, "2026-05-21")
    text = said(over(prepared_url)("pp_plus", "operations"))
    assert "For a child £2,056.00, in terms of £685.33 (summer), £685.33 (autumn) and £685.34 (spring)" in text
    assert "£8,224.00 delegated for 4 children after 20% is retained" in text
    assert (
        "Source: the department's provisional notice of 14 May 2026, count year 2025 (the year to 31 Mar 2025)." in text
    )
    assert "looked after on at least one day from 1 Apr 2024 to 31 Mar 2025 and aged 4 to 15 on 31 Aug 2024" in text
    assert "The provisional notice counts 4 more: about £10,280.00 at £2,570.00 a child. Do not promise" in text
    assert "The final notice is to rest on the return of 31 Mar 2026: our data has 0 for it, 4 fewer" in text
    assert "the final notice has not come by this day" in text

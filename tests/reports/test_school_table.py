"""The table for a letter to a school: the fewest columns, nobody who may not be listed, nothing of our own work."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import docx
import pandas as pd
import pytest

from vs_core.reports import school_table
from vs_core.rules.listed import Unmarked

MONDAY = date(2026, 11, 23)


def row(name: str, **changed: Any) -> dict[str, Any]:
    usual = {
        "child_key": 1,
        "child_id": "C1",
        "forename": name,
        "surname": "Fell",
        "year_group": "8",
        "is_listed": True,
    }
    figures = {
        "attendance_percent": 61.04,
        "absent_sessions": 37,
        "owner": "A. Officer",
        "next_step": "Visit the carer",
    }
    why = {
        "parts": ("action_overdue", "falling", "severe", "absent_today"),
        "reasons": ("action overdue by 3 school days", "fell 14 points in four weeks", "severe", "absent today (N)"),
    }
    return usual | figures | why | changed


def read(rows: list[dict[str, Any]]) -> tuple[list[list[str]], str]:
    made = school_table.content(pd.DataFrame(rows), "Hill <b>School</b>", MONDAY, "Westmere")
    document = docx.Document(BytesIO(made))
    cells = [[cell.text for cell in each.cells] for each in document.tables[0].rows]
    return cells, "\n".join(each.text for each in document.paragraphs)


def test_a_row_says_who_how_much_and_what_is_asked() -> None:
    cells, words = read([row("Robin")])
    assert cells == [
        ["Child", "Year", "Attendance", "Missed", "What we ask about"],
        ["Robin Fell", "8", "61.0%", "37", "Fell 14 points in four weeks; severely absent"],
    ]
    assert "Attendance at Hill <b>School</b>" in words
    for own in ("A. Officer", "Visit the carer", "overdue"):
        assert own not in words + str(cells)


def test_a_school_is_not_told_of_custody_nor_asked_about_a_child_without_a_reason() -> None:
    inside = {"parts": ("custody", "severe"), "reasons": ("in custody since 2 Nov, education not assessed", "severe")}
    alone = {"parts": ("custody", "no_action"), "reasons": ("in custody since 2 Nov", "nobody is acting")}
    cared_for = {"parts": ("action_open",), "reasons": ("a next step is open",)}
    back = {"parts": ("woken",), "reasons": ("snoozed until 4 Dec, but suspended on Monday 23 Nov",)}
    cells, words = read([row("Robin", **inside), row("Alex", **alone), row("Jo", **cared_for), row("Sam", **back)])
    assert [each[-1] for each in cells[1:]] == ["Severely absent"]
    assert "custody" not in words + str(cells)
    assert "Alex" not in words + str(cells)


def test_who_may_not_be_listed_is_not_in_it_and_the_page_is_one() -> None:
    cells, words = read([row(f"R{number}", is_listed=number != 3) for number in range(30)])
    assert len(cells) == 1 + school_table.ON_A_PAGE
    assert "9 more children are on our list" in words
    assert "R3 Fell" not in str(cells)
    with pytest.raises(Unmarked):
        school_table.content(pd.DataFrame([row("R")]).drop(columns="is_listed"), "S", MONDAY, "")

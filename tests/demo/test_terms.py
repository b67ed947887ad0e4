"""Westmere's term dates follow the pattern that Essex published."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from vs_core.demo import terms

PUBLISHED = Path(__file__).parents[2] / "data" / "reference" / "calendar.csv"


def _essex(year: str) -> dict[str, tuple[date, date]]:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["la"] == "Essex" and row["academic_year"] == year]
    spans = {row["what"]: (date.fromisoformat(row["start"]), date.fromisoformat(row["end"])) for row in rows}
    return {what: span for what, span in spans.items() if what.startswith("half term")}


def test_half_terms_of_2024_25_are_those_of_essex() -> None:
    ours = {f"half term {half.number}": (half.start, half.end) for half in terms.half_terms(2024)}
    assert ours == _essex("2024-25")


@pytest.mark.parametrize(("year", "label"), [(2020, "2020-21"), (2021, "2021-22")])
def test_other_years_are_within_three_days(year: int, label: str) -> None:
    published = _essex(label)
    for half in terms.half_terms(year):
        start, end = published[f"half term {half.number}"]
        assert abs(half.start - start) <= timedelta(days=3)
        assert abs(half.end - end) <= timedelta(days=3)


@pytest.mark.parametrize("year", range(2018, 2040))
def test_every_year_has_six_half_terms_in_order_and_about_190_days(year: int) -> None:
    halves = terms.half_terms(year)
    edges = [edge for half in halves for edge in (half.start, half.end)]
    assert edges == sorted(edges)
    assert 182 <= len(terms.school_days(year)) <= 194
    assert all(day.weekday() < 5 and day not in terms.bank_holidays(day.year) for day in terms.school_days(year))


def test_the_running_year_is_published_to_its_july() -> None:
    assert terms.half_terms(2026)[5].end == date(2027, 7, 20)
    assert terms.half_terms(2026)[3].end == date(2027, 3, 25)


def test_year_11_stays_until_the_last_friday_of_june() -> None:
    assert terms.last_friday_of_june(2025) == date(2026, 6, 26)

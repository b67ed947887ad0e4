"""Which 31 March a notice counts by: as it names it, else by the dated rule."""

from __future__ import annotations

from datetime import date

import pytest

from vs_core.rules.pp_count import Count, CountYear, expected, named


@pytest.mark.parametrize("text", ["2026", " 2026 ", "2025-26", "2025/26", "2025/2026"])
def test_a_year_is_named_by_the_day_that_ends_it_or_by_both_its_years(text: str) -> None:
    of = named(text)
    assert of == CountYear(date(2026, 3, 31))
    assert (of.starts_on, of.aged_on, of.label) == (date(2025, 4, 1), date(2025, 8, 31), "2025-26")


@pytest.mark.parametrize("text", [None, "", "last year", "2025-27", "26", "0001"])
def test_what_names_no_year_is_not_guessed(text: str | None) -> None:
    assert named(text) is None


def test_provisional_and_final_of_a_year_are_a_year_apart() -> None:
    assert expected("2026-27", 1).ends_on == date(2025, 3, 31)
    assert expected("2026-27", 0).ends_on == date(2026, 3, 31)


def test_the_difference_is_the_notices_less_our_own() -> None:
    of = CountYear(date(2026, 3, 31))
    assert Count(of, True, 900, notice_children=906).difference == 6
    assert Count(of, True, 900).difference is None

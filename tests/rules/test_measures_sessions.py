"""Bands, lateness, shares and attendance without some codes, at their edges."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

import pandas as pd
import pytest

from vs_core.rules import measures, measures_sessions
from vs_core.rules.measures_sessions import (
    TAKEN_OUT,
    is_too_short,
    provisional,
    provisional_among,
    sessions,
    without_codes,
)
from vs_core.rules.register import BANDS, COUNTED_BANDS, counted_bands


def children(*rows: dict[str, int]) -> pd.DataFrame:
    """Rows with the counts that are not given at 0; authorised absence is what is left of the possible sessions."""
    names = ("possible", "attended", "unauthorised_absence", "late", "late_after_register")
    found = []
    for row in rows:
        full = {f"{name}_sessions": row.get(name, 0) for name in names} | {name: row.get(name, 0) for name in TAKEN_OUT}
        full["authorised_absence_sessions"] = full["possible_sessions"] - full["attended_sessions"]
        full["authorised_absence_sessions"] -= full["unauthorised_absence_sessions"]
        found.append(full)
    return pd.DataFrame(found)


@pytest.mark.parametrize(
    ("attended", "possible", "band"),
    [
        (0, 10, "band_50"),
        (50, 100, "band_50"),
        (501, 1000, "band_80"),
        (80, 100, "band_80"),
        (801, 1000, "band_90"),
        (90, 100, "band_90"),
        (901, 1000, "band_95"),
        (9499, 10000, "band_95"),
        (95, 100, "band_under_100"),
        (9999, 10000, "band_under_100"),
        (1, 1, "band_100"),
        (0, 0, ""),
    ],
)
def test_the_edges_of_the_bands(attended: int, possible: int, band: str) -> None:
    assert list(counted_bands(pd.Series([attended]), pd.Series([possible]))) == [band]


def test_every_share_is_in_the_band_that_fractions_say() -> None:
    pairs = [(attended, possible) for possible, attended in product(range(1, 101), repeat=2) if attended <= possible]
    attended, possible = (pd.Series(list(each)) for each in zip(*pairs, strict=True))
    found = counted_bands(attended, possible)
    for (one, of), band in zip(pairs, found, strict=True):
        share = Fraction(one * 100, of)
        edges = [share <= 50, share <= 80, share <= 90, share < 95, share < 100, share == 100]
        assert list(COUNTED_BANDS)[edges.index(True)] == band, (one, of)


def test_the_legend_has_five_bands_and_the_counts_six() -> None:
    assert len(BANDS) == 5
    assert [band.lower_percent for band in BANDS] == [0, 50, 80, 90, 95]
    assert len(COUNTED_BANDS) == 6


def test_shares_are_pooled_and_nobody_without_sessions_counts() -> None:
    rows = children(
        {"possible": 300, "attended": 270, "unauthorised_absence": 10, "late": 6, "late_after_register": 4},
        {"possible": 100, "attended": 100},
        {"possible": 0},
    )
    found = sessions(rows)
    assert found["unauthorised_percent"] == 2.5
    assert (found["late_sessions"], found["late_percent"]) == (6, 1.5)
    assert (found["late_after_register_sessions"], found["late_after_register_percent"]) == (4, 1.0)
    assert {name: found[name] for name in COUNTED_BANDS} == dict.fromkeys(COUNTED_BANDS, 0) | {
        "band_90": 1,
        "band_100": 1,
    }


def test_nobody_has_no_share() -> None:
    found = sessions(children({"possible": 0}))
    assert found["unauthorised_percent"] is found["late_percent"] is found["late_after_register_percent"] is None
    assert sum(int(found[name]) for name in COUNTED_BANDS) == 0  # type: ignore[call-overload]


def test_what_is_taken_out_leaves_the_possible_sessions_and_the_absence() -> None:
    """100 sessions, 80 attended; of 20 absent 5 at home by a part-time timetable, 3 suspended, 2 on study leave."""
    row = {"part_time_sessions": 5, "suspended_sessions": 3, "study_leave_sessions": 2}
    found = without_codes(children({"possible": 100, "attended": 80} | row, {"possible": 0})).set_index("key")
    assert list(found["sessions"]) == [0, 5, 3, 2, 10]
    assert list(found["children"]) == [0, 1, 1, 1, 1]
    assert list(found["possible_sessions"]) == [100, 95, 97, 98, 90]
    assert list(found["attended_sessions"]) == [80] * 5
    assert found.loc["all", "attendance_percent"] == pytest.approx(8000 / 90)


def test_a_child_with_nothing_else_leaves_no_figure() -> None:
    found = without_codes(children({"possible": 4, "suspended_sessions": 4})).set_index("key")
    assert found.loc["", "attendance_percent"] == 0
    assert pd.isna(found.loc["all", "attendance_percent"])


@pytest.mark.parametrize(
    ("first", "last", "short"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), True),
        (date(2026, 11, 16), date(2026, 11, 20), True),
        (date(2026, 11, 16), date(2026, 11, 22), True),
        (date(2026, 11, 16), date(2026, 11, 23), False),
    ],
)
def test_a_day_and_a_week_are_too_short(first: date, last: date, short: bool) -> None:
    assert is_too_short(first, last) is short


def test_under_twenty_sessions_absence_is_provisional() -> None:
    rows = children(
        {"possible": 19, "attended": 9},
        {"possible": 20, "attended": 10},
        {"possible": 10, "attended": 9},
        {"possible": 0},
    )
    assert list(provisional(rows, 20)) == [True, False, True, False]
    assert provisional_among(rows, 20) == {"persistently_absent": 2, "severely_absent": 1}


def test_every_figure_is_defined_and_none_is_a_key_of_the_contract() -> None:
    own = measures_sessions.MEASURES
    assert set(sessions(children({"possible": 1, "attended": 1}))) | set(TAKEN_OUT) <= set(own)
    assert all(each.meaning and each.rule and each.source for each in own.values())
    assert not {each.name for each in own.values()} & set(measures.MEASURES)

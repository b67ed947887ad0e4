"""Every chart: valid, drawn without a network, kept free of what is not drawn, small enough, legible in both themes."""

import json
import re
from typing import Any

import pandas as pd
import pytest
import vl_convert

from tests.charts.frames import FRAMES
from vs_core import charts
from vs_core.charts.drawing import MOST_MARKS, Chart
from vs_core.charts.look import Look

NAMES = sorted(FRAMES)
EVERY_CHART = sorted(name for name in charts.__all__ if isinstance(getattr(charts, name), Chart))


HEATMAPS = {"child_by_week", "school_by_week", "group_by_week", "weekdays", "calendar", "child_calendar"}
CHOSEN_FROM = HEATMAPS | {"pp_burn_down", "pp_left"}


def of(name: str) -> Chart:
    return getattr(charts, name)


def fields(specification: Any) -> str:
    return json.dumps(specification)


def test_every_chart_has_a_frame_here() -> None:
    assert EVERY_CHART == NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [330, 1200])
def test_it_becomes_a_picture_offline(name: str, dark: bool, width: int) -> None:
    chart = of(name)(FRAMES[name](), dark=dark).properties(width=width)
    assert vl_convert.vegalite_to_png(chart.to_dict()).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", NAMES)
def test_only_drawn_columns_leave(name: str) -> None:
    drawing = of(name).drawing(FRAMES[name]().assign(secret="secret"), **_choosing(name))
    specification = fields(drawing.specification())
    not_drawn = [column for column in drawing.rows if not re.search(rf"\b{column}\b", specification)]
    assert not_drawn == []
    assert "secret" not in drawing.rows.to_csv()


def _choosing(name: str) -> dict[str, bool]:
    return {"choose": True} if name in CHOSEN_FROM else {}


@pytest.mark.parametrize("name", NAMES)
def test_the_specification_holds_no_row(name: str) -> None:
    specification = of(name).drawing(FRAMES[name]()).specification()
    assert "data" not in specification
    assert "datasets" not in specification
    assert not re.search("Robin|PEP training|North School|Theft", fields(specification))


@pytest.mark.parametrize("name", NAMES)
def test_the_specification_is_kept(name: str) -> None:
    first, again = (of(name).drawing(FRAMES[name]()).specification() for _ in range(2))
    assert first is again


@pytest.mark.parametrize("name", NAMES)
def test_it_says_why_there_is_nothing(name: str) -> None:
    assert of(name).empty.endswith(".")
    assert of(name).__doc__


@pytest.mark.parametrize("name", NAMES)
def test_every_axis_has_its_colour(name: str) -> None:
    for dark in (False, True):
        specification = of(name).drawing(FRAMES[name](), dark=dark).specification()
        axes = [axis for axis in _found(specification, "axis") if axis]
        assert axes
        assert {axis["labelColor"] for axis in axes} == {Look(dark).ink}


def _found(value: Any, key: str) -> list[Any]:
    if isinstance(value, dict):
        return [value[at] for at in value if at == key] + [
            found for inner in value.values() for found in _found(inner, key)
        ]
    return [found for inner in value for found in _found(inner, key)] if isinstance(value, list) else []


@pytest.mark.parametrize("dark", [False, True])
def test_words_stand_out_from_the_page(dark: bool) -> None:
    look = Look(dark)
    assert all(contrast(ink, look.ground) >= 4.5 for ink in (look.ink, look.faint_ink, look.blue, look.orange))


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours written as `#rrggbb`."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_names_that_are_the_same_stay_two_rows() -> None:
    rows = charts.days_against_limits.drawing(FRAMES["days_against_limits"]()).rows
    named = rows["name"].dropna()
    assert named.nunique() == 2
    assert {name.rstrip("\u200b") for name in named} == {"A"}


def test_without_a_case_before_and_after_draws_no_row() -> None:
    """Everything that was done is too fresh: there are kinds, and no attendance after them."""
    rows = FRAMES["before_and_after"]().assign(after_percent=None)
    assert charts.before_and_after.drawing(rows).rows.empty


def test_a_year_of_a_whole_county_stays_under_the_most_marks() -> None:
    mondays = pd.date_range("2026-01-05", periods=46, freq="7D")
    children = pd.DataFrame({"row_id": [f"c{n}" for n in range(1_100)]})
    frame = children.assign(name=children["row_id"], rank=range(1_100)).merge(
        pd.DataFrame({"week_on": mondays}), how="cross"
    )
    drawing = charts.child_by_week.drawing(
        frame.assign(attended_sessions=9, possible_sessions=10), weeks=charts.Weeks(46)
    )
    assert 2 * len(drawing.rows) <= MOST_MARKS
    assert "of 1,100 children are drawn" in drawing.left_out


def test_label_heights_never_touch() -> None:
    frame = FRAMES["attendance_trend"]()
    near = frame.assign(attendance_percent=[91.0, 91.01, 91.0, 91.0])
    heights = charts.attendance_trend.drawing(near).rows["label_at"].dropna().sort_values()
    assert heights.diff().min() >= 0.1

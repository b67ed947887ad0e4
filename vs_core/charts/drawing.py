"""A chart in two halves: the rows it draws and the specification they are drawn by.

The specification depends on the theme, the number of rows and the options only, never on what the rows say. So it is
made once and kept, a rerun sends rows alone, and no name ever stands in a specification.
"""

import functools
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

MOST_MARKS = 3_000


@dataclass(frozen=True)
class Drawing:
    """Rows with the drawn columns only, the function that builds their chart, and that function's arguments.

    `left_out` is a sentence when not everything fitted, else empty.
    """

    rows: pd.DataFrame
    build: Callable[..., alt.LayerChart]
    arguments: tuple[Hashable, ...] = ()
    left_out: str = ""

    def chart(self) -> alt.LayerChart:
        """The chart with its rows, for a report or a picture."""
        return self.build(*self.arguments).properties(data=self.rows)

    def specification(self) -> dict[str, Any]:
        """The Vega-Lite specification without rows. Kept: the caller must not change it."""
        return _specification(self.build, self.arguments)


@functools.lru_cache(maxsize=512)
def _specification(build: Callable[..., alt.LayerChart], arguments: tuple[Hashable, ...]) -> dict[str, Any]:
    specification = build(*arguments).to_dict()
    del specification["data"], specification["config"]
    return specification


class Chart:
    """A chart function. Called, it gives the altair chart; `drawing` gives its two halves; `empty` says why none;
    `marks_each_child`: a mark tells of one child, so that only rows that may be listed are drawn on a page."""

    def __init__(self, prepare: Callable[..., Drawing], empty: str, marks_each_child: bool) -> None:
        functools.update_wrapper(self, prepare)
        self.drawing = prepare
        self.empty = empty
        self.marks_each_child = marks_each_child

    def __call__(self, frame: pd.DataFrame, **options: Any) -> alt.LayerChart:
        return self.drawing(frame, **options).chart()


def chart(empty: str, *, marks_each_child: bool = False) -> Callable[[Callable[..., Drawing]], Chart]:
    """Make a chart of a function that prepares a `Drawing`; `empty` is the sentence shown without rows."""
    return lambda prepare: Chart(prepare, empty, marks_each_child)


def over_rows() -> alt.Chart:
    """The start of every layer: a chart over the drawing's rows."""
    return alt.Chart(alt.NamedData(name="rows"))


def layered(*layers: alt.Chart, height: int, **properties: Any) -> alt.LayerChart:
    """Layers over one set of rows, as wide as the page and `height` pixels high inside the axes."""
    for layer in layers:
        if isinstance(layer.data, alt.NamedData):
            layer.data = alt.Undefined
    return alt.LayerChart(data=alt.NamedData(name="rows"), layer=list(layers)).properties(
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        view=alt.ViewBackground(stroke=None),
        **properties,
    )


def distinct(names: pd.Series) -> pd.Series:
    """Names made distinct to the axis by invisible marks at their end, long ones with a place to break the line."""
    names = names.fillna("Not known").astype(str).map(_two_lines)
    turns = names.groupby(names).cumcount()
    return names + pd.Series(["\u200b" * turn for turn in turns], names.index, dtype=names.dtype)


def _two_lines(name: str) -> str:
    spaces = [place for place, letter in enumerate(name) if letter == " "]
    if len(name) <= 18 or not spaces:
        return name
    middle = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return name[:middle] + "\n" + name[middle + 1 :]


def spread(values: pd.Series, gap: float) -> pd.Series:
    """Heights for labels beside these values: in their order, and at least `gap` apart."""
    ascending = values.sort_values()
    heights: list[float] = []
    for value in ascending:
        heights.append(max(value, heights[-1] + gap) if heights else value)
    return pd.Series(heights, index=ascending.index).reindex(values.index)


def day(value: Any) -> str:
    """A date as it is said: `2 Nov`."""
    return f"{pd.Timestamp(value).day} {pd.Timestamp(value):%b}"

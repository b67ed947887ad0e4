"""The figures at the top of a page: even rows, equal heights, two a row on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from vs_core.rules.measure import Measure
from vs_core.ui import words

NARROWEST_PIXELS = 150


@dataclass(frozen=True)
class Tile:
    """One figure.

    value: as it is read, None when it is not known (then `caption` says why); change: `+9`, `-0.3 pts` or `0`, with
    `since` such as `on last week`; better: whether a rise is good news (up), bad news (down) or neither; spark: the
    figure's recent course; caption: the denominator and the benchmark; definition: what the figure means.
    """

    key: str
    label: str
    value: str | None
    change: str | None = None
    better: Literal["up", "down"] | None = None
    since: str = ""
    spark: tuple[float, ...] = ()
    caption: str = ""
    definition: str = ""


def of_measure(
    measure: Measure,
    value: float | int | bool | str | None,
    before: float | int | None = None,
    *,
    note: str = "",
    label: str = "",
    since: str = "",
    spark: Sequence[float] = (),
    caption: str = "",
) -> Tile:
    """The tile of a measure. `note` is the sentence of a figure that is not known; `before` the one compared with."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    return Tile(
        key=measure.name,
        label=label or measure.label,
        value=words.figure(value, measure.unit),
        change=words.change(number, before, measure.unit),
        better=measure.better,
        since=since,
        spark=tuple(spark),
        caption=note or caption,
        definition=definition(measure),
    )


def definition(measure: Measure) -> str:
    """Meaning, rule and source of a measure, for the mark beside its name."""
    return "\n\n".join(words.plain(part) for part in (measure.meaning, measure.rule, f"Source: {measure.source}"))


def figures_row(tiles: Sequence[Tile], *, key: str) -> None:
    """The tiles in one row up to five, in two even rows from six; fewer a row where the screen is narrow."""
    columns = len(tiles) if len(tiles) <= 5 else -(-len(tiles) // 2)
    grid = st.grid(columns, min_column_width=NARROWEST_PIXELS, border=True, gap="xsmall", key=key)
    for tile in tiles:
        with grid.cell(), st.container(gap="xxsmall"):
            _tile(tile)


def _tile(tile: Tile) -> None:
    st.markdown(words.plain(tile.label), help=tile.definition or None)
    known = tile.value is not None
    st.metric(
        tile.label,
        words.plain(tile.value) if known else words.NOT_YET,
        delta=tile.change if known else None,
        delta_color=_colour(tile),
        delta_description=tile.since or None,
        chart_data=(list(tile.spark) or None) if known else None,
        label_visibility="collapsed",
    )
    if tile.caption:
        st.caption(words.plain(tile.caption))


def _colour(tile: Tile) -> Literal["normal", "inverse", "off"]:
    if tile.better is None or tile.change in (None, "0"):
        return "off"
    return "normal" if tile.better == "up" else "inverse"

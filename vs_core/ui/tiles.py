"""The figures at the top of a page: even rows, equal heights, two a row on a phone."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from vs_core.figures.headline import Headline, of_measure
from vs_core.ui import words

__all__ = ["Tile", "figures_row", "of_measure"]

NARROWEST_PIXELS = 150


Tile = Headline


def figures_row(tiles: Sequence[Tile], *, key: str) -> None:
    """The tiles in one row up to five, in two even rows from six; fewer a row where the screen is narrow."""
    columns = len(tiles) if len(tiles) <= 5 else -(-len(tiles) // 2)
    grid = st.grid(columns, min_column_width=NARROWEST_PIXELS, border=True, gap="xsmall", key=key)
    for tile in tiles:
        with grid.cell(), st.container(gap="xxsmall"):
            _tile(tile)


def _tile(tile: Tile) -> None:
    st.markdown(words.plain(tile.label), help=_definition(tile) or None)
    known = tile.value is not None
    st.metric(
        tile.label,
        words.plain(tile.value) if known else words.NOT_YET,
        delta=tile.change if known else None,
        delta_color=_colour(tile),
        delta_description=(tile.since or None) if known and tile.change is not None else None,
        chart_data=(list(tile.spark) or None) if known else None,
        label_visibility="collapsed",
    )
    said = [words.plain(each) for each in (tile.caption, *tile.lines) if each]
    if said:
        st.caption("  \n".join(said))


def _definition(tile: Tile) -> str:
    return "\n\n".join(words.plain(part) for part in tile.definition.split("\n\n"))


def _colour(tile: Tile) -> Literal["normal", "inverse", "off"]:
    if tile.better is None or tile.change in (None, "0"):
        return "off"
    return "normal" if tile.better == "up" else "inverse"

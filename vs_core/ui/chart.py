"""Drawing a chart on a page: the finished specification is kept, a rerun sends rows alone."""

from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from vs_core.charts.cells import SELECTED
from vs_core.charts.drawing import Chart
from vs_core.rules.listed import listed


class Cell(NamedTuple):
    """A cell that was clicked on: row and column as the chart's docstring says."""

    row: str
    column: str


def draw(
    chart: Chart, frame: pd.DataFrame, *, alt: str, key: str, choose: bool = False, empty: str = "", **options: Any
) -> Cell | None:
    """Draw `frame` (columns as the chart's docstring says) and give the cell that was clicked on, if one was.

    `alt` says in a sentence what the chart shows, without a name. Without rows the chart's sentence (or `empty`)
    stands in its place. `choose` is for heatmaps. Only the drawn columns leave the server, and of a chart with a mark
    for each child only the rows that may be listed.
    """
    rows = listed(frame, each_a_child=True) if chart.marks_each_child else frame
    if rows.empty:
        st.info(empty or chart.empty, icon=":material/info:")
        return None
    drawing = chart.drawing(rows, dark=is_dark(), **({"choose": True} if choose else {}), **options)
    if drawing.rows.empty:
        st.info(empty or chart.empty, icon=":material/info:")
        return None
    state = st.vega_lite_chart(
        drawing.rows,
        drawing.specification(),
        width="stretch",
        key=key,
        alt=alt,
        on_select="rerun" if choose else "ignore",
    )
    if drawing.left_out:
        st.caption(drawing.left_out)
    return _chosen(state) if choose else None


def is_dark() -> bool:
    """Whether the page is dark; light until the browser has said."""
    return st.context.theme.type == "dark"


def clicked(key: str) -> Cell | None:
    """The cell of a chart that was clicked on, before the chart is drawn in this run."""
    state = st.session_state.get(key)
    return _chosen(state) if state else None


def _chosen(state: Any) -> Cell | None:
    points = (state.get("selection") or {}).get(SELECTED) or []
    cells = [Cell(str(point["row_id"]), str(point["column"])) for point in points if {"row_id", "column"} <= set(point)]
    return cells[0] if cells else None

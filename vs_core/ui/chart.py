"""Drawing a chart on a page: the finished specification is kept, a rerun sends rows alone."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit import dataframe_util

from vs_core.charts.cells import SELECTED
from vs_core.charts.drawing import Chart, Drawing
from vs_core.rules.listed import listed


class Cell(NamedTuple):
    """A cell that was clicked on: row and column as the chart's docstring says."""

    row: str
    column: str


@dataclass(frozen=True)
class Finished:
    """A chart that only has to be sent. rows: of `drawing`, which is without them here; None where there is nothing to
    draw: then `says` is why."""

    rows: pa.Table | None
    drawing: Drawing | None
    says: str = ""


def draw(
    chart: Chart, frame: pd.DataFrame, *, alt: str, key: str, choose: bool = False, empty: str = "", **options: Any
) -> Cell | None:
    """Draw `frame` (columns as the chart's docstring says) and give the cell that was clicked on, if one was.

    `alt` says in a sentence what the chart shows, without a name. Without rows the chart's sentence (or `empty`)
    stands in its place. `choose` is for heatmaps. Only the drawn columns leave the server, and of a chart with a mark
    for each child only the rows that may be listed.
    """
    finished = finish(chart, frame, dark=is_dark(), choose=choose, empty=empty, **options)
    return show(finished, alt=alt, key=key, choose=choose)


def finish(
    chart: Chart, frame: pd.DataFrame, *, dark: bool, choose: bool = False, empty: str = "", **options: Any
) -> Finished:
    """The chart of `frame` without sending it, so that it can be kept; the arguments are those of `draw`."""
    rows = listed(frame, each_a_child=True) if chart.marks_each_child else frame
    if rows.empty:
        return Finished(None, None, empty or chart.empty)
    drawing = chart.drawing(rows, dark=dark, **({"choose": True} if choose else {}), **options)
    if drawing.rows.empty:
        return Finished(None, None, empty or chart.empty)
    table = dataframe_util.convert_pandas_df_to_arrow_table(drawing.rows, preserve_index=False)
    return Finished(table, replace(drawing, rows=drawing.rows.iloc[:0]))


def show(finished: Finished, *, alt: str, key: str, choose: bool = False) -> Cell | None:
    """Send a finished chart, and give the cell that was clicked on, if one was."""
    drawing = finished.drawing
    if drawing is None:
        st.info(finished.says, icon=":material/info:")
        return None
    state = st.vega_lite_chart(
        finished.rows,
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

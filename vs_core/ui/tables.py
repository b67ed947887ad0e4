"""The rows behind a figure: only those that may be listed leave the server, of them only the drawn columns, and what
these hold is text, never markup."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit import dataframe_util

from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.rules.listed import CHILD, left_out, listed
from vs_core.ui import words

Kind = Literal["text", "date", "money", "percent", "progress", "number", "days", "yes or no", "course", "link"]
ROW_PIXELS = 33
"""Height of a row at the base font size of the theme: 35 at 16 pixels."""
TWO_LINES = 64
"""Height of a row whose text goes on in the next line."""
MOST_ROWS_SHOWN = 14


@dataclass(frozen=True)
class Column:
    """A column of a list.

    field: the frame's column; kind: `money` is pence, `percent` and `progress` 0-100, `course` a list of numbers,
    `link` an address inside the dashboard, drawn as an icon; names_people: empty without the right to names, and not
    drawn then; width: in pixels or words, None for as wide as what it holds.
    """

    field: str
    label: str
    kind: Kind = "text"
    help: str | None = None
    names_people: bool = False
    width: Literal["small", "medium", "large"] | int | None = None


def seen(columns: Sequence[Column], viewer: Viewer) -> list[Column]:
    """The columns in which this person may find anything."""
    return of_names(columns, viewer.may(roles.SEE_NAMES))


def of_names(columns: Sequence[Column], names: bool) -> list[Column]:
    """The columns in which anything is to be found with the right to names, or without."""
    return [column for column in columns if not column.names_people or names]


def listing(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    key: str,
    alt: str,
    noun: tuple[str, str] = CHILD,
    empty: str = "",
    select: bool | Callable[[], None] = False,
    most_rows: int = MOST_ROWS_SHOWN,
    row_pixels: int | None = None,
    count: str = "",
) -> pd.DataFrame:
    """Draw the rows that may be listed with their count above, and how many are counted and not listed; give the
    selected row of `frame` (none selected: an empty frame).

    alt: what the table holds, without a name; noun: one and many, for the count; empty: the sentence without rows;
    select: whether a row can be selected, or what runs when one is (the widget's state says which); most_rows: how many
    are in sight at once; row_pixels: higher than a line, for text that goes on in the next; count: in place of the
    number of rows and of those not listed.
    """
    rows = listed(frame)
    chosen = show(
        finish(frame, columns, noun),
        key=key,
        alt=alt,
        noun=noun,
        empty=empty,
        select=select,
        most_rows=most_rows,
        row_pixels=row_pixels,
        count=count,
    )
    return rows.iloc[chosen]


@dataclass(frozen=True)
class Listing:
    """A list that only has to be sent. table: what the browser is given; number: of its rows; unlisted: how many more
    are counted and not listed, in words."""

    columns: tuple[Column, ...]
    table: pa.Table
    number: int
    unlisted: str


def finish(frame: pd.DataFrame, columns: Sequence[Column], noun: tuple[str, str] = CHILD) -> Listing:
    """The list of the rows of `frame` that may be listed without sending it, so that it can be kept."""
    table = dataframe_util.convert_pandas_df_to_arrow_table(drawn(frame, columns))
    return Listing(tuple(columns), table, table.num_rows, left_out(frame, noun))


def show(
    finished: Listing,
    *,
    key: str,
    alt: str,
    noun: tuple[str, str] = CHILD,
    empty: str = "",
    select: bool | Callable[[], None] = False,
    most_rows: int = MOST_ROWS_SHOWN,
    row_pixels: int | None = None,
    count: str = "",
) -> list[int]:
    """Send a finished list, as `listing` does; give the places of the selected rows."""
    if not finished.number:
        nothing = finished.unlisted or empty or f"There are {words.counted(0, *noun)} here for these choices."
        st.info(nothing, icon=":material/info:")
        return []
    counted = words.counted(finished.number, *noun).capitalize()
    st.caption(words.plain(count) or (f"{counted}. {finished.unlisted}" if finished.unlisted else counted))
    state: Any = st.dataframe(
        finished.table,
        hide_index=True,
        height=(row_pixels or ROW_PIXELS) * min(finished.number, most_rows) + ROW_PIXELS + 3,
        row_height=row_pixels,
        column_config={column.label: _config(column) for column in finished.columns},
        key=key,
        alt=alt,
        on_select=select if callable(select) else "rerun" if select else "ignore",
        selection_mode="single-row",
        placeholder="–",
    )
    chosen = state["selection"]["rows"] if select else []
    return [place for place in chosen if place < finished.number]


def drawn(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """What the browser is given: of the rows that may be listed the columns under their labels, money in pounds, dates
    as dates."""
    rows = listed(frame)
    return pd.DataFrame({column.label: _values(rows[column.field], column.kind) for column in columns}).reset_index(
        drop=True
    )


def behind(figures: Mapping[str, str], *, noun: str = "children") -> str:
    """Which figure's rows are listed: a choice by mouse or keyboard, kept in the address as `behind`.

    figures: label by key, the usual one first. Gives the key.
    """
    keys = list(figures)
    chosen = st.selectbox(
        f"Show the {noun} behind",
        keys,
        format_func=lambda key: figures.get(key, key),
        key="behind",
        filter_mode="contains",
        width=420,
        bind="query-params",
    )
    return chosen if chosen in figures else keys[0]


def _values(values: pd.Series, kind: Kind) -> Any:
    if kind == "date":
        return pd.to_datetime(values).dt.date
    if kind == "money":
        return pd.to_numeric(values) / 100
    if kind == "yes or no":
        return values.map({True: "yes", False: "no"})
    if kind in ("text", "link") and not isinstance(values.dtype, pd.StringDtype):
        return values.astype("object").where(values.notna(), None).map(str, na_action="ignore")
    return values


def _config(column: Column) -> Any:
    config = st.column_config
    number = {
        "money": "£%,.2f",
        "percent": "%.1f%%",
        "number": "%,d",
        "days": "%.1f",
    }
    own: dict[str, Any] = {"help": column.help, "width": column.width}
    if column.kind in number:
        return config.NumberColumn(column.label, format=number[column.kind], **own)
    if column.kind == "date":
        return config.DateColumn(column.label, format="D MMM YYYY", **own)
    if column.kind == "progress":
        return config.ProgressColumn(column.label, format="%.1f%%", min_value=0, max_value=100, **own)
    if column.kind == "course":
        return config.LineChartColumn(column.label, y_min=0, y_max=100, **own)
    if column.kind == "link":
        own["width"] = column.width or "small"
        return config.LinkColumn(column.label, display_text=":material/open_in_new:", **own)
    return config.TextColumn(column.label, **own)

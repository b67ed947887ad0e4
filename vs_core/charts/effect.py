"""Attendance before and after something was done, side by side."""

import altair as alt
import pandas as pd

from vs_core.charts.drawing import Drawing, chart, distinct, layered, over_rows
from vs_core.charts.look import Look

FELL, ROSE = "fell", "rose"


@chart(empty="Nothing was done yet of which the school days before and after are known.")
def before_and_after(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """A line from attendance before to attendance after, a row for each thing that was done, in the frame's order.

    Columns: `name` (what was done), `before_percent`, `after_percent` (0 to 100), `cases` (text, for the tooltip).
    """
    known = frame.dropna(subset=["before_percent", "after_percent"])
    before, after = known["before_percent"].astype(float), known["after_percent"].astype(float)
    said = [f"{one:.0f}% to {other:.0f}%" for one, other in zip(before, after, strict=True)]
    rows = pd.DataFrame(
        {
            "name": distinct(known["name"]).to_numpy(),
            "place": range(len(known)),
            "before": before.to_numpy(),
            "after": after.to_numpy(),
            "right": [max(one, other) for one, other in zip(before, after, strict=True)],
            "label": said,
            "way": [FELL if other < one else ROSE for one, other in zip(before, after, strict=True)],
            "cases": known["cases"].astype(str).to_numpy(),
        }
    )
    return Drawing(rows, _chart, (len(rows), dark))


def _chart(row_count: int, dark: bool) -> alt.LayerChart:
    look = Look(dark)
    by_place = alt.EncodingSortField("place", op="min", order="ascending")
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("label:N", title="Attendance"),
        alt.Tooltip("cases:N", title="Of"),
    ]
    base = over_rows().encode(y=alt.Y("name:N", sort=by_place, axis=look.names()), tooltip=tooltip)
    scale = alt.Scale(domain=[0, 100], range=look.reach(96, 84))
    axis = look.axis(
        "Attendance in the ten school days before (grey) and after", grid=True, tickCount=5, titleLimit=420
    )
    colour = alt.Color("way:N", scale=alt.Scale(domain=[ROSE, FELL], range=[look.blue, look.orange]), legend=None)
    line = base.mark_rule(strokeWidth=3).encode(x=alt.X("before:Q", scale=scale, axis=axis), x2="after:Q", color=colour)
    start = base.mark_point(filled=True, size=70, color=look.grey, opacity=1).encode(x=alt.X("before:Q", scale=scale))
    end = base.mark_point(filled=True, size=90, opacity=1).encode(x=alt.X("after:Q", scale=scale), color=colour)
    words = look.label(base.encode(x=alt.X("right:Q", scale=scale)), "label", dx=10)
    return layered(line, start, end, words, height=max(1, row_count) * 34)

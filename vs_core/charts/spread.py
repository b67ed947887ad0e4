"""How many children are in each band of attendance."""

import altair as alt
import pandas as pd

from vs_core.charts.drawing import Drawing, chart, layered, over_rows
from vs_core.charts.look import Look
from vs_core.rules.register import BANDS, band_labels

_NAMES = [band.label for band in BANDS]


@chart(empty="No child has a possible session in this period, so there are no bands to show.")
def bands(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """Children by band of attendance, lowest band first.

    Columns, a row a child: `attended_sessions`, `possible_sessions`. Children without a possible session are left out.
    """
    banded = frame[frame["possible_sessions"] > 0]
    labels = band_labels(banded["attended_sessions"], banded["possible_sessions"])
    children = labels.value_counts().reindex(_NAMES, fill_value=0)
    rows = pd.DataFrame({"band": _NAMES, "children": children.to_numpy()})
    shares = 100 * rows["children"] / max(1, len(banded))
    rows["label"] = [f"{count:,} ({share:.0f}%)" for count, share in zip(rows["children"], shares, strict=True)]
    rows["of"] = [f"{count:,} of {len(banded):,} children" for count in rows["children"]]
    return Drawing(rows, _chart, (dark,))


def _chart(dark: bool) -> alt.LayerChart:
    look = Look(dark)
    names = look.names(title="Attendance, percent", labelLimit=230, labelExpr="datum.label")
    base = over_rows().encode(
        x=alt.X(
            "children:Q",
            axis=look.axis("Children", grid=True, tickMinStep=1, tickCount=5),
            scale=alt.Scale(range=look.reach(90, 84)),
        ),
        y=alt.Y("band:N", sort=_NAMES, axis=names),
        tooltip=[alt.Tooltip("band:N", title="Attendance"), alt.Tooltip("of:N", title="Children")],
    )
    scale = alt.Scale(domain=_NAMES, range=[band.colour for band in BANDS])
    bars = base.mark_bar(cornerRadiusEnd=3, height=22, stroke=look.grid).encode(
        color=alt.Color("band:N", scale=scale, legend=None)
    )
    return layered(bars, look.label(base, "label"), height=len(_NAMES) * 34)

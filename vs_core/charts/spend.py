"""Where money goes: a bar for each group, parted into what is paid, committed and asked for."""

import altair as alt
import pandas as pd

from vs_core.charts.drawing import Drawing, chart, distinct, layered, over_rows
from vs_core.charts.look import Look
from vs_core.charts.money import short_pounds

MOST_GROUPS = 14
_PARTS = {"paid_pence": "Paid", "committed_pence": "Committed", "requested_pence": "Asked for"}


@chart(empty="Nothing is asked for, committed or paid in this financial year.")
def pp_spend_by_group(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """Money by group, in the frame's order: a bar of three parts, and all of it at its end.

    Columns: `group` (text), `paid_pence`, `committed_pence`, `requested_pence`. The first MOST_GROUPS are drawn.
    """
    drawn = frame.head(MOST_GROUPS)
    names = distinct(drawn["group"]).to_numpy()
    whole = drawn[list(_PARTS)].sum(axis=1).to_numpy() / 100
    before = pd.Series(0.0, drawn.index)
    parts = []
    for field, label in _PARTS.items():
        pounds = drawn[field] / 100
        said = [f"£{amount:,.2f}" for amount in pounds]
        parts.append(
            pd.DataFrame(
                {
                    "name": names,
                    "place": range(len(drawn)),
                    "part": label,
                    "from": before.to_numpy(),
                    "to": (before + pounds).to_numpy(),
                    "of": said,
                    "end": whole,
                    "label": [short_pounds(amount) if field == "paid_pence" else None for amount in whole],
                }
            )
        )
        before = before + pounds
    more = len(frame) - len(drawn)
    left_out = f"The first {MOST_GROUPS} of {len(frame):,} groups are drawn; the table has all of them." if more else ""
    return Drawing(pd.concat(parts, ignore_index=True), _chart, (len(drawn), dark), left_out)


def _chart(row_count: int, dark: bool) -> alt.LayerChart:
    look = Look(dark)
    by_place = alt.EncodingSortField("place", op="min", order="ascending")
    ticks = alt.ExprRef("width < 420 ? 3 : 6")
    axis = look.axis("Pounds", grid=True, tickCount=ticks, labelExpr="'£' + format(datum.value, '~s')")
    scale = alt.Scale(range=look.reach(76, 64))
    hues = {"Paid": look.blue, "Committed": "#4f82b8" if dark else "#8db4dd", "Asked for": look.orange}
    base = over_rows().encode(
        y=alt.Y("name:N", sort=by_place, axis=look.names()),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("part:N", title="What"),
            alt.Tooltip("of:N", title="Exactly"),
        ],
    )
    colour = alt.Color(
        "part:N",
        scale=alt.Scale(domain=list(hues), range=list(hues.values())),
        legend=look.legend(None, orient="top", columns=3, offset=4),
    )
    bars = base.mark_bar(height={"band": 0.72}).encode(
        x=alt.X("from:Q", axis=axis, scale=scale), x2="to:Q", color=colour
    )
    ends = look.label(base.transform_filter("isValid(datum.label)").encode(x=alt.X("end:Q", scale=scale)), "label")
    return layered(bars, ends, height=max(1, row_count) * 30)

"""Ranked horizontal bars, each with its figure at its end."""

import altair as alt
import pandas as pd

from vs_core.charts.drawing import Drawing, chart, distinct, layered, over_rows
from vs_core.charts.look import Look

_STATES = {
    "requested": "open",
    "queried": "open",
    "part-approved": "agreed",
    "approved": "agreed",
    "awaiting invoice": "agreed",
    "in batch": "agreed",
    "paid": "paid",
    "rejected": "closed",
    "lapsed": "closed",
    "recovered": "closed",
}
_NOT_KNOWN = ("not known", "not given")


@chart(empty="Nobody belongs to this group on this day.")
def roll_by_group(frame: pd.DataFrame, *, dark: bool = False, title: str = "Children") -> Drawing:
    """Children by year group, phase, legal status or another grouping, in the frame's order.

    Columns: `group` (text), `children` (count; the groups do not overlap). `not known` is drawn in grey.
    """
    whole = int(frame["children"].sum())
    shares = 100 * frame["children"] / max(1, whole)
    labels = [f"{count:,} ({share:.0f}%)" for count, share in zip(frame["children"], shares, strict=True)]
    of = [f"{count:,} of {whole:,}" for count in frame["children"]]
    return _bars(frame["group"], frame["children"], labels, of, title, dark)


@chart(empty="No suspension starts in this period.")
def exclusions_by_reason(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """Suspensions by first reason, most frequent first.

    Columns: `reason` (in words), `suspensions` (count), `children` (count of different children).
    """
    ordered = frame.sort_values("suspensions", ascending=False, kind="stable")
    labels = [f"{count:,}" for count in ordered["suspensions"]]
    pairs = zip(ordered["suspensions"], ordered["children"], strict=True)
    of = [f"{count:,} of {int(ordered['suspensions'].sum()):,}, {children:,} children" for count, children in pairs]
    return _bars(ordered["reason"], ordered["suspensions"], labels, of, "Suspensions, by first reason given", dark)


@chart(empty="No request for Pupil Premium Plus has been made in this financial year.")
def pp_requests_by_state(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """Requests for Pupil Premium Plus by state: money as the bar, money and count at its end.

    Columns: `state` (requested, queried, part-approved, approved, awaiting invoice, in batch, paid, rejected, lapsed
    or recovered), `requests` (count), `pence`. Drawn in the order in which a request moves.
    """
    order = {state: place for place, state in enumerate(_STATES)}
    ordered = frame.sort_values("state", key=lambda states: states.map(order), kind="stable")
    pounds = ordered["pence"] / 100
    pairs = list(zip(pounds, ordered["requests"], strict=True))
    labels = [f"£{amount:,.0f} · {count:,}" for amount, count in pairs]
    of = [f"{count:,} request{'s' if count != 1 else ''}, £{amount:,.2f}" for amount, count in pairs]
    kinds = ordered["state"].map(_STATES).fillna("closed")
    title = "Pounds, and the number of requests"
    return _bars(ordered["state"].str.capitalize(), pounds, labels, of, title, dark, kinds)


def _bars(
    names: pd.Series,
    lengths: pd.Series,
    labels: list[str],
    of: list[str],
    title: str,
    dark: bool,
    kinds: pd.Series | None = None,
) -> Drawing:
    unknown = names.fillna("not known").astype(str).str.lower().isin(_NOT_KNOWN)
    rows = pd.DataFrame(
        {
            "name": distinct(names).to_numpy(),
            "place": range(len(names)),
            "length": lengths.to_numpy(),
            "label": labels,
            "of": of,
            "kind": (unknown.map({True: "closed", False: "paid"}) if kinds is None else kinds).to_numpy(),
        }
    )
    return Drawing(rows, _chart, (len(rows), title, "Pounds" in title, dark))


def _chart(row_count: int, title: str, money: bool, dark: bool) -> alt.LayerChart:
    look = Look(dark)
    by_place = alt.EncodingSortField("place", op="min", order="ascending")
    base = over_rows().encode(
        x=alt.X(
            "length:Q",
            axis=_length_axis(look, title, money),
            scale=alt.Scale(range=look.reach(130 if money else 84, 112 if money else 66)),
        ),
        y=alt.Y("name:N", sort=by_place, axis=look.names()),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("of:N", title="Exactly")],
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.72}).encode(color=_colour(look))
    return layered(bars, look.label(base, "label"), height=row_count * 30)


def _length_axis(look: Look, title: str, money: bool) -> alt.Axis:
    ticks = alt.ExprRef("width < 420 ? 3 : 6")
    words = {"labelExpr": "'£' + format(datum.value, '~s')"} if money else {"tickMinStep": 1, "format": ",d"}
    return look.axis(title, grid=True, tickCount=ticks, **words)


def _colour(look: Look) -> alt.Color:
    hues = {
        "paid": look.blue,
        "agreed": "#6f9fd0" if not look.dark else "#4f82b8",
        "open": look.orange,
        "closed": look.grey,
    }
    return alt.Color("kind:N", scale=alt.Scale(domain=list(hues), range=list(hues.values())), legend=None)

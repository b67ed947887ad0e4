"""Pupil Premium Plus over the financial year: what was to be spent, what is, and where it will end."""

from typing import Any

import altair as alt
import pandas as pd

from vs_core.charts.drawing import Drawing, chart, layered, over_rows, spread
from vs_core.charts.look import Look
from vs_core.charts.trend import ABOVE, BESIDE

LINES = {
    "allocation": "Allocation",
    "plan": "Plan",
    "paid": "Paid",
    "committed": "Paid and committed",
    "forecast": "Forecast",
}


@chart(empty="No allocation or payment of Pupil Premium Plus is held for this financial year.")
def pp_burn_down(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """Money against time, each line named where it ends.

    Columns: `line` (allocation, plan, paid, committed or forecast), `on` (date), `pence` (cumulative), `note` (words
    for the line's end such as `provisional`; may be empty). `allocation` is level over the year; `plan` runs from 0 to
    the allocation less what is retained; `committed` is paid and committed together; `forecast` runs from paid to
    date to what will be paid by 31 March.
    """
    ordered = frame.sort_values(["line", "on"], kind="stable").reset_index(drop=True)
    pounds, on = ordered["pence"] / 100, pd.to_datetime(ordered["on"])
    newest = ~ordered.duplicated("line", keep="last")
    rows = pd.DataFrame(
        {
            "line": ordered["line"],
            "name": ordered["line"].map(LINES),
            "date": on.dt.strftime("%Y-%m-%d"),
            "pounds": pounds,
            "is_end": newest,
            "label": _labels(ordered, pounds).where(newest),
            "label_at": _label_heights(ordered["line"], pounds, newest),
            "is_late": on.dt.month.isin([12, 1, 2, 3]),
        }
    )
    return Drawing(rows, _chart, (dark,))


def _label_heights(line: pd.Series, pounds: pd.Series, newest: pd.Series) -> pd.Series:
    to_date = line.isin(["paid", "committed"])
    apart = spread(pounds[newest & ~to_date], float(pounds.max()) * 0.075)
    return pd.concat([apart, pounds[newest & to_date]]).reindex(line.index)


def _labels(frame: pd.DataFrame, pounds: pd.Series) -> pd.Series:
    notes = frame["note"].fillna("").map(lambda note: f", {note}" if note else "")
    return frame["line"].map(LINES) + " " + pounds.map(short_pounds) + notes


def short_pounds(pounds: float) -> str:
    """Pounds as they are said: £950, £12.4k, £412k, £1.77m."""
    if abs(pounds) < 1_000:
        return f"£{pounds:,.0f}"
    if abs(pounds) < 999_500:
        return f"£{pounds / 1_000:.3g}k"
    return f"£{pounds / 1_000_000:.3g}m"


def _chart(dark: bool) -> alt.LayerChart:
    look = Look(dark)
    months = look.axis(None, format="%b", tickCount=alt.ExprRef("width < 420 ? 6 : 12"))
    reach = alt.Scale(range=look.reach(250, 0))
    base = over_rows().encode(x=alt.X("date:T", timeUnit="utcyearmonthdate", axis=months, scale=reach))
    scale = alt.Scale(domainMin=0, nice=True)
    axis = look.axis("Pounds, cumulative", grid=True, tickCount=5, labelExpr=_POUNDS)
    height = alt.Y("pounds:Q", axis=axis, scale=scale)
    lines = base.mark_line(strokeWidth=2.5).encode(y=height, color=_colour(look), strokeDash=_dashes(), detail="line:N")
    ends = (
        base.transform_filter("datum.is_end")
        .mark_circle(size=80, opacity=1)
        .encode(y=height, color=_colour(look), tooltip=_tooltip())
    )
    hover = base.mark_circle(size=120, opacity=0).encode(y=height, tooltip=_tooltip())
    names = [name for halo in (True, False) for name in _names(base, look, halo)]
    return layered(lines, ends, *names, hover, height=340)


_POUNDS = (
    "datum.value == 0 ? '£0' : datum.value < 1000000 ? '£' + format(datum.value / 1000, ',~f') + 'k' : "
    "'£' + format(datum.value / 1000000, '~f') + 'm'"
)


def _names(base: alt.Chart, look: Look, halo: bool) -> list[alt.Chart]:
    at_year_end: dict[str, Any] = {"align": BESIDE, "dx": alt.ExprRef("width < 420 ? 0 : 12"), "dy": ABOVE}
    below: dict[str, Any] = {"align": alt.ExprRef("datum.is_late ? 'right' : 'left'"), "dx": 0, "dy": 18}
    above: dict[str, Any] = {"align": "right", "dx": 4, "dy": -14}
    places = {
        "isValid(datum.label) && datum.line != 'paid' && datum.line != 'committed'": at_year_end,
        "isValid(datum.label) && datum.line == 'paid'": below,
        "isValid(datum.label) && datum.line == 'committed'": above,
    }
    edge = {"stroke": alt.value(look.ground), "strokeWidth": alt.value(4)} if halo else {}
    return [
        look.label(base.transform_filter(which), "label", fontWeight=600, fontSize=13, **place).encode(
            y="label_at:Q", color=_colour(look), **edge
        )
        for which, place in places.items()
    ]


def _colour(look: Look) -> alt.Color:
    hues = {
        "allocation": look.faint_ink,
        "plan": look.faint_ink,
        "paid": look.blue,
        "committed": look.blue,
        "forecast": look.orange,
    }
    return alt.Color("line:N", scale=alt.Scale(domain=list(hues), range=list(hues.values())), legend=None)


def _dashes() -> alt.StrokeDash:
    dashes = {"allocation": [2, 3], "plan": [1, 0], "paid": [1, 0], "committed": [3, 3], "forecast": [7, 4]}
    scale = alt.Scale(domain=list(dashes), range=list(dashes.values()))
    return alt.StrokeDash("line:N", scale=scale, legend=None)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("date:T", title="On", timeUnit="utcyearmonthdate", format="%-d %b %Y"),
        alt.Tooltip("pounds:Q", title="Pounds", format=",.2f"),
    ]

"""Attendance over time against benchmarks: lines named where they end, not in a legend."""

import altair as alt
import pandas as pd

from vs_core.charts.drawing import Drawing, chart, layered, over_rows, spread
from vs_core.charts.look import Look
from vs_core.charts.weeks import week_axis

OURS = "Ours"
BESIDE = alt.ExprRef("width < 420 ? 'right' : 'left'")
ABOVE = alt.ExprRef("width < 420 ? -12 : 0")


@chart(empty="No possible sessions are recorded in this period, so there is no trend to show.")
def attendance_trend(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """Attendance by week as a line, benchmarks as dashed lines.

    Columns: `week_on` (a Monday), `series` (`Ours`, or a benchmark's name; at most four), `attendance_percent`
    (0-100), `attended_sessions`, `possible_sessions` (both empty for a benchmark). The axis does not start at 0.
    """
    on = pd.to_datetime(frame["week_on"])
    ordered = frame.assign(week_on=on).dropna(subset=["attendance_percent"]).sort_values("week_on", kind="stable")
    newest = ordered.groupby("series")["week_on"].transform("max") == ordered["week_on"]
    rows = pd.DataFrame(
        {
            "week": ordered["week_on"].dt.strftime("%Y-%m-%d"),
            "series": ordered["series"],
            "percent": ordered["attendance_percent"].astype(float),
            "kind": ordered["series"].eq(OURS).map({True: "ours", False: "benchmark"}),
            "sessions": _sessions(ordered),
            "label": (ordered["series"] + " " + ordered["attendance_percent"].map("{:.1f}%".format)).where(newest),
            "label_at": _label_heights(ordered, newest),
        }
    )
    return Drawing(pd.concat([rows, _gaps(ordered["week_on"])], ignore_index=True), _chart, (dark,))


def _gaps(weeks: pd.Series) -> pd.DataFrame:
    every = pd.date_range(weeks.min(), weeks.max(), freq="7D")
    return pd.DataFrame({"week": every.difference(pd.DatetimeIndex(weeks)).strftime("%Y-%m-%d")})


def _sessions(frame: pd.DataFrame) -> list[str]:
    pairs = zip(frame["attended_sessions"], frame["possible_sessions"], strict=True)
    return [f"{int(of):,} of {int(all_):,}" if pd.notna(all_) else "Published yearly figure" for of, all_ in pairs]


def _label_heights(frame: pd.DataFrame, newest: pd.Series) -> pd.Series:
    ends = frame.loc[newest, "attendance_percent"].astype(float)
    reach = frame["attendance_percent"].max() - frame["attendance_percent"].min()
    return spread(ends, max(float(reach), 1.0) * 0.11).reindex(frame.index)


def _chart(dark: bool) -> alt.LayerChart:
    look = Look(dark)
    reach = alt.Scale(type="point", padding=0.3, range=look.reach(190, 0))
    base = over_rows().encode(x=alt.X("week:O", axis=_week_axis(look), scale=reach))
    weeks = base.mark_point(opacity=0)
    height = alt.Y("percent:Q", scale=alt.Scale(zero=False, nice=True), axis=_percent_axis(look))
    lines = (
        base.transform_filter("isValid(datum.percent)")
        .mark_line(strokeWidth=2.5)
        .encode(y=height, detail="series:N", color=_colour(look), strokeDash=_dashes())
    )
    points = (
        base.transform_filter("datum.kind == 'ours'")
        .mark_circle(size=46, color=look.blue, opacity=1)
        .encode(y=height, tooltip=_tooltip())
    )
    halo = _ends(base, look).encode(stroke=alt.value(look.ground), strokeWidth=alt.value(4))
    return layered(weeks, lines, points, halo, _ends(base, look), height=300)


def _ends(base: alt.Chart, look: Look) -> alt.Chart:
    named = base.transform_filter("isValid(datum.label)").encode(y=alt.Y("label_at:Q"))
    return look.label(
        named, "label", align=BESIDE, dx=alt.ExprRef("width < 420 ? 0 : 10"), dy=ABOVE, fontWeight=600, fontSize=13
    ).encode(color=_colour(look))


def _week_axis(look: Look) -> alt.Axis:
    axis = week_axis(look)
    axis.labelExpr = "utcFormat(toDate(datum.value), '%-d %b')"
    axis.labelPadding = 8
    return axis


def _percent_axis(look: Look) -> alt.Axis:
    return look.axis("Attendance, percent of possible sessions", labelExpr="datum.label + '%'", grid=True, tickCount=5)


def _colour(look: Look) -> alt.Color:
    scale = alt.Scale(domain=["ours", "benchmark"], range=[look.blue, look.faint_ink])
    return alt.Color("kind:N", scale=scale, legend=None)


def _dashes() -> alt.StrokeDash:
    scale = alt.Scale(domain=["ours", "benchmark"], range=[[1, 0], [5, 4]])
    return alt.StrokeDash("kind:N", scale=scale, legend=None)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("week:T", title="Week beginning", timeUnit="utcyearmonthdate", format="%-d %b %Y"),
        alt.Tooltip("percent:Q", title="Attendance, percent", format=".2f"),
        alt.Tooltip("sessions:N", title="Sessions attended of possible"),
    ]

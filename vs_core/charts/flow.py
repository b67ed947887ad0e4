"""What began and ended, month by month; suspensions week by week and term by term."""

import altair as alt
import pandas as pd

from vs_core.charts.drawing import Drawing, chart, layered, over_rows
from vs_core.charts.look import Look
from vs_core.charts.weeks import week_axis


@chart(empty="Nobody joined or left in this period.")
def joined_and_left(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """Children who came into care and who left it, by month: joined upwards, left downwards.

    Columns: `month_on` (first of the month), `joined`, `left` (counts).
    """
    month = pd.to_datetime(frame["month_on"]).dt.strftime("%Y-%m-%d")
    joined = pd.DataFrame({"month": month, "kind": "Joined", "children": frame["joined"], "height": frame["joined"]})
    left = pd.DataFrame({"month": month, "kind": "Left", "children": frame["left"], "height": -frame["left"]})
    return Drawing(pd.concat([joined, left], ignore_index=True), _joined_and_left, (dark,))


def _joined_and_left(dark: bool) -> alt.LayerChart:
    look = Look(dark)
    months = look.axis(None, labelAngle=0, labelExpr=_MONTH, orient="bottom", labelOverlap=False)
    base = over_rows().encode(
        x=alt.X("month:O", axis=months, scale=alt.Scale(paddingInner=0.25)),
        y=alt.Y(
            "height:Q",
            axis=look.axis("Children", grid=True, labelExpr="abs(datum.value)", tickMinStep=1),
            scale=alt.Scale(padding=20, nice=False),
        ),
        tooltip=[_month_tooltip(), alt.Tooltip("kind:N", title=" "), alt.Tooltip("children:Q", title="Children")],
    )
    hues = alt.Scale(domain=["Joined", "Left"], range=[look.blue, look.orange])
    bars = base.mark_bar(cornerRadiusEnd=3).encode(color=alt.Color("kind:N", scale=hues, legend=look.legend()))
    up = look.label(base.transform_filter("datum.height > 0"), "children", align="center", dx=0, dy=-9)
    down = look.label(base.transform_filter("datum.height < 0"), "children", align="center", dx=0, dy=10)
    return layered(bars, up, down, height=260)


_MONTH = (  # the year stands below the first month and below each January
    "[utcFormat(toDate(datum.value), '%b'),"
    " datum.index == 0 || utcmonth(toDate(datum.value)) == 0 ? utcFormat(toDate(datum.value), '%Y') : '']"
)


def _month_tooltip() -> alt.Tooltip:
    return alt.Tooltip("month:T", title="Month", timeUnit="utcyearmonth", format="%B %Y")


@chart(empty="No suspension starts in this period.")
def suspensions_by_week(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """School days lost to suspension by the week in which it starts; a diamond where a child was permanently excluded.

    Columns: `week_on` (a Monday), `suspensions` (count), `days_lost` (suspension and lunchtime), `children` (count),
    `permanent_exclusions` (count). Weeks without a row are drawn as 0.
    """
    week_on = pd.to_datetime(frame["week_on"])
    every = pd.date_range(week_on.min(), week_on.max(), freq="7D", name="week_on")
    columns = ["suspensions", "days_lost", "children", "permanent_exclusions"]
    counts = frame[columns].set_axis(pd.DatetimeIndex(week_on), axis=0).reindex(every, fill_value=0)
    rows = pd.DataFrame(
        {
            "week": every.strftime("%Y-%m-%d"),
            "days": counts["days_lost"].astype(float).to_numpy(),
            "suspensions": counts["suspensions"].to_numpy(),
            "children": counts["children"].to_numpy(),
            "permanent": counts["permanent_exclusions"].to_numpy(),
        }
    )
    return Drawing(rows, _by_week, (dark,))


def _by_week(dark: bool) -> alt.LayerChart:
    look = Look(dark)
    weeks = alt.X("week:O", axis=week_axis(look), scale=alt.Scale(paddingInner=0.25))
    base = over_rows().encode(x=weeks, tooltip=_week_tooltip())
    axis = look.axis("School days lost", grid=True, tickCount=5)
    days = alt.Y("days:Q", axis=axis, scale=alt.Scale(range=[alt.ExprRef("height"), 22]))
    bars = base.mark_bar(color=look.blue, cornerRadiusEnd=3).encode(y=days)
    marked = base.transform_filter("datum.permanent > 0").encode(y=days)
    diamonds = marked.mark_point(shape="diamond", filled=True, size=130, color=look.orange, opacity=1, yOffset=-12)
    note = look.note("'A diamond marks a week with a permanent exclusion.'")
    return layered(bars, diamonds, height=260, title=note)


def _week_tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("week:T", title="Week beginning", timeUnit="utcyearmonthdate", format="%-d %b %Y"),
        alt.Tooltip("days:Q", title="Days lost", format=".1f"),
        alt.Tooltip("suspensions:Q", title="Suspensions"),
        alt.Tooltip("children:Q", title="Children"),
        alt.Tooltip("permanent:Q", title="Permanent exclusions"),
    ]


@chart(empty="No suspension is recorded in these terms.")
def suspensions_by_term(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """Suspensions by term, in the frame's order, the last term strongest.

    Columns: `term` (text such as `2026/27 autumn`), `suspensions`, `children` (counts), `days_lost`, `is_part`
    (true while the term is still running; its figure says `so far`).
    """
    pairs = zip(frame["suspensions"], frame["is_part"], strict=True)
    rows = pd.DataFrame(
        {
            "term": frame["term"].to_numpy(),
            "place": range(len(frame)),
            "suspensions": frame["suspensions"].to_numpy(),
            "label": [f"{count:,}{' so far' if part else ''}" for count, part in pairs],
            "children": frame["children"].to_numpy(),
            "days": frame["days_lost"].astype(float).to_numpy(),
            "is_last": [place == len(frame) - 1 for place in range(len(frame))],
        }
    )
    return Drawing(rows, _by_term, (dark,))


_TERM = "split(width < 420 ? slice(datum.label, 2) : datum.label, ' ')"


def _by_term(dark: bool) -> alt.LayerChart:
    look = Look(dark)
    by_place = alt.EncodingSortField("place", op="min", order="ascending")
    terms = look.axis(None, labelAngle=0, labelExpr=_TERM, labelOverlap=False)
    axis = look.axis("Suspensions", grid=True, tickMinStep=1, tickCount=5)
    fields = {"term:N": "Term", "suspensions:Q": "Suspensions", "children:Q": "Children", "days:Q": "Days lost"}
    base = over_rows().encode(
        x=alt.X("term:N", sort=by_place, axis=terms, scale=alt.Scale(paddingInner=0.35)),
        y=alt.Y("suspensions:Q", axis=axis, scale=alt.Scale(range=[alt.ExprRef("height"), 20])),
        tooltip=[alt.Tooltip(field, title=title) for field, title in fields.items()],
    )
    hue = alt.Color("is_last:N", scale=alt.Scale(domain=[True, False], range=[look.blue, look.grey]), legend=None)
    bars = base.mark_bar(cornerRadiusEnd=3).encode(color=hue)
    return layered(bars, look.label(base, "label", align="center", dx=0, dy=-9), height=260)

"""How near each child is to the limits on days of suspension."""

import altair as alt
import pandas as pd

from vs_core.charts.drawing import Drawing, chart, distinct, layered, over_rows
from vs_core.charts.look import Look

MOST_CHILDREN = 40


@chart(empty="No child has lost a day to suspension in this period.", marks_each_child=True)
def days_against_limits(
    frame: pd.DataFrame,
    *,
    dark: bool = False,
    term_limits: tuple[float, ...] = (5, 15),
    year_limit: float = 45,
) -> Drawing:
    """Children's days of suspension, this term within this academic year, beside the limits.

    Columns, a row a child: `name`, `term_days`, `year_days` (suspension and lunchtime; halves count). Most days in the
    year first, at most 40 children. Over 5 days in a term the governors meet if asked, over 15 they must; 45 is the
    most in a year.
    """
    ordered = frame.sort_values(["year_days", "term_days"], ascending=False, kind="stable")
    ordered = ordered[ordered["year_days"] > 0]
    drawn = ordered.head(MOST_CHILDREN)
    rows = pd.concat([_children(drawn), _limits(term_limits, year_limit)], ignore_index=True)
    left_out = f"The first {MOST_CHILDREN} of {len(ordered)} children are drawn." if len(drawn) < len(ordered) else ""
    return Drawing(rows if len(drawn) else rows.iloc[:0], _chart, (len(drawn), year_limit, dark), left_out)


def _children(drawn: pd.DataFrame) -> pd.DataFrame:
    pairs = list(zip(drawn["term_days"], drawn["year_days"], strict=True))
    return pd.DataFrame(
        {
            "name": distinct(drawn["name"]).to_numpy(),
            "place": range(len(drawn)),
            "term_days": drawn["term_days"].astype(float).to_numpy(),
            "year_days": drawn["year_days"].astype(float).to_numpy(),
            "label": [f"{term:g} this term, {year:g} this year" for term, year in pairs],
            "short": [f"{term:g} | {year:g}" for term, year in pairs],
        }
    )


def _limits(term_limits: tuple[float, ...], year_limit: float) -> pd.DataFrame:
    named = [(days, f"{days:g} a term") for days in term_limits] + [(year_limit, f"{year_limit:g} a year")]
    return pd.DataFrame(named, columns=["limit", "label"])


def _chart(row_count: int, year_limit: float, dark: bool) -> alt.LayerChart:
    look = Look(dark)
    by_place = alt.EncodingSortField("place", op="min", order="ascending")
    base = (
        over_rows()
        .transform_filter("isValid(datum.name)")
        .encode(
            y=alt.Y("name:N", sort=by_place, axis=look.names()),
            tooltip=[alt.Tooltip("name:N", title="Child"), alt.Tooltip("label:N", title="Days of suspension")],
        )
    )
    days = look.axis("School days: this term (strong) within this year (pale)", tickCount=5)
    reach = alt.Scale(domain=[0, year_limit * 1.05], clamp=True, nice=False, range=look.reach(170, 60))
    year = base.mark_bar(height={"band": 0.66}, cornerRadiusEnd=3, color=look.pale).encode(
        x=alt.X("year_days:Q", axis=days, scale=reach)
    )
    term = base.mark_bar(height={"band": 0.34}, cornerRadiusEnd=2, color=look.blue).encode(x="term_days:Q")
    words = alt.ExprRef("width < 420 ? datum.short : datum.label")
    ends = base.mark_text(align="left", dx=6, fontSize=12, color=look.ink, text=words).encode(x="year_days:Q")
    halo = ends.encode(stroke=alt.value(look.ground), strokeWidth=alt.value(4))
    return layered(
        year,
        term,
        *_rules(look),
        halo,
        ends,
        height=max(90, row_count * 28),
        padding={"top": 24, "left": 5, "right": 5, "bottom": 5},
    )


def _rules(look: Look) -> list[alt.Chart]:
    base = over_rows().transform_filter("isValid(datum.limit)").encode(x="limit:Q")
    lines = base.mark_rule(color=look.orange, strokeDash=[4, 3], strokeWidth=1.5)
    words = alt.ExprRef("width < 420 ? '' + datum.limit : datum.label")
    names = base.mark_text(align="center", baseline="bottom", fontSize=11, color=look.orange, text=words)
    return [lines, names.encode(y=alt.value(-4))]

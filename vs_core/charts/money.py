"""Pupil Premium Plus over the financial year: what is left or spent of it, the plan, and where it will end."""

from typing import Any

import altair as alt
import pandas as pd

from vs_core.charts.cells import SELECTED
from vs_core.charts.drawing import Drawing, chart, day, layered, over_rows, spread
from vs_core.charts.look import Look
from vs_core.charts.trend import ABOVE, BESIDE

LINES = {
    "allocation": "Allocation",
    "plan": "Plan",
    "spent": "Paid less recovered",
    "promised": "With committed",
    "left": "Left",
    "remaining": "Not promised",
    "forecast": "Forecast",
    "what_if": "What if",
    "notice": "Notice of the allocation",
    "run": "Payment run",
    "now": "Day shown",
}
RUN, NOW = "run", "now"
_TO_DATE = ("spent", "promised", "left", "remaining")
_EMPTY = "No allocation or payment of Pupil Premium Plus is held for this financial year."
Chosen = tuple[str, str] | None


@chart(empty=_EMPTY)
def pp_burn_down(frame: pd.DataFrame, *, dark: bool = False, choose: bool = False, chosen: Chosen = None) -> Drawing:
    """Money spent against time, each line named where it ends and level up to its next row.

    Columns: `line` (of `figures.burn_down`), `on` (date), `pence` (cumulative), `low_pence`, `high_pence` (of the
    forecast, else empty), `note` (words for the line's end such as `provisional`; may be empty), `says` (what the point
    is made of). Payment runs are marked where the plan has a row. choose: a click gives line and day; chosen: those
    that are marked."""
    return _drawn(frame, "Pounds, cumulative", dark, choose, chosen)


@chart(empty="No notice of an allocation is dated by this day, so nobody knows what is left.")
def pp_left(frame: pd.DataFrame, *, dark: bool = False, choose: bool = False, chosen: Chosen = None) -> Drawing:
    """What is left of the year's money against time; the frame and the choices are those of `pp_burn_down`."""
    own = frame if (frame["line"] == "left").any() else frame.iloc[:0]
    return _drawn(own, "Pounds left", dark, choose, chosen)


def _drawn(frame: pd.DataFrame, title: str, dark: bool, choose: bool, chosen: Chosen) -> Drawing:
    if frame.empty:
        return Drawing(pd.DataFrame(), _chart, (title, dark, choose))
    ordered = frame.sort_values(["line", "on"], kind="stable").reset_index(drop=True)
    pounds, on = ordered["pence"] / 100, pd.to_datetime(ordered["on"])
    newest = ~ordered.duplicated("line", keep="last") & (ordered["line"] != "notice")
    rows = pd.DataFrame(
        {
            "row_id": ordered["line"],
            "name": ordered["line"].map(LINES),
            "column": on.dt.strftime("%Y-%m-%d"),
            "pounds": pounds,
            "low": pd.to_numeric(ordered["low_pence"]).astype(float) / 100,
            "high": pd.to_numeric(ordered["high_pence"]).astype(float) / 100,
            "says": ordered["says"].fillna(""),
            "is_end": newest,
            "label": _labels(ordered, pounds).where(newest | (ordered["line"] == "notice")),
            "label_at": _label_heights(ordered["line"], pounds, newest),
            "is_late": on.dt.month.isin([12, 1, 2, 3]),
        }
    )
    every = pd.concat([rows, _rules(rows)], ignore_index=True)
    every["is_chosen"] = [chosen == key for key in zip(every["row_id"], every["column"], strict=True)]
    return Drawing(every, _chart, (title, dark, choose))


def _rules(rows: pd.DataFrame) -> pd.DataFrame:
    """The days that are marked from top to bottom: each payment run, the last one named, and the last day known."""
    plan = rows[rows["row_id"] == "plan"].iloc[1:-1]
    runs = plan.assign(row_id=RUN, is_end=False, label=None)[_OF_RULES]
    runs.loc[runs.index[-1:], "label"] = ["Last run " + day(on) for on in runs["column"].iloc[-1:]]
    known = rows[rows["row_id"].isin(_TO_DATE) & rows["is_end"]].iloc[:1]
    now = known.assign(row_id=NOW, is_end=False, label=[day(on) for on in known["column"]], says="")[_OF_RULES]
    marks = pd.concat([runs, now], ignore_index=True)
    return marks.assign(name=marks["row_id"].map(LINES))


_OF_RULES = ["row_id", "column", "says", "is_end", "label", "is_late"]


def _label_heights(line: pd.Series, pounds: pd.Series, newest: pd.Series) -> pd.Series:
    to_date = line.isin(_TO_DATE)
    apart = spread(pounds[newest & ~to_date], float(pounds.abs().max()) * 0.075)
    return pd.concat([apart, pounds[(newest & to_date) | (line == "notice")]]).reindex(line.index)


def _labels(frame: pd.DataFrame, pounds: pd.Series) -> pd.Series:
    notes = frame["note"].fillna("").map(lambda note: f", {note}" if note else "")
    named = frame["line"].map(LINES) + " " + pounds.map(short_pounds) + notes
    notice = frame["note"].fillna("").astype(str).str.capitalize() + " " + pounds.map(short_pounds)
    return named.where(frame["line"] != "notice", notice)


def short_pounds(pounds: float) -> str:
    """Pounds as they are said: £950, £12.4k, £412k, £1.77m."""
    sign, amount = "-" if pounds < 0 else "", abs(pounds)
    if amount < 1_000:
        return f"{sign}£{amount:,.0f}"
    if amount < 999_500:
        return f"{sign}£{amount / 1_000:.3g}k"
    return f"{sign}£{amount / 1_000_000:.3g}m"


def _chart(title: str, dark: bool, choose: bool) -> alt.LayerChart:
    look = Look(dark)
    months = look.axis(None, format="%b", tickCount=alt.ExprRef("width < 420 ? 6 : 12"))
    reach = alt.Scale(range=look.reach(215, 0))
    base = over_rows().encode(x=alt.X("column:T", timeUnit="utcyearmonthdate", axis=months, scale=reach))
    axis = look.axis(title, grid=True, tickCount=5, labelExpr=_POUNDS)
    height = alt.Y("pounds:Q", axis=axis, scale=alt.Scale(nice=True, zero=True))
    steps: Any = "step-after"
    band = base.transform_filter("isValid(datum.low)")
    of_lines = base.transform_filter("isValid(datum.pounds) && datum.row_id != 'notice'")
    lines = of_lines.mark_line(strokeWidth=2.5, interpolate=steps)
    ends = base.transform_filter("datum.is_end || datum.row_id == 'notice'")
    at_the_end = base.transform_filter("datum.is_end && isValid(datum.low)")
    layers = [
        *_marked_days(base, look),
        band.mark_area(opacity=0.2, interpolate=steps).encode(
            y="low:Q", y2="high:Q", color=_colour(look), detail="row_id:N"
        ),
        at_the_end.mark_rule(strokeWidth=5, opacity=0.35).encode(y="low:Q", y2="high:Q", color=_colour(look)),
        lines.encode(y=height, color=_colour(look), strokeDash=_dashes(), detail="row_id:N"),
        ends.mark_circle(size=80, opacity=1).encode(y=height, color=_colour(look), tooltip=_tooltip()),
        *(name for halo in (True, False) for name in _names(base, look, halo)),
        *_points(base, look, height, choose),
    ]
    return layered(*layers, height=360)


def _marked_days(base: alt.Chart, look: Look) -> list[alt.Chart]:
    rules = base.transform_filter(f"datum.row_id == '{RUN}' || datum.row_id == '{NOW}'")
    width = alt.condition(f"datum.row_id == '{NOW}' || isValid(datum.label)", alt.value(1.4), alt.value(0.8))
    faint = alt.condition(f"datum.row_id == '{NOW}' || isValid(datum.label)", alt.value(0.9), alt.value(0.35))
    named = rules.transform_filter("isValid(datum.label)")
    shown = alt.ExprRef(f"width < 420 && datum.row_id == '{NOW}' ? 0 : 1")
    place: dict[str, Any] = {"align": "right", "dx": -4, "baseline": "top", "opacity": shown}
    return [
        rules.mark_rule(color=look.faint_ink, strokeDash=[2, 3]).encode(strokeWidth=width, opacity=faint),
        look.label(named, "label", color=look.faint_ink, **place).encode(y=alt.value(15)),
    ]


def _points(base: alt.Chart, look: Look, height: alt.Y, choose: bool) -> list[alt.Chart]:
    """What is hovered over or clicked on: each point of a line, and the foot of each payment run."""
    cursor: Any = "pointer" if choose else "default"
    chosen = base.transform_filter("datum.is_chosen && isValid(datum.pounds)")
    of_lines = base.transform_filter("isValid(datum.pounds)").mark_circle(size=170, opacity=0, cursor=cursor)
    of_runs = base.transform_filter(f"datum.row_id == '{RUN}'").mark_rule(strokeWidth=10, opacity=0, cursor=cursor)
    runs, points = of_runs.encode(tooltip=_tooltip()[:2]), of_lines.encode(y=height, tooltip=_tooltip())
    if choose:
        points = points.add_params(alt.selection_point(SELECTED, fields=["row_id", "column"], toggle=False))
    ring = chosen.mark_point(aria=False, size=190, strokeWidth=2.5, color=look.ink, filled=False, opacity=1).encode(
        y=height
    )
    return [runs, ring, points]


_POUNDS = (
    "datum.value == 0 ? '£0' : (datum.value < 0 ? '-' : '') + (abs(datum.value) < 1000000 ? "
    "'£' + format(abs(datum.value) / 1000, ',~f') + 'k' : '£' + format(abs(datum.value) / 1000000, '~f') + 'm')"
)


def _names(base: alt.Chart, look: Look, halo: bool) -> list[alt.Chart]:
    side = alt.ExprRef("datum.is_late || width < 420 ? 'right' : 'left'")
    at_year_end: dict[str, Any] = {"align": BESIDE, "dx": alt.ExprRef("width < 420 ? 0 : 12"), "dy": ABOVE}
    on_wide: dict[str, Any] = {"opacity": alt.ExprRef("width < 420 ? 0 : 1")}
    places: dict[str, dict[str, Any]] = {
        "indexof(['allocation', 'plan', 'forecast', 'what_if'], datum.row_id) >= 0": at_year_end,
        "datum.row_id == 'spent'": {"align": side, "dx": 4, "dy": 18},
        "datum.row_id == 'remaining'": {"align": side, "dx": 4, "dy": 18, **on_wide},
        "datum.row_id == 'left'": {"align": side, "dx": 4, "dy": -14},
        "datum.row_id == 'promised'": {"align": "right", "dx": 4, "dy": -14, **on_wide},
        "datum.row_id == 'notice'": {"align": "left", "dx": 2, "dy": -14, **on_wide},
    }
    edge = {"stroke": alt.value(look.ground), "strokeWidth": alt.value(4)} if halo else {}
    return [
        look.label(
            base.transform_filter(f"isValid(datum.label_at) && isValid(datum.label) && {which}"),
            "label",
            fontWeight=600,
            fontSize=13,
            **place,
        ).encode(y="label_at:Q", color=_colour(look), **edge)
        for which, place in places.items()
    ]


def _colour(look: Look) -> alt.Color:
    hues = dict.fromkeys(("allocation", "plan", "notice"), look.faint_ink)
    hues |= dict.fromkeys(_TO_DATE, look.blue) | {"forecast": look.orange, "what_if": _purple(look)}
    return alt.Color("row_id:N", scale=alt.Scale(domain=list(hues), range=list(hues.values())), legend=None)


def _purple(look: Look) -> str:
    return "#c9a0e8" if look.dark else "#7a3fa0"


def _dashes() -> alt.StrokeDash:
    dashes = {"allocation": [2, 3], "promised": [3, 3], "remaining": [3, 3], "forecast": [7, 4], "what_if": [2, 2]}
    dashes |= dict.fromkeys(("plan", "spent", "left"), [1, 0])
    scale = alt.Scale(domain=list(dashes), range=list(dashes.values()))
    return alt.StrokeDash("row_id:N", scale=scale, legend=None)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("column:T", title="On", timeUnit="utcyearmonthdate", format="%-d %b %Y"),
        alt.Tooltip("pounds:Q", title="Pounds", format=",.2f"),
        alt.Tooltip("says:N", title="Made of"),
    ]

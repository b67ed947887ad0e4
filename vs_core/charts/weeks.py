"""Attendance by week, a row for a child, a school or a group: the number in the cell, five bands, lowest first."""

import altair as alt
import pandas as pd

from vs_core.charts.drawing import MOST_MARKS, Drawing, chart, day, distinct, layered, over_rows
from vs_core.charts.look import Look
from vs_core.rules.register import BANDS, NO_SESSIONS, band_labels, percent_text

HOLIDAY = "holiday"
_ROW_PIXELS = 27
_SHOWN = [*(band.label for band in BANDS), NO_SESSIONS.label]
_EMPTY = "No possible sessions are recorded in this period. Choose an earlier week or a longer period."


@chart(empty=_EMPTY, marks_each_child=True)
def child_by_week(
    frame: pd.DataFrame, *, dark: bool = False, weeks: int = 14, provisional_under: int = 5, choose: bool = False
) -> Drawing:
    """Children by week, in the order of `rank`, each cell with its attendance.

    Columns: `row_id`, `name` (text at the left), `rank` (1 first), `week_on` (a Monday), `attended_sessions`,
    `possible_sessions`. A week without a row for anybody is drawn as a holiday gap, a child's week without possible
    sessions in grey. A cell with fewer than `provisional_under` possible sessions carries a star. Only the last
    `weeks` weeks, and as many rows as 3,000 marks allow. With `choose`, a click gives `row_id` in the selection
    `chosen`.
    """
    return _drawing(frame, "child", "children", dark, weeks, provisional_under, choose)


@chart(empty=_EMPTY)
def school_by_week(
    frame: pd.DataFrame, *, dark: bool = False, weeks: int = 14, provisional_under: int = 20, choose: bool = False
) -> Drawing:
    """Schools by week: columns and options as `child_by_week`, with the school's sessions."""
    return _drawing(frame, "school", "schools", dark, weeks, provisional_under, choose)


@chart(empty=_EMPTY)
def group_by_week(
    frame: pd.DataFrame, *, dark: bool = False, weeks: int = 14, provisional_under: int = 20, choose: bool = False
) -> Drawing:
    """Groups (year group, phase, area) by week: columns and options as `child_by_week`, with the group's sessions."""
    return _drawing(frame, "group", "groups", dark, weeks, provisional_under, choose)


def _drawing(
    frame: pd.DataFrame, one: str, many: str, dark: bool, weeks: int, provisional_under: int, choose: bool
) -> Drawing:
    recent = _recent(frame, weeks)
    if recent.empty:
        return Drawing(recent, _chart, (0, 0, one, provisional_under, choose, dark))
    ranked = recent.drop_duplicates("row_id").sort_values("rank", kind="stable")
    drawn = ranked.head(max(1, MOST_MARKS // (2 * max(1, _week_count(recent)))))
    rows = _cells(recent, drawn, provisional_under)
    arguments = (len(drawn), _week_count(recent), one, provisional_under, choose, dark)
    return Drawing(rows, _chart, arguments, _left_out(frame, recent, ranked, drawn, many))


def _recent(frame: pd.DataFrame, weeks: int) -> pd.DataFrame:
    week_on = pd.to_datetime(frame["week_on"])
    recent = frame.assign(week_on=week_on)[week_on > week_on.max() - pd.Timedelta(weeks=weeks)]
    return recent[recent.groupby("row_id")["possible_sessions"].transform("sum") > 0]


def _week_count(frame: pd.DataFrame) -> int:
    return len(_mondays(frame))


def _mondays(frame: pd.DataFrame) -> pd.DatetimeIndex:
    return pd.date_range(frame["week_on"].min(), frame["week_on"].max(), freq="7D")


def _left_out(frame: pd.DataFrame, recent: pd.DataFrame, ranked: pd.DataFrame, drawn: pd.DataFrame, many: str) -> str:
    parts = []
    if len(drawn) < len(ranked):
        parts.append(f"The first {len(drawn)} of {len(ranked):,} {many} are drawn; the list below has all of them.")
    if pd.to_datetime(frame["week_on"]).min() < recent["week_on"].min():
        parts.append(f"The chart starts with the week of {day(recent['week_on'].min())}.")
    return " ".join(parts)


def _cells(recent: pd.DataFrame, drawn: pd.DataFrame, provisional_under: int) -> pd.DataFrame:
    names = drawn.assign(name=distinct(drawn["name"]), rank=range(1, len(drawn) + 1))[["row_id", "name", "rank"]]
    sessions = recent[["row_id", "week_on", "attended_sessions", "possible_sessions"]]
    grid = names.merge(pd.DataFrame({"week_on": _mondays(recent)}), how="cross")
    cells = grid.merge(sessions, how="left", on=["row_id", "week_on"])
    counts = ["attended_sessions", "possible_sessions"]
    cells[counts] = cells[counts].fillna(0).astype("int64")
    return _worded(cells, provisional_under)


def _worded(cells: pd.DataFrame, provisional_under: int) -> pd.DataFrame:
    in_term = cells.groupby("week_on")["possible_sessions"].transform("sum") > 0
    few = cells["possible_sessions"].between(1, provisional_under - 1)
    newest = cells["week_on"].max()
    pairs = list(zip(cells["attended_sessions"], cells["possible_sessions"], strict=True))
    drawn = cells.assign(
        band=band_labels(cells["attended_sessions"], cells["possible_sessions"]).where(in_term, HOLIDAY),
        figure=pd.Series([percent_text(*pair) for pair in pairs], index=cells.index) + few.map({True: "*", False: ""}),
        sessions=[_sessions(*pair) for pair in pairs],
        week=cells["week_on"].dt.strftime("%Y-%m-%d"),
        weeks_back=(newest - cells["week_on"]).dt.days // 7,
    )
    return drawn[["row_id", "name", "rank", "week", "weeks_back", "band", "figure", "sessions"]]


def _sessions(attended: int, possible: int) -> str:
    return f"{attended:,} of {possible:,} possible sessions attended" if possible else "No possible sessions"


def _chart(
    row_count: int, week_count: int, one: str, provisional_under: int, choose: bool, dark: bool
) -> alt.LayerChart:
    look = Look(dark)
    base = over_rows().encode(x=_week_axis(look), y=_row_axis(look))
    cells = base.mark_rect(cornerRadius=2).encode(color=_band_colour(look, provisional_under), tooltip=_tooltip(one))
    if choose:
        cells = cells.add_params(alt.selection_point("chosen", fields=["row_id"], toggle=False))
    size = alt.ExprRef("bandwidth('x') < 36 ? 10 : 12")
    figures = base.mark_text(fontSize=size).encode(text="figure:N", color=_ink(), tooltip=_tooltip(one))
    return (
        layered(cells, figures, height=row_count * _ROW_PIXELS, title=_narrow_note(look, week_count))
        .transform_filter(f"datum.weeks_back < {_FITTING}")
        .resolve_scale(color="independent")
    )


_FITTING = "max(4, floor(width / (width < 420 ? 28 : 34)))"


def _narrow_note(look: Look, week_count: int) -> alt.TitleParams:
    return look.note(f"{week_count} > {_FITTING} ? 'The latest weeks; a wider screen shows more.' : ''")


def _week_axis(look: Look) -> alt.X:
    axis = look.axis(
        "Week beginning",
        orient="top",
        labelAngle=0,
        labelExpr=WEEK_LABEL,
        labelOverlap=False,
        labelPadding=alt.ExprRef("bandwidth('x') < 44 ? 20 : 8"),
    )
    return alt.X("week:O", axis=axis, scale=alt.Scale(paddingInner=0.05, paddingOuter=0.02))


WEEK_LABEL = (
    "bandwidth('x') < 44 ? split(utcFormat(toDate(datum.value), '%-d %b'), ' ') : "
    "utcFormat(toDate(datum.value), '%-d %b')"
)


def week_axis(look: Look) -> alt.Axis:
    """Mondays below a chart, as many as there is room for."""
    padding = alt.ExprRef("bandwidth('x') < 44 ? 10 : 8")
    return look.axis("Week beginning", labelAngle=0, labelExpr=WEEK_LABEL, labelOverlap=True, labelPadding=padding)


def _row_axis(look: Look) -> alt.Y:
    by_rank = alt.EncodingSortField("rank", op="min", order="ascending")
    return alt.Y("name:N", axis=look.names(), sort=by_rank, scale=alt.Scale(paddingInner=0.08, paddingOuter=0.02))


def _band_colour(look: Look, provisional_under: int) -> alt.Color:
    title = ["Attendance, percent", f"* fewer than {provisional_under} possible sessions"]
    scale = alt.Scale(
        domain=[*_SHOWN, HOLIDAY], range=[*(band.colour for band in BANDS), NO_SESSIONS.colour, "rgba(0,0,0,0)"]
    )
    return alt.Color("band:N", scale=scale, legend=look.legend(title, values=_SHOWN))


def _ink() -> alt.Color:
    scale = alt.Scale(domain=[*_SHOWN, HOLIDAY], range=[*(band.ink for band in BANDS), "#808080", "#808080"])
    return alt.Color("band:N", scale=scale, legend=None)


def _tooltip(one: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=one.capitalize()),
        alt.Tooltip("week:T", title="Week beginning", timeUnit="utcyearmonthdate", format="%-d %b %Y"),
        alt.Tooltip("figure:N", title="Attendance, percent"),
        alt.Tooltip("sessions:N", title="Sessions"),
    ]

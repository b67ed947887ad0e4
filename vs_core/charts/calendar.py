"""One child's half days: weeks across, weekdays down, the register code in each half."""

import altair as alt
import pandas as pd

from vs_core.charts.drawing import Drawing, chart, layered, over_rows
from vs_core.charts.look import BLUE, BROWN, INK_ON, NOTHING, PALE_BLUE, PALE_ORANGE, Look
from vs_core.charts.weeks import WEEK_LABEL

PRESENT, EDUCATED, AUTHORISED = "Present", "Educated elsewhere", "Authorised absence"
UNAUTHORISED, NOT_POSSIBLE, NO_MARK = "Unauthorised absence", "Not a possible session", "No mark"
_CLASSES = {
    "present": PRESENT,
    "approved educational activity": EDUCATED,
    "authorised absence": AUTHORISED,
    "unauthorised absence": UNAUTHORISED,
    "not a possible session": NOT_POSSIBLE,
    "administrative": NOT_POSSIBLE,
}
_COLOURS = {
    PRESENT: BLUE,
    EDUCATED: PALE_BLUE,
    AUTHORISED: PALE_ORANGE,
    UNAUTHORISED: BROWN,
    NOT_POSSIBLE: NOTHING,
    NO_MARK: "rgba(0,0,0,0)",
}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


@chart(empty="No register mark is held for this child in this period.")
def child_calendar(frame: pd.DataFrame, *, dark: bool = False, weeks: int = 20) -> Drawing:
    """Each half day's register code, coloured by its class.

    Columns: `on` (date), `session` (`AM`, `PM`), `code` (empty: no mark has come), `statistical_class` (as in the
    register code list; empty: no mark), `meaning` (of the code). Only weekdays, the last `weeks` weeks. A day without
    a row is left blank.
    """
    on = pd.to_datetime(frame["on"])
    newest = on.max() - pd.to_timedelta(on.max().weekday(), unit="D")
    monday = on - pd.to_timedelta(on.dt.day_of_week, unit="D")
    weeks_back = (newest - monday).dt.days // 7
    kept = (on.dt.day_of_week < 5) & (weeks_back < weeks)
    rows = pd.DataFrame(
        {
            "week": monday.dt.strftime("%Y-%m-%d"),
            "weeks_back": weeks_back,
            "weekday": on.dt.strftime("%a"),
            "session": frame["session"],
            "code": frame["code"].fillna("").replace("", "?"),
            "kind": frame["statistical_class"].map(_CLASSES).fillna(NO_MARK),
            "meaning": frame["meaning"].fillna("No mark has arrived"),
            "date": on.dt.strftime("%a ") + on.dt.day.astype(str) + on.dt.strftime(" %b %Y"),
        }
    )
    return Drawing(rows[kept], _chart, (dark,), _left_out(int((~kept).sum()), weeks))


def _left_out(count: int, weeks: int) -> str:
    return f"The chart shows the last {weeks} weeks." if count else ""


def _chart(dark: bool) -> alt.LayerChart:
    look = Look(dark)
    base = over_rows().encode(x=_weeks(look), xOffset=_halves(), y=_weekdays(look), tooltip=_tooltip())
    halves = base.mark_rect(cornerRadius=2, stroke=look.grid).encode(color=_colour(look))
    codes = base.mark_text(fontSize=alt.ExprRef("bandwidth('x') < 44 ? 9 : 12")).encode(text="code:N", color=_ink(look))
    chart_of_halves = layered(halves, codes, height=len(_WEEKDAYS) * 34, title=_note(look))
    return chart_of_halves.transform_filter("datum.weeks_back < max(4, floor(width / 36))").resolve_scale(
        color="independent"
    )


def _note(look: Look) -> alt.TitleParams:
    return look.note("'Morning left, afternoon right; ? no mark yet' + (width < 420 ? '. Latest weeks.' : '')")


def _weeks(look: Look) -> alt.X:
    padding = alt.ExprRef("bandwidth('x') < 44 ? 20 : 8")
    axis = look.axis(
        "Week beginning", orient="top", labelAngle=0, labelExpr=WEEK_LABEL, labelOverlap=False, labelPadding=padding
    )
    return alt.X("week:O", axis=axis, scale=alt.Scale(paddingInner=0.12, paddingOuter=0.05))


def _halves() -> alt.XOffset:
    return alt.XOffset("session:N", sort=["AM", "PM"], scale=alt.Scale(domain=["AM", "PM"], paddingInner=0.04))


def _weekdays(look: Look) -> alt.Y:
    return alt.Y(
        "weekday:N", sort=list(_WEEKDAYS), axis=look.axis(), scale=alt.Scale(domain=list(_WEEKDAYS), padding=0.1)
    )


def _colour(look: Look) -> alt.Color:
    shown = [name for name in _COLOURS if name != NO_MARK]
    scale = alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values()))
    return alt.Color("kind:N", scale=scale, legend=look.legend(values=shown))


def _ink(look: Look) -> alt.Color:
    inks = [INK_ON.get(colour, look.ink) for colour in _COLOURS.values()]
    return alt.Color("kind:N", scale=alt.Scale(domain=list(_COLOURS), range=inks), legend=None)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("date:N", title="Day"),
        alt.Tooltip("session:N", title="Session"),
        alt.Tooltip("code:N", title="Code"),
        alt.Tooltip("meaning:N", title="Meaning"),
    ]

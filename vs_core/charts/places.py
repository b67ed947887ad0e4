"""Places and who fills them: training sessions, schools reached, projects."""

import altair as alt
import pandas as pd

from vs_core.charts.drawing import Drawing, chart, day, distinct, layered, over_rows
from vs_core.charts.look import Look

MOST_SESSIONS = 40


@chart(empty="No training session is dated in this period.")
def training_fill(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """Places in each training session and who has them, by date.

    Columns, a row a session: `course`, `on` (date), `capacity`, `booked` (booked, attended or did not attend),
    `attended` (0 before the day), `waiting`. At most 40 sessions, the latest.
    """
    ordered = frame.sort_values("on", kind="stable").tail(MOST_SESSIONS)
    counts = list(zip(ordered["booked"], ordered["capacity"], ordered["attended"], ordered["waiting"], strict=True))
    rows = pd.DataFrame(
        {
            "name": distinct(ordered["on"].map(day) + "  " + ordered["course"]).to_numpy(),
            "place": range(len(ordered)),
            "outer": ordered["capacity"].to_numpy(),
            "inner": ordered["booked"].to_numpy(),
            "core": ordered["attended"].to_numpy(),
            "label": [_filled(*four) for four in counts],
            "short": [
                f"{booked}/{capacity}" + (f" +{waiting}" if waiting else "") for booked, capacity, _, waiting in counts
            ],
        }
    )
    left_out = f"The last {MOST_SESSIONS} of {len(frame)} sessions are drawn." if len(frame) > MOST_SESSIONS else ""
    words = ("Places", "Booked", "Attended")
    return Drawing(rows, _chart, (len(rows), words, "Places", dark), left_out)


def _filled(booked: int, capacity: int, attended: int, waiting: int) -> str:
    parts = [f"{booked} of {capacity} booked"]
    parts += [f"{attended} attended"] if attended else []
    parts += [f"{waiting} waiting"] if waiting else []
    return ", ".join(parts)


@chart(empty="No project has an eligible child in this period.")
def project_uptake(frame: pd.DataFrame, *, dark: bool = False) -> Drawing:
    """For each project who could take part, who is enrolled and who is active, in the frame's order.

    Columns: `project`, `eligible`, `enrolled`, `active` (counts of children), `take_up_percent` (enrolled and eligible
    of eligible; empty when nobody is eligible).
    """
    counts = list(zip(frame["enrolled"], frame["eligible"], frame["active"], frame["take_up_percent"], strict=True))
    rows = pd.DataFrame(
        {
            "name": distinct(frame["project"]).to_numpy(),
            "place": range(len(frame)),
            "outer": frame["eligible"].to_numpy(),
            "inner": frame["enrolled"].to_numpy(),
            "core": frame["active"].to_numpy(),
            "label": [_taken_up(*four) for four in counts],
            "short": [f"{enrolled}/{eligible}" for enrolled, eligible, _, _ in counts],
        }
    )
    words = ("Eligible", "Enrolled", "Active")
    return Drawing(rows, _chart, (len(rows), words, "Children", dark))


def _taken_up(enrolled: int, eligible: int, active: int, take_up_percent: float | None) -> str:
    share = f" ({take_up_percent:.0f}%)" if pd.notna(take_up_percent) else ""
    return f"{enrolled:,} of {eligible:,}{share}, {active:,} active"


@chart(empty="Nothing is expected here yet, so there is no coverage to show.")
def coverage(frame: pd.DataFrame, *, dark: bool = False, title: str = "Percent reached") -> Drawing:
    """How much of what is expected has been reached, by school, course or subject; least covered first.

    Columns: `name`, `reached`, `expected` (counts). Rows with nothing expected are left out. At most 40 rows.
    """
    expected = frame[frame["expected"] > 0]
    percent = 100 * expected["reached"] / expected["expected"]
    ordered = expected.assign(percent=percent).sort_values("percent", kind="stable")
    drawn = ordered.head(MOST_SESSIONS)
    pairs = list(zip(drawn["reached"], drawn["expected"], strict=True))
    rows = pd.DataFrame(
        {
            "name": distinct(drawn["name"]).to_numpy(),
            "place": range(len(drawn)),
            "outer": 100,
            "inner": drawn["percent"].to_numpy(),
            "label": [f"{reached:,} of {of:,}" for reached, of in pairs],
            "short": [f"{reached:,}/{of:,}" for reached, of in pairs],
        }
    )
    left_out = (
        f"The first {len(drawn)} of {len(ordered)} are drawn, least covered first." if len(drawn) < len(ordered) else ""
    )
    return Drawing(rows, _chart, (len(rows), ("Expected", "Reached", ""), title, dark), left_out)


def _chart(row_count: int, words: tuple[str, str, str], title: str, dark: bool) -> alt.LayerChart:
    look = Look(dark)
    by_place = alt.EncodingSortField("place", op="min", order="ascending")
    base = over_rows().encode(
        y=alt.Y("name:N", sort=by_place, axis=look.names()),
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("label:N", title="Exactly")],
    )
    hues = {words[0]: look.pale, words[1]: look.blue, words[2]: look.orange}
    named = [word for word in words if word]
    scale = alt.Scale(domain=named, range=[hues[word] for word in named])
    legend = look.legend(columns=0)
    axis = look.axis(title, grid=True, tickCount=4)
    reach = alt.Scale(range=look.reach(210, 84))
    sizes = {"outer": 0.72, "inner": 0.46, "core": 0.18}
    layers = [
        base.transform_calculate(part=f"'{word}'")
        .mark_bar(height={"band": size}, cornerRadiusEnd=2)
        .encode(x=alt.X(f"{field}:Q", axis=axis, scale=reach), color=alt.Color("part:N", scale=scale, legend=legend))
        for (field, size), word in zip(sizes.items(), words, strict=True)
        if word
    ]
    text = alt.ExprRef("width < 420 ? datum.short : datum.label")
    ends = base.transform_calculate(end="max(datum.outer, datum.inner)").mark_text(
        align="left", dx=6, fontSize=12, color=look.ink, text=text
    )
    return layered(*layers, ends.encode(x="end:Q"), height=row_count * 32)

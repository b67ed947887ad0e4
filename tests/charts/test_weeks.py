"""The heatmap's cells: colour by the exact value, the figure that is printed, gaps, and cells with few sessions."""

from datetime import date

import pandas as pd
import pytest

from tests.charts.frames import FRAMES, weeks
from tests.charts.test_charts import contrast
from vs_core import charts
from vs_core.charts.cells import ALL
from vs_core.rules.register import BANDS, NO_SESSIONS

COLOURS = {
    "50 or under (severe)": "#7a2c05",
    "over 50 to 80": "#b85a14",
    "over 80 to 90 (persistent)": "#f0b27a",
    "over 90 and under 95": "#c6dbef",
    "95 and over": "#2f6fae",
}


def cell(attended: int, possible: int) -> pd.Series:
    frame = weeks().head(1).assign(attended_sessions=attended, possible_sessions=possible)
    return charts.school_by_week.drawing(frame, provisional_under=0).rows.iloc[0]


@pytest.mark.parametrize(
    ("attended", "possible", "figure", "colour"),
    [
        (0, 10, "0", "#7a2c05"),
        (5, 10, "50", "#7a2c05"),
        (501, 1000, "50.1", "#b85a14"),
        (796, 1000, "79.6", "#b85a14"),
        (8, 10, "80", "#b85a14"),
        (803, 1000, "80.3", "#f0b27a"),
        (9, 10, "90", "#f0b27a"),
        (901, 1000, "90.1", "#c6dbef"),
        (9496, 10000, "94.96", "#c6dbef"),
        (95, 100, "95", "#2f6fae"),
        (999, 1000, "99.9", "#2f6fae"),
        (10, 10, "100", "#2f6fae"),
    ],
)
def test_an_edge_lands_in_its_band(attended: int, possible: int, figure: str, colour: str) -> None:
    drawn = cell(attended, possible)
    assert (drawn["figure"], COLOURS[drawn["band"]]) == (figure, colour)


def test_the_scale_has_the_five_colours_in_order() -> None:
    layers = charts.child_by_week.drawing(weeks()).specification()["layer"]
    scale = layers[0]["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) | COLOURS == dict(
        zip(scale["domain"], scale["range"], strict=True)
    )
    assert scale["domain"][:6] == [*COLOURS, NO_SESSIONS.label]


@pytest.mark.parametrize("band", BANDS, ids=lambda band: band.key)
def test_the_figure_reads_on_its_colour(band) -> None:
    assert contrast(band.ink, band.colour) >= 4.5


def rows() -> pd.DataFrame:
    return charts.child_by_week.drawing(weeks(), choose=True).rows.set_index(["row_id", "column"])


def test_a_week_without_any_session_is_a_gap() -> None:
    assert set(rows().xs("2026-10-26", level="column")["band"]) == {"holiday"}


def test_a_child_without_sessions_in_a_school_week_is_grey() -> None:
    grey = rows().loc[("c2", "2026-11-02")]
    assert (grey["band"], grey["figure"]) == (NO_SESSIONS.label, "")


def test_few_sessions_carry_a_star() -> None:
    assert rows().loc[("c1", "2026-11-09"), "figure"] == "75*"
    assert rows().loc[("c1", "2026-11-02"), "figure"] == "80"


def test_the_tooltip_has_numerator_and_denominator() -> None:
    assert rows().loc[("c1", "2026-11-02"), "sessions"] == "8 of 10 possible sessions attended"


def test_only_the_last_weeks_are_drawn_and_it_is_said() -> None:
    drawing = charts.child_by_week.drawing(weeks(), weeks=charts.Weeks(2))
    assert set(drawing.rows["column"]) == {"2026-11-02", "2026-11-09"}
    assert drawing.left_out == "The chart starts with the week of 2 Nov."


def test_no_possible_session_at_all_draws_nothing() -> None:
    nobody = weeks().assign(attended_sessions=0, possible_sessions=0)
    assert charts.child_by_week.drawing(nobody).rows.empty


def cells(**options) -> pd.DataFrame:
    awaited = weeks().assign(awaited_halves=[0, 2, 0, 0, 10, 0])
    drawn = charts.child_by_week.drawing(awaited, choose=True, **options).rows
    return drawn.set_index(["row_id", "column"])


def test_marks_that_have_not_come_are_a_state_of_their_own_and_no_absence() -> None:
    waiting, in_part = cells().loc[("c2", "2026-11-02")], cells().loc[("c1", "2026-11-02")]
    assert (waiting["band"], waiting["figure"], waiting["sessions"]) == (
        "not yet received",
        "?",
        "10 half days without a mark yet",
    )
    assert (in_part["figure"], in_part["sessions"]) == (
        "80",
        "8 of 10 possible sessions attended; 2 half days without a mark yet",
    )


def test_holidays_and_closures_are_told_by_the_calendar_where_it_is_known() -> None:
    known = charts.Weeks(gaps={"2026-10-26": "closed", "2026-11-02": "holiday"})
    drawn = cells(weeks=known)
    assert set(drawn.xs("2026-10-26", level="column")["band"]) == {"closed"}
    assert drawn.loc[("c1", "2026-11-02"), "band"] == "over 50 to 80"


def test_the_week_of_today_and_the_chosen_cell_are_outlined() -> None:
    at = charts.Weeks(last=date(2026, 11, 20), seen_on=date(2026, 11, 20))
    drawn = cells(weeks=at, chosen=("c1", "2026-11-02"))
    assert set(drawn.xs("2026-11-16", level="column")["outline"]) == {"now"}
    assert drawn[drawn["outline"] == "chosen"].index.tolist() == [("c1", "2026-11-02")]


def test_a_row_of_all_gives_each_row_its_sum() -> None:
    whole = weeks().groupby("week_on", as_index=False)[["attended_sessions", "possible_sessions"]].sum()
    frame = pd.concat([whole.assign(row_id=ALL, name="All", rank=0), weeks()], ignore_index=True)
    drawn = charts.child_by_week.drawing(frame).rows.set_index(["row_id", "column"])
    assert drawn.loc[("c1", ALL), "sessions"] == "16 of 24 possible sessions attended"
    assert drawn.loc[(ALL, ALL), "sessions"] == "44 of 54 possible sessions attended"
    assert drawn.loc[(ALL, "2026-10-19"), "sessions"] == "24 of 30 possible sessions attended"


def test_a_half_day_with_two_registers_shows_both_codes_and_the_graver_colour() -> None:
    drawn = charts.child_calendar.drawing(FRAMES["child_calendar"](), choose=True).rows
    drawn = drawn.set_index(["row_id", "column"])
    both = drawn.loc[("1-AM", "2026-11-16")]
    assert (both["band"], sorted(both["figure"].split())) == ("unauthorised absence", ["/", "O"])
    assert "Other unauthorised" in both["sessions"]
    assert drawn.loc[("2-PM", "2026-11-16"), ["band", "figure"]].tolist() == ["not yet received", "?"]
    assert drawn.loc[("2-AM", "2026-11-16"), "figure"] == ""


def test_a_calendar_shows_closed_days_and_today() -> None:
    gaps = {date(2026, 11, 18): ("closed", "INSET (non-pupil day)")}
    given = {"gaps": gaps, "last": date(2026, 11, 19), "seen_on": date(2026, 11, 19)}
    drawn = charts.calendar.drawing(FRAMES["calendar"](), **given).rows.set_index(["row_id", "column"])
    assert drawn.loc[("2", "2026-11-16"), ["band", "sessions"]].tolist() == ["closed", "INSET (non-pupil day)"]
    assert drawn.loc[("3", "2026-11-16"), "outline"] == "now"
    assert drawn.loc[("1", "2026-11-16"), ["band", "figure"]].tolist() == ["not yet received", "?"]
    assert ("4", "2026-11-16") not in drawn.index

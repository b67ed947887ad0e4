"""The burn-down on the page of Pupil Premium Plus: tiles are the contract's figures, what is chosen stands in the
address, a point opens what stands behind it, and a what-if is said to be one."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.pages.conftest import Open
from vs_core.figures import SubjectFigures, compute, pp_forecast, with_children
from vs_core.figures.burn_down import by_day
from vs_core.figures.pp_forecast import Changes
from vs_core.queries.scope import Scope
from vs_core.rules.frame import Frame
from vs_core.store.engine import engine
from vs_core.ui import load, words
from vs_core.ui.chart import Cell
from vs_core.ui.parts import pp_burn, pp_parts

OPERATIONS = "operations"
FRAME = Frame.for_subject("pp-plus", SMALL_AUTHORITY_AS_AT)
SEEN = Scope(names=True, adviser=None, restricted=False)
SPENT = "What is spent"


def said(test: AppTest) -> str:
    every = (*test.markdown, *test.caption, *test.info, *test.warning, *test.subheader)
    return " ".join(each.value for each in every).replace("\\", "")


def tile(test: AppTest, label: str) -> str:
    return str(next(each.value for each in test.metric if each.label == label)).replace("\\", "")


def contract() -> SubjectFigures:
    with engine().connect() as connection:
        return compute(connection, "pp-plus", FRAME)


def test_tiles_are_the_figures_of_the_contract(small: Open) -> None:
    test, figures = small("pp_plus", OPERATIONS), contract().figures
    labels = {
        "Remaining": "remaining_pence",
        "Forecast to 31 March": "forecast_pence",
        "At risk": "at_risk_pence",
        "Allocation": "allocation_pence",
        "Retained": "retained_pence",
        "Approved": "approved_pence",
        "Committed": "committed_pence",
        "Paid": "paid_pence",
        "Recovered": "recovered_pence",
        "Requested": "requested_pence",
    }
    assert {label: tile(test, label) for label in labels} == {
        label: words.pounds(figures[key]) for label, key in labels.items()
    }
    assert tile(test, "Nothing requested") == str(figures["children_without_spend"])


def test_time_and_runs_left_have_their_last_day(small: Open) -> None:
    test = small("pp_plus", OPERATIONS)
    assert tile(test, "Days left") == str((date(2027, 3, 31) - SMALL_AUTHORITY_AS_AT).days)
    runs = contract().rows["runs"]["on"]
    left = [run for run in runs if run >= SMALL_AUTHORITY_AS_AT]
    assert tile(test, "Payment runs left") == f"{len(left)} of 12"
    assert tile(test, "Next payment run") == words.short_day(left[0])
    assert "last 15 Mar 2027, 16 days before the year ends" in said(test)
    assert 0 < int(tile(test, "School days left")) < int(tile(test, "Days left"))


def test_what_is_spent_instead_stands_in_the_address(small: Open) -> None:
    options = {}
    for form in ("", SPENT):
        test = small("pp_plus", OPERATIONS, **({"burn": form} if form else {}))
        options[form] = next(each for each in test.selectbox if each.label == "Line").options
    assert "Left" in options[""]
    assert "Paid less recovered" not in options[""]
    assert "Paid less recovered" in options[SPENT]


def test_a_point_opens_the_payments_of_its_day(small: Open) -> None:
    small("pp_plus", OPERATIONS)
    with engine().connect() as connection:
        of = with_children.pp_plus(connection, FRAME, SEEN)
    fell = by_day(of).set_index("on")["paid_pence"].diff()
    on = fell[fell > 0].index[-1]
    test = small("pp_plus", OPERATIONS, row="line-left", at=on.isoformat())
    assert f"Payments and recoveries on {words.long_day(on)}" in said(test)
    listed = next(each.value for each in test.dataframe if "Payment" in each.value.columns)
    rows = of.rows["payments"]
    own = rows[(rows["paid_on"] == on) & rows["status"].isin(["paid", "recovered"])]
    assert len(listed) == int(own["is_listed"].sum())


@pytest.mark.parametrize(
    ("line", "title"), [("remaining", "Requests approved"), ("notice", "Notices"), ("forecast", "R")]
)
def test_each_line_opens_something(small: Open, line: str, title: str) -> None:
    test = small("pp_plus", OPERATIONS, row=f"line-{line}")
    assert any(each.value.startswith(title) for each in test.subheader[1:])
    assert len(test.dataframe[-1].value)


@pytest.mark.parametrize("day", ["2026-11-20", "1795132800000", "1795132800000.0"])
def test_a_click_says_its_day_as_the_browser_sends_it(day: str) -> None:
    assert pp_burn.of_click(Cell("left", day)) == ("left", "2026-11-20")


def test_a_click_on_nothing_that_is_a_day_is_on_the_line() -> None:
    assert pp_burn.of_click(Cell("left", "x")) == ("left", "")


def test_a_line_of_the_other_form_is_the_one_that_takes_its_place(small: Open) -> None:
    for form, row, line in (("", "line-promised", "remaining"), (SPENT, "line-left", "spent")):
        test = small("pp_plus", OPERATIONS, row=row, **({"burn": form} if form else {}))
        assert "There is no such line" not in said(test)
        assert next(each for each in test.selectbox if each.label == "Line").value == line


def test_a_line_that_is_not_there_is_said(small: Open) -> None:
    assert "There is no such line" in said(small("pp_plus", OPERATIONS, row="line-x", at="2026-99-99"))


def test_what_no_page_of_ours_writes_in_an_address_is_passed_over(small: Open) -> None:
    broken = {
        "burn": "x",
        "run": "20 Dec 1999",
        "run_to": "x",
        "approve_all": "x",
        "late_rush": "9",
        "at": "9999-99-99",
    }
    assert "What if, not a figure" not in said(small("pp_plus", OPERATIONS, **broken))


def test_a_run_is_brought_forward_to_the_last_working_day_before_it(small: Open) -> None:
    test = small("pp_plus", OPERATIONS, run="20 Jan 2027")
    assert next(each for each in test.selectbox if each.label == "to").value == "19 Jan 2027"
    assert "with the run of 20 Jan 2027 on 19 Jan 2027" in said(test)
    after = small("pp_plus", OPERATIONS, run="20 Apr 2027")
    assert next(each for each in after.selectbox if each.label == "to").value == "31 Mar 2027"


def test_the_same_stands_in_a_table(small: Open) -> None:
    test = small("pp_plus", OPERATIONS)
    table = next(each.value for each in test.dataframe if "Left by the plan" in each.value.columns)
    shown = table[table["What"].str.contains("Day shown|day shown")].iloc[0]
    assert round(shown["Not promised"] * 100) == contract().figures["remaining_pence"]
    assert "Last payment run" in set(table["What"])


def test_a_what_if_moves_the_numbers_and_says_that_it_is_one(small: Open) -> None:
    plain = small("pp_plus", OPERATIONS)
    assert "What if, not a figure" not in said(plain)
    changed = small("pp_plus", OPERATIONS, late_rush="true", release="true")
    with engine().connect() as connection:
        forecast = pp_forecast.forecast(connection, FRAME, SEEN)
        other = pp_forecast.forecast(connection, FRAME, SEEN, Changes(release_retained=True, late_rush=True))
    assert forecast is not None
    assert other is not None
    assert tile(plain, "Forecast to 31 March") == words.pounds(forecast.expected_pence)
    assert f"between {words.pounds(forecast.low_pence)} and {words.pounds(forecast.high_pence)}" in said(plain)
    assert tile(changed, "What if: expected by 31 March") == words.pounds(other.expected_pence)
    assert tile(changed, "What if: at least") == words.pounds(other.low_pence)
    assert tile(changed, "What if: at risk") == words.pounds(other.at_risk_pence or 0)
    assert not [each for each in changed.metric if each.label == "Expected by 31 March"]
    assert "What if, not a figure: with what is retained given out too and with a late rush as last year" in said(
        changed
    )
    assert tile(changed, "At risk") == tile(plain, "At risk")


def test_a_part_reads_what_it_shows_and_nothing_else(small: Open) -> None:
    test = small("pp_plus", OPERATIONS, part=pp_parts.POLICY)
    assert not any("Why it is not paid" in each.value.columns for each in test.dataframe)
    assert not [each for each in test.metric if each.label == "Allocation"]


@pytest.mark.parametrize("role", ["adviser", "analyst", "headteacher"])
def test_every_role_has_the_burn_down_that_it_may_see(small: Open, role: str) -> None:
    test = small("pp_plus", role)
    assert any(each.value.startswith("Burn-down") for each in test.subheader)
    has_forecast = "Forecast, " in said(test)
    assert has_forecast == (role != "adviser")


def test_an_authority_without_data_says_so(empty: Open) -> None:
    assert not empty("pp_plus", OPERATIONS).metric


@pytest.mark.parametrize(
    ("as_at", "runs", "said_so"),
    [
        ("2027-03-15", "1 of 12", "last 15 Mar 2027"),
        ("2027-03-16", "0 of 12", "No payment run is left."),
        ("2027-03-31", "0 of 12", "nothing more is paid this year"),
    ],
)
def test_the_edges_of_a_year(small: Open, monkeypatch: pytest.MonkeyPatch, as_at: str, runs: str, said_so: str) -> None:
    monkeypatch.setattr(load, "today", lambda: date(2027, 3, 31))
    test = small("pp_plus", OPERATIONS, as_at=as_at)
    assert tile(test, "Payment runs left") == runs
    assert said_so in said(test)
    assert (tile(test, "Next payment run") == "None left") == runs.startswith("0")

"""What the forecast and a what-if say of themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from vs_core.rules.pp_forecast import Changes
from vs_core.rules.pp_forecast_answer import Forecast, StageShare
from vs_core.rules.pp_forecast_band import Held
from vs_core.ui.parts import pp_what_if as what_if

PLAIN = Forecast(
    "stages",
    expected_pence=129_377_300,
    low_pence=115_356_000,
    high_pence=143_398_600,
    at_risk_pence=61_245_000,
    at_risk_low_pence=47_223_700,
    at_risk_high_pence=75_266_300,
    by_run=(),
    stages=(StageShare("requested or queried", 163, 13_069_000, 0.695, 0.89, 12, 477),),
    arrivals_pence=34_994_500,
    outside_runs_pence=18_200_700,
    years_of_history=("2025-26", "2024-25"),
    held=Held(16, 17, ("2025-26",), Fraction(1, 5)),
    note="",
)


def test_a_what_if_says_what_changes_by_how_much_and_that_it_is_one() -> None:
    more = replace(PLAIN, expected_pence=130_377_300, at_risk_pence=60_245_000)
    changes = Changes(True, date(2027, 1, 20), date(2027, 1, 8), late_rush=True)
    assert what_if.said(PLAIN, more, changes) == (
        "What if, not a figure: with every open request approved, with the run of 20 Jan 2027 on 8 Jan 2027 and with a "
        "late rush as last year, £1.304m would be paid by 31 March, £10,000 more than forecast, and £602,450 is at "
        "risk instead of £612,450."
    )


def test_a_what_if_that_moves_nothing_says_so() -> None:
    said = what_if.said(PLAIN, PLAIN, Changes(release_retained=True))
    assert "as the forecast says" in said
    assert said.endswith("£612,450 is at risk as before.")
    assert "risk" not in what_if.said(PLAIN, replace(PLAIN, at_risk_pence=None), Changes(approve_all=True))


def test_the_forecast_names_its_method_years_and_how_often_the_band_held() -> None:
    said = what_if.rests_on(PLAIN)
    assert "2 earlier years, 2024-25 and 2025-26" in said
    assert (
        "£349,945 of it is expected on requests that nobody has made yet, £182,007 after the last payment run" in said
    )
    assert "the band held what was paid in the end 16 of 17 times" in said
    untried = replace(PLAIN, held=Held(0, 0, (), Fraction(1, 4)))
    assert "the width of the band is an assumption" in what_if.rests_on(untried)
    tried = Held(
        12, 12, ("2025-26",), Fraction(1, 5), "last year", 12, (("stages", 2_900_000), ("last year", 1_500_000))
    )
    said = what_if.rests_on(replace(PLAIN, method="last year", held=tried))
    assert said.startswith("Forecast, as last year: the year is expected to end as the last one did")
    assert "by stages missed £29,000 in the mean, as last year £15,000: the lesser is used." in said
    plain = replace(PLAIN, method="plain", note="No earlier year is known.")
    assert what_if.rests_on(plain) == "Forecast, plain method: No earlier year is known."


def test_stages_are_a_table_in_percent() -> None:
    row = what_if.of_stages(PLAIN).iloc[0]
    assert (row["state"], row["requests"], row["cases"], row["delay_days"]) == ("Requested or queried", 163, 477, 12)
    assert round(row["share_percent"], 1) == 69.5

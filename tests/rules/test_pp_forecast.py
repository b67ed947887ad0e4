"""The forecast to 31 March on years small enough to be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from vs_core.rules.pp_back_test import AGREED_ONLY, STAGES, Case, best, first_mondays, table
from vs_core.rules.pp_forecast import Changes, Known, history, outlook
from vs_core.rules.pp_forecast_answer import PLAIN_NOTE, forecast
from vs_core.rules.pp_forecast_band import USUAL_WIDTH, calibrated
from vs_core.rules.pp_forecast_history import Books, Request, RunDays, Year, years_before
from vs_core.rules.pp_plus import half_up

RUNS = RunDays(20, 15)
LAST_YEAR, YEAR = "2025-26", "2026-27"
DAY = date(2026, 11, 2)
ALLOCATIONS = {LAST_YEAR: 1_000_000, YEAR: 2_000_000}


def asked(
    on: str, pence: int, status: str = "requested", decided: str = "", approved: int | None = None, paid: str = ""
) -> Request:
    entries = ((date.fromisoformat(paid), pence if approved is None else approved),) if paid else ()
    return Request(
        date.fromisoformat(on), date.fromisoformat(decided) if decided else None, status, pence, approved, entries
    )


def settled(on: str, pence: int, decided: str, paid: str) -> Request:
    return asked(on, pence, "approved", decided, paid=paid)


EARLY = asked("2025-04-01", 1, "rejected", "2025-04-02")
"""Something that makes the earlier year known from its first day on."""
THEN = [
    EARLY,
    settled("2025-10-01", 300, "2025-11-20", "2025-12-19"),
    asked("2025-11-02", 100, "rejected", "2025-11-20"),
    settled("2025-10-01", 600, "2025-10-20", "2026-01-20"),
    settled("2025-10-01", 200, "2025-10-20", "2026-04-20"),
    settled("2025-11-03", 1_000, "2026-01-10", "2026-03-13"),
    settled("2026-02-01", 500, "2026-02-10", "2026-03-27"),
]
NOW = [asked("2026-11-02", 4_000), settled("2026-06-01", 80_000, "2026-06-10", "2026-06-19")]


def books(then: Iterable[Request] = THEN, now: Iterable[Request] = NOW) -> Books:
    return Books({LAST_YEAR: Year(list(then)), YEAR: Year(list(now))})


def known(years: Mapping[str, Year] | None = None, end: date = DAY, year: str = YEAR) -> Known:
    return Known(
        year,
        end,
        books() if years is None else Books(years),
        end,
        end,
        RUNS,
        dict(ALLOCATIONS),
        Decimal(20),
        Fraction(1, 2),
    )


def pence(of: Known, changes: Changes = Changes()) -> int:  # noqa: B008
    return outlook(of, changes).expected_pence


def test_each_stage_goes_as_the_year_before_from_the_same_day_on() -> None:
    approved = asked("2026-10-01", 8_000, "approved", "2026-10-05")
    found = forecast(known(books(now=[*NOW, approved])))
    assert found.method == "stages"
    assert found.years_of_history == (LAST_YEAR,)
    opened, agreed, new = 4_000 * 300 // 400, 8_000 * 600 // 800, 2 * 1_500
    assert found.expected_pence == 80_000 + opened + agreed + new
    assert found.arrivals_pence == new
    assert found.outside_runs_pence == 2 * 500
    assert [(stage.requests, stage.pence, stage.share, stage.cases) for stage in found.stages] == [
        (1, 4_000, 0.75, 2),
        (1, 8_000, 0.75, 2),
    ]
    assert [(run.on, run.expected_pence) for run in found.by_run] == [
        (date(2026, 11, 20), 80_000),
        (date(2026, 12, 18), 80_000 + opened),
        (date(2027, 1, 20), 80_000 + opened + agreed),
        (date(2027, 2, 19), 80_000 + opened + agreed),
        (date(2027, 3, 15), 80_000 + opened + agreed + 2_000),
        (date(2027, 3, 31), found.expected_pence),
    ]
    assert found.at_risk_pence == 1_600_000 - found.expected_pence


def test_a_request_and_a_payment_on_the_very_day_are_of_before_it() -> None:
    on_the_day = [EARLY, settled("2025-11-02", 10, "2025-11-03", "2025-12-19")]
    ((_, then),) = history(known(books(on_the_day)))
    assert (then.open_requests, then.open_pence, then.in_year("open"), then.in_year("new")) == (1, 10, 10, 0)
    decided = [EARLY, settled("2025-10-01", 10, "2025-11-02", "2025-12-19")]
    ((_, then),) = history(known(books(decided)))
    assert (then.open_pence, then.agreed_pence) == (0, 10)
    paid = [EARLY, settled("2025-10-01", 10, "2025-10-02", "2025-11-02")]
    ((_, then),) = history(known(books(paid)))
    assert (then.paid_pence, then.agreed_pence, then.in_year("agreed")) == (10, 0, 0)


def test_what_is_not_asked_for_yet_takes_no_more_than_is_left() -> None:
    tight = replace(known(), allocations={LAST_YEAR: 1_000, YEAR: 104_000})
    assert pence(tight) == 83_200
    assert pence(tight, Changes(release_retained=True)) == 104_000
    promised = books(now=[asked("2026-10-01", 90_000, "approved", "2026-10-05")])
    assert pence(replace(tight, years=promised)) == 67_500 + 83_200 - 67_500
    over = books(now=[asked("2026-10-01", 200_000, "approved", "2026-10-05")])
    assert forecast(replace(tight, years=over)).at_risk_pence == 0
    assert pence(replace(tight, years=over)) == 150_000


def test_without_a_notice_nothing_is_scaled_and_nothing_at_risk() -> None:
    found = forecast(replace(known(), allocations={}))
    assert found.expected_pence == 80_000 + 3_000 + 1_500
    assert (found.at_risk_pence, found.at_risk_low_pence, found.at_risk_high_pence) == (None, None, None)
    assert found.low_pence < found.expected_pence < found.high_pence


def test_all_rejected_lets_expect_nothing_of_what_is_asked() -> None:
    rejected = [EARLY, asked("2025-10-01", 100, "rejected", "2025-11-20")]
    assert pence(known(books(rejected))) == 80_000
    assert pence(known(books(rejected)), Changes(approve_all=True)) == 84_000


def test_a_stage_that_no_earlier_year_had_is_paid_with_the_next_run() -> None:
    of = outlook(known(books([EARLY])))
    assert of.expected_pence == 80_000 + 2_000
    assert [slot for slot, amount in enumerate(of.by_slot()) if amount] == [7]


def test_without_a_whole_earlier_year_it_is_plain_and_says_so() -> None:
    for years in ({YEAR: Year(NOW)}, books([settled("2025-11-03", 10, "2025-11-04", "2025-12-19")]), {}):
        found = forecast(known(years))
        assert (found.method, found.note, found.years_of_history) == ("plain", PLAIN_NOTE, ())
        assert found.expected_pence == (82_000 if years else 0)
        assert found.held.cases == 0
        assert found.held.width == USUAL_WIDTH
    of = forecast(known({YEAR: Year([*NOW, asked("2026-10-01", 5_000, "approved", "2026-10-05")])}))
    assert (of.low_pence, of.expected_pence, of.high_pence) == (80_000, 87_000, 1_600_000)
    assert [run.expected_pence for run in of.by_run] == [85_000, 85_000, 85_000, 85_000, 87_000, 87_000]


def test_a_year_whose_end_is_not_known_yet_is_no_history() -> None:
    assert history(replace(known(), paid_to=date(2026, 3, 30))) == []
    assert history(known(end=date(2026, 4, 1)))


def test_what_is_known_late_is_held_against_the_same_lateness_a_year_before() -> None:
    late = replace(known(), asked_to=date(2026, 10, 31))
    ((_, then),) = history(late)
    assert (then.open_pence, then.in_year("new")) == (300, 1_500)


def test_at_both_ends_of_the_year() -> None:
    assert pence(known(end=date(2027, 3, 31))) == 80_000
    found = forecast(known(end=date(2027, 3, 31)))
    assert (found.low_pence, found.high_pence, found.by_run) == (80_000, 80_000, ())
    first = forecast(known(books(now=[]), end=date(2026, 4, 1)))
    assert first.expected_pence == first.arrivals_pence == 2 * 2_400
    assert len(first.by_run) == 13


def test_from_the_last_run_on_only_what_earlier_years_still_paid() -> None:
    waits = asked("2027-03-01", 900, "approved", "2027-03-02")
    assert forecast(known(books([EARLY], [waits]), end=date(2027, 3, 15))).expected_pence == 0
    assert forecast(known({YEAR: Year([waits])}, end=date(2027, 3, 15))).expected_pence == 0
    assert forecast(known({YEAR: Year([waits])}, end=date(2027, 3, 14))).expected_pence == 900
    late = forecast(known(books(now=[waits]), end=date(2027, 3, 15)))
    assert late.expected_pence == late.outside_runs_pence == half_up(Fraction(900 * 500, 700))
    assert [run.on for run in late.by_run] == [date(2027, 3, 31)]


def test_a_leap_day_is_held_against_the_28th() -> None:
    assert years_before(date(2028, 2, 29), 1) == date(2027, 2, 28)
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
    leap = known(end=date(2028, 2, 29), year="2027-28")
    assert [year for year, _ in history(leap)] == [YEAR, LAST_YEAR]


def test_money_that_comes_back_is_expected_to_again() -> None:
    years = books()
    years[LAST_YEAR].recovered.extend([(date(2025, 11, 2), 7), (date(2025, 11, 3), 50), (date(2026, 4, 1), 9)])
    years[YEAR].recovered.append((date(2026, 10, 1), 1_000))
    assert pence(known(years)) == 80_000 - 1_000 + 3_000 + 3_000 - 2 * 50
    assert pence(known(years)) == half_up(outlook(known(years)).base_pence + sum(outlook(known(years)).by_slot()))


def test_what_if_moves_the_line() -> None:
    usual, of = pence(known()), known()
    assert pence(of, Changes(late_rush=True)) == usual + 2 * 500
    assert pence(of, Changes(approve_all=True)) == usual
    april = Changes(run_brought_forward=date(2027, 4, 20), run_to=date(2027, 3, 30))
    late = books([*THEN, settled("2025-12-01", 40, "2026-03-20", "2026-04-20")])
    assert pence(known(late), april) == usual + 2 * 40
    moved = forecast(of, Changes(run_brought_forward=date(2027, 3, 15), run_to=date(2027, 1, 20)))
    assert [run.on for run in moved.by_run][2:] == [date(2027, 1, 20), date(2027, 2, 19), date(2027, 3, 31)]
    assert moved.by_run[2].expected_pence == 80_000 + 3_000 + 2_000
    plain = replace(
        of, years=Books({YEAR: Year([asked("2027-03-01", 900, "approved", "2027-03-02")])}), end=date(2027, 3, 20)
    )
    assert (pence(plain), pence(plain, april)) == (0, 900)


@pytest.mark.parametrize(
    ("run", "to"),
    [
        (date(2026, 12, 18), date(2026, 3, 20)),
        (date(2026, 12, 18), date(2026, 11, 1)),
        (date(2026, 12, 18), date(2026, 12, 18)),
        (date(2026, 12, 18), date(2026, 12, 19)),
        (date(2026, 12, 18), None),
        (date(2026, 12, 17), date(2026, 12, 1)),
        (date(2026, 10, 20), date(2026, 10, 1)),
        (date(2027, 4, 20), date(2027, 4, 1)),
    ],
)
def test_a_run_that_cannot_be_moved_is_refused_in_a_sentence(run: date, to: date | None) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        forecast(known(), Changes(run_brought_forward=run, run_to=to))


def test_the_band_is_made_of_what_earlier_years_would_have_missed() -> None:
    before = [
        asked("2024-04-01", 1, "rejected", "2024-04-02"),
        settled("2024-11-10", 1_000, "2024-11-20", "2024-12-20"),
    ]
    years = {"2024-25": Year(before), **books([EARLY, settled("2025-11-10", 1_500, "2025-11-20", "2025-12-19")])}
    held = calibrated(replace(known(years), allocations={}))
    assert held.years == (LAST_YEAR,)
    assert held.width == min(Fraction(1), Fraction(500, 1_000) * 2)
    assert (held.held, held.cases) == (4, 12)
    found = forecast(replace(known(years), allocations={}))
    to_come = found.expected_pence - 80_000
    assert (found.low_pence, found.high_pence) == (80_000, 80_000 + 2 * to_come)


def a_case(on: date, stages: int | None, plain: int, truth: int = 1_000_00) -> Case:
    said = {AGREED_ONLY: plain} | ({} if stages is None else {STAGES: stages})
    used = (AGREED_ONLY, plain) if stages is None else (STAGES, stages)
    return Case(YEAR, on, *used, said, abs(plain - truth) < 20_000, 5_000, truth, 10_000_00, stages is not None)


def test_the_table_of_the_back_test() -> None:
    assert first_mondays(YEAR)[0] == date(2026, 4, 6)
    assert first_mondays(YEAR)[-1] == date(2027, 3, 1)
    cases = [a_case(DAY, 90_000, 85_000), a_case(date(2026, 6, 1), 120_000, 150_000), a_case(DAY, None, 60_000)]
    lines = list(table(cases))
    assert lines[2] == "| June | 1 | £200, 2.0% (+£200) | £500, 5.0% (+£500) |  |  | 0 of 1 |"
    assert lines[3] == "| November | 1 | £100, 1.0% (-£100) | £150, 1.5% (-£150) |  |  | 1 of 1 |"
    assert lines[4] == "| all these days | 2 | £150, 1.5% (+£50) | £325, 3.3% (+£175) |  |  | 1 of 2 |"
    assert best(cases[:2]) == STAGES
    assert best([a_case(DAY, 90_000, 95_000)]) == AGREED_ONLY
    assert "On 1 other days" in lines[-1]
    assert next(table([])).startswith("| first Monday")


def three_years(asked_on: str, decided: str, paid: str) -> Known:
    """Two finished years that each pay 10,100 pence; the later one's 10,000 were asked for as given."""
    before = [
        asked("2024-04-01", 1, "rejected", "2024-04-02"),
        settled("2024-05-10", 10_000, "2024-05-20", "2024-06-20"),
        settled("2025-02-28", 100, "2025-03-03", "2025-03-14"),
    ]
    last = [
        settled(asked_on, 10_000, decided, paid),
        settled("2026-02-28", 100, "2026-03-03", "2026-03-13"),
    ]
    of = known({"2024-25": Year(before), LAST_YEAR: Year(last), YEAR: Year([])})
    return replace(of, allocations={LAST_YEAR: 1_000_000, YEAR: 2_000_000, "2024-25": 1_000_000})


def test_what_missed_less_in_the_years_before_is_used() -> None:
    of = three_years("2025-10-05", "2025-10-20", "2025-11-20")
    found = forecast(of)
    assert (found.method, found.expected_pence) == ("last year", 20_200)
    assert outlook(of).expected_pence == 2 * 100
    # By stages nothing was seen to come on the first of June to October: 10,000 missed on each of five days.
    assert found.held.missed == (("stages", half_up(Fraction(5 * 10_000, 12))), ("last year", 0))
    assert (found.held.both, found.held.years) == (12, (LAST_YEAR,))
    assert forecast(of, Changes(late_rush=True)).expected_pence == 20_200 + 2 * 100


def test_by_stages_is_used_where_both_missed_alike() -> None:
    found = forecast(three_years("2025-05-10", "2025-05-20", "2025-06-20"))
    assert found.method == "stages"
    assert dict(found.held.missed) == {"stages": 0, "last year": 0}

"""The forecast to 31 March from what was known on its day, and no other: late corrections leave it as it was."""

from __future__ import annotations

from datetime import date

import pytest

from tests.queries.written import Written
from vs_core.figures import compute, pp_back_test, pp_forecast
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules.frame import Frame
from vs_core.rules.pp_back_test import STAGES, table

KINDS = ("pp-allocations", "pp-requests", "pp-payments", "ssda903-episodes")
DAY = date(2025, 11, 3)


def request(written: Written, number: str, pence: int, on: str, since: str, until: str | None = None, **more: object):
    values = {"child": "A", "status": "approved", "decided_on": on, "requested_on": on, "fund": "PP+"}
    written.row("pp_request", since, until, request_id=number, amount_pence=pence, **(values | more))


def payment(written: Written, number: str, pence: int, on: str, since: str, until: str | None = None) -> None:
    values = {"request_id": number, "amount_pence": pence, "status": "paid", "paid_on": on}
    written.row("pp_payment", since, until, payment_id=f"P{number}", **values)


@pytest.fixture
def two_years(written: Written) -> Written:
    written.child("A", born_on="2014-05-05", adviser="P. Dale")
    for day in ("2024-03-30", "2024-12-31", "2025-04-01", "2025-11-03"):
        for kind in KINDS:
            written.arrive(kind, day)
    for year, pence in (("2024-25", 1_000_000), ("2025-26", 1_100_000)):
        written.row(
            "pp_allocation", "2024-03-30", financial_year=year, fund="PP+", stage="final", amount_pence=pence,
            notified_on=f"{year[:4]}-04-01",
        )  # fmt: skip
    request(written, "1", 400, "2024-03-29", "2024-03-30")
    request(written, "2", 1_000, "2024-10-01", "2024-12-31")
    request(written, "3", 3_000, "2025-01-10", "2025-04-01")
    payment(written, "2", 1_000, "2024-12-20", "2024-12-31")
    payment(written, "3", 3_000, "2025-03-14", "2025-04-01", "2025-12-01")
    request(written, "4", 700, "2025-10-10", "2025-11-03", "2025-12-01")
    return written


def put_right_later(written: Written) -> None:
    written.arrive("pp-payments", "2025-12-01")
    written.arrive("pp-requests", "2025-12-01")
    payment(written, "3", 2_000, "2025-03-14", "2025-12-01")
    request(written, "4", 900, "2025-10-10", "2025-12-01")


def test_the_figure_is_the_forecast_and_stays_as_it_was_known(two_years: Written) -> None:
    then, now = Frame.for_subject("pp-plus", DAY, DAY), Frame.for_subject("pp-plus", DAY)
    with two_years.reading() as connection:
        before = pp_forecast.forecast(connection, then)
        assert before is not None
        assert (before.method, before.years_of_history) == ("stages", ("2024-25",))
        assert before.expected_pence == 700 + 3_300
        assert compute(connection, "pp-plus", then).figures["forecast_pence"] == before.expected_pence
    put_right_later(two_years)
    with two_years.reading() as connection:
        assert pp_forecast.forecast(connection, then) == before
        today = pp_forecast.forecast(connection, now)
        assert today is not None
        assert today.expected_pence == 900 + 2_200
        assert compute(connection, "pp-plus", now).figures["forecast_pence"] == today.expected_pence


def test_one_caseload_and_what_has_not_arrived_have_no_forecast(two_years: Written) -> None:
    with two_years.reading() as connection:
        assert pp_forecast.forecast(connection, Frame.for_subject("pp-plus", DAY), Scope(True, "P. Dale", True)) is None
        early = Frame.for_subject("pp-plus", date(2024, 3, 29), date(2024, 3, 29))
        assert pp_forecast.forecast(connection, early) is None
        hidden = Scope(names=False, adviser=None, restricted=False)
        frame = Frame.for_subject("pp-plus", DAY)
        assert pp_forecast.forecast(connection, frame, hidden) == pp_forecast.forecast(connection, frame, EVERYTHING)


def test_finished_years_are_tried_with_what_was_known_on_each_day(two_years: Written) -> None:
    put_right_later(two_years)
    with two_years.reading() as connection:
        assert {each.year for each in pp_back_test.cases(connection, date(2025, 12, 1))} == {"2024-25"}
        tried = list(pp_back_test.cases(connection, date(2026, 4, 1)))
    own = {each.on: each for each in tried}
    assert len(tried) == 24
    assert not own[date(2025, 3, 3)].has_history
    assert own[date(2025, 3, 3)].pence == {"paid and agreed": 1_000}
    assert own[date(2025, 12, 1)].pence[STAGES] == 900 + 2_200
    assert own[date(2025, 11, 3)].pence[STAGES] == 700 + 3_300
    assert own[date(2025, 12, 1)].truth_pence == 0
    assert next(table(tried)).startswith("| first Monday of | days | by stages |")

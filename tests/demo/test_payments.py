"""The invented authority pays in runs; after 31 March only what was accrued, and little of it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from tests.demo.conftest import AS_AT
from tests.demo.files import Authority, on
from vs_core.demo.payment_runs import LAST_IN_MARCH, RUN_DAY, run_after
from vs_core.rules.frame import financial_year, parse_term
from vs_core.rules.pp_plus import payment_runs
from vs_core.store.reference import rows_of
from vs_core.store.schema import threshold


def test_the_runs_are_those_of_the_reference_list() -> None:
    own = {row["name"]: row["value"] for row in rows_of(threshold)}
    runs = own["payment_run_day"], own["last_payment_run_day_in_march"]
    assert runs == (str(RUN_DAY), str(LAST_IN_MARCH))


def test_a_batch_closes_five_days_before_its_run() -> None:
    assert run_after(date(2026, 11, 15)) == date(2026, 11, 20)
    assert run_after(date(2026, 11, 16)) == date(2026, 12, 18)
    assert run_after(date(2027, 3, 10)) == date(2027, 3, 15)
    assert run_after(date(2027, 3, 11)) == date(2027, 4, 20)


def test_every_payment_is_made_with_a_run(county: Authority) -> None:
    runs = {run for year in range(2023, 2027) for run in payment_runs(f"{year}-{year - 1999}", RUN_DAY, LAST_IN_MARCH)}
    days = {on(row["paid_on"]) for row in county.rows("pp-payments") if row["status"] in ("paid", "returned")}
    assert days <= runs
    assert max(days) <= AS_AT


def test_what_is_paid_after_31_march_was_accrued_and_is_little(county: Authority) -> None:
    terms = {row["request_id"]: row["term"] for row in county.rows("pp-requests")}
    paid: Counter[tuple[str, bool]] = Counter()
    for row in county.rows("pp-payments"):
        if row["status"] == "paid":
            year = parse_term(terms[row["request_id"]]).financial_year
            is_late = financial_year(on(row["paid_on"])) != year
            assert row["batch"].endswith(" accrued") == is_late, row
            assert not is_late or f"{on(row['paid_on']):%m}" in ("04", "05")
            paid[year, is_late] += round(float(row["amount"]))
    for year in ("2023-24", "2024-25", "2025-26"):
        assert 0 < paid[year, True] < 0.025 * paid[year, False], paid

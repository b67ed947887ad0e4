"""The forecast of random years is that of the second opinion, and keeps its order whatever is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.naive import pp_forecast as by_hand
from tests.naive.replay import Known as Replayed
from tests.naive.setting import Setting
from vs_core.rules import pp_forecast, pp_forecast_band, pp_forecast_history
from vs_core.rules.pp_forecast import Changes, Known, outlook
from vs_core.rules.pp_forecast_answer import forecast
from vs_core.rules.pp_forecast_band import best
from vs_core.rules.pp_forecast_history import RunDays, books
from vs_core.rules.pp_plus import retained

EXAMPLES = 150
FIRST, LAST = date(2023, 3, 1), date(2027, 3, 31)
YEARS = ("2023-24", "2024-25", "2025-26", "2026-27")
STATES = ("requested", "queried", "approved", "approved", "approved", "part-approved", "rejected", "lapsed")
RUNS = RunDays(20, 15)
days = st.dates(FIRST, LAST)


@dataclass(frozen=True)
class Case:
    requests: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    end: date
    asked_to: date
    paid_to: date
    allocations: dict[str, int]

    def product(self) -> Known:
        requests = [SimpleNamespace(**row) for row in self.requests]
        years = books(requests, [SimpleNamespace(**row) for row in self.payments])
        year = by_hand.financial_year_name(self.end)
        return Known(
            year, self.end, years, self.asked_to, self.paid_to, RUNS, self.allocations, Decimal(20), Fraction(2, 3)
        )

    def second_opinion(self) -> int | None:
        known = Replayed()
        known.latest = {"pp-requests": self.asked_to, "pp-payments": self.paid_to}
        known.rows = {
            "pp-requests": [_asked(row) for row in self.requests],
            "pp-payments": [*map(_paid, self.payments)],
        }
        is_run_left = any(run > self.end for run in RUNS.of_year(by_hand.financial_year_name(self.end)))
        setting = Setting(known, self.end, FIRST, self.end, "in care", False, {})
        return by_hand.expected(
            setting, Fraction(2, 3), is_run_left, self.allocations, lambda pence: retained(pence, Decimal(20))
        )


def _asked(row: dict[str, Any]) -> dict[str, str]:
    return {
        "request_id": str(row["request"]),
        "term": "",
        "amount": _pounds(row["amount_pence"]),
        "approved_amount": _pounds(row["approved_amount_pence"]),
        "status": row["status"],
        "requested_on": str(row["requested_on"]),
        "decided_on": str(row["decided_on"] or ""),
        "fund": row["fund"] or "",
    }


def _paid(row: dict[str, Any]) -> dict[str, str]:
    return {
        "request_id": str(row["request"] or "unheard of"),
        "amount": _pounds(row["amount_pence"]),
        "status": row["status"],
        "paid_on": str(row["paid_on"]),
        "fund": row["fund"] or "",
    }


def _pounds(pence: int | None) -> str:
    return "" if pence is None else f"{pence // 100}.{pence % 100:02d}"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    end = draw(st.one_of(days, st.dates(date(2026, 4, 1), LAST), st.sampled_from((date(2027, 3, 15), LAST))))
    late = [timedelta(days=draw(st.sampled_from((0, 0, 3, 45)))) for _ in range(2)]
    day = st.one_of(days, st.sampled_from(_edges(end - late[0])))
    requests, payments = [], []
    for number in range(1, draw(st.integers(0, 20)) + 1):
        on = FIRST if number == 1 and draw(st.integers(0, 4)) else draw(day)
        status, pence = draw(st.sampled_from(STATES)), draw(st.integers(1, 99_999))
        decided = on + timedelta(days=draw(st.integers(0, 60))) if status not in STATES[:2] else None
        approved = pence // 2 if status == "part-approved" else None
        fund = draw(st.sampled_from((None, None, "PP+", "post-16")))
        names = ("request", "requested_on", "status", "amount_pence", "decided_on", "approved_amount_pence", "fund")
        row = dict(zip(names, (number, on, status, pence, decided, approved, fund), strict=True))
        requests.append(row | {"financial_year": None})
        if draw(st.integers(0, 3)):
            paid_on = (decided or on) + timedelta(days=draw(st.integers(0, 200)))
            payments.append(
                _payment(number, pence if draw(st.booleans()) else draw(st.integers(0, 999)), "paid", paid_on)
            )
    for _ in range(draw(st.integers(0, 4))):
        whose = draw(st.one_of(st.none(), st.integers(1, len(requests)))) if requests else None
        payments.append(
            _payment(
                whose, draw(st.integers(1, 9_999)), draw(st.sampled_from(("paid", "recovered", "returned"))), draw(days)
            )
        )
    notice = st.sampled_from((None, 0, 1_000, 60_000, 900_000))
    come = {year: pence for year in YEARS if (pence := draw(notice)) is not None}
    return Case(requests, payments, end, end - late[0], end - late[1], come)


def _edges(day: date) -> list[date]:
    """The day itself, the one before and the one after, and the same a year and two before."""
    same = [day.replace(year=day.year - number, day=min(day.day, 28 if number else 31)) for number in range(3)]
    return [each + timedelta(days=more) for each in same for more in (-1, 0, 1)]


def _payment(request: int | None, pence: int, status: str, on: date) -> dict[str, Any]:
    return {"request": request, "amount_pence": pence, "status": status, "paid_on": on, "fund": None}


def product_says(case: Case) -> int | None:
    of, _ = best(case.product())
    return None if of.method == "plain" else of.expected_pence


def agrees(examples: int = EXAMPLES) -> None:
    """Raises AssertionError at the first case on which the two differ."""

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    @given(cases())
    def look(case: Case) -> None:
        assert product_says(case) == case.second_opinion()

    look()


def test_the_forecast_is_that_of_the_second_opinion() -> None:
    agrees()


def _a_day_off(day: date, number: int) -> date:
    return day.replace(year=day.year - number, day=min(day.day, 28)) - timedelta(days=1)


MISTAKES: dict[str, tuple[Any, str, Any]] = {
    "a day off a year before": (pp_forecast, "years_before", _a_day_off),
    "nothing is scaled": (pp_forecast, "_scale", lambda known, year: Fraction(1)),
    "more than is left": (pp_forecast, "_capped", lambda slots, room: slots),
    "decided later is decided": (pp_forecast_history, "state_at", lambda status, decided_on, on: status),
    "as last year is not tried": (pp_forecast_band, "last_years", lambda known, past: None),
    "an earlier year's end is not known": (pp_forecast_band, "paid_in_the_end", lambda of, year: 0),
    "paid is outstanding": (pp_forecast_history, "_stands", lambda request, on, paid: ("open", request.amount_pence)),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_seen(monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    monkeypatch.setattr(*MISTAKES[mistake])
    with pytest.raises(AssertionError):
        agrees(10 * EXAMPLES)


@settings(max_examples=40, database=None, deadline=None)
@given(cases(), st.booleans())
def test_low_expected_high_and_what_if_only_up(case: Case, is_rushed: bool) -> None:
    known = case.product()
    usual = forecast(known)
    for changes in (Changes(late_rush=is_rushed), Changes(approve_all=True, late_rush=is_rushed), _april(known)):
        if changes is None:
            continue
        for release in (False, True):
            found = forecast(known, Changes(**{**vars(changes), "release_retained": release}))
            assert found.low_pence <= found.expected_pence <= found.high_pence
            assert all(run.low_pence <= run.expected_pence <= run.high_pence for run in found.by_run)
            assert found.expected_pence >= usual.expected_pence
            if found.by_run:
                last = found.by_run[-1]
                assert (last.low_pence, last.expected_pence, last.high_pence) == (
                    found.low_pence, found.expected_pence, found.high_pence,
                )  # fmt: skip
    if known.end == LAST:
        assert usual.expected_pence == usual.low_pence == usual.high_pence == outlook(known).base_pence


def _april(known: Known) -> Changes | None:
    """April's run brought forward to the year's last day; not where that day has come."""
    last = date(int(known.year[:4]) + 1, 3, 31)
    run = RUNS.of_year(pp_forecast_history.next_year(known.year))[0]
    return Changes(run_brought_forward=run, run_to=last) if known.end < last else None

"""Pupil premium plus: years, shares, states, forecast and the last day that money can be paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from vs_core.rules.frame import financial_year, financial_year_of_label, parse_term
from vs_core.rules.school_calendar import last_working_day

FUND = "PP+"
FUNDS = (FUND, "EYPP", "post-16")
OPEN_STATES = frozenset({"requested", "queried"})
APPROVED_STATES = frozenset({"approved", "part-approved"})
APPROVAL_WINDOW_DAYS = 365


@dataclass(frozen=True)
class Money:
    """A fund's year at a day, all in pence."""

    allocation_pence: int
    retained_pence: int
    requested_pence: int
    approved_pence: int
    paid_pence: int
    committed_pence: int
    recovered_pence: int
    remaining_pence: int
    forecast_pence: int
    at_risk_pence: int


def half_up(pence: Fraction | Decimal | int) -> int:
    """Whole pence, a half away from zero."""
    exact = Fraction(pence)
    rounded = int(abs(exact) + Fraction(1, 2))
    return -rounded if exact < 0 else rounded


def retained(allocation_pence: int, top_slice_percent: Decimal) -> int:
    """The part of an allocation that the virtual school keeps for the whole authority."""
    return half_up(Fraction(allocation_pence) * Fraction(top_slice_percent) / 100)


def split(amount_pence: int, parts: int = 3) -> tuple[int, ...]:
    """An amount in equal parts that add up exactly; odd pence go to the last: 205600 -> 68533, 68533, 68534."""
    share, odd = divmod(amount_pence, parts)
    return tuple(share + (position >= parts - odd) for position in range(parts))


@lru_cache(maxsize=16_384)
def year_of_request(term: str | None, requested_on: date | None) -> str | None:
    """The financial year that pays for a request: of its term (summer, autumn, spring), else of its date."""
    if term:
        return parse_term(term).financial_year
    return financial_year(requested_on) if requested_on else None


def state_at(status: str, decided_on: date | None, on: date) -> str:
    """The state of a request at a day: before its decision it was `requested`."""
    return status if decided_on is None or decided_on <= on else "requested"


def approved_amount(state: str, amount_pence: int, approved_pence: int | None) -> int:
    """What was approved of a request, 0 in any state but approved and part-approved."""
    if state not in APPROVED_STATES:
        return 0
    return amount_pence if approved_pence is None else approved_pence


def approval_share(approved_pence: int, asked_pence: int) -> Fraction:
    """Approved of asked money among decided requests; 1 when nothing was decided."""
    return Fraction(approved_pence, asked_pence) if asked_pence else Fraction(1)


def decided_lately(decided_on: date | None, end: date) -> bool:
    """Decided within the 365 days up to and with `end`."""
    return decided_on is not None and end - timedelta(days=APPROVAL_WINDOW_DAYS) < decided_on <= end


def forecast(paid: int, recovered: int, committed: int, requested: int, share: Fraction, is_run_left: bool) -> int:
    """Expected payments by 31 March: paid less recovered, committed, and open requests at the approval share.

    With no payment run left in the year, what is not paid stays unpaid: paid less recovered."""
    to_come = committed + requested * share if is_run_left else 0
    return half_up(paid - recovered + to_come)


def remaining(allocation: int, kept: int, paid: int, committed: int, recovered: int) -> int:
    """What nobody has been promised: allocation - retained - paid - committed + recovered."""
    return allocation - kept - paid - committed + recovered


def at_risk(allocation: int, kept: int, expected: int) -> int:
    """What would go back to the department on 31 March; never below 0."""
    return max(0, allocation - kept - expected)


def money(
    allocation: int,
    top_slice_percent: Decimal,
    requested: int,
    approved: int,
    paid: int,
    committed: int,
    recovered: int,
    share: Fraction,
    is_run_left: bool,
    expected_pence: int | None = None,
) -> Money:
    """The year's money from its parts, in pence. is_run_left: whether a payment run of the year is still to come;
    expected_pence: what earlier years let expect by 31 March, None where none is known: then the plain `forecast`."""
    plain = forecast(paid, recovered, committed, requested, share, is_run_left)
    expected = plain if expected_pence is None else expected_pence
    kept = retained(allocation, top_slice_percent)
    return Money(
        allocation_pence=allocation,
        retained_pence=kept,
        requested_pence=requested,
        approved_pence=approved,
        paid_pence=paid,
        committed_pence=committed,
        recovered_pence=recovered,
        remaining_pence=remaining(allocation, kept, paid, committed, recovered),
        forecast_pence=expected,
        at_risk_pence=at_risk(allocation, kept, expected),
    )


def payment_runs(year: str, run_day: int, last_run_day_in_march: int) -> list[date]:
    """The payment runs of a financial year: each month on its run day, in March on the last day that still counts.

    A run on a day off moves to the working day before. Both days are thresholds.
    """
    first = financial_year_of_label(year)[0].year
    months = [(first, month) for month in range(4, 13)] + [(first + 1, 1), (first + 1, 2)]
    days = [date(of, month, run_day) for of, month in months]
    return [*map(last_working_day, days), last_run(year, last_run_day_in_march)]


def last_run(year: str, last_run_day_in_march: int) -> date:
    """The last payment run of a financial year: from it on nothing more leaves the account by 31 March."""
    return last_working_day(date(financial_year_of_label(year)[1].year, 3, last_run_day_in_march))


def runs_left(runs: Iterable[date], on: date) -> list[date]:
    """The payment runs from a day on, that day included."""
    return [run for run in runs if run >= on]


def pounds(pence: int) -> str:
    """`257000` as `£2,570.00`, `-500` as `-£5.00`."""
    whole, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{whole:,}.{rest:02d}"


def short_pounds(pence: int) -> str:
    """For a tile: `£950`, `£2,570`, `£514k`, `£1.56m`; rounded half up, thousands from £10,000, millions from £1m."""
    sign, amount = "-" if pence < 0 else "", Decimal(abs(pence)) / 100
    thousands = _rounded(amount / 1000, "1")
    if thousands >= 1000:
        return f"{sign}£{_rounded(amount / 1_000_000, '0.01')}m"
    if amount >= 10_000:
        return f"{sign}£{thousands}k"
    return f"{sign}£{_rounded(amount, '1'):,}"


def _rounded(amount: Decimal, step: str) -> Decimal:
    return amount.quantize(Decimal(step), ROUND_HALF_UP)

"""What earlier financial years did with requests from the same day on: the history that a forecast rests on.

Pure: no clock. Money in integer pence. A year is seen as it stood on a day of it (its requests made and decided by that
day, its payments made by it) together with what was paid afterwards, by the payment run that it came with."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vs_core.rules.frame import financial_year, financial_year_of_label, same_date_a_year_before
from vs_core.rules.pp_plus import APPROVED_STATES, FUND, OPEN_STATES, approved_amount, payment_runs, state_at

OPEN, AGREED, NEW, RUSH, BACK = "open", "agreed", "new", "rush", "back"
"""What a payment after the day was for: a request then open, one then approved, one made later, of those one made from
February on, and money that schools paid back."""
RUNS = 12
OUTSIDE, NEXT_YEAR = RUNS, RUNS + 1
"""After the twelve runs of a year: paid between the last of them and 31 March; paid by the first run of the next."""
SLOTS = RUNS + 2
RUSH_FROM_MONTH = 2


@dataclass(frozen=True, slots=True)
class Request:
    """status, decided_on: as they are known; paid: days and pence of payments made on it."""

    requested_on: date
    decided_on: date | None
    status: str
    amount_pence: int
    approved_pence: int | None
    paid: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True)
class Year:
    """requests: of one financial year; loose: day and pence of payments on requests that nobody knows; recovered: the
    same of money paid back."""

    requests: list[Request] = field(default_factory=list)
    loose: list[tuple[date, int]] = field(default_factory=list)
    recovered: list[tuple[date, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """A financial year as it stood on a day. open, agreed: requests and pence outstanding on it; paid, recovered: pence
    by it; later: for OPEN, AGREED, NEW, RUSH, BACK the pence that moved after it, by slot (a run each, then OUTSIDE and
    NEXT_YEAR)."""

    open_requests: int
    open_pence: int
    agreed_requests: int
    agreed_pence: int
    paid_pence: int
    recovered_pence: int
    later: Mapping[str, Sequence[int]]

    def in_year(self, what: str) -> int:
        """Pence of one sort that moved after the day and by 31 March."""
        return sum(self.later[what][:NEXT_YEAR])

    @property
    def net_pence(self) -> int:
        return self.paid_pence - self.recovered_pence


@dataclass(frozen=True)
class RunDays:
    """The two limits that say on which days payments leave."""

    run_day: int
    last_in_march: int

    def of_year(self, year: str) -> list[date]:
        return payment_runs(year, self.run_day, self.last_in_march)

    def slot(self, year: str) -> Callable[[date], int | None]:
        """Which slot of a year a day belongs to: the first run on or after it; None after the next year's first."""
        runs, last = self.of_year(year), financial_year_of_label(year)[1]
        following = self.of_year(next_year(year))[0]

        def of(day: date) -> int | None:
            if day > last:
                return NEXT_YEAR if day <= following else None
            return bisect_left(runs, day)

        return of


class Books(dict[str, Year]):
    """Every financial year by its name. How one stood on a day is put together once, so a year in it may not change."""

    def __init__(self, years: Mapping[str, Year] | None = None) -> None:
        super().__init__(years or {})
        self._stood: dict[tuple[str, date, date, RunDays], Seen] = {}

    def seen(self, year: str, asked_to: date, paid_to: date, runs: RunDays) -> Seen:
        """A year as it stood; nothing where it is not known."""
        key = (year, asked_to, paid_to, runs)
        if key not in self._stood:
            self._stood[key] = seen(self.get(year, Year()), year, asked_to, paid_to, runs)
        return self._stood[key]


def next_year(year: str) -> str:
    """The financial year after one: `2027-28` after `2026-27`."""
    return financial_year(financial_year_of_label(year)[1].replace(month=4, day=1))


def year_before(year: str) -> str:
    """The financial year before one."""
    first = financial_year_of_label(year)[0]
    return financial_year(first.replace(month=3))


def years_before(day: date, number: int) -> date:
    """The same date so many years before; of 29 February the 28th where there is none."""
    for _ in range(number):
        day = same_date_a_year_before(day)
    return day


def books(requests: Iterable[Any], payments: Iterable[Any], fund: str = FUND) -> Books:
    """Every financial year of a fund from rows of `queries.pp_forecast`; an empty fund is PP+.

    A payment belongs to the year and fund of its request, one of an unknown request to the year of its own day; its own
    fund, where it names one, has to be the same. Requests without a day are nobody's, their payments count as loose."""
    paid: dict[Any, list[tuple[date, int]]] = {}
    asked = {row.request: row for row in requests}
    years = Books()
    for row in payments:
        place = _place(row, asked.get(row.request), fund)
        if place is None or row.status not in ("paid", "recovered"):
            continue
        entry = (row.paid_on, int(row.amount_pence))
        of = years.setdefault(place, Year())
        if row.status == "recovered":
            of.recovered.append(entry)
        elif row.request in asked and asked[row.request].requested_on is not None:
            paid.setdefault(row.request, []).append(entry)
        else:
            of.loose.append(entry)
    for number, row in asked.items():
        if row.requested_on is not None and (row.fund or FUND) == fund:
            years.setdefault(_year(row), Year()).requests.append(_request(row, paid.get(number, ())))
    return years


def _place(row: Any, request: Any, fund: str) -> str | None:
    if request is None:
        return financial_year(row.paid_on) if (row.fund or FUND) == fund else None
    if (request.fund or FUND) != fund or (row.fund and row.fund != fund):
        return None
    return _year(request) if request.financial_year or request.requested_on else None


def _year(row: Any) -> str:
    return str(row.financial_year or financial_year(row.requested_on))


def _request(row: Any, paid: Iterable[tuple[date, int]]) -> Request:
    approved = None if row.approved_amount_pence is None else int(row.approved_amount_pence)
    amount = int(row.amount_pence or 0)
    return Request(row.requested_on, row.decided_on, str(row.status), amount, approved, tuple(paid))


def paid_in_the_end(of: Year, year: str) -> int:
    """Pence paid less recovered of a financial year by its 31 March."""
    last = financial_year_of_label(year)[1]
    paid = (entry for request in of.requests for entry in request.paid)
    by_then = sum(pence for day, pence in (*paid, *of.loose) if day <= last)
    return by_then - sum(pence for day, pence in of.recovered if day <= last)


def seen(of: Year, year: str, asked_to: date, paid_to: date, runs: RunDays) -> Seen:
    """A year as it stood: requests as they were at the end of `asked_to`, payments at the end of `paid_to`."""
    slot = runs.slot(year)
    later = {what: [0] * SLOTS for what in (OPEN, AGREED, NEW, RUSH, BACK)}
    number, pence = {OPEN: 0, AGREED: 0}, {OPEN: 0, AGREED: 0}
    paid = sum(amount for day, amount in of.loose if day <= paid_to)
    rush_from = financial_year_of_label(year)[1].replace(month=RUSH_FROM_MONTH, day=1)
    _moved(later[NEW], of.loose, paid_to, slot)
    for request in of.requests:
        by_then = sum(amount for day, amount in request.paid if day <= paid_to)
        stage, outstanding = _stands(request, asked_to, by_then)
        paid += by_then
        if outstanding:
            number[stage] += 1
            pence[stage] += outstanding
        if request.paid:
            what = stage if outstanding else NEW
            _moved(later[what], request.paid, paid_to, slot)
            if what == NEW and request.requested_on > asked_to and request.requested_on >= rush_from:
                _moved(later[RUSH], request.paid, paid_to, slot)
    _moved(later[BACK], of.recovered, paid_to, slot)
    recovered = sum(amount for day, amount in of.recovered if day <= paid_to)
    return Seen(number[OPEN], pence[OPEN], number[AGREED], pence[AGREED], paid, recovered, later)


def _stands(request: Request, on: date, paid: int) -> tuple[str, int]:
    """OPEN with what was asked, AGREED with what is approved and not paid; nothing outstanding else."""
    if request.requested_on > on:
        return NEW, 0
    state = state_at(request.status, request.decided_on, on)
    if state in OPEN_STATES:
        return OPEN, request.amount_pence
    if state in APPROVED_STATES:
        return AGREED, max(0, approved_amount(state, request.amount_pence, request.approved_pence) - paid)
    return NEW, 0


def _moved(
    into: list[int], entries: Iterable[tuple[date, int]], after: date, slot: Callable[[date], int | None]
) -> None:
    for day, amount in entries:
        if day > after and (place := slot(day)) is not None:
            into[place] += amount

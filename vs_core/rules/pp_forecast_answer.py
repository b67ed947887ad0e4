"""The forecast to 31 March as it is shown: pence, a band, payment runs, and what earlier years say of each stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median

from vs_core.rules.frame import financial_year_of_label
from vs_core.rules.pp_forecast import (
    NOTHING_CHANGES,
    Changes,
    Known,
    Method,
    Outlook,
    Slots,
    day_of_run,
    history,
    limit_of,
    now,
)
from vs_core.rules.pp_forecast_band import Held, best, ends
from vs_core.rules.pp_forecast_history import OUTSIDE, SLOTS, Request, Seen
from vs_core.rules.pp_plus import APPROVED_STATES, approved_amount, at_risk, half_up, state_at

NOT_DECIDED, NOT_PAID = "requested or queried", "approved, not paid"


@dataclass(frozen=True)
class RunForecast:
    """What is paid, less recovered, by the end of a day from 1 April on: a payment run, or 31 March."""

    on: date
    low_pence: int
    expected_pence: int
    high_pence: int


@dataclass(frozen=True)
class StageShare:
    """state: NOT_DECIDED or NOT_PAID; requests, pence: outstanding now; share: of the pence outstanding on the same day
    of earlier years, the part paid by 31 March (0-1); amount_share: approved of asked, or paid of approved; delay_days:
    calendar days from being asked to the decision, or from the decision to the first payment, in the middle; cases:
    requests outstanding on the same day of earlier years. None where no earlier case is known."""

    state: str
    requests: int
    pence: int
    share: float | None
    amount_share: float | None
    delay_days: int | None
    cases: int


@dataclass(frozen=True)
class Forecast:
    """expected, low, high: pence paid less recovered by 31 March; at_risk_pence: of the allocation less what is
    retained what would go back, None without a notice; at_risk_low/high: the same at the band's ends; by_run:
    cumulative; arrivals_pence: of what is expected that on requests not made yet; outside_runs_pence: that which
    earlier years paid between the last run and 31 March; years_of_history: that it rests on; held: how often the band
    held; note: a sentence where the plain method had to do."""

    method: Method
    expected_pence: int
    low_pence: int
    high_pence: int
    at_risk_pence: int | None
    at_risk_low_pence: int | None
    at_risk_high_pence: int | None
    by_run: tuple[RunForecast, ...]
    stages: tuple[StageShare, ...]
    arrivals_pence: int
    outside_runs_pence: int
    years_of_history: tuple[str, ...]
    held: Held
    note: str


PLAIN_NOTE = (
    "No earlier financial year is known whole from this day of the year on: this is what is paid and agreed and the "
    "usual share of what is asked for, and nothing that has not been asked for yet."
)


def forecast(known: Known, changes: Changes = NOTHING_CHANGES) -> Forecast:
    """The forecast of a year from a day of it. Raises ValueError, with a plain sentence, for a run that can't move."""
    past = history(known)
    of, held = best(known, changes)
    limit = limit_of(known, changes)
    runs = tuple(_runs(known, of, changes, held, limit))
    low, expected, high = _band(of, sum(of.by_slot(), Fraction(0)), held, limit)
    return Forecast(
        of.method,
        expected,
        low,
        high,
        _risk(limit, expected),
        _risk(limit, high),
        _risk(limit, low),
        runs,
        tuple(_stages(known, [seen for _, seen in past], of)),
        half_up(sum(of.new)),
        half_up(of.by_slot()[OUTSIDE]),
        of.years,
        held,
        PLAIN_NOTE if of.method == "plain" else "",
    )


def _risk(limit: int | None, pence: int) -> int | None:
    return None if limit is None else at_risk(limit, 0, pence)


def _band(of: Outlook, to_come: Fraction, held: Held, limit: int | None) -> tuple[int, int, int]:
    """Low, expected, high. Without history: from what is paid to all that may be given out, or all asked for."""
    base = of.base_pence
    expected = half_up(base + to_come)
    if of.method == "plain":
        total = half_up(base + sum(of.by_slot()))
        room = max(limit if limit is not None else total, total) if total > base else base
        return base, expected, max(expected, room)
    low, high = ends(of, held.width, limit, base, to_come)
    return low, expected, high


def _runs(known: Known, of: Outlook, changes: Changes, held: Held, limit: int | None) -> Iterator[RunForecast]:
    first, last = known.first_left(), financial_year_of_label(known.year)[1]
    days = sorted((day_of_run(known, slot, changes), slot) for slot in range(first, SLOTS))
    slots, so_far = of.by_slot(), Fraction(0)
    for place, (day, slot) in enumerate(days):
        so_far += slots[slot]
        is_last_of_day = place + 1 == len(days) or days[place + 1][0] != day
        if day <= last and is_last_of_day and day > known.end:
            yield RunForecast(day, *_band(of, so_far, held, limit))


def _stages(known: Known, past: Sequence[Seen], of: Outlook) -> Iterator[StageShare]:
    own, asked = now(known), _all(known)
    decided = [each for each in asked if each.decided_on is not None and each.decided_on <= known.end]
    approved = [each for each in decided if _approved(each, known.end)]
    until = [(each.decided_on - each.requested_on).days for each in decided if each.decided_on]
    paid = [
        (min(day for day, _ in each.paid) - each.decided_on).days for each in approved if each.paid and each.decided_on
    ]
    asked_pence = sum(each.amount_pence for each in decided)
    approved_pence = sum(_approved(each, known.end) for each in approved)
    earlier = [each for each in approved if _is_of(known, past, each)]
    yield StageShare(
        NOT_DECIDED,
        own.open_requests,
        own.open_pence,
        _share(of.open, own.open_pence),
        approved_pence / asked_pence if asked_pence else None,
        _middle(until),
        sum(each.open_requests for each in past),
    )
    settled = sum(_approved(each, known.end) for each in earlier)
    went = sum(min(_approved(each, known.end), sum(pence for _, pence in each.paid)) for each in earlier)
    yield StageShare(
        NOT_PAID,
        own.agreed_requests,
        own.agreed_pence,
        _share(of.agreed, own.agreed_pence),
        went / settled if settled else None,
        _middle(paid),
        sum(each.agreed_requests for each in past),
    )


def _all(known: Known) -> list[Request]:
    return [each for of in known.years.values() for each in of.requests if each.requested_on <= known.end]


def _is_of(known: Known, past: Sequence[Seen], each: Request) -> bool:
    """Decided before the year began: there was time to pay it."""
    return bool(past) and each.decided_on is not None and each.decided_on < financial_year_of_label(known.year)[0]


def _approved(each: Request, on: date) -> int:
    state = state_at(each.status, each.decided_on, on)
    return approved_amount(state, each.amount_pence, each.approved_pence) if state in APPROVED_STATES else 0


def _share(slots: Slots, outstanding: int) -> float | None:
    return float(sum(slots) / outstanding) if outstanding else None


def _middle(days: list[int]) -> int | None:
    return round(median(days)) if days else None

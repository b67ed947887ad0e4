"""Pupil Premium Plus: what will be paid by 31 March, how sure that is, and what would change it.

**Stages.** Each earlier financial year that is known whole from the same day on says, for requests that were open then
and for what was approved and not paid, which share of the pence was paid by 31 March and with which payment run; how
much was paid on requests made later; how much came back. Years are pooled; what is not yet asked for is scaled by the
allocation and never more than the allocation less what is retained leaves. **As last year**: the same, but what is not
yet asked for is what the year lacks to end as the one before did, scaled by the allocation. Which of the two is used is
tried first (`pp_forecast_band.best`). **Plain**, where no such year is known: paid less recovered, committed, and open
requests at the share approved in the last 365 days.

Nothing here knows a clock. Money in integer pence, half up only at the end. Source: local, measured by the back-test
(`bench --forecast`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from vs_core.rules.frame import financial_year, financial_year_of_label
from vs_core.rules.pp_forecast_history import (
    AGREED,
    BACK,
    NEW,
    NEXT_YEAR,
    OPEN,
    OUTSIDE,
    RUNS,
    RUSH,
    SLOTS,
    Books,
    RunDays,
    Seen,
    next_year,
    paid_in_the_end,
    year_before,
    years_before,
)
from vs_core.rules.pp_plus import half_up, retained

YEARS_OF_HISTORY = 3
Method = Literal["stages", "last year", "plain"]
Slots = tuple[Fraction, ...]


@dataclass(frozen=True)
class Changes:
    """What if: every open request is approved; a run is brought forward to an earlier day; the retained part is given
    out as well; a late rush as last year's comes on top of what is expected."""

    approve_all: bool = False
    run_brought_forward: date | None = None
    run_to: date | None = None
    release_retained: bool = False
    late_rush: bool = False


NOTHING_CHANGES = Changes()


@dataclass(frozen=True)
class Known:
    """What a forecast rests on.

    year, end: the financial year and the day from which it is forecast; years: the books of every year; asked_to,
    paid_to: the last days up to which requests and payments are known, not after `end`; allocations: pence by year,
    where a notice had come; top_slice_percent: what is retained of them; open_share: of what was asked for in requests
    decided in the last 365 days, the part approved."""

    year: str
    end: date
    years: Books
    asked_to: date
    paid_to: date
    runs: RunDays
    allocations: dict[str, int]
    top_slice_percent: Decimal
    open_share: Fraction

    def seen(self, year: str, asked_to: date, paid_to: date) -> Seen:
        return self.years.seen(year, asked_to, paid_to, self.runs)

    @property
    def limit_pence(self) -> int | None:
        allocation = self.allocations.get(self.year)
        return None if allocation is None else allocation - retained(allocation, self.top_slice_percent)

    def run_days(self) -> list[date]:
        return self.runs.of_year(self.year)

    def first_left(self) -> int:
        """The slot of the first run after the day; OUTSIDE where none is left."""
        return next((number for number, run in enumerate(self.run_days()) if run > self.end), OUTSIDE)


@dataclass(frozen=True)
class Outlook:
    """What is to come after the day, by slot, exact. base_pence: paid less recovered; back: money that comes back."""

    method: Method
    base_pence: int
    open: Slots
    agreed: Slots
    new: Slots
    back: Slots
    years: tuple[str, ...]

    def by_slot(self) -> Slots:
        parts = zip(self.open, self.agreed, self.new, self.back, strict=True)
        return tuple(opened + agreed + new - back for opened, agreed, new, back in parts)

    @property
    def expected(self) -> Fraction:
        """Pence paid less recovered by 31 March, exact."""
        return sum(self.by_slot(), Fraction(self.base_pence))

    @property
    def expected_pence(self) -> int:
        return half_up(self.expected)


def now(known: Known) -> Seen:
    """The year itself on the day."""
    return known.seen(known.year, known.end, known.end)


def first_day(known: Known) -> date:
    """The day of the first request that is known of any year."""
    return min((each.requested_on for year in known.years.values() for each in year.requests), default=date.max)


def history(known: Known) -> list[tuple[str, Seen]]:
    """Earlier years, the latest first, each as it stood on the day up to which we know this one: those of which
    requests are known from before that day and payments up to their own 31 March."""
    since, found, year = first_day(known), [], known.year
    for number in range(1, YEARS_OF_HISTORY + 1):
        year = year_before(year)
        asked_to, paid_to = years_before(known.asked_to, number), years_before(known.paid_to, number)
        is_whole = since <= asked_to and financial_year_of_label(year)[1] <= known.paid_to
        if is_whole and year in known.years:
            found.append((year, known.seen(year, asked_to, paid_to)))
    return found


def outlook(
    known: Known, changes: Changes = NOTHING_CHANGES, past: Sequence[tuple[str, Seen]] | None = None
) -> Outlook:
    """What is to come by slot. past: `history(known)` where it is at hand. Raises ValueError as `day_of_run` does."""
    own, before = now(known), history(known) if past is None else past
    last = NEXT_YEAR if _moves_next_year(known, changes) else OUTSIDE
    if known.end >= financial_year_of_label(known.year)[1]:
        nothing = _nothing()
        return Outlook("stages" if before else "plain", own.net_pence, *(nothing,) * 4, tuple(y for y, _ in before))
    if not before:
        return _plain(known, own, changes, last)
    return _stages(known, own, before, changes, last)


def as_last_year(known: Known, changes: Changes, of: Outlook, lacking: Fraction) -> Outlook:
    """An outlook in which so many pence more (or less) are still to be asked for: never less than nothing, never more
    than is left; the same outlook where nothing is to come. lacking: what last year paid in the end, less what `stages`
    expects without changes."""
    total = sum(of.new, Fraction(0))
    if not total:
        return of
    new = tuple(slot * max(Fraction(0), total + lacking) / total for slot in of.new)
    room = _room(known, changes, of.expected - total)
    return replace(of, method="last year", new=_capped(new, room))


def last_years(known: Known, past: Sequence[tuple[str, Seen]]) -> Fraction | None:
    """Pence that the year before had paid in the end, as if its allocation had been this year's; None where it is not
    known whole from its 1 April on."""
    before = year_before(known.year)
    if not past or past[0][0] != before or first_day(known) > financial_year_of_label(before)[0]:
        return None
    return paid_in_the_end(known.years[before], before) * _scale(known, before)


def _plain(known: Known, own: Seen, changes: Changes, last: int) -> Outlook:
    """Committed with the next run, open requests with the last that is left; nothing where no run is."""
    agreed, opened, nothing = [Fraction(0)] * SLOTS, [Fraction(0)] * SLOTS, _nothing()
    if own_runs := [*range(known.first_left(), RUNS), *([NEXT_YEAR] if last == NEXT_YEAR else [])]:
        agreed[own_runs[0]] = Fraction(own.agreed_pence)
        opened[own_runs[-1]] = own.open_pence * (Fraction(1) if changes.approve_all else known.open_share)
    return Outlook("plain", own.net_pence, tuple(opened), tuple(agreed), nothing, nothing, ())


def _stages(known: Known, own: Seen, before: Sequence[tuple[str, Seen]], changes: Changes, last: int) -> Outlook:
    first, years = known.first_left(), [of for _, of in before]
    outstanding = {OPEN: sum(of.open_pence for of in years), AGREED: sum(of.agreed_pence for of in years)}
    fallback = {OPEN: known.open_share, AGREED: Fraction(1)}
    shares = {
        stage: _folded(_pooled(years, stage, total), first, last) if total else _at_once(fallback[stage], first)
        for stage, total in outstanding.items()
    }
    if changes.approve_all and sum(shares[AGREED]) > sum(shares[OPEN]):
        shares[OPEN] = shares[AGREED]
    opened = tuple(own.open_pence * share for share in shares[OPEN])
    agreed = tuple(own.agreed_pence * share for share in shares[AGREED])
    new = _folded(_scaled(known, before, NEW), first, last)
    back = _folded(_scaled(known, before, BACK), first, OUTSIDE)
    if changes.late_rush:
        rush = _folded(_scaled(known, before[:1], RUSH), first, last)
        new = tuple(usual + more for usual, more in zip(new, rush, strict=True))
    room = _room(known, changes, own.net_pence + sum(opened) + sum(agreed) - sum(back))
    return Outlook("stages", own.net_pence, opened, agreed, _capped(new, room), back, tuple(year for year, _ in before))


def _pooled(years: Sequence[Seen], stage: str, outstanding: int) -> Slots:
    return tuple(Fraction(sum(of.later[stage][slot] for of in years), outstanding) for slot in range(SLOTS))


def _scaled(known: Known, before: Sequence[tuple[str, Seen]], what: str) -> Slots:
    """The mean of earlier years, each as if its allocation had been this year's."""
    return tuple(
        sum((of.later[what][slot] * _scale(known, year) for year, of in before), Fraction(0)) / len(before)
        for slot in range(SLOTS)
    )


def _scale(known: Known, year: str) -> Fraction:
    this, then = known.allocations.get(known.year), known.allocations.get(year)
    return Fraction(this, then) if this and then else Fraction(1)


def _folded(slots: Slots, first: int, last: int) -> Slots:
    """Slots whose run has passed go to the first that is left; those after the last one are nothing."""
    at_first = sum(slots[: first + 1], Fraction(0))
    rest = (slot if first < number <= last else Fraction(0) for number, slot in enumerate(slots))
    return tuple(at_first if number == first else slot for number, slot in enumerate(rest))


def _at_once(share: Fraction, first: int) -> Slots:
    """All of it with the first run that is left; nothing where none is."""
    return tuple(share if number == first < OUTSIDE else Fraction(0) for number in range(SLOTS))


def _room(known: Known, changes: Changes, spoken_for: Fraction | int) -> Fraction | None:
    limit = limit_of(known, changes)
    return None if limit is None else max(Fraction(0), Fraction(limit) - spoken_for)


def _capped(slots: Slots, room: Fraction | None) -> Slots:
    total = sum(slots)
    if room is None or total <= room:
        return slots
    return tuple(slot * room / total for slot in slots)


def _nothing() -> Slots:
    return (Fraction(0),) * SLOTS


def limit_of(known: Known, changes: Changes = NOTHING_CHANGES) -> int | None:
    """What may be given out: the allocation less what is retained, all of it where that is released; None unknown."""
    if changes.release_retained:
        return known.allocations.get(known.year)
    return known.limit_pence


def day_of_run(known: Known, slot: int, changes: Changes = NOTHING_CHANGES) -> date:
    """The day on which a slot is paid. Raises ValueError, with a plain sentence, for a run that can't be moved so."""
    first, last = financial_year_of_label(known.year)
    if slot == OUTSIDE:
        return last
    usual = known.runs.of_year(next_year(known.year))[0] if slot == NEXT_YEAR else known.run_days()[slot]
    if changes.run_brought_forward != usual:
        return usual
    if changes.run_to is None:
        raise ValueError("Say to which day the run is brought forward.")
    if not max(first, known.end) <= changes.run_to < usual or changes.run_to > last:
        raise ValueError("A run can only be brought forward: to a day before its own, not past, within the year.")
    return changes.run_to


def check(known: Known, changes: Changes) -> None:
    """Raises ValueError where a run that is to be brought forward is none that is left, or its new day can't be."""
    if changes.run_brought_forward is None:
        return
    left = [*range(known.first_left(), RUNS), NEXT_YEAR]
    plain = {day_of_run(known, slot): slot for slot in left}
    if changes.run_brought_forward not in plain:
        raise ValueError("No payment run is left on that day.")
    day_of_run(known, plain[changes.run_brought_forward], changes)


def _moves_next_year(known: Known, changes: Changes) -> bool:
    check(known, changes)
    if changes.run_brought_forward is None:
        return False
    return financial_year(changes.run_brought_forward) != known.year

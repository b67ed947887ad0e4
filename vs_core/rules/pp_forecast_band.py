"""How far the forecast to 31 March may be off: a band from how far it would have been off in earlier years.

An earlier year is forecast from the first day of each of its months with nothing but what the dates of that time tell,
and held against what was paid by its 31 March. The widest miss, as a share of what was then still to come, is the half
width of the band; because few years have been tried it is widened by one part in as many as there are years: doubled
after one, half as much again after two. Where none can be tried the band is USUAL_WIDTH, an assumption and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from vs_core.rules.frame import financial_year_of_label
from vs_core.rules.pp_forecast import YEARS_OF_HISTORY, Known, Outlook, history, outlook
from vs_core.rules.pp_forecast_history import Year, year_before
from vs_core.rules.pp_plus import half_up

USUAL_WIDTH = Fraction(1, 4)
WIDEST = Fraction(1)


@dataclass(frozen=True)
class Held:
    """How often the band of earlier years held what was paid in the end. width: half of the band, as a share of what is
    to come; years: those tried."""

    held: int
    cases: int
    years: tuple[str, ...]
    width: Fraction


@dataclass(frozen=True)
class _Try:
    year: str
    to_come: Fraction
    missed: Fraction


def paid_in_the_end(of: Year, year: str) -> int:
    """Pence paid less recovered of a financial year by its 31 March."""
    last = financial_year_of_label(year)[1]
    paid = (entry for request in of.requests for entry in request.paid)
    by_then = sum(pence for day, pence in (*paid, *of.loose) if day <= last)
    return by_then - sum(pence for day, pence in of.recovered if day <= last)


def calibrated(known: Known) -> Held:
    """The band for a day, from the earlier years known by it, and how often such bands held (each made of the years
    before the one it is held against)."""
    tries = list(_tries(known))
    years = tuple(dict.fromkeys(each.year for each in tries))
    held = 0
    for each in tries:
        width = _width([other for other in tries if other.year < each.year])
        held += abs(each.missed) <= width * abs(each.to_come)
    return Held(held, len(tries), years, _width(tries))


def ends(of: Outlook, width: Fraction, limit: int | None, base: int, cumulative: Fraction) -> tuple[int, int]:
    """The band around so many pence to come after `base`; above, no more than the limit unless more is expected."""
    expected = half_up(base + cumulative)
    low, high = sorted((half_up(base + cumulative * (1 - width)), half_up(base + cumulative * (1 + width))))
    if limit is not None:
        high = min(high, max(limit, expected))
    return min(low, expected), max(high, expected)


def _width(tries: list[_Try]) -> Fraction:
    shares = [abs(each.missed / each.to_come) for each in tries if each.to_come]
    if not shares:
        return USUAL_WIDTH
    years = len({each.year for each in tries})
    return min(WIDEST, max(shares) * (1 + Fraction(1, years)))


def _tries(known: Known) -> Iterator[_Try]:
    """The latest year first; a year of which no earlier one is known for that month is not tried in it."""
    year = known.year
    asked_late, paid_late = known.end - known.asked_to, known.end - known.paid_to
    for _ in range(YEARS_OF_HISTORY):
        year = year_before(year)
        if year not in known.years or financial_year_of_label(year)[1] > known.paid_to:
            continue
        own = known.years[year]
        for day in _firsts_of_months(year):
            then = replace(known, year=year, end=day, asked_to=day - asked_late, paid_to=day - paid_late)
            if past := history(then):
                tried = outlook(then, past=past)
                to_come = sum(tried.by_slot(), Fraction(0))
                yield _Try(year, to_come, paid_in_the_end(own, year) - tried.base_pence - to_come)


def _firsts_of_months(year: str) -> list[date]:
    first = financial_year_of_label(year)[0].year
    return [date(first, month, 1) for month in range(4, 13)] + [date(first + 1, month, 1) for month in (1, 2, 3)]

"""Which forecast to 31 March is used, and how far it may be off: both from how earlier years would have been forecast.

An earlier year is forecast from the first day of each of its months with nothing but what the dates of that time tell,
and held against what was paid by its 31 March. Of `stages` and `last year` the one is used that missed less in the mean
on the days that both could do; `stages` where they are equal or none could be tried.

The widest miss of the one that is used, as a share of what was then still to come, is the half width of the band;
because few years have been tried it is widened by one part in as many as there are years: doubled after one, half as
much again after two. Where none can be tried the band is USUAL_WIDTH, an assumption and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from vs_core.rules.frame import financial_year_of_label
from vs_core.rules.pp_forecast import (
    NOTHING_CHANGES,
    YEARS_OF_HISTORY,
    Changes,
    Known,
    Method,
    Outlook,
    as_last_year,
    history,
    last_years,
    outlook,
)
from vs_core.rules.pp_forecast_history import Seen, paid_in_the_end, year_before
from vs_core.rules.pp_plus import half_up

USUAL_WIDTH = Fraction(1, 4)
WIDEST = Fraction(1)
STAGES: Method = "stages"
LAST_YEAR: Method = "last year"
TRIED = (STAGES, LAST_YEAR)


@dataclass(frozen=True)
class Held:
    """The method that missed least, and how often the band of earlier years held what was paid in the end by it. width:
    half of the band, as a share of what is to come; years: those tried; both: the days that both methods could do;
    missed: by method the mean miss on these, in pence."""

    held: int
    cases: int
    years: tuple[str, ...]
    width: Fraction
    method: Method = "stages"
    both: int = 0
    missed: tuple[tuple[Method, int], ...] = ()


@dataclass(frozen=True)
class _Miss:
    year: str
    to_come: Fraction
    missed: Fraction


_Try = Mapping[Method, _Miss]
"""A day of an earlier year, by each method that could say."""


def best(known: Known, changes: Changes = NOTHING_CHANGES) -> tuple[Outlook, Held]:
    """The outlook by the method that missed least in earlier years, and how that was tried. Raises ValueError as
    `pp_forecast.day_of_run` does."""
    past, held = history(known), calibrated(known)
    of, last = outlook(known, changes, past), last_years(known, past)
    if held.method != LAST_YEAR or last is None:
        return of, held
    usual = of if changes == NOTHING_CHANGES else outlook(known, past=past)
    return as_last_year(known, changes, of, last - usual.expected), held


def calibrated(known: Known) -> Held:
    """The method and its band for a day, from the earlier years known by it, and how often such bands held (each made
    of the years before the one it is held against)."""
    tries = list(_tries(known))
    both = [each for each in tries if len(each) == len(TRIED)]
    missed = {method: Fraction(sum(abs(each[method].missed) for each in both), len(both)) for method in TRIED if both}
    method = min(missed, key=lambda each: missed[each], default=STAGES)
    own = [each[method] for each in tries if method in each]
    held = 0
    for each in own:
        width = _width([other for other in own if other.year < each.year])
        held += abs(each.missed) <= width * abs(each.to_come)
    years = tuple(dict.fromkeys(each.year for each in own))
    said = tuple((each, half_up(pence)) for each, pence in missed.items())
    return Held(held, len(own), years, _width(own), method, len(both), said)


def ends(of: Outlook, width: Fraction, limit: int | None, base: int, cumulative: Fraction) -> tuple[int, int]:
    """The band around so many pence to come after `base`; above, no more than the limit unless more is expected."""
    expected = half_up(base + cumulative)
    low, high = sorted((half_up(base + cumulative * (1 - width)), half_up(base + cumulative * (1 + width))))
    if limit is not None:
        high = min(high, max(limit, expected))
    return min(low, expected), max(high, expected)


def _width(tries: list[_Miss]) -> Fraction:
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
                truth = paid_in_the_end(own, year)
                yield {
                    each.method: _Miss(year, each.expected - each.base_pence, truth - each.expected)
                    for each in _by_each(then, past)
                }


def _by_each(then: Known, past: Sequence[tuple[str, Seen]]) -> Iterator[Outlook]:
    of, last = outlook(then, past=past), last_years(then, past)
    yield of
    if last is not None:
        yield replace(as_last_year(then, NOTHING_CHANGES, of, last - of.expected), method=LAST_YEAR)


def _firsts_of_months(year: str) -> list[date]:
    first = financial_year_of_label(year)[0].year
    return [date(first, month, 1) for month in range(4, 13)] + [date(first + 1, month, 1) for month in (1, 2, 3)]

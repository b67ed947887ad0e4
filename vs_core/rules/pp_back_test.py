"""The forecast to 31 March held against what was paid in the end, beside plain methods, on days of finished years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from vs_core.rules.frame import financial_year_of_label
from vs_core.rules.pp_forecast import Known, history, last_years, now, outlook
from vs_core.rules.pp_forecast_answer import Forecast
from vs_core.rules.pp_forecast_history import Seen, paid_in_the_end
from vs_core.rules.pp_plus import half_up

STAGES = "by stages"
AGREED_ONLY, LINE, SAME = "paid and agreed", "straight line", "as last year"
METHODS = (STAGES, AGREED_ONLY, LINE, SAME)
USED = {"stages": STAGES, "last year": SAME, "plain": AGREED_ONLY}
METHOD_SAYS = {
    STAGES: "each stage as earlier years did from the same day on",
    AGREED_ONLY: "paid, committed, and open requests at the share approved in the last 365 days",
    LINE: "paid so far, as a share of what last year had paid by the same day",
    SAME: "what last year paid, scaled by the allocation",
}


@dataclass(frozen=True)
class Case:
    """One day of a finished year, with nothing but what was known on it. used: the method that the forecast chose on
    that day; used_pence: what it said; pence: by method, only those that could say; is_held: whether the band round the
    forecast held what was paid in the end; band_pence: from its low end to its high one; has_history: whether an
    earlier year was known."""

    year: str
    on: date
    used: str
    used_pence: int
    pence: dict[str, int]
    is_held: bool
    band_pence: int
    truth_pence: int
    allocation_pence: int
    has_history: bool


def first_mondays(year: str) -> list[date]:
    """The first Monday of each month of a financial year."""
    first = financial_year_of_label(year)[0].year
    firsts = [date(first, month, 1) for month in range(4, 13)] + [date(first + 1, month, 1) for month in (1, 2, 3)]
    return [day + timedelta(days=-day.weekday() % 7) for day in firsts]


def case(known: Known, of: Forecast, plain_pence: int, truth_pence: int, allocation_pence: int) -> Case:
    """One day's forecasts. plain_pence: by AGREED_ONLY; allocation_pence: of the year, in the end."""
    past = history(known)
    pence = {AGREED_ONLY: plain_pence}
    if past:
        pence |= {STAGES: outlook(known, past=past).expected_pence} | _by_last_year(known, past)
    is_held, band = of.low_pence <= truth_pence <= of.high_pence, of.high_pence - of.low_pence
    used = USED[of.method]
    return Case(
        known.year, known.end, used, of.expected_pence, pence, is_held, band, truth_pence, allocation_pence, bool(past)
    )


def _by_last_year(known: Known, past: Sequence[tuple[str, Seen]]) -> dict[str, int]:
    """What plain methods make of last year, where it is known whole from its 1 April on."""
    whole = last_years(known, past)
    if whole is None:
        return {}
    year, of = past[0]
    found = {SAME: half_up(whole)}
    if of.net_pence > 0:
        found[LINE] = half_up(Fraction(now(known).net_pence * paid_in_the_end(known.years[year], year), of.net_pence))
    return found


def table(cases: Sequence[Case]) -> Iterator[str]:
    """Lines of Markdown: for each month and in all the mean miss of each method in pounds, in percent of the allocation
    and its direction, and how often the band held. Days on which an earlier year was known whole from that day on."""
    tried = [each for each in cases if each.has_history]
    yield f"| first Monday of | days | {' | '.join(METHODS)} | band held |"
    yield f"|---|---:|{'---:|' * len(METHODS)}---:|"
    for month in dict.fromkeys(f"{each.on:%B}" for each in sorted(tried, key=lambda each: (each.on.month - 4) % 12)):
        yield _row(month, [each for each in tried if f"{each.on:%B}" == month])
    if tried:
        yield _row("all these days", tried)
    if shared := [each for each in tried if len(each.pence) == len(METHODS)]:
        yield _row("days that all four can do", shared)
    yield ""
    yield from _said(cases, tried)


def _row(name: str, cases: list[Case]) -> str:
    cells = [_cell([each for each in cases if method in each.pence], method, len(cases)) for method in METHODS]
    held = f"{sum(each.is_held for each in cases)} of {len(cases)}"
    return f"| {name} | {len(cases)} | {' | '.join(cells)} | {held} |"


def _cell(cases: list[Case], method: str, days: int) -> str:
    """`£38,884, 1.7% (+£27,823)`, with the number of days where they are fewer."""
    if not cases:
        return ""
    misses = [each.pence[method] - each.truth_pence for each in cases]
    shares = [Fraction(abs(miss), each.allocation_pence) for miss, each in zip(misses, cases, strict=True)]
    mean, bias = Fraction(sum(map(abs, misses)), len(cases)), Fraction(sum(misses), len(cases))
    percent = half_up(Fraction(sum(shares) * 1000, len(shares))) / 10
    fewer = f" on {len(cases)}" if len(cases) < days else ""
    return f"£{_pounds(mean)}, {percent:.1f}% ({'-' if bias < 0 else '+'}£{_pounds(abs(bias))}){fewer}"


def _said(cases: Sequence[Case], tried: Sequence[Case]) -> Iterator[str]:
    yield "A cell: the mean miss, the same in percent of the allocation, and in brackets too high (+) or too low (-)."
    yield ""
    for method in METHODS:
        yield f"- {method}: {METHOD_SAYS[method]}."
    if tried:
        years = ", ".join(sorted({each.year for each in tried}))
        yield f"- Tried on {len(tried)} days of {years}. Least missed: {best(tried)}."
        missed = Fraction(sum(abs(each.used_pence - each.truth_pence) for each in tried), len(tried))
        by = dict.fromkeys(each.used for each in tried)
        used = " and ".join(f"{method} on {sum(each.used == method for each in tried)} of them" for method in by)
        yield f"- The forecast as it was shown was made {used}; it missed by £{_pounds(missed)} in the mean."
        half = Fraction(sum(each.band_pence for each in tried), 2 * len(tried))
        yield f"- The band, made of nothing later than the day, is £{_pounds(half)} to either side in the mean."
    else:
        yield "- No day of a finished year could be tried by stages."
    if others := [each for each in cases if not each.has_history]:
        missed = Fraction(sum(abs(each.pence[AGREED_ONLY] - each.truth_pence) for each in others), len(others))
        years = ", ".join(sorted({each.year for each in others}))
        held = f"held on {sum(each.is_held for each in others)}"
        yield (
            f"- On {len(others)} other days, of {years}, no earlier year was known whole from that day: the forecast "
            f"was {AGREED_ONLY}, said so, and missed by £{_pounds(missed)} in the mean. Its band, from what is paid to "
            f"all that may be given out, {held}."
        )


def best(tried: Sequence[Case]) -> str:
    """The method that misses least in the mean; one is held against STAGES on the days that it can do."""

    def beaten_by(method: str) -> Fraction:
        own = [each for each in tried if method in each.pence]
        more = (abs(each.pence[method] - each.truth_pence) - abs(each.pence[STAGES] - each.truth_pence) for each in own)
        return Fraction(sum(more), len(own)) if own else Fraction(0)

    return min(METHODS, key=beaten_by)


def _pounds(pence: Fraction) -> str:
    return f"{half_up(pence / 100):,}"

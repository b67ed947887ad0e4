"""What will be paid by 31 March as whole earlier years did from the same day on, or as the last one did in the end
where that would have missed less; None where no such year is known."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .deliveries import Row, day
from .percent import half_up, pence
from .setting import Setting
from .years import financial_year_name, financial_year_of_term, financial_year_start


@dataclass
class Asked:
    year: str
    on: date
    decided_on: date | None
    status: str
    pounds: int
    approved: int
    paid: list[tuple[date, int]]

    def waits(self, on: date, paid_to: date) -> tuple[str, int]:
        """What it waits for at the end of a day, and how much of it."""
        if self.on > on:
            return "", 0
        if self.status in ("requested", "queried") or (self.decided_on is not None and self.decided_on > on):
            return "decision", self.pounds
        if self.status in ("approved", "part-approved"):
            return "payment", max(0, self.approved - sum(amount for when, amount in self.paid if when <= paid_to))
        return "", 0


@dataclass
class Books:
    """Everything that is known: requests, payments of none of them and what was recovered by year, notices by year, how
    much of one is kept, and the share approved of late."""

    asked: list[Asked]
    loose: dict[str, list[tuple[date, int]]]
    recovered: dict[str, list[tuple[date, int]]]
    allocations: dict[str, int]
    kept: Callable[[int], int]
    share_approved: Fraction

    def in_the_end(self, year: str) -> int:
        """Paid less recovered of a year by its 31 March."""
        entries = [*self.loose.get(year, []), *(each for one in self.asked if one.year == year for each in one.paid)]
        last = _last_day(year)
        return _between(entries, date.min, last) - _between(self.recovered.get(year, []), date.min, last)

    def scale(self, year: str, then: str) -> Fraction:
        both = self.allocations.get(year), self.allocations.get(then)
        return Fraction(both[0], both[1]) if both[0] and both[1] else Fraction(1)


@dataclass
class Day:
    """A day of a year, up to which requests and payments are known."""

    end: date
    asked_to: date
    paid_to: date

    @property
    def year(self) -> str:
        return financial_year_name(self.end)

    def years(self, of: Books) -> list[tuple[int, str]]:
        return _whole_years(of.asked, of.loose, of.recovered, self.year, self.asked_to, self.paid_to)


def expected(
    s: Setting, share_approved: Fraction, is_run_left: bool, allocations: dict[str, int], kept: Callable[[int], int]
) -> int | None:
    """Pence paid less recovered by 31 March. allocations: by financial year, those that had come; kept: of one."""
    of = Books(*_everything(s), allocations, kept, share_approved)
    day = Day(s.end, *(min(s.end, s.known.latest[kind]) for kind in ("pp-requests", "pp-payments")))
    if not of.asked or not day.years(of):
        return None
    by_stages, as_last_year = _said(of, day, is_run_left)
    return half_up(as_last_year if as_last_year is not None and _last_year_missed_less(of, day) else by_stages)


def _last_year_missed_less(of: Books, day: Day) -> bool:
    """On the first of each month of the three years before that are over, as far as both could say."""
    by_stages = as_last_year = Fraction(0)
    asked_late, paid_late = day.end - day.asked_to, day.end - day.paid_to
    for number in (1, 2, 3):
        first = int(day.year[:4]) - number
        year = financial_year_name(date(first, 4, 1))
        has_rows = year in of.loose or year in of.recovered or any(one.year == year for one in of.asked)
        if not has_rows or _last_day(year) > day.paid_to:
            continue
        for month in range(1, 13):
            on = date(first + (month < 4), month, 1)
            then = Day(on, on - asked_late, on - paid_late)
            if then.years(of):
                one, other = _said(of, then, is_run_left=True)
                if other is not None:
                    by_stages += abs(one - of.in_the_end(year))
                    as_last_year += abs(other - of.in_the_end(year))
    return as_last_year < by_stages


def _said(of: Books, day: Day, is_run_left: bool) -> tuple[Fraction, Fraction | None]:
    """By stages, and as last year (None: not known whole from its 1 April)."""
    year, years = day.year, day.years(of)
    own = [one for one in of.asked if one.year == year]
    base = _between([*of.loose.get(year, []), *(each for one in own for each in one.paid)], date.min, day.end)
    base -= _between(of.recovered.get(year, []), date.min, day.end)
    if day.end >= _last_day(year):
        return Fraction(base), Fraction(base)
    waiting = Fraction(base)
    for what, otherwise in (("decision", of.share_approved), ("payment", Fraction(1))):
        waits = sum(one.waits(day.end, day.end)[1] for one in own if one.waits(day.end, day.end)[0] == what)
        usual = otherwise if is_run_left else Fraction(0)
        waiting += waits * _share(of.asked, years, what, day.asked_to, day.paid_to, usual)
    new = back = Fraction(0)
    for number, then in years:
        scale = of.scale(year, then)
        on, until, end = _earlier(day.asked_to, number), _earlier(day.paid_to, number), _last_day(then)
        entries = list(of.loose.get(then, []))
        for one in of.asked:
            if one.year == then and one.waits(on, until)[1] == 0:
                entries += one.paid
        new += _between(entries, until, end) * scale / len(years)
        back += _between(of.recovered.get(then, []), until, end) * scale / len(years)

    def within(more: Fraction) -> Fraction:
        if year not in of.allocations:
            return more
        pounds = of.allocations[year]
        return min(more, max(Fraction(0), pounds - of.kept(pounds) - (waiting - back)))

    new = within(new)
    by_stages, last = waiting - back + new, _last_years(of, day)
    if last is None:
        return by_stages, None
    lacking = last - by_stages
    return by_stages, waiting - back + (within(max(Fraction(0), new + lacking)) if new else new)


def _last_years(of: Books, day: Day) -> Fraction | None:
    """What the year before paid in the end, scaled; None where the first request is of after its 1 April."""
    before = financial_year_name(date(int(day.year[:4]) - 1, 4, 1))
    first = date(int(before[:4]), 4, 1)
    if before not in [then for _, then in day.years(of)] or min(one.on for one in of.asked) > first:
        return None
    return of.in_the_end(before) * of.scale(day.year, before)


def _share(
    asked: list[Asked], years: list[tuple[int, str]], what: str, asked_to: date, paid_to: date, otherwise: Fraction
) -> Fraction:
    outstanding = paid = 0
    for number, then in years:
        on, until = _earlier(asked_to, number), _earlier(paid_to, number)
        for one in asked:
            stage, amount = one.waits(on, until)
            if one.year == then and stage == what and amount:
                outstanding += amount
                paid += _between(one.paid, until, _last_day(then))
    return Fraction(paid, outstanding) if outstanding else otherwise


def _whole_years(
    asked: list[Asked],
    loose: dict[str, list[tuple[date, int]]],
    recovered: dict[str, list[tuple[date, int]]],
    year: str,
    asked_to: date,
    paid_to: date,
) -> list[tuple[int, str]]:
    """(how many years ago, its name) of at most three earlier years."""
    first = int(year[:4])
    found = []
    for number in (1, 2, 3):
        then = financial_year_name(date(first - number, 4, 1))
        has_rows = then in loose or then in recovered or any(one.year == then for one in asked)
        if has_rows and min(one.on for one in asked) <= _earlier(asked_to, number) and _last_day(then) <= paid_to:
            found.append((number, then))
    return found


def _earlier(on: date, years: int) -> date:
    """Year by year: from a 29 February on it is the 28th."""
    return date(on.year - years, on.month, 28 if (on.month, on.day) == (2, 29) else on.day)


def _last_day(year: str) -> date:
    return date(int(year[:4]) + 1, 3, 31)


def _between(entries: list[tuple[date, int]], after: date, to: date) -> int:
    return sum(amount for when, amount in entries if after < when <= to)


def _is_premium(row: Row) -> bool:
    return row.get("fund", "").strip() in ("", "PP+")


def _everything(
    s: Setting,
) -> tuple[list[Asked], dict[str, list[tuple[date, int]]], dict[str, list[tuple[date, int]]]]:
    """Requests of the premium, payments of none of them by year, what was recovered by year."""
    rows = {row["request_id"]: row for row in s.known.of("pp-requests")}
    asked: dict[str, Asked] = {}
    for number, row in rows.items():
        on = day(row["requested_on"])
        if on is not None and _is_premium(row):
            year = financial_year_of_term(row["term"]) if row["term"] else financial_year_name(on)
            approved = pence(row.get("approved_amount") or row["amount"])
            asked[number] = Asked(
                year, on, day(row.get("decided_on")), row["status"], pence(row["amount"]), approved, []
            )
    loose: dict[str, list[tuple[date, int]]] = {}
    recovered: dict[str, list[tuple[date, int]]] = {}
    for row in s.known.of("pp-payments"):
        when, number = day(row["paid_on"]), row["request_id"]
        if when is None or row["status"] not in ("paid", "recovered") or not _is_premium(row):
            continue
        if number in rows and not _is_premium(rows[number]):
            continue
        entry = (when, pence(row["amount"]))
        year = _year_of(rows.get(number), asked.get(number), when)
        if year is None:
            continue
        if row["status"] == "recovered":
            recovered.setdefault(year, []).append(entry)
        elif number in asked:
            asked[number].paid.append(entry)
        else:
            loose.setdefault(year, []).append(entry)
    return list(asked.values()), loose, recovered


def _year_of(row: Row | None, known: Asked | None, when: date) -> str | None:
    if known is not None:
        return known.year
    if row is None:
        return financial_year_name(when)
    return financial_year_of_term(row["term"]) if row["term"] else financial_year_name(financial_year_start(when))

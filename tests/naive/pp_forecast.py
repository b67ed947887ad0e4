"""What will be paid by 31 March as whole earlier years did from the same day on; None where no such year is known."""

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


def expected(
    s: Setting, share_approved: Fraction, is_run_left: bool, allocations: dict[str, int], retained: int | None
) -> int | None:
    """Pence paid less recovered by 31 March. allocations: by financial year, those that had come; retained: of this."""
    asked, loose, recovered = _everything(s)
    year, last = financial_year_name(s.end), _last_day(financial_year_name(s.end))
    asked_to, paid_to = (min(s.end, s.known.latest[kind]) for kind in ("pp-requests", "pp-payments"))
    years = [] if not asked else _whole_years(asked, loose, recovered, year, asked_to, paid_to)
    if not years:
        return None
    own = [one for one in asked if one.year == year]
    base = _between([*loose.get(year, []), *(each for one in own for each in one.paid)], date.min, s.end)
    base -= _between(recovered.get(year, []), date.min, s.end)
    if s.end >= last:
        return base
    waiting = Fraction(base)
    for what, otherwise in (("decision", share_approved), ("payment", Fraction(1))):
        waits = sum(one.waits(s.end, s.end)[1] for one in own if one.waits(s.end, s.end)[0] == what)
        waiting += waits * _share(asked, years, what, asked_to, paid_to, otherwise if is_run_left else Fraction(0))
    new = back = Fraction(0)
    for number, then in years:
        scale = Fraction(1)
        if allocations.get(year) and allocations.get(then):
            scale = Fraction(allocations[year], allocations[then])
        on, until, end = _earlier(asked_to, number), _earlier(paid_to, number), _last_day(then)
        entries = list(loose.get(then, []))
        for one in asked:
            if one.year == then and one.waits(on, until)[1] == 0:
                entries += one.paid
        new += _between(entries, until, end) * scale / len(years)
        back += _between(recovered.get(then, []), until, end) * scale / len(years)
    if year in allocations:
        new = min(new, max(Fraction(0), allocations[year] - (retained or 0) - (waiting - back)))
    return half_up(waiting - back + new)


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

"""School days by the calendar of a school or of its authority, counted one by one."""

from collections.abc import Iterator
from datetime import date, timedelta

from .deliveries import Row, day
from .setting import Setting
from .years import academic_year_start

ONE = timedelta(days=1)
BANK_HOLIDAYS = {
    date(2023, 8, 28), date(2023, 12, 25), date(2023, 12, 26), date(2024, 1, 1), date(2024, 3, 29), date(2024, 4, 1),
    date(2024, 5, 6), date(2024, 5, 27), date(2024, 8, 26), date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1),
    date(2025, 4, 18), date(2025, 4, 21), date(2025, 5, 5), date(2025, 5, 26), date(2025, 8, 25), date(2025, 12, 25),
    date(2025, 12, 26), date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25),
    date(2026, 8, 31),
}  # fmt: skip


def is_weekday(on: date) -> bool:
    return on.weekday() < 5 and on not in BANK_HOLIDAYS


class SchoolDays:
    """Of the calendar files known; `authority` is ours."""

    def __init__(self, s: Setting, authority: str) -> None:
        self.rows, self.authority = s.known.of("calendar"), authority
        self.lies_in = {row["URN"]: row.get("LA (name)") or "" for row in s.known.of("schools")}

    def is_open(self, urn: str, on: date) -> bool | None:
        """None where the term dates of the year are not loaded."""
        halves = self._halves(urn, academic_year_start(on).year)
        if len(halves) < 6:
            return None
        closed = [row for row in self._own(urn) + self._shared(urn) if not row["what"].startswith("half term")]
        return (
            is_weekday(on)
            and any(_covers(half, on) for half in halves.values())
            and not any(_covers(row, on) for row in closed)
        )

    def _own(self, urn: str) -> list[Row]:
        return [row for row in self.rows if urn and row.get("urn") == urn]

    def _shared(self, urn: str) -> list[Row]:
        own = self._own(urn)
        la = own[0]["la"] if own else self.lies_in.get(urn) or self.authority
        return [row for row in self.rows if not row.get("urn") and row["la"] == la]

    def _halves(self, urn: str, year: int) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for row in self._shared(urn) + self._own(urn):
            if row["what"].startswith("half term") and row["academic_year"].startswith(str(year)):
                found[row["what"]] = row
        return found

    def counted(self, urn: str, first: date, last: date) -> list[date] | None:
        """The school days from one day to another; None where the dates of any of their years are not loaded."""
        days = list(_span(first, last))
        opened = [self.is_open(urn, on) for on in days]
        if None in opened or self.is_open(urn, first) is None:
            return None
        return [on for on, is_open in zip(days, opened, strict=True) if is_open]

    def since(self, urn: str, on: date, as_at: date) -> int:
        """School days after a day up to and with another; weekdays where the term dates are not loaded."""
        if on >= as_at:
            return 0
        days = self.counted(urn, on + ONE, as_at)
        return len(days) if days is not None else sum(is_weekday(each) for each in _span(on + ONE, as_at))

    def step(self, urn: str, on: date, count: int, way: int) -> date:
        """The count-th school day before (way -1) or after (1) a day."""
        loaded = self.is_open(urn, on) is not None
        while count:
            on += way * ONE
            count -= bool(self.is_open(urn, on) if loaded else is_weekday(on))
        return on


def _covers(row: Row, on: date) -> bool:
    start, end = day(row["start"]), day(row["end"])
    return start is not None and end is not None and start <= on <= end


def _span(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE

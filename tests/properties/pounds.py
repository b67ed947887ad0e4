"""Random histories of a year's money, and its books: every pound is moved by hand from one pot into another.

A history is what the files said, version by version. Two sets of books are kept of it: `kept`, in which each event is
entered on the day on which it became known, as a treasurer would have done; and `replayed`, in which what is known on
a later day is entered by the days on which it happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import strategies as st

YEAR, FIRST, LAST = "2026-27", date(2026, 4, 1), date(2027, 3, 31)
OTHER_YEAR = "2025-26"
TERMS = {YEAR: "2026/27 autumn", OTHER_YEAR: "2025/26 spring"}
TOP_SLICE_PERCENT = 20
AGREED = ("approved", "part-approved")

Step = tuple[str, int, int, int]
Row = dict[str, Any]
ACTIONS = ("notice", "ask", "ask", "query", "approve", "approve", "part", "reject", "lapse", "batch", "pay", "pay")
MORE = ("return", "recover", "amend payment", "amend request")


def histories(fewest: int = 8, most: int = 30) -> st.SearchStrategy[list[Step]]:
    """Steps: what happens, days since the step before, which of the things that it can happen to, pence."""
    action = st.sampled_from((*ACTIONS, *MORE))
    return st.lists(
        st.tuples(action, st.integers(1, 11), st.integers(0, 9), st.integers(1, 99_999)), min_size=fewest, max_size=most
    )


@dataclass
class Books:
    """Pots of pence. What is paid above an approval comes out of what remained, and is made good first."""

    allocation: int | None = None
    stages: dict[str, int] = field(default_factory=dict)
    retained: int = 0
    remaining: int = 0
    paid: int = 0
    recovered: int = 0
    committed: dict[str, int] = field(default_factory=dict)
    over: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    paid_of: dict[str, int] = field(default_factory=dict)

    def notice(self, stage: str, pence: int) -> None:
        self.stages[stage] = pence
        holds = self.stages.get("final", self.stages.get("provisional", 0))
        kept = (holds * TOP_SLICE_PERCENT + 50) // 100
        self.remaining += holds - (self.allocation or 0) - (kept - self.retained)
        self.allocation, self.retained = holds, kept

    def ask(self, request: str, pence: int) -> None:
        self.waiting[request] = pence

    def decide(self, request: str, asked: int, agreed: int) -> None:
        self.waiting.pop(request, None)
        self.refused[request] = asked - agreed
        made_good = min(agreed, self.over.get(request, 0))
        self.over[request] = self.over.get(request, 0) - made_good
        self.committed[request] = agreed - made_good
        self.remaining -= agreed - made_good

    def undecide(self, request: str) -> None:
        """What was promised and not paid is free again; what was paid stays paid, promised or not."""
        self.remaining += self.committed.pop(request, 0)
        self.refused.pop(request, None)
        self.over[request] = self.paid_of.get(request, 0)

    def pay(self, request: str, pence: int) -> None:
        promised = min(pence, self.committed.get(request, 0))
        if promised:
            self.committed[request] -= promised
        self.over[request] = self.over.get(request, 0) + pence - promised
        self.remaining -= pence - promised
        self.paid += pence
        self.paid_of[request] = self.paid_of.get(request, 0) + pence

    def unpay(self, request: str, pence: int) -> None:
        made_good = min(pence, self.over.get(request, 0))
        self.over[request] = self.over.get(request, 0) - made_good
        self.remaining += made_good
        if pence > made_good:
            self.committed[request] += pence - made_good
        self.paid -= pence
        self.paid_of[request] -= pence

    def recover(self, pence: int) -> None:
        self.recovered += pence
        self.remaining += pence

    def figures(self) -> dict[str, int | None]:
        """The product's figures of these pots; those that rest on a notice are None before there is one."""
        known = self.allocation is not None
        return {
            "allocation_pence": self.allocation,
            "retained_pence": self.retained if known else None,
            "remaining_pence": self.remaining if known else None,
            "requested_pence": sum(self.waiting.values()),
            "committed_pence": sum(self.committed.values()),
            "paid_pence": self.paid,
            "recovered_pence": self.recovered,
        }


@dataclass
class History:
    """Versions of rows (`table`, key, `known_from`, values), and the books as they stood after each day's event."""

    versions: list[tuple[str, str, date, Row]] = field(default_factory=list)
    kept: dict[date, dict[str, int | None]] = field(default_factory=dict)

    def known(self, table: str, on: date) -> dict[str, Row]:
        """The last version of each row of a table that was known by the end of a day."""
        return {key: row for name, key, since, row in self.versions if name == table and since <= on}

    def rows(self) -> Iterator[tuple[str, date, date | None, Row]]:
        """Each version with the day from which the next one replaced it."""
        for place, (table, key, since, row) in enumerate(self.versions):
            later = (day for name, other, day, _ in self.versions[place + 1 :] if (name, other) == (table, key))
            yield table, since, next(later, None), row


def agreed(row: Row) -> int:
    if row["status"] not in AGREED:
        return 0
    part = row["approved_amount_pence"]
    return int(row["amount_pence"] if part is None else part)


def is_own(request: Row) -> bool:
    return bool(request["financial_year"] == YEAR)


def replayed(history: History, as_at: date, known_on: date) -> Books:
    """The books of what happened by a day, as known on another: decisions and payments by their own dates."""
    asked = {key: row for key, row in history.known("pp_request", known_on).items() if is_own(row)}
    events: list[tuple[date, Callable[[Books], None]]] = []
    for row in history.known("pp_allocation", known_on).values():
        events.append((row["notified_on"], _noted(row)))
    for key, row in asked.items():
        events.append((row["requested_on"], _asked(key, row)))
        if row["decided_on"]:
            events.append((row["decided_on"], _decided(key, row)))
    for row in history.known("pp_payment", known_on).values():
        if row["request_id"] in asked and row["status"] in ("paid", "recovered"):
            events.append((row["paid_on"], _moved(row)))
    books = Books()
    for day, happen in sorted(events, key=lambda event: event[0]):
        if day <= as_at:
            happen(books)
    return books


def _noted(row: Row) -> Callable[[Books], None]:
    return lambda books: books.notice(row["stage"], row["amount_pence"])


def _asked(key: str, row: Row) -> Callable[[Books], None]:
    return lambda books: books.ask(key, row["amount_pence"])


def _decided(key: str, row: Row) -> Callable[[Books], None]:
    return lambda books: books.decide(key, row["amount_pence"], agreed(row))


def _moved(row: Row) -> Callable[[Books], None]:
    if row["status"] == "recovered":
        return lambda books: books.recover(row["amount_pence"])
    return lambda books: books.pay(row["request_id"], row["amount_pence"])

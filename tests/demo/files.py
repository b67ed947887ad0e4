"""Plain reading of the demo's files: every delivery in order, the last row of a key wins."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from tests.naive.deliveries import day as day
from tests.naive.replay import KEYS
from vs_core.demo import Delivery

Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def on(text: str) -> date:
    """The date of a cell that must not be empty."""
    found = day(text)
    assert found
    return found


class Authority:
    """What the files of an authority say in the end."""

    def __init__(self, delivered: list[Delivery], as_at: date) -> None:
        self.delivered, self.as_at = delivered, as_at
        self._read: dict[str, list[Row]] = {}

    def rows(self, kind: str) -> list[Row]:
        """Current rows of a KIND; attendance in the long layout."""
        if kind not in self._read:
            found: dict[tuple[str, ...], Row] = {}
            for delivery in self.delivered:
                if delivery.kind == kind:
                    for row in _long(rows_of(delivery.path)):
                        found[tuple(row[name] for name in KEYS[kind])] = row
            self._read[kind] = list(found.values())
        return self._read[kind]

    def of(self, kind: str, child_id: str) -> list[Row]:
        name = "CHILD" if kind.startswith("ssda903") else "child_id"
        return [row for row in self.rows(kind) if row[name] == child_id]


def _long(rows: list[Row]) -> Iterable[Row]:
    for row in rows:
        if "am" not in row:
            yield row
            continue
        for session in ("AM", "PM"):
            kept = {name: value for name, value in row.items() if name not in ("am", "pm")}
            yield {**kept, "session": session, "code": row[session.lower()]}

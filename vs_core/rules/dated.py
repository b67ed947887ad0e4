"""Reference data that holds from one day to another: codes, limits, rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


class Dated(Protocol):
    """A row that holds from `starts_on` to `ends_on`, both inclusive; None is open."""

    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...


class NotInForce(LookupError):
    """No reference row covers the day; its text is a plain sentence."""


def in_force(row: Dated, on: date) -> bool:
    return (row.starts_on is None or row.starts_on <= on) and (row.ends_on is None or on <= row.ends_on)


@dataclass(frozen=True)
class Code:
    """One code of one list (`data/reference/codes.csv`, `suspension_reasons.csv`)."""

    list: str
    code: str
    meaning: str
    starts_on: date | None = None
    ends_on: date | None = None


def is_valid_code(code: str, on: date, codes: Mapping[str, Iterable[Code]]) -> bool:
    """Whether `code` stands in its list on that day. `codes` is a list's rows by code (`codes_by_code`)."""
    return any(in_force(row, on) for row in codes.get(code, ()))


def codes_by_code(rows: Iterable[Code], list_name: str) -> dict[str, tuple[Code, ...]]:
    """The rows of one list, by code."""
    by_code: dict[str, tuple[Code, ...]] = {}
    for row in rows:
        if row.list == list_name:
            by_code[row.code] = (*by_code.get(row.code, ()), row)
    return by_code


@dataclass(frozen=True)
class Threshold:
    """One limit (`data/reference/thresholds.csv`): its value counts in `unit`."""

    name: str
    value: Decimal
    unit: str
    meaning: str
    starts_on: date | None = None
    ends_on: date | None = None
    source: str = ""
    unconfirmed: bool = False


class Thresholds:
    """The limits by name and day."""

    def __init__(self, rows: Iterable[Threshold]) -> None:
        self._by_name: dict[str, list[Threshold]] = {}
        for row in rows:
            self._by_name.setdefault(row.name, []).append(row)

    def row(self, name: str, on: date) -> Threshold:
        """The row in force on a day (the one that started last); NotInForce when there is none."""
        rows = [row for row in self._by_name.get(name, ()) if in_force(row, on)]
        if not rows:
            raise NotInForce(f"No value of '{name}' is in force on {on:%d/%m/%Y}.")
        return max(rows, key=lambda row: row.starts_on or date.min)

    def value(self, name: str, on: date) -> Decimal:
        return self.row(name, on).value

    def whole(self, name: str, on: date) -> int:
        """The value of a limit that counts in whole units; ValueError when it has a fraction."""
        value = self.value(name, on)
        if value != int(value):
            raise ValueError(f"'{name}' is {value}, not a whole number.")
        return int(value)

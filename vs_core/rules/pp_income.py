"""What the department's notices of a year say: provisional and final amount, and what a child's share of it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from vs_core.rules.measures_pp_plus import notice_at
from vs_core.rules.pp_plus import FUND, split


@dataclass(frozen=True)
class Notice:
    """One notice of the department. children: those it counts; count_year: the year of that count as the notice
    names it (`pp_count.named`); None: not said."""

    stage: str
    notified_on: date
    pence: int
    children: int | None
    count_year: str | None


@dataclass(frozen=True)
class Income:
    """The latest provisional notice and the final one of a year, as far as they have come."""

    provisional: Notice | None
    final: Notice | None

    @property
    def holds(self) -> Notice | None:
        """The notice that the allocation is taken from."""
        return self.final or self.provisional

    @property
    def difference_pence(self) -> int | None:
        """Final less provisional; None before both have come."""
        return self.final.pence - self.provisional.pence if self.final and self.provisional else None


@dataclass(frozen=True)
class Share:
    """What is delegated for each child that the notice counts, pence, and its three terms: summer, autumn, spring."""

    delegated_pence: int
    children: int
    pence: int
    terms: tuple[int, ...]


def income(allocations: pd.DataFrame, year: str, end: date, fund: str = FUND) -> Income:
    """The notices of a fund's year dated by a day.

    `allocations`: `financial_year`, `fund`, `stage`, `children`, `amount_pence`, `notified_on`, `count_year`."""
    found = (
        notice_at(allocations[allocations["stage"] == stage], year, end, fund) for stage in ("provisional", "final")
    )
    return Income(*(None if row is None else _notice(row) for row in found))


def share(allocation_pence: int, retained_pence: int, children: int) -> Share | None:
    """A child's equal share of what is not retained, in whole pence rounded down: all shares never add up to more.

    None where no child is counted."""
    if children < 1:
        return None
    delegated = allocation_pence - retained_pence
    each = delegated // children
    return Share(delegated, children, each, split(each))


def _notice(row: dict[Any, Any]) -> Notice:
    children, counted, on = row["children"], row["count_year"], row["notified_on"]
    return Notice(
        str(row["stage"]),
        on.date() if isinstance(on, pd.Timestamp) else on,
        int(row["amount_pence"]),
        None if pd.isna(children) else int(children),
        None if pd.isna(counted) or not counted else str(counted),
    )

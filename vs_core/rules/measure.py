"""What a figure is: its name, its meaning in plain words, its rule and where that comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["count", "percent", "pence", "days", "boolean", "text", "by group"]
Better = Literal["up", "down"]
Value = int | float | bool | str | dict[str, int] | None
Figures = dict[str, Value]
"""Figure by key. Counts and pence are int, days float in halves, percentages 0-100 unrounded, None not known."""


COHORT_FILE = "(the file that says who is in the cohort)"
"""Stands in `needs` for the kind that the chosen cohort comes from; `measures.kinds_needed` puts it in."""


@dataclass(frozen=True)
class Measure:
    """A figure as the pages, `figures --describe` and the help texts name it.

    `better`: whether a rise is good news ("up"), bad news ("down") or neither (None).
    `needs`: the incoming kinds without which the figure is unknown.
    """

    key: str
    subject: str
    label: str
    meaning: str
    rule: str
    source: str
    unit: Unit
    better: Better | None
    needs: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in notes and addresses: `attendance.persistently_absent`."""
        return f"{self.subject}.{self.key}"

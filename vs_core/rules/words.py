"""Figures, dates and counts as a person says them: the same on a page, in a report and in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

ENGLAND = ZoneInfo("Europe/London")
NOT_YET = "not yet"
"""In place of a figure whose data has not arrived."""


def long_day(day: date) -> str:
    """`20 Nov 2026`."""
    return f"{day.day} {day:%b %Y}"


def short_day(day: date) -> str:
    """`20 Nov`."""
    return f"{day.day} {day:%b}"


def moment(at: datetime, *, seconds: bool = False) -> str:
    """`20 Nov 2026, 09:15` on the clock of England; with `seconds` `09:15:07`."""
    here = at.astimezone(ENGLAND)
    return f"{long_day(here)}, {here:%H:%M:%S}" if seconds else f"{long_day(here)}, {here:%H:%M}"


def span(start: date, end: date) -> str:
    """`1 Sep to 20 Nov 2026`; the year is said twice only when it changes, the day once when there is one."""
    if start == end:
        return long_day(end)
    first = f"{start.day} {start:%b}" if start.year == end.year else long_day(start)
    return f"{first} to {long_day(end)}"


def pounds(pence: float) -> str:
    """Whole pounds, from a million on in thousands: `£1,234`, `-£12`, `£1.560m`."""
    sign, amount = "-" if pence < 0 else "", abs(pence) / 100
    return f"{sign}£{amount / 1_000_000:,.3f}m" if amount >= 999_999.5 else f"{sign}£{amount:,.0f}"


def figure(value: float | int | bool | str | None, unit: str) -> str | None:
    """A figure in its unit (`count`, `percent`, `pence`, `days`, `text`); None stays None and is never 0."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, str):
        return value
    if unit == "boolean":
        return "yes" if value else "no"
    return _NUMBERS[unit](float(value))


_NUMBERS: dict[str, Callable[[float], str]] = {
    "count": lambda value: f"{value:,.0f}",
    "percent": lambda value: f"{value:.1f}%",
    "pence": pounds,
    "days": lambda value: f"{value:,.1f}".removesuffix(".0"),
}


def change(now: float | None, before: float | None, unit: str, noun: str = "") -> str | None:
    """How a figure moved: `+9`, `-0.3 pts`, `+£1,200`, `0`; None when either is not known."""
    if now is None or before is None:
        return None
    moved = round(now - before, 1) if unit == "percent" else now - before
    if not moved:
        return "0"
    size = figure(abs(moved), unit) or ""
    tail = " pts" if unit == "percent" else f" {noun}" if noun else ""
    return f"{'+' if moved > 0 else '-'}{size.removesuffix('%')}{tail}"


def counted(count: int, one: str, many: str = "") -> str:
    """`1 child`, `148 children`, `no children`."""
    if count == 0:
        return f"no {many or one + 's'}"
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def year(group: str | None) -> str:
    """A year group in words: `Year 7`, `Reception`, `Not known`."""
    text = "not known" if group is None or pd.isna(group) else group
    return f"Year {text}" if text.isdigit() else _NAMED_YEARS.get(text, text.capitalize())


_NAMED_YEARS = {"R": "Reception", "N1": "Nursery 1", "N2": "Nursery 2"}


def sentence(text: str) -> str:
    """With a capital letter."""
    return text[:1].upper() + text[1:]

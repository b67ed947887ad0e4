"""Days at which something changes, and days around them."""

from datetime import date, timedelta
from random import Random

EDGES = (
    date(2024, 2, 29),
    date(2024, 3, 31),
    date(2024, 4, 1),
    date(2024, 8, 18),
    date(2024, 8, 31),
    date(2024, 9, 1),
    date(2024, 12, 31),
    date(2025, 1, 6),
    date(2025, 3, 31),
    date(2025, 4, 20),
    date(2025, 8, 31),
)
FIRST, LAST = date(2024, 2, 1), date(2025, 10, 31)
CODES_CHANGED = date(2024, 8, 19)
SCHOOL_YEAR_EDGES = ((8, 31), (9, 1), (2, 29), (3, 31), (12, 25))


def near_edge(r: Random) -> date:
    return r.choice(EDGES) + timedelta(r.choice((0, 0, -1, 1)))


def some_day(r: Random) -> date:
    """Two in three near an edge."""
    return near_edge(r) if r.random() < 0.67 else FIRST + timedelta(r.randrange((LAST - FIRST).days))


def text(on: date | None) -> str:
    return on.isoformat() if on else ""


def day(r: Random) -> str:
    return text(some_day(r))


def day_or_none(r: Random) -> str:
    return day(r) if r.random() < 0.7 else ""


def span(r: Random, *, backwards: bool = False) -> tuple[str, str]:
    """(start, end): the end empty, the same day, soon or much later; before the start where that is allowed."""
    start = some_day(r)
    edge = near_edge(r)
    if edge >= start and r.random() < 0.5:
        return text(start), text(edge)
    length = r.choice((None, None, None, 0, 1, 30, 120, 365, 500) + ((-1, -40) if backwards else ()))
    return text(start), "" if length is None else text(start + timedelta(length))


def birth(r: Random) -> str:
    """A birthday of somebody from under 2 to over 18, often at an edge of the school year; sometimes not known."""
    if r.random() < 0.1:
        return ""
    year, (month, day_of_month) = r.randint(2005, 2024), r.choice(SCHOOL_YEAR_EDGES)
    if r.random() < 0.3:
        year = r.choice((2007, 2008, 2009, 2012, 2020))
    if (month, day_of_month) == (2, 29) and year % 4:
        day_of_month = 28
    return text(date(year, month, day_of_month))

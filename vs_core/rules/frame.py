"""The frame of every figure: when it is seen from, which days it counts, and whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self, cast

COHORTS = ("in care", "previously looked after", "child in need", "child protection", "kinship", "all")
SUBJECTS = (
    "cohort",
    "attendance",
    "exclusions",
    "pp-plus",
    "training",
    "projects",
    "pep",
    "provision",
    "post-16",
    "actions",
)

Season = Literal["autumn", "spring", "summer"]
SEASONS: tuple[Season, ...] = ("autumn", "spring", "summer")

_YEAR = re.compile(r"\s*(\d{4})\s*[-/]\s*(\d{2}|\d{4})\s*")
_TERM = re.compile(r"\s*(\d{4}\s*[-/]\s*\d{2,4})\s+(autumn|spring|summer)\s*", re.IGNORECASE)


class FrameError(ValueError):
    """A frame that cannot be; its text is a plain sentence."""


def academic_year(on: date) -> str:
    """The academic year (1 September to 31 August) of a day: `2026/27`."""
    return _academic_label(_academic_start(on))


def academic_year_bounds(on: date) -> tuple[date, date]:
    """First and last day of the academic year that holds `on`."""
    first = _academic_start(on)
    return date(first, 9, 1), date(first + 1, 8, 31)


def parse_academic_year(label: str) -> str:
    """`2026-27`, `2026/27` or `2026/2027` as `2026/27`; ValueError when the two years do not follow."""
    return _academic_label(_first_year(label))


def academic_year_of_label(label: str) -> tuple[date, date]:
    """First and last day of a labelled academic year (`2026/27` or `2026-27`)."""
    first = _first_year(label)
    return date(first, 9, 1), date(first + 1, 8, 31)


def financial_year(on: date) -> str:
    """The financial year (1 April to 31 March) of a day: `2026-27`."""
    return _financial_label(_financial_start(on))


def financial_year_bounds(on: date) -> tuple[date, date]:
    """First and last day of the financial year that holds `on`."""
    first = _financial_start(on)
    return date(first, 4, 1), date(first + 1, 3, 31)


def financial_year_of_label(label: str) -> tuple[date, date]:
    """First and last day of a labelled financial year (`2026-27` or `2026/27`)."""
    first = _first_year(label)
    return date(first, 4, 1), date(first + 1, 3, 31)


@dataclass(frozen=True, order=True)
class Term:
    """A school term. `str()` gives the form of the incoming files: `2026/27 autumn`."""

    academic_year: str
    position: int

    @classmethod
    def of(cls, year: str, season: str) -> Self:
        return cls(parse_academic_year(year), SEASONS.index(cast(Season, season)))

    @property
    def season(self) -> Season:
        return SEASONS[self.position]

    @property
    def financial_year(self) -> str:
        """The financial year that pays for the term: it runs summer, autumn, spring."""
        first = _first_year(self.academic_year)
        return _financial_label(first + 1 if self.season == "summer" else first)

    @property
    def following(self) -> Term:
        if self.season != "summer":
            return Term(self.academic_year, self.position + 1)
        return Term(_academic_label(_first_year(self.academic_year) + 1), 0)

    def __str__(self) -> str:
        return f"{self.academic_year} {self.season}"


def parse_term(text: str) -> Term:
    """`2026/27 autumn` (any case, `-` or `/`) as a Term; ValueError with a plain sentence otherwise."""
    match = _TERM.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a term like '2026/27 autumn'.")
    return Term.of(match[1], match[2].lower())


def term_without_calendar(on: date) -> Term:
    """The term of a day where no term dates are loaded.

    Autumn is 1 September to 31 December, spring 1 January to Easter Sunday, summer from the day after to 31 August.
    """
    if on.month >= 9:
        return Term(academic_year(on), 0)
    return Term(academic_year(on), 1 if on <= easter_sunday(on.year) else 2)


def easter_sunday(year: int) -> date:
    """Easter Sunday in the western church (the Gregorian computus of Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


@dataclass(frozen=True)
class Frame:
    """When a figure is seen from and what it counts.

    `as_at` cuts by when things happened, `known_on` by when we knew them (None: now). The period `start` to `end`
    includes both days and never reaches past `as_at`. `while_in_care` leaves out sessions outside the cohort.
    """

    as_at: date
    known_on: date | None
    start: date
    end: date
    cohort: str = "in care"
    while_in_care: bool = False

    def __post_init__(self) -> None:
        if self.cohort not in COHORTS:
            raise FrameError(f"'{self.cohort}' is not a cohort; there are: {', '.join(COHORTS)}.")
        if self.end > self.as_at:
            raise FrameError(f"The period cannot end on {self.end:%d/%m/%Y}, after {self.as_at:%d/%m/%Y}.")
        if self.start > self.end:
            raise FrameError(f"The period would start on {self.start:%d/%m/%Y}, after its end {self.end:%d/%m/%Y}.")

    @classmethod
    def for_subject(
        cls,
        subject: str,
        as_at: date,
        known_on: date | None = None,
        start: date | None = None,
        end: date | None = None,
        cohort: str = "in care",
        while_in_care: bool = False,
    ) -> Self:
        """The frame of a subject: without `start`, its year (financial for `pp-plus`, else academic) up to the end."""
        if subject not in SUBJECTS:
            raise FrameError(f"'{subject}' is not a subject; there are: {', '.join(SUBJECTS)}.")
        last = min(end or as_at, as_at)
        bounds = financial_year_bounds if subject == "pp-plus" else academic_year_bounds
        return cls(as_at, known_on, start or bounds(last)[0], last, cohort, while_in_care)

    @property
    def academic_year(self) -> str:
        return academic_year(self.end)

    @property
    def financial_year(self) -> str:
        return financial_year(self.end)


def same_date_a_year_before(day: date) -> date:
    """The same date of the year before; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _academic_start(on: date) -> int:
    return on.year if on.month >= 9 else on.year - 1


def _financial_start(on: date) -> int:
    return on.year if on.month >= 4 else on.year - 1


def _academic_label(first: int) -> str:
    return f"{first}/{(first + 1) % 100:02d}"


def _financial_label(first: int) -> str:
    return f"{first}-{(first + 1) % 100:02d}"


def _first_year(label: str) -> int:
    match = _YEAR.fullmatch(label)
    if match is None or int(match[2]) % 100 != (int(match[1]) + 1) % 100:
        raise ValueError(f"'{label}' is not a year like '2026/27' or '2026-27'.")
    return int(match[1])

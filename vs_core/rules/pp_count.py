"""Which children an allocation of Pupil Premium Plus counts: those looked after on at least one day of a count year.

A count year runs from 1 April to the 31 March by which it is named, as the department's SSDA903 return of that day
does; the children are 4 to 15 years old on the 31 August within it. The provisional notice of a financial year rests on
the return of the 31 March a year before the year begins, the final notice on that of the 31 March on whose morrow it
begins: provisional 2026-27 on 31 March 2025, final 2026-27 on 31 March 2026. How many years lie between is a dated
limit of the lists (`pp_count_years_before_*`), with its source; a notice that names its count year goes by that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from vs_core.rules.frame import financial_year, financial_year_of_label

LIMITS = {
    "provisional": "pp_count_years_before_provisional",
    "final": "pp_count_years_before_final",
}
"""The limit that says how many whole years lie between the end of a stage's count year and its financial year."""
_YEAR = re.compile(r"\s*(\d{4})\s*")


@dataclass(frozen=True)
class CountYear:
    """ends_on: a 31 March."""

    ends_on: date

    @property
    def starts_on(self) -> date:
        return date(self.ends_on.year - 1, 4, 1)

    @property
    def aged_on(self) -> date:
        """The day on which the children are 4 to 15 years old."""
        return date(self.ends_on.year - 1, 8, 31)

    @property
    def label(self) -> str:
        """As a financial year: `2025-26`."""
        return financial_year(self.ends_on)


@dataclass(frozen=True)
class Count:
    """Our own count for a notice. of: the count year; is_named: the notice says so itself; children: those of our own
    data; source: of the rule, where the notice does not say; notice_children: those that the notice counts."""

    of: CountYear
    is_named: bool
    children: int
    source: str = ""
    notice_children: int | None = None

    @property
    def difference(self) -> int | None:
        """The notice's children less our own; None where the notice does not say how many it counts."""
        return None if self.notice_children is None else self.notice_children - self.children


def named(text: str | None) -> CountYear | None:
    """The count year that a notice names: `2026` by the 31 March that ends it, `2025-26` (or `2025/26`) by both years;
    None where it names none or something else."""
    if not text:
        return None
    if match := _YEAR.fullmatch(text):
        year = int(match[1])
        return CountYear(date(year, 3, 31)) if year > 1 else None
    try:
        return CountYear(financial_year_of_label(text)[1])
    except ValueError:
        return None


def expected(year: str, years_before: int) -> CountYear:
    """The count year of a financial year's notice, so many whole years before the financial year begins."""
    last = financial_year_of_label(year)[0] - timedelta(days=1)
    return CountYear(date(last.year - years_before, 3, 31))

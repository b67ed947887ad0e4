"""What is to be written: which authority, up to which day, and when each file is delivered."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Literal

import numpy as np

from vs_core.demo import terms

Size = Literal["county", "small", "empty"]
AUTHORITY = "Westmere"
AUTHORITY_CODE = "999"
WEEKS = 12
HISTORY_YEARS = 3


@dataclass(frozen=True)
class Delivery:
    """One incoming file: its KIND, where it lies, and the day on which the authority had it."""

    kind: str
    path: Path
    known_on: date


@dataclass(frozen=True)
class Plan:
    """An invented authority up to `as_at`. Every random choice follows from the date alone."""

    as_at: date
    size: Size = "county"
    full: bool = False

    @property
    def small(self) -> bool:
        return self.size == "small"

    @property
    def in_care(self) -> int:
        """Children in care on `as_at`, short breaks left out."""
        return 60 if self.small else 1100

    @property
    def social_worker(self) -> int:
        """Children in need or on a protection plan on `as_at`."""
        return 40 if self.small else 5000

    @property
    def previously_in_care(self) -> int:
        return 12 if self.small else 900

    @property
    def kinship(self) -> int:
        return 8 if self.small else 650

    @property
    def schools(self) -> int:
        return 60 if self.small else 300

    @property
    def year(self) -> int:
        return terms.academic_year(self.as_at)

    @cached_property
    def first_day(self) -> date:
        """First day of the marks: three academic years before the running one; for the small authority this term."""
        return terms.term_start(self.as_at) if self.small else date(self.year - HISTORY_YEARS, 9, 1)

    @cached_property
    def mondays(self) -> tuple[date, ...]:
        """The Mondays of the weekly deliveries, oldest first, the last one on or before `as_at`."""
        last = terms.monday_of(self.as_at)
        count = 2 if self.small else WEEKS
        days = (last - timedelta(weeks=n) for n in range(count, -1, -1))
        return tuple(day for day in days if day > self.first_day)

    @cached_property
    def half_term_cuts(self) -> tuple[date, ...]:
        """Ten days after each half term that ended before the weekly deliveries began."""
        halves = (h for year in range(self.first_day.year, self.year + 1) for h in terms.half_terms(year))
        begun = self.mondays[0] if self.mondays else self.as_at
        cuts = (half.end + timedelta(days=10) for half in halves if half.start >= self.first_day)
        return tuple(day for day in cuts if day < begun)

    @cached_property
    def weekly_cuts(self) -> tuple[date, ...]:
        return tuple(sorted({*self.mondays, self.as_at}))

    @cached_property
    def cuts(self) -> dict[str, tuple[date, ...]]:
        """Delivery days by cadence, both by half term in the older years: then `weekly`, or every fourth week."""
        older = (self.first_day, *self.half_term_cuts)
        return {
            "weekly": older + self.weekly_cuts,
            "monthly": older + tuple(sorted({*self.mondays[::4], self.as_at})),
        }

    def chance(self, topic: str) -> Random:
        """A seeded source for one topic, so that a change in one leaves the others as they were."""
        return Random(f"{AUTHORITY}:{self.as_at.toordinal()}:{topic}")

    def numbers(self, topic: str) -> np.random.Generator:
        """As `chance`, for whole arrays."""
        return np.random.default_rng(self.chance(topic).getrandbits(64))

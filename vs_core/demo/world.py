"""The things that the authority's people, schools and records are made of before they become files."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

NEVER = date.max
Row = dict[str, Any]


@dataclass(slots=True)
class School:
    """One school. `phase` is the words of the schools extract; `kind` what the demo places children by."""

    urn: str
    name: str
    kind: str
    phase: str
    type: str
    authority: str
    town: str
    postcode: str
    opened: date | None = None
    closed: date | None = None
    rating: str = ""
    inspected: date | None = None

    @property
    def in_county(self) -> bool:
        return self.authority == "Westmere"


@dataclass(slots=True)
class Stay:
    """One stay at one school, both days inclusive; `end` empty while it lasts."""

    urn: str
    start: date
    end: date | None
    known: date
    end_known: date | None = None
    status: str = "main"
    year_given: bool = False


@dataclass(slots=True)
class Child:
    """One child. `spells` are (first day in care, first day out or None), oldest first; no spell: never in care."""

    child_id: str
    forename: str
    surname: str
    sex: str
    dob: date
    ethnicity: str
    spells: list[tuple[date, date | None]] = field(default_factory=list)
    exit_code: str = ""
    area: str = ""
    in_county: bool = True
    restricted: bool = False
    social_worker: str = ""
    adviser: str = ""
    arrived: bool = False
    sen: str = "N"
    setting: str = ""
    cast: str = ""
    cohort: str = ""
    span: tuple[date, date | None] | None = None
    short_breaks: bool = False
    known: date = date.min
    stays: list[Stay] = field(default_factory=list)
    permanently_excluded: list[tuple[date, str]] = field(default_factory=list)

    @property
    def joined(self) -> date:
        return self.spells[-1][0]

    @property
    def left(self) -> date | None:
        return self.spells[-1][1]

    def in_care(self, day: date) -> bool:
        """In care on `day` (a short break counts: its legal status leaves it out later)."""
        return any(start <= day < (end or NEVER) for start, end in self.spells)

    def in_care_between(self, start: date, end: date) -> bool:
        """In care on a day from `start` to `end`, both inclusive."""
        return any(begun <= end and (out or NEVER) > start for begun, out in self.spells)

    def year_group(self, year: int) -> int:
        """National curriculum year in the academic year that began in `year`: -2 N1, -1 N2, 0 reception, 1 to 13."""
        return age_on(self.dob, date(year, 8, 31)) - 4

    def at(self, day: date) -> Stay | None:
        """The main stay that covers `day`."""
        covering = (s for s in self.stays if s.status == "main" and s.start <= day <= (s.end or NEVER))
        return max(covering, key=lambda stay: stay.start, default=None)


def age_on(dob: date, day: date) -> int:
    """Whole years of age on `day`."""
    return day.year - dob.year - ((day.month, day.day) < (dob.month, dob.day))


def birthday(dob: date, age: int) -> date:
    """The day on which a child turns `age` (1 March for one born on 29 February in a year without it)."""
    try:
        return dob.replace(year=dob.year + age)
    except ValueError:
        return date(dob.year + age, 3, 1)


def year_name(year_group: int) -> str:
    """`N1`, `N2`, `R`, `1` ... `13` as files write it."""
    return {-2: "N1", -1: "N2", 0: "R"}.get(year_group, str(year_group))


def phase_of(year_group: int) -> str:
    """Where a child of this year group goes to school: nursery, primary, secondary, post-16, or none."""
    if year_group < -2 or year_group > 13:
        return ""
    if year_group < 0:
        return "nursery"
    if year_group <= 6:
        return "primary"
    return "secondary" if year_group <= 11 else "post-16"

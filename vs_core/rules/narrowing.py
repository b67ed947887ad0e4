"""Some of a group's children: those of a phase, a school, a placement. The same figures hold for their rows alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Literal

import pandas as pd

from vs_core.rules import words
from vs_core.rules.cohorts import CareSpan, spells
from vs_core.rules.frame import same_date_a_year_before
from vs_core.rules.listed import MARK
from vs_core.rules.placements import KINDS

TwelveMonths = Literal["at 31 March", "at the end of the period"]
TWELVE_MONTHS: tuple[TwelveMonths, ...] = ("at 31 March", "at the end of the period")
SEN = {"N": "no special educational need", "K": "SEN support", "E": "education, health and care plan"}
TRAITS = (
    "child_key",
    MARK,
    "phase",
    "year_group",
    "urn",
    "school",
    "school_la",
    "sen",
    "placement",
    "in_county",
    "is_unaccompanied_from_file",
    "unaccompanied_until",
    "area",
)
"""The columns of `figures.children.details` that `holds` reads, and the name of the school."""


@dataclass(frozen=True)
class Narrowing:
    """Which of a group's children; None: all of them. What a child is, it is on the day of the frame.

    phase, year_group: as in `rules.cohorts`; school: a URN; school_la: the authority in which the school lies; sen:
    `N`, `K`, `E`; placement: a kind of `rules.placements`; in_county: placed within the county; unaccompanied: an
    unaccompanied asylum-seeking child; area: of social work; looked_after_12_months: in care on every day of the
    twelve months that end on the last 31 March of the period or before it, or on its last day (the department's tables
    count only those, at 31 March)."""

    phase: str | None = None
    year_group: str | None = None
    school: str | None = None
    school_la: str | None = None
    sen: str | None = None
    placement: str | None = None
    in_county: bool | None = None
    unaccompanied: bool | None = None
    area: str | None = None
    looked_after_12_months: TwelveMonths | None = None

    def __bool__(self) -> bool:
        """Whether anything is chosen."""
        return any(getattr(self, each.name) is not None for each in fields(self))

    @property
    def tells(self) -> bool:
        """Whether it asks for what is not told of children whose whereabouts are restricted: they are left out then for
        everybody who may not know it."""
        return any(getattr(self, name) is not None for name in TELLING)

    def said(self, school: str = "") -> list[str]:
        """What is chosen, in words for a sentence. school: the name of the chosen school."""
        months = self.looked_after_12_months
        parts = (
            self.phase,
            self.year_group and words.year(self.year_group),
            self.school and f"at {school or f'the school {self.school}'}",
            self.school_la and f"in schools of {self.school_la}",
            self.sen and SEN[self.sen],
            self.placement and f"placement: {self.placement.lower()}",
            _FLAGS["in_county", self.in_county],
            _FLAGS["unaccompanied", self.unaccompanied],
            self.area and f"area {self.area}",
            months and f"in care for 12 months or more {months}",
        )
        return [part for part in parts if part]


_FLAGS = {
    ("in_county", True): "placed in county",
    ("in_county", False): "placed out of county",
    ("unaccompanied", True): "unaccompanied",
    ("unaccompanied", False): "not unaccompanied",
    ("in_county", None): "",
    ("unaccompanied", None): "",
}
EVERYONE = Narrowing()
TELLING = ("school", "school_la", "sen", "placement", "in_county", "unaccompanied", "area")


def holds(rows: pd.DataFrame, only: Narrowing, as_at: date, a_year: Collection[int] = frozenset()) -> pd.Series[bool]:
    """Which rows are about a chosen child. rows: the columns TRAITS; a_year: the `child_key`s of `a_year_in_care`, for
    `only.looked_after_12_months`. Children who may not be listed are in no choice that tells of them."""
    inside = pd.Series(True, rows.index)
    for column, wanted in _equal_to(only).items():
        inside &= rows[column].eq(wanted)
    if only.placement:
        inside &= rows["placement"].map(KINDS).eq(only.placement)
    if only.in_county is not None:
        inside &= rows["in_county"].eq(only.in_county)
    if only.unaccompanied is not None:
        inside &= unaccompanied(rows, as_at).eq(only.unaccompanied)
    if only.looked_after_12_months:
        inside &= rows["child_key"].isin(a_year)
    return inside & rows[MARK].astype(bool) if only.tells else inside


def _equal_to(only: Narrowing) -> dict[str, str]:
    asked = {
        "phase": only.phase,
        "year_group": only.year_group,
        "urn": only.school,
        "school_la": only.school_la,
        "sen": only.sen,
        "area": only.area,
    }
    return {column: wanted for column, wanted in asked.items() if wanted is not None}


def unaccompanied(rows: pd.DataFrame, as_at: date) -> pd.Series[bool]:
    """Which rows are about a child that the UASC file names and whose status has not ended by `as_at`."""
    until = pd.to_datetime(rows["unaccompanied_until"])
    return rows["is_unaccompanied_from_file"].astype(bool) & (until.isna() | (until > pd.Timestamp(as_at)))


def left_out(rows: pd.DataFrame, only: Narrowing, as_at: date, a_year: Collection[int] = frozenset()) -> int:
    """How many children of the group nobody can say of whether they are chosen, because it is not told of them: those
    who may not be listed, of the phase, the year and the time in care that are chosen."""
    if not only.tells:
        return 0
    asked = Narrowing(only.phase, only.year_group, looked_after_12_months=only.looked_after_12_months)
    return int((holds(rows, asked, as_at, a_year) & ~rows[MARK].astype(bool)).sum())


def day_of(months: TwelveMonths, end: date) -> date:
    """The day on which the twelve months end: the last 31 March on or before the last day of a period, or that day."""
    if months == "at the end of the period":
        return end
    march = date(end.year, 3, 31)
    return march if march <= end else date(end.year - 1, 3, 31)


def a_year_in_care(spans: Mapping[int, Sequence[CareSpan]], on: date) -> set[int]:
    """Children (`child_key`) in care on every day of the twelve months that end on a day, without short breaks.

    Source: DfE, SSDA903 guide: looked after continuously for at least 12 months at 31 March is from 1 April on."""
    first = same_date_a_year_before(on) + timedelta(days=1)
    return {
        key
        for key, own in spans.items()
        if any(spell.start <= first and (spell.end is None or spell.end > on) for spell in spells(own))
    }

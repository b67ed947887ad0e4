"""Who is looked after when, who belongs to which cohort, and in which year group a child is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import NamedTuple

from vs_core.rules.frame import academic_year_bounds, financial_year_bounds

SHORT_BREAKS = frozenset({"V3", "V4"})
"""SSDA903 legal statuses of short breaks, which DfE's counts of children looked after leave out."""
YEAR_GROUPS = ("under 2", "N1", "N2", "R", *(str(year) for year in range(1, 14)), "over 18", "not known")
PHASES = ("early years", "primary", "secondary", "post-16", "not known")
COMPULSORY_YEARS = frozenset({"R", *(str(year) for year in range(1, 12))})
"""Reception to year 11: the years in which a child has to be on a school's roll."""

_YEAR = re.compile(r"(?:year|yr|y|nc ?year)?\s*0*(\d{1,2})(?:\.0)?")
_NAMED_YEARS = {"r": "R", "reception": "R", "year r": "R", "yr r": "R", "n1": "N1", "n2": "N2"}
_NURSERY = {"nursery 1": "N1", "nursery 2": "N2"}


class Episode(NamedTuple):
    """One row of an SSDA903 episodes file: `decom` first day, `dec` last boundary (empty while it runs)."""

    child_id: str
    decom: date
    dec: date | None
    legal_status: str | None


class CareSpan(NamedTuple):
    """Days `start` <= day < `end` under one legal status; `end` None is open."""

    start: date
    end: date | None
    short_break: bool


class Spell(NamedTuple):
    """Days in care without a gap: from `start` up to and without `end` (None is open)."""

    start: date
    end: date | None


class Membership(NamedTuple):
    """One row of a cohorts file: belongs from `start` to `end`, both included; `end` None is open."""

    child_id: str
    cohort: str
    start: date
    end: date | None


@dataclass(frozen=True)
class Enrolment:
    """One row of an enrolments file; `status` is main, subsidiary, guest or empty (main)."""

    child_id: str
    urn: str
    start: date
    end: date | None
    nc_year: str | None = None
    status: str | None = None


def care_spans(episodes: Iterable[Episode]) -> list[CareSpan]:
    """One child's episodes as spans in time order that do not overlap.

    A day belongs to the episode that started last of those that run on it (`decom` <= day < `dec`, or no `dec`):
    an episode left open by mistake does not end when a later one does. An episode without a day is left out.
    """
    running = [each for each in episodes if each.dec is None or each.dec > each.decom]
    edges = sorted({each.decom for each in running} | {each.dec for each in running if each.dec})
    spans: list[CareSpan] = []
    for edge, following in zip_longest(edges, edges[1:]):
        governing = governing_episode(running, edge)
        if governing is not None:
            spans.append(CareSpan(edge, following, governing.legal_status in SHORT_BREAKS))
    return spans


def governing_episode(episodes: Iterable[Episode], on: date) -> Episode | None:
    """Of one child's episodes that run on a day, the one that started last; None out of care."""
    running = (each for each in episodes if each.decom <= on and (each.dec is None or each.dec > on))
    return max(running, key=lambda each: each.decom, default=None)


def care_spans_by_child(episodes: Iterable[Episode]) -> dict[str, list[CareSpan]]:
    """`care_spans` of every child."""
    by_child: dict[str, list[Episode]] = {}
    for episode in episodes:
        by_child.setdefault(episode.child_id, []).append(episode)
    return {child_id: care_spans(own) for child_id, own in by_child.items()}


def is_in_care(spans: Sequence[CareSpan], on: date, short_breaks: bool = False) -> bool:
    """In care on a day; `short_breaks` counts V3 and V4 as well."""
    return any(
        span.start <= on and (span.end is None or span.end > on)
        for span in spans
        if short_breaks or not span.short_break
    )


def is_in_care_within(spans: Sequence[CareSpan], start: date, end: date, short_breaks: bool = False) -> bool:
    """In care on at least one day from `start` to `end`, both included."""
    return any(
        span.start <= end and (span.end is None or span.end > start)
        for span in spans
        if short_breaks or not span.short_break
    )


def spells(spans: Sequence[CareSpan]) -> list[Spell]:
    """Spans without short breaks, joined where one starts on or before the end of the other."""
    joined: list[Spell] = []
    for span in sorted((s for s in spans if not s.short_break), key=lambda s: s.start):
        last = joined[-1] if joined else None
        if last is not None and (last.end is None or span.start <= last.end):
            joined[-1] = Spell(last.start, _later(last.end, span.end))
        else:
            joined.append(Spell(span.start, span.end))
    return joined


def entered_care_on(spans: Sequence[CareSpan], on: date) -> date | None:
    """The first day of the time in care that a day belongs to; None out of care."""
    holding = (spell for spell in spells(spans) if spell.start <= on and (spell.end is None or spell.end > on))
    return next((spell.start for spell in holding), None)


def joined_within(own: Sequence[Spell], start: date, end: date) -> bool:
    """A spell's first day lies in the period."""
    return any(start <= spell.start <= end for spell in own)


def left_within(own: Sequence[Spell], start: date, end: date) -> bool:
    """A spell's end (the first day out of care) lies in the period."""
    return any(spell.end is not None and start <= spell.end <= end for spell in own)


def belongs(membership: Membership, on: date) -> bool:
    return belongs_within(membership, on, on)


def belongs_within(membership: Membership, start: date, end: date) -> bool:
    """Belongs on at least one day from `start` to `end`, both included."""
    last = membership.end
    return membership.start <= end and (last is None or last >= max(start, membership.start))


def age_on(dob: date, on: date) -> int:
    """Age in whole years; somebody born on 29 February has a birthday on 1 March in other years."""
    return on.year - dob.year - ((on.month, on.day) < (dob.month, dob.day))


def is_pp_plus_eligible(spans: Sequence[CareSpan], dob: date | None, as_at: date, short_breaks: bool = False) -> bool:
    """Looked after for a day or more from 1 April to `as_at`, aged 4 to 15 on the 31 August in that financial year.

    Source: contract of the figure `pp_plus_eligible`; DfE, pupil premium conditions of grant (Reception to year 11).
    """
    if dob is None:
        return False
    first = financial_year_bounds(as_at)[0]
    return 4 <= age_on(dob, date(first.year, 8, 31)) <= 15 and is_in_care_within(spans, first, as_at, short_breaks)


def normal_year(text: str | None) -> str | None:
    """A year group as written in any file (`Year 7`, `07`, `Y7`, `Reception`, `N1`) in our form; None if not one."""
    plain = " ".join((text or "").lower().split())
    if plain in _NAMED_YEARS or plain in _NURSERY:
        return _NAMED_YEARS.get(plain) or _NURSERY[plain]
    match = _YEAR.fullmatch(plain)
    if match is None:
        return None
    year = int(match[1])
    return "R" if year == 0 else str(year) if year <= 13 else "over 18" if year == 14 else None


def year_group_of_age(dob: date | None, on: date) -> str:
    """The year group by date of birth: the age on the 31 August before the academic year of `on` began."""
    if dob is None:
        return "not known"
    age = age_on(dob, academic_year_bounds(on)[0] - timedelta(days=1))
    if age < 2:
        return "under 2"
    return YEAR_GROUPS[age - 1] if age < 18 else "over 18"


def year_group(enrolments: Iterable[Enrolment], dob: date | None, on: date) -> str:
    """The year group on a day: of the enrolment that governs it, of the next that states one, else by date of birth."""
    stated = (normal_year(each.nc_year) for each in enrolments_on(enrolments, on))
    return next(filter(None, stated), None) or year_group_of_age(dob, on)


def governing_enrolment(enrolments: Iterable[Enrolment], on: date) -> Enrolment | None:
    """Of the enrolments that cover a day, the first of `enrolments_on`."""
    return next(iter(enrolments_on(enrolments, on)), None)


def enrolments_on(enrolments: Iterable[Enrolment], on: date) -> list[Enrolment]:
    """The enrolments that cover a day: main ones (an empty status is main) before others, then the latest start."""
    covering = [each for each in enrolments if each.start <= on and (each.end is None or each.end >= on)]
    return sorted(covering, key=lambda each: ((each.status or "main") == "main", each.start, each.urn), reverse=True)


def phase(group: str) -> str:
    """The phase of a year group: early years, primary (R to 6), secondary (7 to 11), post-16, not known."""
    if group in ("under 2", "N1", "N2"):
        return "early years"
    if group in COMPULSORY_YEARS:
        return "primary" if group == "R" or int(group) <= 6 else "secondary"
    return "post-16" if group in ("12", "13", "over 18") else "not known"


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else None

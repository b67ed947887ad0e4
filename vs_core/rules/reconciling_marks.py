"""Register codes against what else is known: where the two do not agree somebody has to ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from vs_core.rules.exclusions import PERMANENT, SUSPENSION
from vs_core.rules.school_diary import Diary

SAME_SPELL = timedelta(days=7)
"""Marks of a child and school that lie no further apart are one row: a weekend or a few days there between."""


@dataclass(frozen=True)
class Kind:
    """What does not agree, and what there is to do about it. codes: those looked at; empty: suspensions are."""

    key: str
    title: str
    codes: frozenset[str]
    to_do: str


E_WITHOUT_SUSPENSION, SUSPENSION_WITHOUT_E, Y5_WITHOUT_CUSTODY = "e_alone", "suspension_alone", "y5_alone"
OFF_SITE_WITHOUT_PROVIDER, D_WITHOUT_REGISTER, N_OVERDUE = "provider_missing", "d_alone", "n_overdue"
KINDS = (
    Kind(
        E_WITHOUT_SUSPENSION,
        "E codes without a suspension",
        frozenset("E"),
        "Ask the school for the notice of the suspension, or for the right code.",
    ),
    Kind(
        SUSPENSION_WITHOUT_E,
        "Suspensions without E codes",
        frozenset(),
        "Ask the school whether the child was at home, and for the right codes.",
    ),
    Kind(
        Y5_WITHOUT_CUSTODY,
        "Y5 codes without custody",
        frozenset({"Y5"}),
        "Ask the social worker whether the child is in custody; add the stay, or ask for the right code.",
    ),
    Kind(
        OFF_SITE_WITHOUT_PROVIDER,
        "B and K codes without a named provider",
        frozenset("BK"),
        "Ask the school who teaches the child, and enter the provider with its review.",
    ),
    Kind(
        D_WITHOUT_REGISTER,
        "D codes without the other school's register",
        frozenset("D"),
        "Ask which school the child is at; ask that school for its register.",
    ),
    Kind(
        N_OVERDUE,
        "N codes with no reason after the school days allowed",
        frozenset("N"),
        "Ask the school for the reason of the absence; it is due by now.",
    ),
)
CODES = frozenset().union(*(each.codes for each in KINDS))


class Coded(NamedTuple):
    """A half day of a child in a school's register: `half` 0 in the morning; is_elsewhere: another school's register
    has a mark for it other than D."""

    child_key: int
    on: date
    half: int
    code: str
    urn: str
    is_elsewhere: bool = False


class Span(NamedTuple):
    """Days of a child, the last one included; None: still."""

    child_key: int
    first: date
    last: date | None


class Spell(NamedTuple):
    """Half days of a child at a school that lie close together."""

    child_key: int
    urn: str
    first_on: date
    last_on: date
    sessions: int


class Notice(NamedTuple):
    """A suspension or exclusion that was not withdrawn. sessions: half days as the notice says; is_from_noon: it began
    in the afternoon."""

    child_key: int
    urn: str
    category: str
    first: date
    last: date | None
    sessions: int | None
    is_from_noon: bool


def days_of_notice(notice: Notice, diary: Diary) -> Span:
    """The days that a notice covers: to its last day where it names one, else as many school days as its sessions
    take; a permanent exclusion without a last day has no end."""
    if notice.last is not None or notice.category == PERMANENT:
        return Span(notice.child_key, notice.first, notice.last)
    days = ceil(((notice.sessions or 0) + notice.is_from_noon) / 2)
    last = notice.first if days <= 1 else diary.after(notice.urn, notice.first, days - 1)
    return Span(notice.child_key, notice.first, last)


def not_covered(marks: Iterable[Coded], spans: Iterable[Span]) -> list[Coded]:
    """The marks of days of a child that no span of it holds."""
    by_child: dict[int, list[Span]] = {}
    for span in spans:
        by_child.setdefault(span.child_key, []).append(span)
    return [mark for mark in marks if not any(_holds(span, mark.on) for span in by_child.get(mark.child_key, ()))]


def _holds(span: Span, on: date) -> bool:
    return span.first <= on and (span.last is None or on <= span.last)


def overdue(marks: Iterable[Coded], as_at: date, diary: Diary, school_days: int) -> list[Coded]:
    """The marks of more than so many school days before the day."""
    return [mark for mark in marks if diary.since(mark.urn, mark.on, as_at) > school_days]


def nowhere_else(marks: Iterable[Coded]) -> list[Coded]:
    """The marks for whose half day no other register has one."""
    return [mark for mark in marks if not mark.is_elsewhere]


def spells(marks: Iterable[Coded]) -> list[Spell]:
    """The half days of each child and school in order of time, those together that lie close to each other."""
    found: list[Spell] = []
    for mark in sorted(set(marks), key=lambda each: (each.child_key, each.urn, each.on, each.half)):
        last = found[-1] if found else None
        if last and last[:2] == (mark.child_key, mark.urn) and mark.on - last.last_on <= SAME_SPELL:
            found[-1] = last._replace(last_on=mark.on, sessions=last.sessions + 1)
        else:
            found.append(Spell(mark.child_key, mark.urn, mark.on, mark.on, 1))
    return found


def suspensions(notices: Iterable[Notice]) -> list[Notice]:
    """Those that an E code should go with on each of their days."""
    return [each for each in notices if each.category == SUSPENSION]


def of_key(key: str, kinds: Sequence[Kind] = KINDS) -> Kind:
    return next(each for each in kinds if each.key == key)

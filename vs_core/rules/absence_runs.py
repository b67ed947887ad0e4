"""Half days missed one after the other, up to the last mark that came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import NamedTuple

PLANNED = frozenset({"C2", "S"})
"""Part-time timetable and study leave: sessions at which nobody expected the child. They neither lengthen a run of
missed sessions nor end it."""
UNEXPLAINED = frozenset({"N", "O"})
"""No reason yet, and no reason that the school accepted."""


class Mark(NamedTuple):
    """A mark that is a possible session: `half` 0 in the morning, 1 in the afternoon."""

    on: date
    half: int
    code: str
    is_attended: bool


class HalfDay(NamedTuple):
    """A half day by all registers together: attended where any says so; else the codes of the absence."""

    on: date
    half: int
    is_attended: bool
    codes: frozenset[str]


@dataclass(frozen=True)
class Run:
    """Half days missed in a row: how many, on how many days, since when, and the codes in the order of the alphabet."""

    sessions: int
    days: int
    first_on: date
    codes: tuple[str, ...]


def half_days(marks: Iterable[Mark]) -> list[HalfDay]:
    """A child's half days with a possible session in order of time, those that were planned to be missed left out."""
    by_half: dict[tuple[date, int], list[Mark]] = {}
    for mark in marks:
        by_half.setdefault((mark.on, mark.half), []).append(mark)
    every = (_together(on, half, own) for (on, half), own in sorted(by_half.items()))
    return [each for each in every if each.is_attended or not each.codes <= PLANNED]


def _together(on: date, half: int, marks: Sequence[Mark]) -> HalfDay:
    attended = any(mark.is_attended for mark in marks)
    return HalfDay(on, half, attended, frozenset() if attended else frozenset(mark.code for mark in marks))


def missed_run(halves: Sequence[HalfDay]) -> Run | None:
    """The half days missed since the child was last there; None where it was at the last one."""
    return _run(list(takewhile(lambda each: not each.is_attended, reversed(halves))))


def unexplained_run(halves: Sequence[HalfDay]) -> Run | None:
    """Of these the last ones without a reason that holds: codes N and O alone."""
    return _run(list(takewhile(lambda each: bool(each.codes) and each.codes <= UNEXPLAINED, reversed(halves))))


def _run(latest_first: Sequence[HalfDay]) -> Run | None:
    if not latest_first:
        return None
    codes = sorted(set().union(*(each.codes for each in latest_first)))
    return Run(len(latest_first), len({each.on for each in latest_first}), latest_first[-1].on, tuple(codes))


def absent_on(halves: Iterable[HalfDay], day: date) -> tuple[str, ...]:
    """The codes of the half days of a day that were missed; none where the child was there."""
    return tuple(sorted(set().union(*(each.codes for each in halves if each.on == day and not each.is_attended))))

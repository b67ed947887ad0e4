"""The marks of one child as plain rows, each in its class."""

from datetime import date
from typing import NamedTuple

from .attendance import class_of
from .deliveries import day
from .setting import Setting


class Mark(NamedTuple):
    on: date
    half: int
    urn: str
    code: str
    kind: str


def marks_of(s: Setting, child: str | None = None) -> list[Mark]:
    """Of one child, or of everybody, in order of time, whatever day they are of."""
    found = []
    for row in s.known.of("attendance"):
        if child is None or row["child_id"] == child:
            on, code = day(row["date"]), row["code"].strip()
            assert on is not None
            found.append(Mark(on, int(row["session"] == "PM"), row["urn"], code, class_of(code, on)))
    return sorted(found)


def is_possible(mark: Mark) -> bool:
    return mark.kind != "not possible"


def sums(marks: list[Mark], first: date, last: date) -> tuple[int, int]:
    """Possible sessions from one day to another, and those missed."""
    own = [mark for mark in marks if first <= mark.on <= last and is_possible(mark)]
    return len(own), sum(mark.kind != "attended" for mark in own)

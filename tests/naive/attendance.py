"""Attendance, pooled over sessions; persistent and severe absence by child."""

from datetime import date
from fractions import Fraction
from typing import Any

from .deliveries import Row, day
from .percent import percent
from .setting import Setting

CHANGED = date(2024, 8, 19)
ATTENDED = {"/", "\\", "L", "B", "P", "V", "W"}
AUTHORISED = {"C", "E", "I", "M", "R", "S", "T"}
UNAUTHORISED = {"G", "N", "O", "U"}
NOT_POSSIBLE = {"D", "X", "Z", "#"}
OLD = {"ATTENDED": {"J"}, "AUTHORISED": {"H", "F"}, "NOT_POSSIBLE": {"Y"}}
NEW = {
    "ATTENDED": {"K"},
    "AUTHORISED": {"C1", "C2", "J1"},
    "NOT_POSSIBLE": {"Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"},
}


def class_of(code: str, on: date) -> str:
    """attended, authorised, unauthorised or not possible; the lists changed on 19 August 2024."""
    dated = NEW if on >= CHANGED else OLD
    if code in ATTENDED or code in dated["ATTENDED"]:
        return "attended"
    if code in AUTHORISED or code in dated["AUTHORISED"]:
        return "authorised"
    if code in UNAUTHORISED:
        return "unauthorised"
    if code in NOT_POSSIBLE or code in dated["NOT_POSSIBLE"]:
        return "not possible"
    raise ValueError(f"{code!r} is no code on {on}")


def is_persistent(absent: int, possible: int) -> bool:
    return 10 * absent >= possible


def is_severe(absent: int, possible: int) -> bool:
    return 2 * absent >= possible


def figures(s: Setting) -> dict[str, Any]:
    if not s.arrived("attendance", *s.cohort_kinds()):
        return dict.fromkeys(NAMES)
    return of_marks(marks(s))


def marks(s: Setting) -> dict[str, list[tuple[str, str]]]:
    """By child of the cohort the class and the code of each mark of the period that counts."""
    cohort = s.children_in_period()
    by_child: dict[str, list[tuple[str, str]]] = {}
    for row in s.known.of("attendance"):
        if row["child_id"] in cohort and _counts(s, row):
            on = day(row["date"])
            assert on is not None
            code = row["code"].strip()
            by_child.setdefault(row["child_id"], []).append((class_of(code, on), code))
    return by_child


def of_marks(by_child: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    """The headline figures of some children's marks."""
    return _totals([[name for name, _ in own] for own in by_child.values()])


def further(by_child: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    """What the page of attendance shows besides: the unauthorised share, lateness, children by band."""
    every = [mark for own in by_child.values() for mark in own]
    possible = [mark for mark in every if mark[0] != "not possible"]
    late, too_late = sum(code == "L" for _, code in every), sum(code == "U" for _, code in every)
    bands = dict.fromkeys(("band_50", "band_80", "band_90", "band_95", "band_under_100", "band_100"), 0)
    for own in by_child.values():
        band = band_of([name for name, _ in own if name != "not possible"])
        if band:
            bands[band] += 1
    return {
        "unauthorised_percent": percent(sum(name == "unauthorised" for name, _ in possible), len(possible)),
        "late_sessions": late,
        "late_after_register_sessions": too_late,
        "late_percent": percent(late, len(possible)),
        "late_after_register_percent": percent(too_late, len(possible)),
        **bands,
    }


def band_of(possible: list[str]) -> str | None:
    """The band of one child, by fractions."""
    if not possible:
        return None
    share = Fraction(possible.count("attended") * 100, len(possible))
    if share == 100:
        return "band_100"
    if share >= 95:
        return "band_under_100"
    if share > 90:
        return "band_95"
    return "band_90" if share > 80 else "band_80" if share > 50 else "band_50"


def without(by_child: dict[str, list[tuple[str, str]]], codes: str) -> float | None:
    """Attendance as if the register did not hold some codes (`C2 E S`)."""
    every = [mark for own in by_child.values() for mark in own if mark[1] not in codes.split()]
    possible = [name for name, _ in every if name != "not possible"]
    return percent(possible.count("attended"), len(possible))


def apart(by_child: dict[str, list[tuple[str, str]]]) -> dict[tuple[str, str], int]:
    """How many D and Y sessions each child has, by child and code."""
    found: dict[tuple[str, str], int] = {}
    for child, own in by_child.items():
        for _, code in own:
            if code == "D" or code[:1] == "Y":
                found[child, code] = found.get((child, code), 0) + 1
    return found


def _counts(s: Setting, row: Row) -> bool:
    on = day(row["date"])
    assert on is not None
    if not s.start <= on <= s.end:
        return False
    return not s.while_in_care or s.belongs(row["child_id"], on)


def _totals(children: list[list[str]]) -> dict[str, Any]:
    marks = [[mark for mark in child if mark != "not possible"] for child in children]
    marks = [child for child in marks if child]
    everything = [mark for child in marks for mark in child]
    absences = [(sum(mark != "attended" for mark in child), len(child)) for child in marks]
    persistent = sum(is_persistent(absent, possible) for absent, possible in absences)
    severe = sum(is_severe(absent, possible) for absent, possible in absences)
    return {
        "children": len(marks),
        "possible_sessions": len(everything),
        "attended_sessions": everything.count("attended"),
        "authorised_absence_sessions": everything.count("authorised"),
        "unauthorised_absence_sessions": everything.count("unauthorised"),
        "attendance_percent": percent(everything.count("attended"), len(everything)),
        "persistently_absent": persistent,
        "persistently_absent_percent": percent(persistent, len(marks)),
        "severely_absent": severe,
        "severely_absent_percent": percent(severe, len(marks)),
    }


NAMES = tuple(_totals([]))

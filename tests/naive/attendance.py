"""Attendance, pooled over sessions; persistent and severe absence by child."""

from datetime import date
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
    cohort = s.children_in_period()
    by_child: dict[str, list[str]] = {}
    for row in s.known.of("attendance"):
        if row["child_id"] in cohort and _counts(s, row):
            on = day(row["date"])
            assert on is not None
            by_child.setdefault(row["child_id"], []).append(class_of(row["code"].strip(), on))
    return _totals(list(by_child.values()))


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

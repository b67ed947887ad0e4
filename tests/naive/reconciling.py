"""Codes that do not agree with what else is known, half day by half day."""

from datetime import date
from typing import Any

from .deliveries import Row, day
from .marks import Mark, marks_of
from .school_days import ONE, SchoolDays
from .setting import Setting
from .years import academic_year_start

Rows = list[tuple[str, str, str, date, date, int]]
"""Kind, child, school, first and last day, half days."""


def rows(s: Setting, days: SchoolDays, older_than: int) -> Rows:
    found: Rows = []
    for child in s.children_in_period():
        marks = [mark for mark in marks_of(s, child) if academic_year_start(s.as_at) <= mark.on <= s.as_at]
        kept: dict[str, list[Mark]] = {}
        for mark in marks:
            if kind := _kind(s, days, child, mark, marks, older_than):
                kept.setdefault(kind, []).append(mark)
        found += [(kind, child, *spell) for kind, own in kept.items() for spell in _spells(own)]
        found += _suspensions(s, days, child, marks)
    return sorted(found)


def _kind(s: Setting, days: SchoolDays, child: str, mark: Mark, marks: list[Mark], older_than: int) -> str | None:
    """Which list a mark stands in, if any."""
    on = mark.on
    if mark.code == "E" and not any(_holds(_notice(row, days), on) for row in _notices(s, child)):
        return "e_alone"
    if mark.code == "Y5" and not _covered(s, "custody", child, on):
        return "y5_alone"
    if mark.code in ("B", "K") and not _covered(s, "timetables", child, on):
        return "provider_missing"
    same = [each for each in marks if (each.on, each.half) == (on, mark.half) and each.urn != mark.urn]
    if mark.code == "D" and all(each.code == "D" for each in same):
        return "d_alone"
    if mark.code == "N" and days.since(mark.urn, on, s.as_at) > older_than:
        return "n_overdue"
    return None


def _covered(s: Setting, kind: str, child: str, on: date) -> bool:
    own = [row for row in s.known.of(kind) if row["child_id"] == child]
    if kind == "timetables":
        own = [row for row in own if row["kind"] == "alternative provision" and row.get("provider")]
    return any(_holds((day(row["start"]), day(row.get("end"))), on) for row in own)


def _holds(span: tuple[date | None, date | None], on: date) -> bool:
    first, last = span
    return first is not None and first <= on and (last is None or on <= last)


def _notices(s: Setting, child: str) -> list[Row]:
    taken = ("SUSP", "FIXD", "PERM")
    every = [row for row in s.known.of("exclusions") if row["child_id"] == child and row["category"] in taken]
    return [row for row in every if row.get("status") != "withdrawn"]


def _notice(row: Row, days: SchoolDays) -> tuple[date | None, date | None]:
    first, last = day(row["start_date"]), day(row.get("end_date"))
    if last or row["category"] == "PERM" or first is None:
        return first, last
    halves = int(row.get("sessions") or 0) + (row.get("start_session") == "PM")
    last = first
    for _ in range((halves + 1) // 2 - 1):
        last = days.step(row.get("urn") or "", last, 1, 1)
    return first, last


def _suspensions(s: Setting, days: SchoolDays, child: str, marks: list[Mark]) -> Rows:
    found: Rows = []
    for row in _notices(s, child):
        first, last = _notice(row, days)
        if row["category"] == "PERM" or first is None or not academic_year_start(s.as_at) <= first <= s.as_at:
            continue
        last = min(last or s.as_at, s.as_at)
        own = [mark for mark in marks if first <= mark.on <= last and mark.code not in ("Z", "#")]
        if own and all(mark.code != "E" for mark in own):
            found.append(("suspension_alone", child, row.get("urn") or "", first, last, len(own)))
    return found


def _spells(marks: list[Mark]) -> list[tuple[str, date, date, int]]:
    found: list[list[Any]] = []
    for mark in sorted(marks, key=lambda each: (each.urn, each.on, each.half)):
        if found and found[-1][0] == mark.urn and mark.on <= found[-1][2] + 7 * ONE:
            found[-1][2:] = [mark.on, found[-1][3] + 1]
        else:
            found.append([mark.urn, mark.on, mark.on, 1])
    return [tuple(each) for each in found]  # type: ignore[misc]

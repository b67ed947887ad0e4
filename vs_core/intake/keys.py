"""The keys of the rows of a file, as texts that last: by them a later file is known to speak of the same row."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection

from vs_core.intake.checking import NUMBER_OF_CELLS, Checked
from vs_core.intake.kind import Row

HALVES = ("AM", "PM")


def at(checked: Checked, place: int) -> str | None:
    """Of the row at a place of the sheet; None where it cannot be read."""
    return of_mark(checked, place) if checked.kind.name == "attendance" else checked.keys[place]


def of_rows(checked: Checked, rows: list[Row]) -> list[str | None]:
    """By place in the sheet; None where the key cannot be read. rows: all of the sheet, completed."""
    kind = checked.kind
    must = {column.to for column in kind.columns if column.filled} | (
        set(kind.key) - {column.to for column in kind.columns}
    )
    unreadable = _unreadable(checked)
    keys: list[str | None] = []
    for number, row in zip(checked.sheet.row_numbers, rows, strict=True):
        parts = [(name, row.get(name)) for name in kind.key]
        lacks = number in unreadable or any(part is None and name in must for name, part in parts)
        keys.append(None if lacks else json.dumps(["" if part is None else str(part) for _, part in parts]))
    return keys


def _unreadable(checked: Checked) -> set[int]:
    return {problem.row_number for problem in checked.problems if problem.rule in (NUMBER_OF_CELLS, "text")}


def of_mark(checked: Checked, place: int) -> str | None:
    """Of a row of register marks: child, day, URN (empty: not said) and the half days that it speaks of."""
    values = checked.values
    child, day = values["child_key"][place], values["day"][place]
    halves = halves_of(checked, place)
    if child is None or day is None or not halves:
        return None
    school = values["school_key"][place] if "school_key" in values else None
    return json.dumps([child, str(day), school or "", " ".join(halves)])


def halves_of(checked: Checked, place: int) -> tuple[str, ...]:
    """The half days that a row has a cell for, readable or not."""
    values, sheet = checked.values, checked.sheet
    if "code" in values:
        half = values["session"][place]
        return (str(half),) if half else ()
    if len(sheet.rows[place]) != len(sheet.header):
        return ()
    return tuple(half for half in HALVES if sheet.rows[place][checked.places[half.lower()]].strip())


def spoken_of(checked: Checked, wanted: Collection[str]) -> dict[str, int]:
    """The keys, of those wanted, of which accepted rows speak, each with the place of the last row that does."""
    if not wanted:
        return {}
    if checked.kind.name == "attendance":
        return _marks_spoken_of(checked, wanted)
    by_key = {checked.keys[place]: place for place in checked.accepted()}
    return {key: by_key[key] for key in wanted if key in by_key}


def _marks_spoken_of(checked: Checked, wanted: Collection[str]) -> dict[str, int]:
    """A key of both half days is spoken of when rows speak of each; an URN that is not said is any."""
    asked = [(key, *json.loads(key)) for key in wanted]
    days = {(child, day) for _, child, day, _, _ in asked}
    children = {child for child, _ in days}
    said: dict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
    for place in checked.accepted():
        child, day = checked.values["child_key"][place], str(checked.values["day"][place])
        key = of_mark(checked, place) if child in children and (child, day) in days else None
        if key:
            school, halves = json.loads(key)[2:]
            said[child, day] += [(place, school, half) for half in halves.split()]
    found: dict[str, int] = {}
    for key, child, day, school, halves in asked:
        same = [(place, half) for place, at, half in said[child, day] if at == school or not at or not school]
        last = [max((place for place, one in same if one == half), default=-1) for half in halves.split()]
        if min(last) >= 0:
            found[key] = min(last)
    return found

"""The school of a register mark that names none."""

from collections.abc import Iterator
from datetime import date

from .deliveries import Delivery, History, Row, day, held


def placed(delivery: Delivery, marks: History, enrolments: History) -> Delivery:
    """One row a mark, each with its school: as given, else where the child is enrolled that day, else where the other
    marks of the day are, else none. A mark held without a school gives way to the same one with a school."""
    rows = []
    before = [row for row in (held(dated, delivery.known_on) for dated in marks.values()) if row is not None]
    for row in _one_a_mark(delivery):
        school = row.get("urn") or _school_on(row, before, enrolments, delivery.known_on)
        rows.append({**row, "urn": school})
        nowhere = (row["child_id"], day(row["date"]), row["session"], "")
        if school and nowhere in marks and held(marks[nowhere], delivery.known_on):
            marks[nowhere][delivery.known_on] = None
    return Delivery(delivery.kind, delivery.known_on, rows)


def _one_a_mark(delivery: Delivery) -> Iterator[Row]:
    for row in delivery.rows:
        if "am" not in row:
            yield row
            continue
        rest = {name: text for name, text in row.items() if name not in ("am", "pm")}
        for session in ("am", "pm"):
            if row[session].strip():
                yield {**rest, "session": session.upper(), "code": row[session]}


def _school_on(row: Row, before: list[Row], enrolments: History, known_on: date) -> str:
    on = day(row["date"])
    assert on is not None
    enrolled = _enrolled(row["child_id"], on, enrolments, known_on)
    if enrolled:
        return enrolled
    same_day = {mark["urn"] for mark in before if mark["child_id"] == row["child_id"] and day(mark["date"]) == on}
    return same_day.pop() if len(same_day) == 1 else ""


def _enrolled(child: str, on: date, enrolments: History, known_on: date) -> str:
    """The main school, else another; of several the one begun last."""
    found = []
    for dated in enrolments.values():
        row = held(dated, known_on)
        if row is None or row["child_id"] != child:
            continue
        start, end = day(row["start"]), day(row.get("end"))
        if start is not None and start <= on and (end is None or end >= on):
            found.append((row.get("status", "") in ("", "main"), start, row["urn"]))
    return max(found)[2] if found else ""

"""What was known by the end of a day, replayed from the files in the order in which they were taken in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

Row = dict[str, str]
Key = tuple[object, ...]

KEYS: dict[str, tuple[str, ...]] = {
    "schools": ("URN",),
    "ssda903-header": ("CHILD",),
    "ssda903-episodes": ("CHILD", "DECOM"),
    "ssda903-uasc": ("CHILD",),
    "children": ("child_id",),
    "cohorts": ("child_id", "cohort", "start"),
    "enrolments": ("child_id", "urn", "start"),
    "attendance": ("child_id", "date", "session", "urn"),
    "exclusions": ("notice_id",),
    "timetables": ("child_id", "kind", "start"),
    "peps": ("child_id", "term", "kind"),
    "pp-allocations": ("financial_year", "fund", "stage"),
    "pp-requests": ("request_id",),
    "pp-payments": ("payment_id",),
    "courses": ("session_id",),
    "bookings": ("booking_id",),
    "project-places": ("project", "child_id", "urn", "start"),
    "project-usage": ("project", "child_id", "week"),
    "licences": ("project", "start"),
    "admissions": ("child_id", "needed_on"),
    "destinations": ("child_id", "on"),
    "custody": ("child_id", "start"),
    "calendar": ("la", "urn", "start", "what"),
}
DATES_IN_KEYS = {"DECOM", "start", "start_date", "date", "week", "needed_on", "on"}
DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")


@dataclass(frozen=True)
class Delivery:
    """One file: its kind, the day from which it is known, its rows as text under the contract's column names."""

    kind: str
    known_on: date
    rows: list[Row]
    columns: tuple[str, ...] = ()


class Known:
    """Rows known by the end of one day: by kind; which kinds had arrived; every child mentioned by then."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.arrived: set[str] = set()
        self.children: set[str] = set()

    def of(self, kind: str) -> list[Row]:
        return self.rows.get(kind, [])


def day(text: str | None) -> date | None:
    """A date from a cell, None when the cell is empty."""
    text = (text or "").strip()
    if not text:
        return None
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(f"not a date: {text!r}")


def replay(deliveries: Iterable[Delivery], known_on: date) -> Known:
    """Everything known by the end of known_on."""
    histories: dict[str, dict[Key, dict[date, Row]]] = {}
    known = Known()
    for delivery in deliveries:
        _take_in(histories, delivery)
        if delivery.known_on <= known_on:
            known.arrived.add(delivery.kind)
            known.children.update(_children_named(delivery))
    for kind, history in histories.items():
        versions = (_held(dated, known_on) for dated in history.values())
        known.rows[kind] = [row for row in versions if row is not None]
    return known


def _take_in(histories: dict[str, dict[Key, dict[date, Row]]], delivery: Delivery) -> None:
    history = histories.setdefault(delivery.kind, {})
    enrolments = histories.get("enrolments", {})
    for key, row in _keyed(delivery, enrolments):
        dated = history.setdefault(key, {})
        before = _held(dated, delivery.known_on) or {}
        dated[delivery.known_on] = {**before, **row}


def _held(dated: dict[date, Row], on: date) -> Row | None:
    days = [known_from for known_from in dated if known_from <= on]
    return dated[max(days)] if days else None


def _keyed(delivery: Delivery, enrolments: dict[Key, dict[date, Row]]) -> Iterator[tuple[Key, Row]]:
    counted: dict[Key, int] = {}
    for row in _long(delivery):
        if delivery.kind == "exclusions":
            yield _notice_key(row, counted), row
            continue
        if delivery.kind == "attendance" and not row.get("urn"):
            row = {**row, "urn": _school_on(row, enrolments, delivery.known_on)}
        if delivery.kind == "project-places" and row.get("child_id"):
            yield (row["project"], row["child_id"], "", day(row["start"])), row
            continue
        yield tuple(_key_cell(name, row.get(name, "")) for name in KEYS[delivery.kind]), row


def _key_cell(name: str, text: str) -> object:
    return day(text) if name in DATES_IN_KEYS else text.strip()


def _notice_key(row: Row, counted: dict[Key, int]) -> Key:
    if row.get("notice_id"):
        return ("notice", row["notice_id"])
    category = "SUSP" if row["category"] == "FIXD" else row["category"]
    same = (row["child_id"], day(row["start_date"]), category)
    counted[same] = counted.get(same, 0) + 1
    return (*same, counted[same])


def _school_on(row: Row, enrolments: dict[Key, dict[date, Row]], known_on: date) -> str:
    """The school of the main enrolment covering the mark's day as known then; several: the latest to start."""
    on = day(row["date"])
    assert on is not None
    found = []
    for dated in enrolments.values():
        held = _held(dated, known_on)
        if held is None or held["child_id"] != row["child_id"] or held.get("status", "") not in ("", "main"):
            continue
        start, end = day(held["start"]), day(held.get("end"))
        if start is not None and start <= on and (end is None or end >= on):
            found.append((start, held["urn"]))
    return max(found)[1] if found else ""


def _long(delivery: Delivery) -> Iterator[Row]:
    """The rows, with a wide register's two half days as two rows."""
    for row in delivery.rows:
        if delivery.kind != "attendance" or "am" not in row:
            yield row
            continue
        rest = {name: text for name, text in row.items() if name not in ("am", "pm")}
        for session in ("am", "pm"):
            if row[session].strip():
                yield {**rest, "session": session.upper(), "code": row[session]}


def _children_named(delivery: Delivery) -> set[str]:
    names = [row.get("CHILD") or row.get("child_id") or "" for row in delivery.rows]
    return {name for name in names if name}

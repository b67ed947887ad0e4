"""What was known by the end of a day, replayed from the files in the order in which they were taken in."""

from collections.abc import Iterable, Iterator
from datetime import date

from .deliveries import Delivery, History, Key, Row, day, held
from .schools_of_marks import placed

Histories = dict[str, History]

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


class Known:
    """Rows known by the end of one day: by kind; which kinds had arrived, and when last; every child mentioned."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.arrived: set[str] = set()
        self.latest: dict[str, date] = {}
        self.children: set[str] = set()

    def of(self, kind: str) -> list[Row]:
        return self.rows.get(kind, [])


def replay(deliveries: Iterable[Delivery], known_on: date) -> Known:
    """Everything known by the end of known_on."""
    histories: Histories = {}
    known = Known()
    for delivery in deliveries:
        _take_in(histories, delivery)
        if delivery.known_on <= known_on:
            known.arrived.add(delivery.kind)
            known.latest[delivery.kind] = max(delivery.known_on, known.latest.get(delivery.kind, date.min))
            known.children.update(_children_named(delivery))
    for kind, history in histories.items():
        versions = (held(dated, known_on) for dated in history.values())
        known.rows[kind] = [row for row in versions if row is not None]
    return known


def _take_in(histories: Histories, delivery: Delivery) -> None:
    if delivery.kind == "attendance":
        delivery = placed(delivery, histories.get("attendance", {}), histories.get("enrolments", {}))
    history = histories.setdefault(delivery.kind, {})
    for key, row in _keyed(delivery):
        dated = history.setdefault(key, {})
        before = held(dated, delivery.known_on) or {}
        dated[delivery.known_on] = {**before, **row}


def _keyed(delivery: Delivery) -> Iterator[tuple[Key, Row]]:
    counted: dict[Key, int] = {}
    for row in delivery.rows:
        if delivery.kind == "exclusions":
            yield _notice_key(row, counted), row
            continue
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


def _children_named(delivery: Delivery) -> set[str]:
    names = [row.get("CHILD") or row.get("child_id") or "" for row in delivery.rows]
    return {name for name in names if name}

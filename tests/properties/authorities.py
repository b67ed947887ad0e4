"""Small random authorities as the files that they send, with late and sometimes back-dated corrections."""

from dataclasses import dataclass
from datetime import date
from random import Random

from tests.naive import Delivery
from tests.properties import rows
from tests.properties.days import FIRST, LAST, some_day

COHORTS = ("in care", "all", "previously looked after", "child in need", "child protection", "kinship")
PEOPLE = ("ssda903-header", "ssda903-episodes", "ssda903-uasc", "children", "cohorts", "enrolments")
FOCUSES = (
    ("attendance",),
    ("attendance", "calendar"),
    ("exclusions",),
    ("exclusions", "calendar"),
    ("pp-allocations", "pp-requests", "pp-payments"),
    ("courses", "bookings"),
    ("project-places", "project-usage"),
    ("peps", "timetables", "destinations"),
    ("admissions", "custody"),
)
EVERYTHING = tuple(dict.fromkeys(kind for focus in FOCUSES for kind in focus))
EARLY = (date(2024, 1, 1), date(2024, 1, 1), date(2024, 1, 1), date(2024, 10, 1), date(2025, 2, 1))
QUESTIONS = 2
REQUIRED = {
    "ssda903-header": ("CHILD", "SEX", "DOB"),
    "ssda903-episodes": ("CHILD", "DECOM", "RNE", "LS", "PLACE"),
    "ssda903-uasc": ("CHILD", "DUC"),
    "children": ("child_id", "dob"),
    "cohorts": ("child_id", "cohort", "start"),
    "enrolments": ("child_id", "urn", "start"),
    "attendance": ("child_id", "date", "session", "code"),
    "wide attendance": ("child_id", "date", "am", "pm"),
    "exclusions": ("child_id", "start_date", "sessions", "category", "reason1"),
    "timetables": ("child_id", "kind", "start", "review_due"),
    "peps": ("child_id", "term", "kind", "due_on"),
    "pp-allocations": ("financial_year", "fund", "stage", "children", "amount", "notified_on"),
    "pp-requests": ("request_id", "child_id", "term", "amount", "area", "status", "requested_on"),
    "pp-payments": ("payment_id", "request_id", "amount", "status", "paid_on"),
    "courses": ("session_id", "course", "audience", "date", "capacity"),
    "bookings": ("booking_id", "session_id", "role", "status"),
    "project-places": ("project", "child_id", "urn", "start", "status"),
    "project-usage": ("project", "child_id", "week", "minutes"),
    "admissions": ("child_id", "needed_on"),
    "destinations": ("child_id", "on", "status"),
    "custody": ("child_id", "start", "setting"),
    "calendar": ("la", "academic_year", "what", "start", "end"),
}


@dataclass(frozen=True)
class Question:
    """What is asked of an authority; `start` <= `end` <= `as_at`."""

    as_at: date
    known_on: date | None
    start: date
    end: date
    cohort: str
    while_in_care: bool


@dataclass(frozen=True)
class Authority:
    deliveries: tuple[Delivery, ...]
    questions: tuple[Question, ...]


def authority(r: Random, projects: rows.Projects) -> Authority:
    """One to six children, some kinds of files, up to three deliveries of each, and questions."""
    names = r.choice((("C1",), ("C1", "00123"), ("C1", "00123", "C3", "C4"), ("C1", "00123", "C3", "C4", "C5", "C6")))
    kinds = r.choice((*FOCUSES, *[EVERYTHING] * 9))
    left_out = r.choice((*[None] * 30, *PEOPLE, *kinds))
    deliveries = [
        _delivery(r, kind, names, projects, number)
        for number in range(3)
        for kind in (*PEOPLE, *kinds)
        if kind != left_out and (number == 0 or r.random() < 0.25)
    ]
    return Authority(tuple(deliveries), tuple(question(r) for _ in range(QUESTIONS)))


def _delivery(r: Random, kind: str, names: tuple[str, ...], projects: rows.Projects, number: int) -> Delivery:
    known_on = r.choice(EARLY) if number == 0 else some_day(r)
    taken = rows.file_rows(r, kind, names, projects)
    required = REQUIRED["wide attendance" if taken and "am" in taken[0] else kind]
    given = tuple(taken[0]) if taken else required
    kept = tuple(column for column in given if column in required or r.random() < 0.85)
    return Delivery(kind, known_on, [{column: row[column] for column in kept} for row in taken], kept)


def question(r: Random) -> Question:
    first, second, third = sorted(some_day(r) for _ in range(3))
    year_start = date(third.year if third.month >= 9 else third.year - 1, 9, 1)
    start, end = r.choice(((first, second), (third, third), (FIRST, third), (year_start, third), (year_start, third)))
    return Question(
        as_at=third,
        known_on=r.choice((None, None, some_day(r), LAST)),
        start=start,
        end=end,
        cohort=r.choice(("in care", "in care", "all", "all", *COHORTS)),
        while_in_care=r.random() < 0.4,
    )

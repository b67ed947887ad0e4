"""Small random authorities with whole registers, and what their team wrote: everything that puts a child on the
worklist, at the edges at which it does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from tests.naive import Delivery
from tests.naive.triage import Written
from tests.properties.days import text
from tests.properties.rows import HALF_TERMS, Row

EARLY = date(2024, 1, 1)
SCHOOLS = ("100001", "100002")
FAR = "900001"
"""A school in an authority of which no term dates are loaded."""
DAYS = (
    date(2024, 7, 10), date(2024, 9, 6), date(2024, 9, 18), date(2024, 10, 4), date(2024, 11, 5), date(2024, 11, 25),
    date(2025, 1, 8),
    date(2025, 2, 26), date(2025, 4, 22), date(2025, 6, 30), date(2025, 7, 16), date(2025, 8, 6), date(2024, 11, 10),
)  # fmt: skip
ABSENT = ("I", "I", "I", "N", "N", "O", "O", "E", "C2", "S", "G", "U", "M")
FROM_2024, UNTIL_2024 = ("K", "Q", "C1", "C2", "J1", "Y1", "Y5"), ("H", "F", "J", "Y")
OTHERS = ("D", "D", "Y5", "B", "B", "X", "#", "Z", "V", *FROM_2024, *UNTIL_2024)
ENDINGS = (("N",), ("N", "O"), ("O", "I"), ("I",), ("C2", "I"), ("/",), ("S", "O"), ("I", "J1", "K"), ("H", "F", "J"))
CHANGED = date(2024, 8, 19)


@dataclass(frozen=True)
class Team:
    """deliveries: the files; written: what the team wrote, in its order."""

    deliveries: tuple[Delivery, ...]
    written: tuple[Written, ...]
    as_at: date
    known_on: date | None


def team(r: Random) -> Team:
    as_at = r.choice(DAYS) + timedelta(r.choice((0, 0, 1, 2)))
    children = ("C1", "00123", "C3")[: r.choice((1, 3, 3))]
    files: dict[str, list[Row]] = {name: [] for name in _COLUMNS}
    files["calendar"] = _calendar() if r.random() < 0.8 else []
    files["schools"] = [_school(urn) for urn in SCHOOLS] + [_school(FAR, "Kent")]
    for child in children:
        for kind, row in _child(r, child, as_at):
            files[kind].append(row)
    left_out = r.choice((None,) * 6 + ("attendance", "enrolments", "ssda903-episodes", "calendar"))
    whole = [_file(kind, rows, EARLY) for kind, rows in files.items() if kind != left_out]
    late = [row | {"code": r.choice("/INO")} for row in files["attendance"] if r.random() < 0.03]
    corrected = as_at - timedelta(r.choice((0, 3, 9)))
    whole += [_file("attendance", late, corrected)] if late and left_out != "attendance" else []
    known_on = r.choice((None, None, as_at, corrected - timedelta(1)))
    written = [one for child in children for one in _writings(r, child, as_at)]
    if left_out != "exclusions" and files["exclusions"] and r.random() < 0.5:
        whole = [*_later(whole, as_at - timedelta(r.choice((0, 2))))]
    return Team(tuple(whole), tuple(written), as_at, known_on)


def _later(files: list[Delivery], known_on: date) -> Iterator[Delivery]:
    """The last notice comes in a file of its own."""
    for each in files:
        if each.kind != "exclusions":
            yield each
            continue
        yield replace(each, rows=each.rows[:-1])
        yield replace(each, rows=each.rows[-1:], known_on=known_on)


_COLUMNS = {
    "calendar": ("la", "urn", "academic_year", "what", "start", "end"),
    "schools": ("URN", "EstablishmentName", "LA (name)"),
    "ssda903-episodes": ("CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC"),
    "children": ("child_id", "dob"),
    "enrolments": ("child_id", "urn", "start", "end", "nc_year", "status"),
    "attendance": ("child_id", "date", "session", "code", "urn"),
    "exclusions": ("child_id", "notice_id", "start_date", "end_date", "start_session", "sessions", "category",
                   "reason1", "urn", "status"),
    "timetables": ("child_id", "kind", "start", "end", "review_due", "reviewed_on", "provider"),
    "custody": ("child_id", "start", "end", "setting", "education_assessed_on"),
}  # fmt: skip


def _file(kind: str, rows: list[Row], known_on: date) -> Delivery:
    return Delivery(kind, known_on, [{name: row.get(name, "") for name in _COLUMNS[kind]} for row in rows],
                    _COLUMNS[kind])  # fmt: skip


def _school(urn: str, la: str = "Westmere") -> Row:
    return {"URN": urn, "EstablishmentName": f"School {urn}", "LA (name)": la}


def _calendar() -> list[Row]:
    halves = [_half(year, number) for year in (2023, 2024, 2025) for number in range(6)]
    inset = {"what": "INSET (non-pupil day)", "academic_year": "2024/25", "la": "Westmere"}
    closed = [
        {"urn": SCHOOLS[0], "start": "2024-11-04", "end": "2024-11-04"},
        {"start": "2024-09-04", "end": "2024-09-04"},
    ]
    return halves + [inset | each for each in closed]


def _half(year: int, number: int) -> Row:
    (month, first), (until, last) = HALF_TERMS[number]
    start, end = date(year + (number > 1), month, first), date(year + (number > 1), until, last)
    label = f"{year}/{year % 100 + 1}"
    return {"la": "Westmere", "academic_year": label, "what": f"half term {number + 1}", "start": text(start),
            "end": text(end)}  # fmt: skip


def _child(r: Random, child: str, as_at: date) -> Iterator[tuple[str, Row]]:
    group = r.choice(("7", "8", "11", "5", "R", "N2", "12", ""))
    yield "children", {"child_id": child, "dob": "2012-05-01"}
    start = r.choice((date(2023, 1, 9), date(2023, 1, 9), as_at - timedelta(6)))
    end = r.choice(("", "", "", "", text(as_at + timedelta(1)), text(as_at)))
    yield "ssda903-episodes", {"CHILD": child, "DECOM": text(start), "RNE": "S", "LS": "C2", "PLACE": "U4", "DEC": end}
    first, second = r.choice((SCHOOLS, SCHOOLS, SCHOOLS[::-1], (FAR, SCHOOLS[0])))
    moves = as_at - timedelta(r.choice((400, 400, 20, 45)))
    leaves = r.choice(("", "", "", text(as_at - timedelta(9))))
    rolls = [(first, "2023-01-09", text(moves - timedelta(1))), (second, text(moves), leaves)]
    both = r.random() < 0.2
    rolls[0] = (*rolls[0][:2], leaves) if both else rolls[0]
    for urn, begun, over in rolls:
        status = "subsidiary" if both and urn == first else "main"
        yield (
            "enrolments",
            {"child_id": child, "urn": urn, "start": begun, "end": over, "nc_year": group, "status": status},
        )
    yield from _register(r, child, as_at, (first, second), moves, both)
    yield from _records(r, child, as_at)


def _register(
    r: Random, child: str, as_at: date, schools: tuple[str, str], moves: date, both: bool
) -> Iterator[tuple[str, Row]]:
    """Marks of the half days of some months, a part of them missed, with an end of one kind."""
    missed, other = r.choice((0.0, 0.05, 0.1, 0.3, 0.6, 1.0)), r.choice((0.0, 0.0, 0.05, 0.3))
    back, stops = r.choice((0, 20, 90, 150, 150)), r.choice((0, 0, 0, 1, 2, 3, 3, 4, 5, 8))
    tail, ending = r.choice((0, 0, 1, 2, 3, 4, 6)), r.choice(ENDINGS)
    weekly = r.random() < 0.15
    halves = [(as_at - timedelta(number), half) for number in range(back, stops - 1, -1) for half in (0, 1)]
    for place, (on, half) in enumerate(halves):
        if on.weekday() > 4 or (weekly and on.weekday() != 4) or (on.month == 8 and r.random() < 0.9):
            continue
        left = len(halves) - place
        code = r.choice("//\\\\/\\L") if r.random() >= missed else r.choice(ABSENT)
        code = r.choice(OTHERS) if r.random() < other else code
        code = _of_its_time(r.choice(ending) if left <= tail else code, on)
        here = schools[on >= moves]
        row = {"child_id": child, "date": text(on), "session": ("AM", "PM")[half]}
        yield "attendance", row | {"code": code, "urn": here}
        if both and r.random() < 0.5:
            yield "attendance", row | {"code": r.choice("D/DIN"), "urn": schools[on < moves]}


def _of_its_time(code: str, on: date) -> str:
    """Illness in place of a code that was not in use on the day."""
    return "I" if code in (UNTIL_2024 if on >= CHANGED else FROM_2024) else code


def _records(r: Random, child: str, as_at: date) -> Iterator[tuple[str, Row]]:
    def near(*days: int) -> str:
        return text(as_at - timedelta(r.choice(days)))

    for number in range(r.choice((0, 0, 1, 2))):
        yield "exclusions", {
            "child_id": child, "notice_id": f"{child}-{number}", "start_date": near(0, 1, 3, 4, 10, 30, 60),
            "end_date": r.choice(("", near(-2, 0, 0))) if number else "", "start_session": r.choice(("AM", "PM", "")),
            "sessions": r.choice(("1", "2", "3", "6", "")), "category": r.choice(("SUSP", "SUSP", "LNCH", "PERM")),
            "reason1": "PP", "urn": r.choice(SCHOOLS), "status": r.choice(("issued", "withdrawn", "reinstated")),
        }  # fmt: skip
    for kind in ("part-time", "alternative provision"):
        if r.random() < 0.3:
            yield "timetables", {
                "child_id": child, "kind": kind, "start": near(10, 40, 80), "end": r.choice(("", near(0, -1, 1))),
                "review_due": near(-1, 0, 1, 8), "reviewed_on": r.choice(("", "", near(0, 5, 9))),
                "provider": r.choice(("", "A provider")),
            }  # fmt: skip
    if r.random() < 0.25:
        yield "custody", {
            "child_id": child, "start": near(2, 5, 30), "end": r.choice(("", "", near(0, -1, 1))), "setting": "YOI",
            "education_assessed_on": r.choice(("", "", near(-1, 0, 1))),
        }  # fmt: skip


def _writings(r: Random, child: str, as_at: date) -> Iterator[Written]:
    def near(*days: int) -> date:
        return as_at - timedelta(r.choice(days))

    for _ in range(r.choice((0, 0, 1, 2))):
        yield Written(child, "contact", near(0, 3, 13, 14, 15, 20, 40))
    for _ in range(r.choice((0, 0, 1))):
        on = near(0, 5, 20)
        yield Written(child, "snooze", on, on + timedelta(r.choice((1, 5, 6, 30))))
        if r.random() < 0.3:
            yield Written(child, "wake", on)
    for _ in range(r.choice((0, 0, 1, 2))):
        opened = near(0, 10, 16, 17, 40)
        closed = r.choice((None, None, opened, as_at, as_at + timedelta(1)))
        yield Written(child, "action", opened, near(-3, 0, 1, 9), closed)
    if r.random() < 0.3:
        yield Written(child, "referral", near(0, 15, 16, 30))

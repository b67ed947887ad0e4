"""One row of each kind of incoming file, by the contract's columns; few keys, so that later rows correct earlier."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

from tests.properties.days import CODES_CHANGED, birth, day, day_or_none, near_edge, some_day, span, text

Row = dict[str, str]
Projects = Mapping[str, tuple[set[str], int | None, set[str]]]
Cell = str | tuple[str, ...] | Callable[[Random], str]

COMMON_CODES = tuple("/\\LBPVWCEIMRSTGNOUDXZ#")
OLD_CODES = ("H", "F", "J", "Y")
NEW_CODES = ("K", "C1", "C2", "J1", "Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7")
SCHOOLS = ("100001", "100002")
TERMS = ("2023/24 spring", "2023/24 summer", "2024/25 autumn", "2024/25 spring", "2024/25 summer", "2025/26 autumn")
TERM_EDGES = (date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 6), date(2025, 1, 6), date(2025, 4, 21))
POUNDS = ("0", "0.05", "33.33", "12.5", "100", "250.00", "600", "1000.01")
NC_YEARS = ("", "", "N1", "N2", "R", "1", "6", "7", "10", "11", "11", "12", "13")
HALF_TERMS = (((9, 4), (10, 20)), ((11, 1), (12, 19)), ((1, 6), (2, 13)), ((2, 24), (3, 31)), ((4, 21), (5, 22)),
              ((6, 1), (7, 21)))  # fmt: skip


def row(r: Random, **cells: Cell) -> Row:
    """A row of fixed texts, of one of several texts, and of texts made."""
    return {name: _made(r, given) for name, given in cells.items()}


def _made(r: Random, given: Cell) -> str:
    if isinstance(given, str):
        return given
    return r.choice(given) if isinstance(given, tuple) else given(r)


def spanning(r: Random, start: str, end: str, *, backwards: bool = False, **cells: Cell) -> Row:
    """A row with a first and a last day under these names."""
    first, last = span(r, backwards=backwards)
    return {start: first, end: last, **row(r, **cells)}


def numbered(letter: str, most: int) -> tuple[str, ...]:
    return tuple(f"{letter}{number}" for number in range(1, most + 1))


def mark(r: Random, children: tuple[str, ...]) -> Row:
    on = some_day(r)
    codes = (*COMMON_CODES, "/", "\\", "/", *(NEW_CODES if on >= CODES_CHANGED else OLD_CODES))
    rest = row(r, child_id=children, session=("AM", "PM"), urn=SCHOOLS)
    return {"date": text(on), "code": r.choice(codes), **rest}


def wide_mark(r: Random, children: tuple[str, ...]) -> Row:
    cells = ("/", "\\", "I", "O", "L", "#", "")
    return row(r, child_id=children, date=day, am=cells, pm=cells, urn=SCHOOLS)


def register(r: Random, children: tuple[str, ...]) -> list[Row]:
    """A run of sessions of one child of which exactly a tenth or a half, or one fewer or more, is missed."""
    child, first = r.choice(children), near_edge(r)
    possible, missed = r.choice(((10, 1), (10, 0), (11, 1), (10, 5), (9, 5), (11, 5), (20, 2), (20, 1)))
    absent, attended = r.choice("IGOU"), r.choice("/LB")
    return [
        {
            "date": text(first + timedelta(days=number // 2)),
            "session": ("AM", "PM")[number % 2],
            "child_id": child,
            "urn": SCHOOLS[0],
            "code": absent if number < missed else attended,
        }
        for number in range(possible)
    ]


def marks(r: Random, children: tuple[str, ...]) -> list[Row]:
    """A register: wide, or single marks after runs; sometimes no mark names a school."""
    if r.random() < 0.2:
        made = [wide_mark(r, children) for _ in range(r.randint(0, 14))]
    else:
        runs = [one for _ in range(r.choice((0, 1, 2, 3))) for one in register(r, children)]
        made = runs + [mark(r, children) for _ in range(r.randint(0, 25))]
    return [one | {"urn": ""} for one in made] if r.random() < 0.15 else made


def notice(r: Random, children: tuple[str, ...]) -> Row:
    category = r.choice(("SUSP", "SUSP", "SUSP", "FIXD", "LNCH", "PERM"))
    suspended = category in ("SUSP", "FIXD")
    return row(
        r,
        child_id=children,
        start_date=day,
        sessions=("1", "2", "9", "29", "30", "31", "60", "61") if suspended else ("", "0", "1"),
        category=category,
        reason1=("PP", "VA", "DB", "BU", ""),
        urn=SCHOOLS,
        status=("", "issued", "upheld", "reinstated", "withdrawn", "review"),
        notice_id=("", "", "N1", "N2", "N3"),
    )


def notices(r: Random, children: tuple[str, ...], count: int) -> list[Row]:
    """Single notices, sometimes after two of one child that are over a limit only together, around an edge."""
    made = []
    if count and r.random() < 0.7:
        child, edge = r.choice(children), r.choice(TERM_EDGES) if r.random() < 0.7 else near_edge(r)
        of_two = r.choice((("16", "15"), ("16", "15"), ("15", "15"), ("46", "45"), ("45", "45")))
        for sessions, on in zip(of_two, (edge - timedelta(days=1), edge + timedelta(r.choice((0, 1)))), strict=True):
            made.append(notice(r, (child,)) | {"category": "SUSP", "sessions": sessions, "start_date": text(on)})
    return made + [notice(r, children) for _ in range(count)]


def calendar(r: Random) -> list[Row]:
    """The half terms of one or more years."""
    years = r.choice(((2023, 2024), (2024,), (2023, 2024, 2025)))
    return [_half_term(year, number) for year in years for number in range(1, 7)]


def _half_term(year: int, number: int) -> Row:
    start, end = HALF_TERMS[number - 1]
    in_year = year if number < 3 else year + 1
    return {
        "la": "Westmere",
        "academic_year": f"{year}/{year % 100 + 1}",
        "what": f"half term {number}",
        "start": text(date(in_year, *start)),
        "end": text(date(in_year, *end)),
    }


def header(r: Random, children: tuple[str, ...]) -> Row:
    return row(r, CHILD=children, SEX=("1", "2"), DOB=birth, ETHNIC=("WBRI", ""))


def episode(r: Random, children: tuple[str, ...]) -> Row:
    return spanning(
        r,
        "DECOM",
        "DEC",
        backwards=r.random() < 0.1,
        CHILD=children,
        RNE=("S", "P", "L", ""),
        LS=("C1", "C2", "C2", "V2", "E1", "V3", "V4", "J1", ""),
        PLACE=("U4", "K2", "P1", ""),
        REC=("", "X1"),
    )


def uasc(r: Random, children: tuple[str, ...]) -> Row:
    return row(r, CHILD=children, DUC=day_or_none, SEX="1", DOB=birth)


def child(r: Random, children: tuple[str, ...]) -> Row:
    return row(r, child_id=children, dob=birth, forename=("Ann", "Null", ""), area=("North", ""))


def membership(r: Random, children: tuple[str, ...]) -> Row:
    cohorts = ("previously looked after", "child in need", "child protection", "kinship")
    return spanning(r, "start", "end", child_id=children, cohort=cohorts, type="")


def enrolment(r: Random, children: tuple[str, ...]) -> Row:
    status = ("main", "main", "", "subsidiary", "guest")
    return spanning(r, "start", "end", child_id=children, urn=SCHOOLS, nc_year=NC_YEARS, status=status, sen=("", "K"))


def timetable(r: Random, children: tuple[str, ...]) -> Row:
    kinds = ("part-time", "alternative provision")
    return spanning(
        r, "start", "end", child_id=children, kind=kinds, review_due=day_or_none, reviewed_on=day_or_none,
        hours_per_week=("", "12.5"),
    )  # fmt: skip


def pep(r: Random, children: tuple[str, ...]) -> Row:
    return row(
        r,
        child_id=children,
        term=TERMS,
        kind=("initial", "review"),
        due_on=day_or_none,
        quality_assured_on=day_or_none,
        quality=("", "red", "amber", "green", "green"),
    )


def destination(r: Random, children: tuple[str, ...]) -> Row:
    statuses = ("education", "employment", "training", "employment without training", "neet", "not known", "")
    offers = ("", "no", "N", "0", "false", "yes", "College place")
    return row(r, child_id=children, on=day, status=statuses, offer=offers)


def request(r: Random, children: tuple[str, ...]) -> Row:
    return row(
        r,
        request_id=numbered("R", 7),
        child_id=children,
        term=TERMS,
        amount=POUNDS,
        area=("high-quality teaching", "targeted academic support", "wider strategies"),
        status=("requested", "queried", "part-approved", "approved", "approved", "rejected", "lapsed"),
        requested_on=day,
        decided_on=day_or_none,
        approved_amount=("", "", *POUNDS),
        fund=("", "PP+", "PP+", "PP+", "EYPP"),
    )


def allocation(r: Random, _children: tuple[str, ...]) -> Row:
    return row(
        r,
        financial_year=("2023-24", "2024-25", "2024-25", "2025-26"),
        fund=("PP+", "PP+", "PP+", "EYPP"),
        stage=("provisional", "final"),
        children="3",
        amount=("", "2570", "500.02", "999.99"),
        notified_on=day,
    )


def payment(r: Random, _children: tuple[str, ...]) -> Row:
    return row(
        r,
        payment_id=numbered("P", 9),
        request_id=(*numbered("R", 7), "R99"),
        amount=POUNDS,
        paid_on=day_or_none,
        status=("paid", "paid", "paid", "in batch", "returned", "recovered"),
        fund=("", "", "PP+", "EYPP"),
    )


def course(r: Random, _children: tuple[str, ...]) -> Row:
    return row(
        r,
        session_id=numbered("S", 4),
        course=("Attachment", "The role of the DT"),
        audience="schools",
        date=day,
        capacity=("0", "12", "20", ""),
        status=("", "planned", "cancelled"),
    )


def booking(r: Random, _children: tuple[str, ...]) -> Row:
    return row(
        r,
        booking_id=numbered("B", 12),
        session_id=(*numbered("S", 4), "S9"),
        role="DT",
        status=("booked", "waiting", "attended", "did not attend", "cancelled"),
        urn=SCHOOLS,
        booked_on=day_or_none,
    )


def place(r: Random, children: tuple[str, ...], projects: Projects) -> Row:
    statuses = ("offered", "enrolled", "enrolled", "completed", "left", "waiting", "declined")
    made = spanning(r, "start", "end", project=tuple(projects), offered_on=day_or_none, status=statuses)
    holder = {"child_id": children, "urn": ("", *SCHOOLS)} if r.random() < 0.9 else {"child_id": "", "urn": SCHOOLS}
    return made | row(r, **holder)


def usage(r: Random, children: tuple[str, ...], projects: Projects) -> Row:
    name = r.choice(tuple(projects))
    limit = projects[name][1] or 45
    minutes = tuple(str(number) for number in (limit - 1, limit, limit, 0, limit + 9))
    on = some_day(r)
    week = text(on - timedelta(days=on.weekday()))
    return row(r, project=name, child_id=children, week=week, minutes=minutes)


def admission(r: Random, children: tuple[str, ...]) -> Row:
    return row(r, child_id=(*children, "C8"), needed_on=day, urn=SCHOOLS)


def custody(r: Random, children: tuple[str, ...]) -> Row:
    return spanning(r, "start", "end", child_id=(*children, "C9"), setting=("SCH", "STC", "YOI"))


SINGLE = {
    "ssda903-header": header,
    "ssda903-episodes": episode,
    "ssda903-uasc": uasc,
    "children": child,
    "cohorts": membership,
    "enrolments": enrolment,
    "timetables": timetable,
    "peps": pep,
    "destinations": destination,
    "pp-requests": request,
    "pp-allocations": allocation,
    "pp-payments": payment,
    "courses": course,
    "bookings": booking,
    "admissions": admission,
    "custody": custody,
}


def file_rows(r: Random, kind: str, children: tuple[str, ...], projects: Projects) -> list[Row]:
    """The rows of one file."""
    if kind == "calendar":
        return calendar(r)
    if kind == "attendance":
        return marks(r, children)
    count = r.choice((0, 2, 5, 9, 14)) if len(children) > 1 else r.choice((0, 1, 2, 4))
    if kind == "exclusions":
        return notices(r, children, count)
    if kind == "project-places":
        return [place(r, children, projects) for _ in range(count)]
    if kind == "project-usage":
        return [usage(r, children, projects) for _ in range(count)]
    return [SINGLE[kind](r, children) for _ in range(count)]

"""A small authority with approved requests, and the people who pay them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from tests.queries.written import Written
from vs_core.access import users
from vs_core.access.viewer import EVERYTHING, Viewer, scope
from vs_core.casework import batches, payables
from vs_core.casework.batches import Seen
from vs_core.casework.payables import Book, Choice
from vs_core.rules.payables import Line
from vs_core.store.engine import reading, writing

MONDAY = date(2026, 11, 23)
TERM = "2026/27 autumn"
CHOICE = Choice(TERM, "PP+")
ANN = Viewer(1, "ann", "Ann Lee", "operations", "s1")
BEN = Viewer(2, "ben", "Ben Roe", "headteacher", "s2")
CAT = Viewer(3, "cat", "Cat Day", "headteacher", "s3", None, True)
INCLUSION = Viewer(4, "dan", "Dan Poe", "inclusion", "s4")
HILL, MILL = "100001", "100002"


def authority(engine: Engine, children: int = 4) -> Written:
    """Children C1, C2, ... each with a request R1, R2, ... of £100, £200, ...: the odd ones at Hill School, which has
    been paid before, the even ones at Mill School, which has too."""
    written = Written(engine)
    for urn, name in ((HILL, "Hill School"), (MILL, "Mill School")):
        written.row("school_details", school=urn, name=name, status="Open", la_name="Westmere")
        paid = {"payment_id": f"P{urn}", "status": "paid", "paid_on": "2026-05-15", "amount_pence": 5_000}
        written.row("pp_payment", school=urn, vendor=f"V{urn[-1]}", cost_code="E4410", **paid)
    for number in range(1, children + 1):
        child(written, number)
    with written.reading():
        pass
    with writing(engine) as connection:
        for viewer in (ANN, BEN, CAT, INCLUSION):
            own = {
                "display_name": viewer.display_name,
                "sso_name": f"{viewer.name}@council.example",
                "no_password": True,
            }
            users.add(connection, "test", viewer.name, viewer.role, **own)
    return written


def child(
    written: Written, number: int, *, restricted: bool = False, signed_on: str | None = "2026-10-05", **request: object
) -> None:
    """One more child, in care and of the age, with a signed plan and an approved request."""
    name = f"C{number}"
    written.child(name, born_on="2016-01-10", restricted=restricted, adviser="A. Officer")
    written.care(name, "2024-01-08")
    written.row("pep", child=name, term=TERM, kind="review", due_on="2026-10-01", quality_assured_on=signed_on)
    asked(written, number, **request)


def asked(written: Written, number: int, **request: object) -> None:
    """The request of a child, as a file brings it; again with `known_from` for a later state."""
    usual = {
        "school": HILL if number % 2 else MILL,
        "term": TERM,
        "financial_year": "2026-27",
        "amount_pence": number * 10_000,
        "approved_amount_pence": number * 10_000,
        "status": "approved",
        "requested_on": "2026-09-20",
        "decided_on": "2026-10-10",
        "decided_by": "Olive Lead",
        "intervention": f"Tuition {number}",
    }
    written.row("pp_request", child=f"C{number}", request_id=f"R{number}", **{**usual, **request})


def book(engine: Engine, viewer: Viewer | None = None, on: date = MONDAY) -> Book:
    seen = EVERYTHING if viewer is None else scope(viewer)
    with reading(engine) as connection:
        return payables.read(connection, seen, on, "Westmere")


def build(engine: Engine, viewer: Viewer = ANN, choice: Choice = CHOICE) -> int:
    """A batch of what is due; its number."""
    look = payables.outlook(book(engine, viewer), choice, viewer)
    seen = Seen(len(look.rows), look.total_pence)
    return batches.build(viewer, choice, "E4410", MONDAY, seen=seen, engine=engine)


def built(engine: Engine, viewer: Viewer = ANN, choice: Choice = CHOICE) -> list[Line]:
    """The lines of a new batch."""
    number = build(engine, viewer, choice)
    return book(engine).held(number)


def shown(engine: Engine, batch_id: int) -> Seen:
    held = book(engine).held(batch_id)
    return Seen(len(held), sum(line.amount_pence for line in held))


def release(engine: Engine, batch_id: int, viewer: Viewer = BEN) -> None:
    batches.release(viewer, batch_id, MONDAY, seen=shown(engine, batch_id), engine=engine)

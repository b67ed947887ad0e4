"""Every course of the authority's programme: its sessions, who booked, who waited, who came."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pandas as pd

from vs_core.demo import names, terms
from vs_core.demo.plan import Plan
from vs_core.demo.world import Row, School

# course, audience, delivery, sessions a term, places, how much of them is asked for
COURSES: tuple[tuple[str, str, str, int, int, float], ...] = (
    ("Attachment Aware", "schools", "in person", 2, 24, 1.05),
    ("PEP and the role of the designated teacher", "designated teachers", "online", 2, 30, 0.85),
    ("Designated Teacher Network", "designated teachers", "in person", 4, 30, 0.9),
    ("Designated teacher training", "designated teachers", "in person", 1, 20, 1.1),
    ("TPP for foster carers", "foster carers", "in person", 1, 16, 1.2),
    ("Education Matters for foster carers", "foster carers", "online", 1, 20, 0.75),
    ("Bespoke training for schools and trusts", "schools", "in person", 2, 40, 0.7),
    ("CSS: Mental Health", "schools", "online", 1, 20, 1.15),
    ("CSS: Positive Behaviour Management", "schools", "in person", 1, 20, 1.0),
    ("CSS: Attachment Theory into Practice", "schools", "in person", 1, 20, 1.1),
    ("CSS: Effective Communication", "schools", "online", 1, 20, 0.6),
    ("CSS: Identify and Responding to Behaviour", "schools", "in person", 1, 20, 0.95),
    ("CSS: Coaching Pupils", "schools", "online", 1, 20, 0.7),
    ("CSS: Stress Analysis", "schools", "online", 1, 20, 0.55),
    ("CSS: Co-regulation and Self-regulation", "schools", "online", 1, 20, 1.25),
    ("Annual conference", "headteachers and designated teachers", "in person", 0, 150, 0.95),
    ("MADE KS4", "young people in years 10 and 11", "in person", 1, 20, 0.8),
    ("Make Happen: post-16 routes", "young people and carers", "in person", 1, 25, 0.75),
    ("Foster carers: Role of the Virtual School", "foster carers", "online", 1, 20, 0.7),
    ("Foster carers: Attendance", "foster carers", "online", 1, 20, 0.6),
    ("Foster carers: Admissions", "foster carers", "online", 1, 20, 0.6),
    ("Foster carers: Exclusion", "foster carers", "online", 1, 20, 0.75),
    ("Foster carers: SEN", "foster carers", "online", 1, 20, 1.1),
    ("Foster carers: Attainment", "foster carers", "online", 1, 20, 0.5),
    ("Foster carers: PEPs", "foster carers", "online", 1, 20, 0.8),
    ("Foster carers: Early Years", "foster carers", "online", 1, 20, 0.65),
    ("Foster carers: Regular drop-in", "foster carers", "online", 3, 12, 0.5),
    ("Social workers: annual programme", "social workers", "online", 2, 30, 0.8),
    ("ePEP user training (two hours)", "designated teachers and social workers", "online", 2, 20, 0.9),
    ("KS5 PEP workshop", "schools, colleges and social workers", "online", 1, 20, 0.65),
    ("Previously looked-after children: schools", "schools", "online", 1, 30, 0.7),
    ("Previously looked-after children: early years settings", "early years settings", "online", 1, 20, 0.6),
    ("Previously looked-after children: post-16 providers", "post-16 providers", "online", 1, 20, 0.5),
)
ROLES = {
    "foster carers": "foster carer",
    "social workers": "social worker",
    "young people in years 10 and 11": "young person",
    "young people and carers": "young person",
    "post-16 providers": "college lead",
}
EVALUATIONS = ("5", "5", "4", "4", "4", "3", "2", "")
DID_NOT_ATTEND = 0.13


class Session:
    """One session on one day."""

    def __init__(self, number: int, row: tuple[str, str, str, int, int, float], on: date, cancelled: bool) -> None:
        self.course, self.audience, self.delivery, _, self.places, self.wanted = row
        self.number, self.on, self.cancelled = f"S{number:05d}", on, cancelled


def sessions(plan: Plan) -> list[Session]:
    """Every session since the first day, and those planned for this term and the next."""
    chance = plan.chance("sessions")
    found: list[Session] = []
    horizon = plan.as_at + timedelta(days=100)
    for term, start, end in terms.terms_between(plan.first_day, horizon):
        days = [day for day in terms.school_days(terms.academic_year(start)) if start <= day <= end]
        for row in COURSES:
            count = 1 if row[3] == 0 and term.endswith("summer") else row[3]
            for _ in range(min(count, 1) if plan.small else count):
                found.append(Session(len(found) + 1, row, chance.choice(days), chance.random() < 0.04))
    return found


def course_rows(plan: Plan, found: list[Session]) -> pd.DataFrame:
    """The training system's sessions: a row when planned, a term ahead, and again if cancelled."""
    chance = plan.chance("courses")
    listed: list[Row] = []
    for session in found:
        planned = max(plan.first_day, session.on - timedelta(days=110))
        row = {
            "_known": planned,
            "session_id": session.number,
            "course": session.course,
            "audience": session.audience,
            "date": session.on,
            "capacity": session.places,
            "provider": _provider(session.course),
            "delivery": session.delivery,
            "cost": f"{chance.choice((0, 150, 280, 420))}.00",
            "status": "planned",
        }
        listed.append(row)
        told = session.on - timedelta(days=6) if session.cancelled else session.on + timedelta(days=1)
        if planned < told <= plan.as_at:
            listed.append({**row, "_known": told, "status": "cancelled" if session.cancelled else "held"})
    return pd.DataFrame([row for row in listed if row["_known"] <= plan.as_at])


def _provider(course: str) -> str:
    if course == "Attachment Aware":
        return "Educational psychology service"
    return "CSS" if course.startswith("CSS") else "Virtual School"


def booking_rows(plan: Plan, found: list[Session], schools: list[School]) -> pd.DataFrame:
    """Bookings, waiting lists, and who came: a row when booked and again after the day."""
    chance = plan.chance("bookings")
    listed: list[Row] = []
    urns = [school.urn for school in schools if not school.closed and school.kind != "nursery"]
    for session in found:
        if session.on - timedelta(days=90) <= plan.as_at:
            listed += _bookings(plan, chance, session, urns)
    return pd.DataFrame(listed)


def _bookings(plan: Plan, chance: Random, session: Session, urns: list[str]) -> Iterator[Row]:
    asked = max(1, round(session.places * session.wanted * chance.uniform(0.55, 1.2)))
    role = ROLES.get(session.audience, "designated teacher")
    school_role = role in ("designated teacher", "college lead")
    days = sorted(session.on - timedelta(days=chance.randint(4, 75)) for _ in range(asked))
    for n, booked in enumerate(days):
        if booked > plan.as_at:
            return
        row = {
            "_known": max(plan.first_day, booked),
            "booking_id": f"{session.number}-{n + 1:03d}",
            "session_id": session.number,
            "role": role,
            "status": "booked" if n < session.places else "waiting",
            "delegate_id": f"D{chance.randint(1, 900):04d}",
            "urn": chance.choice(urns) if school_role else "",
            "area": chance.choice(names.AREAS),
            "booked_on": booked,
            "evaluation": "",
        }
        yield row
        yield from _afterwards(plan, chance, session, row)


def _afterwards(plan: Plan, chance: Random, session: Session, row: Row) -> Iterator[Row]:
    if session.cancelled:
        if session.on - timedelta(days=6) <= plan.as_at:
            yield {**row, "_known": max(row["_known"], session.on - timedelta(days=6)), "status": "cancelled"}
        return
    after = max(row["_known"], session.on + timedelta(days=1))
    if after > plan.as_at or row["status"] == "waiting":
        return
    draw = chance.random()
    if draw < 0.05:
        yield {**row, "_known": after, "status": "cancelled"}
    elif draw < 0.05 + DID_NOT_ATTEND:
        yield {**row, "_known": after, "status": "did not attend"}
    else:
        yield {**row, "_known": after, "status": "attended", "evaluation": chance.choice(EVALUATIONS)}

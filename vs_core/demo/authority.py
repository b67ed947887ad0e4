"""The whole authority, written out as incoming files in the order in which they are to be taken in."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from vs_core.demo import (
    care,
    conduct,
    mismatches,
    money,
    payments,
    people,
    plans,
    projects,
    provision,
    registers,
    rolls,
    staging,
    training,
    writing,
    year_dates,
)
from vs_core.demo import schools as school_list
from vs_core.demo.conduct import Notice
from vs_core.demo.plan import Delivery, Plan, Size
from vs_core.demo.world import Child, School
from vs_core.demo.writing import Log


def write(folder: Path, as_at: date, size: Size = "county", full: bool = False) -> list[Delivery]:
    """Write the authority as it stands on `as_at`, and `manifest.csv`, into `folder`.

    `size`: `county` (1,100 in care, 5,000 with a social worker, three years and the running one), `small` (60 in care,
    one term), `empty` (no file). `full` adds the marks of the children with a social worker. The same date gives the
    same bytes.
    """
    delivered: list[Delivery] = []
    if size != "empty":
        plan = Plan(as_at, size, full)
        delivered = [writing.write(folder, kind, on, rows) for kind, on, rows in _files(plan)]
    delivered = writing.in_order(delivered)
    writing.manifest(folder, delivered)
    return delivered


def _files(plan: Plan) -> Iterator[tuple[str, date, pd.DataFrame]]:
    looked_after, others = people.in_care(plan), people.outside_care(plan)
    schools = school_list.schools(plan)
    rolls.place(plan, looked_after + others, schools)
    staging.stage(plan, looked_after, schools)
    notices = conduct.notices(plan, looked_after, schools)
    arranged, detained = provision.arrangements(plan, looked_after), provision.custody_spells(plan, looked_after)
    sittings = [
        *provision.sittings(plan, arranged),
        *conduct.sittings(plan, _marked(plan, notices, looked_after), looked_after),
        *provision.custody_sittings(plan, detained),
        *mismatches.sittings(plan, looked_after, notices, [child for child, *_ in detained]),
    ]
    logs = [
        *_people(plan, looked_after, others, schools),
        Log("exclusions", conduct.rows(plan, notices), ("notice_id",)),
        Log("timetables", provision.timetable_rows(plan, arranged), ("child_id", "kind", "start")),
        Log("custody", provision.custody_rows(plan, detained), ("child_id", "start")),
        *_work(plan, looked_after, schools),
    ]
    for log in logs:
        yield from ((log.kind, on, rows) for on, rows in writing.cut(plan, log))
    marked = looked_after + (others if plan.full else [])
    for on, rows in registers.deliveries(plan, marked, schools, sittings):
        yield "attendance", on, rows


def _marked(plan: Plan, notices: list[Notice], children: list[Child]) -> list[Notice]:
    """The notices that the registers know of."""
    ignored = mismatches.without_marks(plan, notices, children)
    return [notice for notice in notices if (notice.child_id, notice.start) not in ignored]


def _people(plan: Plan, looked_after: list[Child], others: list[Child], schools: list[School]) -> Iterator[Log]:
    yield Log("calendar", year_dates.rows(plan, schools), ("la", "urn", "start", "what"), "monthly")
    yield Log("schools", school_list.rows(plan, schools), ("URN",), "monthly")
    yield Log("children", care.children_rows(plan, looked_after + others), ("child_id",))
    yield Log("ssda903-header", care.header_rows(plan, looked_after), ("CHILD",), "monthly")
    yield Log("ssda903-episodes", care.episode_rows(plan, looked_after), ("CHILD", "DECOM"))
    yield Log("ssda903-uasc", care.uasc_rows(looked_after), ("CHILD",), "monthly")
    yield Log("cohorts", care.cohort_rows(plan, looked_after, others), ("child_id", "cohort", "start"))
    yield Log("enrolments", rolls.rows(plan, looked_after + others), ("child_id", "urn", "start"))


def _work(plan: Plan, children: list[Child], schools: list[School]) -> Iterator[Log]:
    yield Log("admissions", provision.admission_rows(plan, children, schools), ("child_id", "needed_on"))
    planned, signed = plans.rows(plan, children)
    yield Log("peps", planned, ("child_id", "term", "kind"))
    yield Log("pp-allocations", money.allocation_rows(plan, children), ("financial_year", "fund", "stage"), "monthly")
    requests, awards = money.request_rows(plan, children)
    yield Log("pp-requests", requests, ("request_id",))
    yield Log("pp-payments", payments.payment_rows(plan, awards, signed), ("payment_id",))
    sessions = training.sessions(plan)
    yield Log("courses", training.course_rows(plan, sessions), ("session_id",), "monthly")
    yield Log("bookings", training.booking_rows(plan, sessions, schools), ("booking_id",))
    yield Log("licences", projects.licence_rows(plan), ("project", "start"), "monthly")
    places, used = projects.place_rows(plan, children, schools)
    yield Log("project-places", places, ("project", "child_id", "urn", "start"))
    yield Log("project-usage", projects.usage_rows(plan, used), ("project", "child_id", "week"))
    yield Log("destinations", provision.destination_rows(plan, children), ("child_id", "on"))

"""For every KIND a full row, what of it is enough, a change to it and a cell that is wrong; and how to take them in."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine

from vs_core.intake import Reconciliation, layout, take_in
from vs_core.intake.kinds import KINDS
from vs_core.intake.reading import read_bytes
from vs_core.store.engine import reading

Row = Mapping[str, str]
FIRST, SECOND, THIRD = date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21)
BY = "a test"

FULL: dict[str, Row] = {
    "calendar": {
        "la": "Westmere",
        "academic_year": "2026/27",
        "what": "half term 1",
        "start": "01/09/2026",
        "end": "23/10/2026",
        "urn": "990001",
    },
    "benchmarks": {
        "time_period": "202425",
        "geographic_level": "Local authority",
        "region_name": "East",
        "la_name": "Westmere",
        "social_care_group": "CLA",
        "phase_type_grouping": "Total",
        "old_la_code": "999",
        "t_pupils": "c",
        "t_sess_possible": "1000",
        "pt_overall": "9.5",
        "pt_sess_authorised": "5",
        "pt_sess_unauthorised": "4.5",
        "pt_pupils_pa_10_exact": "x",
        "pt_pupils_pa_50_exact": "z",
    },
    "schools": {
        "URN": "990001",
        "EstablishmentName": "Larkfield School",
        "LA (code)": "999",
        "LA (name)": "Westmere",
        "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (name)": "Secondary",
        "TypeOfEstablishment (name)": "Academy converter",
        "OpenDate": "01-09-2011",
        "CloseDate": "31-08-2031",
        "Town": "Larkfield",
        "Postcode": "ZZ1 1ZZ",
        "OfstedRating (name)": "Good",
        "OfstedLastInsp": "12-03-2019",
    },
    "ssda903-header": {
        "CHILD": "00123",
        "SEX": "1",
        "DOB": "01/02/2012",
        "ETHNIC": "WBRI",
        "UPN": "X999",
        "MOTHER": "1",
        "MC_DOB": "03/04/2026",
    },
    "ssda903-episodes": {
        "CHILD": "00123",
        "DECOM": "01/02/2024",
        "RNE": "S",
        "LS": "C2",
        "CIN": "N1",
        "PLACE": "U1",
        "PLACE_PROVIDER": "PR1",
        "DEC": "01/02/2025",
        "REC": "E11",
        "REASON_PLACE_CHANGE": "CARPL",
        "HOME_POST": "ZZ1 1",
        "PL_POST": "ZZ2 2",
        "URN": "SC999",
    },
    "ssda903-uasc": {"CHILD": "00123", "DUC": "01/02/2028", "SEX": "2", "DOB": "01/02/2010"},
    "children": {
        "child_id": "00123",
        "dob": "01/02/2012",
        "upn": "Z999",
        "forename": "Null",
        "surname": "NA",
        "sex": "F",
        "ethnicity": "White British",
        "area": "North",
        "in_county": "Y",
        "restricted": "no",
        "social_worker": "A. Worker",
        "adviser": "An Adviser",
    },
    "cohorts": {
        "child_id": "00123",
        "cohort": "kinship",
        "start": "01/02/2024",
        "end": "01/02/2027",
        "type": "special guardianship",
    },
    "enrolments": {
        "child_id": "00123",
        "urn": "990001",
        "start": "01/09/2025",
        "end": "31/08/2027",
        "nc_year": "Year 9",
        "sen": "K",
        "status": "main",
        "designated_teacher": "D. Teacher",
        "school_informed_on": "02/09/2025",
    },
    "attendance": {
        "child_id": "00123",
        "date": "04/09/2026",
        "session": "AM",
        "code": "/",
        "urn": "990001",
        "received_at": "2026-09-04 09:30:00",
        "source": "collector",
    },
    "exclusions": {
        "notice_id": "N1",
        "child_id": "00123",
        "start_date": "02/09/2026",
        "sessions": "4",
        "category": "SUSP",
        "reason1": "PP",
        "reason2": "DB",
        "reason3": "VA",
        "urn": "990001",
        "start_session": "AM",
        "end_date": "03/09/2026",
        "consulted_virtual_school": "yes",
        "notified_on": "02/09/2026",
        "provision_from": "03/09/2026",
        "reintegration_on": "04/09/2026",
        "status": "issued",
    },
    "timetables": {
        "child_id": "00123",
        "kind": "part-time",
        "start": "02/09/2026",
        "review_due": "16/10/2026",
        "hours_per_week": "12.5",
        "end": "18/12/2026",
        "reviewed_on": "15/10/2026",
        "provider": "A provider",
        "reason": "Settling in",
        "in_pep": "1",
        "weekly_cost": "120.50",
    },
    "peps": {
        "child_id": "00123",
        "term": "2026/27 autumn",
        "kind": "review",
        "due_on": "30/11/2026",
        "initiated_on": "01/11/2026",
        "meeting_on": "10/11/2026",
        "finished_on": "15/11/2026",
        "quality_assured_on": "20/11/2026",
        "quality": "green",
        "child_voice": "Y",
        "carer_voice": "N",
        "smart_targets": "true",
        "attendance_target": "false",
        "phase": "secondary",
    },
    "pp-allocations": {
        "financial_year": "2026-27",
        "fund": "PP+",
        "stage": "provisional",
        "children": "900",
        "amount": "2,340,000.00",
        "notified_on": "01/06/2026",
        "rate": "2600",
        "count_year": "2025",
    },
    "pp-requests": {
        "request_id": "R1",
        "child_id": "00123",
        "term": "2026/27 autumn",
        "amount": "£600.00",
        "area": "targeted academic support",
        "status": "approved",
        "requested_on": "02/09/2026",
        "target": "Reading",
        "intervention": "Tuition",
        "urn": "990001",
        "decided_on": "04/09/2026",
        "decided_by": "An Adviser",
        "approved_amount": "500.5",
        "exceptional": "no",
        "adviser_agreed_on": "03/09/2026",
        "starts_on": "07/09/2026",
        "fund": "PP+",
        "impact": "=not a formula",
    },
    "pp-payments": {
        "payment_id": "P1",
        "request_id": "R1",
        "amount": "500.50",
        "status": "paid",
        "paid_on": "18/09/2026",
        "batch": "B1",
        "urn": "990001",
        "vendor": "V1",
        "invoice": "I1",
        "cost_code": "C1",
        "fund": "PP+",
    },
    "courses": {
        "session_id": "S1",
        "course": "Attachment",
        "audience": "Designated teachers",
        "date": "02/10/2026",
        "capacity": "20",
        "provider": "Virtual School",
        "delivery": "online",
        "cost": "100",
        "status": "planned",
    },
    "bookings": {
        "booking_id": "B1",
        "session_id": "S1",
        "role": "designated teacher",
        "status": "booked",
        "delegate_id": "D1",
        "urn": "990001",
        "area": "North",
        "booked_on": "01/09/2026",
        "evaluation": "good",
    },
    "project-places": {
        "project": "Letterbox",
        "start": "01/09/2026",
        "status": "enrolled",
        "child_id": "00123",
        "urn": "990001",
        "end": "31/07/2027",
        "offered_on": "20/07/2026",
        "instrument": "violin",
        "device": "tablet",
        "cost": "99.99",
    },
    "project-usage": {
        "project": "Reading",
        "child_id": "00123",
        "week": "07/09/2026",
        "minutes": "45",
        "progressions": "2",
        "level": "B",
        "sessions_offered": "3",
        "sessions_attended": "2",
    },
    "licences": {
        "project": "Reading",
        "start": "01/09/2026",
        "end": "31/08/2027",
        "places": "100",
        "cost": "5000",
        "renewal_on": "01/07/2027",
    },
    "admissions": {
        "child_id": "00123",
        "needed_on": "01/09/2026",
        "applied_on": "02/09/2026",
        "urn": "990001",
        "decision": "offered",
        "decision_on": "10/09/2026",
        "directed_on": "11/09/2026",
        "started_on": "14/09/2026",
        "ehcp_owner": "Westmere",
    },
    "destinations": {
        "child_id": "00123",
        "on": "01/09/2026",
        "status": "education",
        "provider": "A college",
        "offer": "yes",
        "bursary": "yes",
    },
    "custody": {
        "child_id": "00123",
        "start": "01/07/2026",
        "setting": "YOI",
        "expected_release": "01/01/2027",
        "end": "01/12/2026",
        "education_assessed_on": "08/07/2026",
        "pep_shared_on": "09/07/2026",
    },
}

ALSO_ENOUGH = {"attendance": ("session", "code"), "project-places": ("child_id",)}
"""Columns that are not required one by one, but of which some must be there."""

CHANGED: dict[str, tuple[str, str]] = {
    "calendar": ("end", "22/10/2026"),
    "benchmarks": ("pt_overall", "9.6"),
    "schools": ("EstablishmentName", "Larkfield Academy"),
    "ssda903-header": ("SEX", "2"),
    "ssda903-episodes": ("PLACE", "U3"),
    "ssda903-uasc": ("DUC", "02/02/2028"),
    "children": ("dob", "02/02/2012"),
    "cohorts": ("type", "adopted"),
    "enrolments": ("nc_year", "10"),
    "attendance": ("code", "I"),
    "exclusions": ("sessions", "6"),
    "timetables": ("review_due", "17/10/2026"),
    "peps": ("due_on", "01/12/2026"),
    "pp-allocations": ("children", "901"),
    "pp-requests": ("amount", "601"),
    "pp-payments": ("amount", "501"),
    "courses": ("capacity", "25"),
    "bookings": ("status", "attended"),
    "project-places": ("status", "completed"),
    "project-usage": ("minutes", "60"),
    "licences": ("places", "120"),
    "admissions": ("decision", "refused"),
    "destinations": ("status", "neet"),
    "custody": ("setting", "SCH"),
}
"""A column that is not of the key, with another value."""

WRONG: dict[str, tuple[str, str]] = {
    "calendar": ("what", "half term 7"),
    "schools": ("OpenDate", "31-02-2011"),
    "ssda903-header": ("DOB", "yesterday"),
    "ssda903-episodes": ("LS", "Z9"),
    "ssda903-uasc": ("DUC", "32/01/2026"),
    "children": ("restricted", "maybe"),
    "cohorts": ("cohort", "in care"),
    "enrolments": ("sen", "S"),
    "attendance": ("code", "?"),
    "exclusions": ("reason1", "QQ"),
    "timetables": ("hours_per_week", "twelve"),
    "peps": ("quality", "blue"),
    "pp-allocations": ("stage", "draft"),
    "pp-requests": ("term", "2026 autumn"),
    "pp-payments": ("amount", "12.345"),
    "courses": ("capacity", "many"),
    "bookings": ("status", "maybe"),
    "project-places": ("status", "asleep"),
    "project-usage": ("week", "08/09/2026"),
    "licences": ("cost", "-x"),
    "admissions": ("needed_on", "2026"),
    "destinations": ("status", "elsewhere"),
    "custody": ("setting", "home"),
}
"""A cell outside its list or of no known form. Benchmarks are kept as published."""

KEY: dict[str, tuple[str, str]] = {
    "calendar": ("what", "half term 2"),
    "benchmarks": ("la_name", "Eastmere"),
    "schools": ("URN", "990002"),
    "pp-allocations": ("stage", "final"),
    "pp-requests": ("request_id", "R2"),
    "pp-payments": ("payment_id", "P2"),
    "courses": ("session_id", "S2"),
    "bookings": ("booking_id", "B2"),
    "licences": ("start", "02/09/2026"),
    "exclusions": ("notice_id", "N2"),
    **dict.fromkeys(("ssda903-header", "ssda903-episodes", "ssda903-uasc"), ("CHILD", "00124")),
}
"""A column of the key with another value; of the other kinds the child."""


def other(kind: str) -> Row:
    """The full row under another key."""
    column, value = KEY.get(kind, ("child_id", "00124"))
    return {**FULL[kind], column: value}


def changed(kind: str, row: Row | None = None) -> Row:
    column, value = CHANGED[kind]
    return {**(row or FULL[kind]), column: value}


def wrong(kind: str) -> Row:
    column, value = WRONG[kind]
    return {**other(kind), column: value}


def enough(kind: str) -> Row:
    """The full row with nothing but what it must have."""
    names = {column.name for column in KINDS[kind].columns if column.required} | set(ALSO_ENOUGH.get(kind, ()))
    return {name: value for name, value in FULL[kind].items() if name in names}


def csv_bytes(rows: Sequence[Row], header: Sequence[str] | None = None, separator: str = ",") -> bytes:
    """Rows under the names of the first one, or under `header` in its order."""
    return cells_as_csv([list(header or rows[0]), *([*row.values()] for row in rows)], separator)


def cells_as_csv(lines: Sequence[Sequence[str]], separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(lines)
    return text.getvalue().encode()


def taken_in(engine: Engine, kind: str, content: bytes, known_on: date = FIRST, **options: Any) -> Reconciliation:
    name = options.pop("name", f"{kind}.csv")
    encoding = options.pop("encoding", None)
    return take_in(engine, kind, read_bytes(name, content, encoding), known_on=known_on, by=BY, **options)


def rows_of(engine: Engine, kind: str, known_on: date | None = None) -> list[list[str]]:
    """Current rows in the layout of the kind, in no order that matters."""
    with reading(engine) as connection:
        return sorted(layout.current_rows(connection, KINDS[kind], known_on))

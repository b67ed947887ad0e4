"""An authority in which every cell that tells something of a child, numbers it or names a person says so itself.

`HIDDEN` stands in such cells of restricted children, `OPEN` in those of the others, `FOREIGN` in those of a child who
is not of the adviser's caseload, `TEAM` in what the team and the training system say of their own people; the table and
the column follow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count

from sqlalchemy import CheckConstraint, Connection, Table, Text, insert

from tests.queries.written import KINDS, Written
from vs_core.intake.kinds import KINDS as OF_FILES
from vs_core.store import schema

AS_AT = date(2026, 11, 23)
AUTHORITY = "Westmere"
HIDDEN, OPEN, TEAM = "canary of a restricted child, ", "canary of a child, ", "canary of the team, "
FOREIGN = "canary of another's child, "
HIDDEN_SCHOOL_KEY = 900_001
HIDDEN_INSPECTION = date(1987, 6, 5)

TOLD = {
    "school": {"urn"},
    "school_details": {"name", "la_code", "la_name", "phase", "type", "town", "postcode", "ofsted_rating"},
    "child_details": {"area", "sex", "ethnicity"},
    "ssda903_header": {"sex", "ethnicity", "mother"},
    "ssda903_uasc": {"sex"},
    "ssda903_episode": {
        "placement",
        "placement_provider",
        "home_postcode",
        "placement_postcode",
        "placement_urn",
        "legal_status",
        "category_of_need",
        "reason_new_episode",
        "reason_ceased",
        "reason_place_change",
    },
    "cohort_membership": {"type"},
    "exclusion": {"notice_key", "notice_id", "reason2", "reason3"},
    "pep": {"phase"},
    "timetable": {"provider"},
    "destination": {"provider", "offer", "bursary"},
    "pp_request": {"request_id", "intervention"},
    "pp_payment": {"payment_id", "request_id", "vendor", "invoice", "cost_code", "batch"},
    "admission": {"ehcp_owner", "decision"},
    "project_place": {"holder", "instrument", "device"},
    "project_usage": {"level"},
    "action": {"subject"},
    "payee": {"vendor", "bank_reference"},
    "invoice_received": {"request_id", "invoice"},
    "payment_line": {"request_id", "vendor", "bank_reference", "invoice", "cost_code"},
}
"""Columns that tell something of a child: of a restricted child only for who is named for it."""
WHO = {
    "child": {"child_id"},
    "child_details": {"forename", "surname", "upn", "social_worker", "adviser"},
    "ssda903_header": {"upn"},
    "enrolment": {"designated_teacher"},
    "timetable": {"reason"},
    "pp_request": {"decided_by", "target", "impact"},
}
"""Columns that name a child or who works with it, or may: only with the right to names, and then as TOLD."""
OF_TEAM = {
    "action": {"owner", "next_step", "outcome", "written_by"},
    "case_entry": {"said", "outcome", "written_by"},
    "booking": {"delegate_id"},
    "payee": {"reason", "written_by"},
    "invoice_received": {"written_by"},
    "payment_batch": {"written_by"},
    "payment_release": {"written_by"},
    "payment_taken_out": {"reason", "written_by"},
    "payment_agreed": {"reason", "written_by"},
    "payment_reversal": {"reason", "written_by"},
}
"""Columns that name the team or those it trains, or may: only with the right to names; about a child as TOLD too."""
COUNTED = {
    "school_details": {"status"},
    "enrolment": {"year_group"},
    "exclusion": {"reason1"},
    "pep": {"term"},
    "pp_request": {"term", "financial_year"},
    "project_place": {"project"},
    "project_usage": {"project"},
    "booking": {"booking_id", "session_id", "role", "area", "evaluation"},
    "payment_batch": {"term"},
    "payment_agreed": {"rule"},
}
"""Every other column of text in these tables: figures are made of it, or it is about no child."""
NEVER_READ = {
    "school_details.la_code",
    "school_details.postcode",
    "child_details.upn",
    "ssda903_header.upn",
    "ssda903_header.mother",
    "ssda903_header.sex",
    "ssda903_header.ethnicity",
    "ssda903_uasc.sex",
    "ssda903_episode.home_postcode",
    "ssda903_episode.placement_postcode",
    "ssda903_episode.placement_urn",
    "ssda903_episode.reason_place_change",
    "admission.ehcp_owner",
    "project_place.holder",
}
"""Columns that nothing shows to anybody so far, nor need a query hide; the header's `sex` and `ethnicity` only where
the list of children has none."""
ON_THE_SERVER = {("vs_core.queries.care.spans", "ssda903_episode.legal_status")}
"""What a query gives of restricted children for figures that are counted here, and nobody draws: who reads it, what."""


def texts() -> Iterator[tuple[str, str]]:
    """Table and column of every text that the database does not limit to a list of words, in tables about children,
    schools and people."""
    others = [schema.school, schema.school_details, schema.pp_payment, schema.booking, *schema.PAYMENT_TABLES]
    for table in schema.metadata.tables.values():
        if "child_key" in table.c or table in (*others, schema.child):
            yield from ((table.name, each.name) for each in table.c if _is_free(table, each.name))


def _is_free(table: Table, name: str) -> bool:
    column = table.c[name]
    limited = any(isinstance(each, CheckConstraint) for each in column.constraints)
    return isinstance(column.type, Text) and not limited


def cells(table: str, whose: str) -> dict[str, str]:
    """What stands in the cells of a table: `whose` and the name of the cell."""
    named = {*TOLD.get(table, ()), *WHO.get(table, ()), *OF_TEAM.get(table, ())}
    return {name: f"{whose}{table}.{name}" for name in named}


def number(whose: str, cell: str, *parts: object) -> str:
    """A number by which a file knows something of a child, distinct by its parts, of a child's number the last word."""
    return " ".join([f"{whose}{cell}", *(str(part).rsplit(" ", 1)[-1] for part in parts)])


def write(written: Written) -> None:
    """Two children of four years each, one of them restricted, and one of another's caseload, with a row in every
    table; one in no list of children; the team; refused rows."""
    urns = {whose: cells("school", whose)["urn"] for whose in (HIDDEN, OPEN)}
    written.pending.append(
        lambda connection: connection.execute(
            insert(schema.school).values(id=HIDDEN_SCHOOL_KEY, urn=urns[HIDDEN], import_id=None)
        )
    )
    turn = count(1)
    for whose, urn in urns.items():
        _school(written, whose, urn)
        for year in ("8", "9", "11", "12"):
            _child(written, whose, number(whose, "child.child_id", next(turn)), urn, year)
    _child(written, FOREIGN, number(FOREIGN, "child.child_id", next(turn)), urns[OPEN], "9")
    unlisted = {"child": number(FOREIGN, "child.child_id", next(turn)), "started_on": "2024-01-08"}
    written.row("ssda903_episode", **cells("ssda903_episode", FOREIGN), **unlisted)
    for la in (AUTHORITY, *(cells("school_details", whose)["la_name"] for whose in urns)):
        _calendar(written, la)
    _training(written)
    written.pending += [_casework, _payments]
    for kind in ("benchmarks", "licences", "custody"):
        written.arrive(kind)


def _school(written: Written, whose: str, urn: str) -> None:
    inspected = HIDDEN_INSPECTION if whose == HIDDEN else date(2024, 1, 15)
    its = {"status": "Open", "ofsted_inspected_on": inspected}
    written.row("school_details", school=urn, **its, **cells("school_details", whose))
    closed = {"what": "closure", "started_on": "2026-11-12", "ended_on": "2026-11-12", "academic_year": "2026/27"}
    written.row("calendar_entry", school=urn, la=cells("school_details", whose)["la_name"], **closed)


def _calendar(written: Written, la: str) -> None:
    halves = ("2025-09-01", "2025-10-24"), ("2025-11-03", "2026-07-20"), ("2026-09-01", "2026-10-23")
    for turn, (start, end) in enumerate((*halves, ("2026-11-02", "2026-12-18"))):
        label = {"what": f"half term {turn % 2 + 1}", "academic_year": "2025/26" if turn < 2 else "2026/27"}
        written.row("calendar_entry", la=la, started_on=start, ended_on=end, **label)


def _child(written: Written, whose: str, child: str, urn: str, year: str) -> None:
    def own(table: str, **values: object) -> None:
        written.row(table, child=child, **{**cells(table, whose), **values})

    born_on = f"{2021 - int(year)}-01-10"
    of_the_caseload = whose == HIDDEN and year == "9"
    caseload = {"adviser": cells("child_details", OPEN)["adviser"]} if of_the_caseload else {}
    own("child_details", born_on=born_on, in_county=True, restricted=whose == HIDDEN, **caseload)
    own("ssda903_header", born_on=born_on)
    own("ssda903_uasc", born_on=born_on)
    own("ssda903_episode", started_on="2024-01-08")
    own("cohort_membership", cohort="kinship", started_on="2024-01-01")
    off_roll = year == "8"
    own(
        "enrolment",
        school=urn,
        started_on="2024-09-01",
        ended_on="2026-09-30" if off_roll else None,
        year_group=year,
        sen="K",
        status="main",
    )
    own("enrolment", school=urn, started_on="2027-01-05", status="main")
    own("admission", school=urn, needed_on="2026-10-01")
    own("custody", started_on="2026-10-01", setting="YOI")
    written.marks(child, "2025-09-08", "//OO//", urn=urn)
    if year == "9":
        written.marks(child, "2026-09-07", "//OOOO//OO....", urn=urn)
        written.marks(child, "2026-09-14", "DD", urn=urn)
        written.marks(child, "2026-11-09", "//OOOO//OO....", urn=urn)
    _schooling(written, own, whose, child, urn)
    _money(written, own, whose, child, urn)


def _schooling(written: Written, own, whose: str, child: str, urn: str) -> None:
    for turn, (category, start) in enumerate(
        (("SUSP", "2026-09-14"), ("SUSP", "2026-11-18"), ("LNCH", "2026-11-19"), ("PERM", "2026-11-20"))
    ):
        key = number(whose, "exclusion.notice_key", child, turn)
        given = {"notice_key": key, "category": category, "started_on": start, "reason1": "PP", "status": "issued"}
        own("exclusion", school=urn, sessions=60 if category == "SUSP" else None, **given)
    for kind in ("part-time", "alternative provision"):
        own("timetable", kind=kind, started_on="2026-09-10", review_due="2026-11-01")
    late = {"initiated_on": "2026-09-05", "finished_on": "2026-11-10"}
    own("pep", term="2026/27 autumn", kind="initial", due_on="2026-10-01")
    own("pep", term="2026/27 autumn", kind="review", due_on="2026-11-15", **late, quality_assured_on="2026-11-19")
    own("destination", on="2026-09-10", status="neet")
    for project in ("Letterbox", "Chromebooks"):
        own(
            "project_place",
            project=project,
            school=urn,
            started_on="2026-09-01",
            status="enrolled",
            holder=number(whose, "project_place.holder", child),
        )
        own("project_usage", project=project, week="2026-11-16", minutes=90)


def _money(written: Written, own, whose: str, child: str, urn: str) -> None:
    asked = {"term": "2026/27 autumn", "financial_year": "2026-27", "fund": "PP+", "amount_pence": 50_000}
    for status in ("requested", "approved", "rejected"):
        request = {"request_id": number(whose, "pp_request.request_id", child, status)}
        decided = None if status == "requested" else "2026-10-10"
        dated = {"requested_on": "2026-09-20" if decided else "2026-11-20", "decided_on": decided}
        own("pp_request", school=urn, **request, status=status, **dated, **asked)
    for place, (status, on) in enumerate((("paid", "2026-10-28"), ("paid", "2026-11-20"), ("recovered", "2026-11-21"))):
        paid = {"payment_id": number(whose, "pp_payment.payment_id", child, place), "status": status, "paid_on": on}
        request = {"request_id": number(whose, "pp_request.request_id", child, "approved"), "fund": "PP+"}
        its = cells("pp_payment", whose) | paid | request
        written.row("pp_payment", school=urn, amount_pence=10_000, **its)


def _training(written: Written) -> None:
    for turn, held_on in enumerate(("2026-10-05", "2026-11-19", "2027-01-12")):
        session = f"S{turn}"
        written.row("course_session", session_id=session, course="Attachment", held_on=held_on, capacity=10)
        for status in ("booked", "attended", "did not attend", "waiting"):
            booked = {"booking_id": f"{session} {status}", "session_id": session, "status": status}
            urn = cells("school", OPEN)["urn"]
            written.row("booking", school=urn, booked_on="2026-09-30", **booked, **cells("booking", TEAM))
    written.row(
        "pp_allocation",
        financial_year="2026-27",
        fund="PP+",
        stage="final",
        amount_pence=9_000_000,
        notified_on="2026-06-01",
        children=20,
    )


def _casework(connection: Connection) -> None:
    """An action of the team about each child and about none, and refused rows about each child."""
    rows = connection.execute(schema.child.select().order_by(schema.child.c.id)).all()
    whose = {row.id: next(each for each in (HIDDEN, OPEN, FOREIGN) if row.child_id.startswith(each)) for row in rows}
    import_id = connection.scalar(schema.import_ledger.select().with_only_columns(schema.import_ledger.c.id))
    for turn, key in enumerate([None, *whose], start=1):
        given = {"opened_on": date(2026, 10, 1), "due_on": date(2026, 11, 1)}
        kept = {"written_at": datetime(2026, 10, 1), "known_from": date(2026, 10, 1)}
        texts_of = cells("action", TEAM if key is None else whose[key])
        connection.execute(insert(schema.action).values(action_id=turn, child_key=key, **given, **kept, **texts_of))
    for key in whose:
        _entries(connection, key, cells("case_entry", whose[key]))
    for row in rows:
        for kind in schema.VERSIONED:
            _refused(connection, int(import_id), kind, row.child_id, whose[row.id])


def _payments(connection: Connection) -> None:
    """How each school is paid; of each approved request an invoice and three lines: one that was taken out, one that
    was released and reversed, one that waits."""
    asked = schema.pp_request.c
    requests = connection.execute(schema.pp_request.select().where(asked.status == "approved")).all()
    schools = {}
    for number in (1, 2, 3):
        _wrote(connection, "payment_batch", TEAM, id=number, term="2026/27 autumn", fund="PP+")
    for turn, row in enumerate(requests):
        whose = next(each for each in (HIDDEN, OPEN, FOREIGN) if row.request_id.startswith(each))
        schools.setdefault(row.school_key, whose)
        about = {"request_id": row.request_id, "child_key": row.child_key}
        _wrote(connection, "invoice_received", whose, **about, received_on=PAID_ON)
        for number in (1, 2, 3):
            line = {"id": turn * 3 + number, "batch_id": number, "turn": number, "amount_pence": 100}
            _wrote(connection, "payment_line", whose, **about, **line, school_key=row.school_key)
        _wrote(connection, "payment_taken_out", whose, line_id=turn * 3 + 1)
        for number in (1, 2, 3):
            _wrote(connection, "payment_agreed", whose, line_id=turn * 3 + number, rule="alike")
    for school_key, whose in schools.items():
        _wrote(connection, "payee", whose, school_key=school_key, sends_invoice=True)
    sums = {"lines": len(requests), "total_pence": 100 * len(requests)}
    _wrote(connection, "payment_release", TEAM, batch_id=2, **sums)
    for turn, row in enumerate(requests):
        whose = next(each for each in (HIDDEN, OPEN, FOREIGN) if row.request_id.startswith(each))
        _wrote(connection, "payment_reversal", whose, line_id=turn * 3 + 2, amount_pence=-100)


PAID_ON = date(2026, 11, 2)


def _wrote(connection: Connection, table: str, whose: str, **values: object) -> None:
    kept = {"written_at": datetime(2026, 11, 2, tzinfo=UTC), "known_from": PAID_ON}
    its = {name: kept[name] for name in kept if name in schema.metadata.tables[table].c}
    connection.execute(insert(schema.metadata.tables[table]).values(**{**cells(table, whose), **its, **values}))


ENTRIES = (
    {"kind": "contact", "how": "phone", "with_whom": "carer"},
    {"kind": "note"},
    {"kind": "snooze", "until_on": date(2026, 10, 9)},
    {"kind": "referral", "referred_to": "PP+ request"},
)


def _entries(connection: Connection, child_key: int, texts_of: dict[str, str]) -> None:
    """What the team wrote about a child: one of each kind, and a correction."""
    kept = {"happened_on": date(2026, 10, 2), "known_from": date(2026, 10, 2)}
    at = datetime(2026, 10, 2, tzinfo=UTC)
    for entry in (*ENTRIES, {"kind": "note"}):
        made = insert(schema.case_entry).values(child_key=child_key, written_at=at, **kept, **texts_of, **entry)
        number = connection.execute(made).inserted_primary_key[0]
    correction = {"kind": "note", "replaces": number, "child_key": child_key, "written_at": at}
    connection.execute(insert(schema.case_entry).values(**correction, **kept, **texts_of))


def _refused(connection: Connection, import_id: int, table: str, child_id: str, whose: str) -> None:
    if table not in KINDS or "child_key" not in schema.metadata.tables[table].c:
        return
    kind = OF_FILES[KINDS[table]]
    telling = {*TOLD.get(table, ()), *WHO.get(table, ()), "school_key"}
    given = {column.name: f"{whose}cell {column.name}" for column in kind.columns if column.to in telling}
    own = given | {column.name: child_id for column in kind.columns if column.to == "child_key"}
    refused = {"import_id": import_id, "kind": kind.name, "row_number": 2, "cells": json.dumps(own)}
    row_id = connection.execute(insert(schema.rejected_row).values(state="waiting", **refused)).inserted_primary_key[0]
    for name in own:
        said = {"column_name": name, "rule": "odd", "sentence": f"'{own[name]}' is odd"}
        of_row = {"import_id": import_id, "row_number": 2, "rejected_row_id": row_id, "severity": "rejected"}
        connection.execute(insert(schema.row_problem).values(**of_row, **said))

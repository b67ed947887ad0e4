"""KIND exclusions: school census columns, or a school's notice."""

from collections.abc import Iterator

from vs_core.intake import cells
from vs_core.intake.kind import Column, Complaint, Kind, Row, child, day, in_order, school
from vs_core.store import schema


def _reason(name: str) -> Column:
    return Column(
        name,
        name,
        cells.identifier,
        required=name == "reason1",
        list="suspension_reason",
        dated_by="started_on",
        query_empty=name == "reason1",
    )


def _has_sessions(row: Row) -> Iterator[Complaint]:
    if row["category"] == "SUSP" and row.get("sessions") is None:
        yield "sessions", "sessions of a suspension", "a suspension must say how many sessions it takes"


exclusions = Kind(
    "exclusions",
    "Suspensions and exclusions",
    schema.exclusion,
    ("notice_key",),
    (
        Column("notice_id", "notice_id", cells.identifier),
        child("child_id", "pupil_id", "pupilonrolltableid"),
        day("start_date", "started_on", required=True, filled=True, aliases=("startdate",)),
        Column("sessions", "sessions", cells.whole_number, required=True),
        Column(
            "category", "category", cells.one_of(("SUSP", "LNCH", "PERM"), {"FIXD": "SUSP"}), required=True, filled=True
        ),
        _reason("reason1"),
        _reason("reason2"),
        _reason("reason3"),
        school(),
        Column("start_session", "start_session", cells.one_of(("AM", "PM"))),
        day("end_date", "ended_on"),
        Column("consulted_virtual_school", "consulted_virtual_school", cells.yes_no),
        day("notified_on", "notified_on"),
        day("provision_from", "provision_from"),
        day("reintegration_on", "reintegration_on"),
        Column("status", "status", cells.one_of(("issued", "upheld", "reinstated", "withdrawn", "review"))),
    ),
    rules=in_order("started_on", "ended_on", "start_date", "end_date"),
    queries=_has_sessions,
    nth_of=("child_key", "started_on", "category"),
    on_school_day="started_on",
    happens_on="started_on",
)

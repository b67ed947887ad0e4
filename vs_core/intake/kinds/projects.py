"""KINDs project-places, project-usage and licences: each project's own report, and the contracts."""

from collections.abc import Iterator

from vs_core.intake import cells
from vs_core.intake.kind import Column, Complaint, Kind, Row, child, day, in_order, school, together
from vs_core.store import schema


def _held_by_somebody(row: Row) -> Iterator[Complaint]:
    if row.get("child_key") is None and row.get("school_key") is None:
        yield "child_id", "child or school", "a place needs a child_id or a urn"


def _name_the_holder(rows: list[Row]) -> None:
    for row in rows:
        held_by_child = row.get("child_key") is not None
        row["holder"] = f"child {row['child_key']}" if held_by_child else f"school {row['school_key']}"


project = Column("project", "project", required=True, filled=True)

places = Kind(
    "project-places",
    "Project places",
    schema.project_place,
    ("project", "holder", "started_on"),
    (
        project,
        Column("child_id", "child_key", cells.identifier, names="child"),
        school(),
        day("start", "started_on", required=True, filled=True),
        Column(
            "status",
            "status",
            cells.one_of(("offered", "enrolled", "completed", "left", "waiting", "declined")),
            required=True,
        ),
        day("end", "ended_on"),
        day("offered_on", "offered_on"),
        Column("instrument", "instrument"),
        Column("device", "device"),
        Column("cost", "cost_pence", cells.pounds),
    ),
    rules=together(_held_by_somebody, in_order("started_on", "ended_on", "start", "end")),
    complete=_name_the_holder,
    happens_on="started_on",
)

usage = Kind(
    "project-usage",
    "Project usage",
    schema.project_usage,
    ("project", "child_key", "week"),
    (
        project,
        child("child_id"),
        Column("week", "week", cells.monday, required=True, filled=True),
        Column("minutes", "minutes", cells.whole_number, required=True),
        Column("progressions", "progressions", cells.whole_number),
        Column("level", "level", cells.identifier),
        Column("sessions_offered", "sessions_offered", cells.whole_number),
        Column("sessions_attended", "sessions_attended", cells.whole_number),
    ),
    happens_on="week",
)

licences = Kind(
    "licences",
    "Project licences",
    schema.licence,
    ("project", "started_on"),
    (
        project,
        day("start", "started_on", required=True, filled=True),
        day("end", "ended_on", required=True),
        Column("places", "places", cells.whole_number, required=True),
        Column("cost", "cost_pence", cells.pounds, required=True),
        day("renewal_on", "renewal_on"),
    ),
    rules=in_order("started_on", "ended_on", "start", "end"),
    happens_on="started_on",
)

"""KINDs admissions, destinations and custody: case system and youth justice."""

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind, child, day, in_order, school
from vs_core.store import schema

admissions = Kind(
    "admissions",
    "Admissions",
    schema.admission,
    ("child_key", "needed_on"),
    (
        child("child_id"),
        day("needed_on", "needed_on", required=True, filled=True),
        day("applied_on", "applied_on"),
        school(),
        Column("decision", "decision"),
        day("decision_on", "decided_on"),
        day("directed_on", "directed_on"),
        day("started_on", "started_on"),
        Column("ehcp_owner", "ehcp_owner"),
    ),
    happens_on="needed_on",
)

destinations = Kind(
    "destinations",
    "Destinations",
    schema.destination,
    ("child_key", "on"),
    (
        child("child_id"),
        day("on", "on", required=True, filled=True),
        Column(
            "status",
            "status",
            cells.one_of(("education", "employment", "training", "employment without training", "neet", "not known")),
            required=True,
        ),
        Column("provider", "provider"),
        Column("offer", "offer"),
        Column("bursary", "bursary"),
    ),
    happens_on="on",
)

custody = Kind(
    "custody",
    "Custody",
    schema.custody,
    ("child_key", "started_on"),
    (
        child("child_id"),
        day("start", "started_on", required=True, filled=True),
        Column("setting", "setting", cells.one_of(("SCH", "STC", "YOI")), required=True),
        day("expected_release", "expected_release"),
        day("end", "ended_on"),
        day("education_assessed_on", "education_assessed_on"),
        day("pep_shared_on", "pep_shared_on"),
    ),
    rules=in_order("started_on", "ended_on", "start", "end"),
    happens_on="started_on",
)

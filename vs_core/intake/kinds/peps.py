"""KIND peps: an export of the ePEP system."""

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind, child, day
from vs_core.store import schema

peps = Kind(
    "peps",
    "Personal education plans",
    schema.pep,
    ("child_key", "term", "kind"),
    (
        child("child_id"),
        Column("term", "term", cells.term, required=True, filled=True),
        Column("kind", "kind", cells.one_of(("initial", "review")), required=True, filled=True),
        day("due_on", "due_on", required=True),
        day("initiated_on", "initiated_on"),
        day("meeting_on", "meeting_on"),
        day("finished_on", "finished_on"),
        day("quality_assured_on", "quality_assured_on"),
        Column("quality", "quality", cells.one_of(("red", "amber", "green"))),
        Column("child_voice", "child_voice", cells.yes_no),
        Column("carer_voice", "carer_voice", cells.yes_no),
        Column("smart_targets", "smart_targets", cells.yes_no),
        Column("attendance_target", "attendance_target", cells.yes_no),
        Column("phase", "phase"),
    ),
)

"""KIND calendar: published term dates, INSET days and closures."""

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind, day, in_order, school
from vs_core.store import schema

WHAT = (*(f"half term {number}" for number in range(1, 7)), "INSET (non-pupil day)", "closure")

calendar = Kind(
    "calendar",
    "School calendar",
    schema.calendar_entry,
    ("la", "school_key", "started_on", "what"),
    (
        Column("la", "la", cells.identifier, required=True, filled=True),
        Column("academic_year", "academic_year", cells.academic_year, required=True, filled=True),
        Column("what", "what", cells.one_of(WHAT), required=True, filled=True),
        day("start", "started_on", required=True, filled=True),
        day("end", "ended_on", required=True, filled=True),
        school(),
    ),
    rules=in_order("started_on", "ended_on", "start", "end"),
)

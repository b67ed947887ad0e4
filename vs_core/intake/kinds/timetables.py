"""KIND timetables: schools' half-termly returns of part-time timetables and alternative provision."""

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind, child, day, in_order
from vs_core.store import schema

timetables = Kind(
    "timetables",
    "Part-time timetables and alternative provision",
    schema.timetable,
    ("child_key", "kind", "started_on"),
    (
        child("child_id"),
        Column("kind", "kind", cells.one_of(("part-time", "alternative provision")), required=True, filled=True),
        day("start", "started_on", required=True, filled=True),
        day("review_due", "review_due", required=True),
        Column("hours_per_week", "hours_per_week_hundredths", cells.hundredths),
        day("end", "ended_on"),
        day("reviewed_on", "reviewed_on"),
        Column("provider", "provider"),
        Column("reason", "reason"),
        Column("in_pep", "in_pep", cells.yes_no),
        Column("weekly_cost", "weekly_cost_pence", cells.pounds),
    ),
    rules=in_order("started_on", "ended_on", "start", "end"),
    happens_on="started_on",
)

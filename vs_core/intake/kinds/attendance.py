"""KIND attendance: register marks, one row a half day (long) or one row a day (wide)."""

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind, child, day, school
from vs_core.store import schema

CODE = "register_code"


def _mark(name: str, to: str, *, filled: bool = False) -> Column:
    return Column(name, to, cells.identifier, filled=filled, list=CODE, dated_by="day")


attendance = Kind(
    "attendance",
    "Attendance",
    schema.child_day,
    ("child_key", "day", "session", "school_key"),
    (
        child("child_id", "pupil_id"),
        day("date", "day", required=True, filled=True),
        Column("session", "session", cells.one_of(("AM", "PM")), filled=True),
        _mark("code", "code", filled=True),
        _mark("am", "am"),
        _mark("pm", "pm"),
        school(),
        Column("received_at", "received_at", cells.moment),
        Column("source", "source"),
    ),
    on_school_day="day",
    happens_on="day",
)

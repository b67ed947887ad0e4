"""KINDs courses and bookings: the training system."""

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind, day, school
from vs_core.store import schema

courses = Kind(
    "courses",
    "Training sessions",
    schema.course_session,
    ("session_id",),
    (
        Column("session_id", "session_id", cells.identifier, required=True, filled=True),
        Column("course", "course", required=True),
        Column("audience", "audience", required=True),
        day("date", "held_on", required=True),
        Column("capacity", "capacity", cells.whole_number, required=True),
        Column("provider", "provider"),
        Column("delivery", "delivery"),
        Column("cost", "cost_pence", cells.pounds),
        Column("status", "status"),
    ),
    happens_on="held_on",
)

bookings = Kind(
    "bookings",
    "Training bookings",
    schema.booking,
    ("booking_id",),
    (
        Column("booking_id", "booking_id", cells.identifier, required=True, filled=True),
        Column("session_id", "session_id", cells.identifier, required=True),
        Column("role", "role", required=True),
        Column(
            "status",
            "status",
            cells.one_of(("booked", "waiting", "attended", "did not attend", "cancelled")),
            required=True,
        ),
        Column("delegate_id", "delegate_id", cells.identifier),
        school(),
        Column("area", "area"),
        day("booked_on", "booked_on"),
        Column("evaluation", "evaluation"),
    ),
    happens_on="booked_on",
)

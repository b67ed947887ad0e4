"""KIND children: the authority's own list."""

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind, child, day
from vs_core.store import schema

children = Kind(
    "children",
    "Children",
    schema.child_details,
    ("child_key",),
    (
        child("child_id"),
        day("dob", "born_on", required=True),
        Column("upn", "upn", cells.identifier),
        Column("forename", "forename"),
        Column("surname", "surname"),
        Column("sex", "sex"),
        Column("ethnicity", "ethnicity"),
        Column("area", "area"),
        Column("in_county", "in_county", cells.yes_no),
        Column("restricted", "restricted", cells.yes_no),
        Column("social_worker", "social_worker"),
        Column("adviser", "adviser"),
    ),
)

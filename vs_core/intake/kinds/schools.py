"""KIND schools: an extract of Get Information About Schools, column names verbatim or short."""

from vs_core.intake.kind import Column, Kind, Row, day, in_order
from vs_core.intake.kind import school as school_named
from vs_core.store import schema


def _split_authority(rows: list[Row]) -> None:
    """`Local Authority` holds a code or a name."""
    for row in rows:
        authority = row.pop("authority", None)
        if authority is not None:
            row["la_code" if str(authority).isdigit() else "la_name"] = authority


schools = Kind(
    "schools",
    "Schools",
    schema.school_details,
    ("school_key",),
    (
        school_named("URN", required=True),
        Column("EstablishmentName", "name", required=True, filled=True, aliases=("name",)),
        Column("LA (code)", "la_code"),
        Column("LA (name)", "la_name"),
        Column("Local Authority", "authority"),
        Column("EstablishmentStatus (name)", "status", aliases=("Status",)),
        Column("PhaseOfEducation (name)", "phase"),
        Column("TypeOfEstablishment (name)", "type"),
        day("OpenDate", "opened_on", aliases=("open_date",)),
        day("CloseDate", "closed_on", aliases=("close_date",)),
        Column("Town", "town"),
        Column("Postcode", "postcode"),
        Column("OfstedRating (name)", "ofsted_rating", aliases=("Rating",)),
        day("OfstedLastInsp", "ofsted_inspected_on", aliases=("Inspect Date",)),
    ),
    queries=in_order("opened_on", "closed_on", "OpenDate", "CloseDate"),
    complete=_split_authority,
)

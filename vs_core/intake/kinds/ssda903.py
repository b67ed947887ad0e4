"""KINDs ssda903-*: the statutory return on children looked after, column names verbatim."""

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind, child, day, in_order
from vs_core.store import schema


def _code(name: str, to: str, of: str, *, required: bool = False, query_empty: bool = False) -> Column:
    return Column(name, to, cells.identifier, required, list=of, dated_by="started_on", query_empty=query_empty)


header = Kind(
    "ssda903-header",
    "Looked after: header",
    schema.ssda903_header,
    ("child_key",),
    (
        child("CHILD"),
        Column("SEX", "sex", cells.identifier, required=True, query_empty=True),
        day("DOB", "born_on", required=True),
        Column("ETHNIC", "ethnicity", cells.identifier),
        Column("UPN", "upn", cells.identifier),
        Column("MOTHER", "mother", cells.identifier),
        day("MC_DOB", "mother_child_born_on"),
    ),
)

episodes = Kind(
    "ssda903-episodes",
    "Looked after: episodes",
    schema.ssda903_episode,
    ("child_key", "started_on"),
    (
        child("CHILD"),
        day("DECOM", "started_on", required=True, filled=True),
        _code("RNE", "reason_new_episode", "reason_new_episode", required=True, query_empty=True),
        _code("LS", "legal_status", "legal_status", required=True, query_empty=True),
        _code("CIN", "category_of_need", "category_of_need"),
        _code("PLACE", "placement", "placement", required=True, query_empty=True),
        _code("PLACE_PROVIDER", "placement_provider", "placement_provider"),
        day("DEC", "ended_on"),
        Column("REC", "reason_ceased", cells.identifier),
        Column("REASON_PLACE_CHANGE", "reason_place_change", cells.identifier),
        Column("HOME_POST", "home_postcode"),
        Column("PL_POST", "placement_postcode"),
        Column("URN", "placement_urn", cells.identifier),
    ),
    queries=in_order("started_on", "ended_on", "DECOM", "DEC"),
    happens_on="started_on",
)

uasc = Kind(
    "ssda903-uasc",
    "Looked after: unaccompanied children",
    schema.ssda903_uasc,
    ("child_key",),
    (
        child("CHILD"),
        day("DUC", "ceased_on", required=True),
        Column("SEX", "sex", cells.identifier),
        day("DOB", "born_on"),
    ),
)

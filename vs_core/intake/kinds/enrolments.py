"""KIND enrolments: where a child is on roll."""

import re

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind, child, day, in_order, school
from vs_core.intake.problems import CellProblem
from vs_core.store import schema

YEARS = {"reception": "R", "0": "R", "nursery": "N2"} | {name.lower(): name for name in ("N1", "N2", "R")}


def _year_group(cell: str) -> str:
    stripped = re.sub(r"^(year|yr|y)\s*", "", cell.strip().lower()).lstrip("0") or "0"
    if stripped in YEARS:
        return YEARS[stripped]
    if stripped.isdigit() and 1 <= int(stripped) <= 14:
        return stripped
    raise CellProblem("year group", f"'{cell}' is not a year group (N1, N2, R, 1 to 14)")


enrolments = Kind(
    "enrolments",
    "Enrolments",
    schema.enrolment,
    ("child_key", "school_key", "started_on"),
    (
        child("child_id"),
        school(required=True),
        day("start", "started_on", required=True, filled=True),
        day("end", "ended_on"),
        Column("nc_year", "year_group", lambda _texts: _year_group),
        Column("sen", "sen", cells.one_of(("N", "K", "E"))),
        Column("status", "status", cells.one_of(("main", "subsidiary", "guest"))),
        Column("designated_teacher", "designated_teacher"),
        day("school_informed_on", "school_informed_on"),
    ),
    rules=in_order("started_on", "ended_on", "start", "end"),
    happens_on="started_on",
)

"""KIND cohorts: the other groups that the Virtual School answers for."""

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind, child, day, in_order
from vs_core.store import schema
from vs_core.store.tables_children import COHORTS

cohorts = Kind(
    "cohorts",
    "Cohorts",
    schema.cohort_membership,
    ("child_key", "cohort", "started_on"),
    (
        child("child_id"),
        Column("cohort", "cohort", cells.one_of(COHORTS), required=True, filled=True),
        day("start", "started_on", required=True, filled=True),
        day("end", "ended_on"),
        Column("type", "type"),
    ),
    rules=in_order("started_on", "ended_on", "start", "end"),
    happens_on="started_on",
)

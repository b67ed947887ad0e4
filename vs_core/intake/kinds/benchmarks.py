"""KIND benchmarks: the department's absence tables, column names verbatim, cells as published."""

from vs_core.intake import cells
from vs_core.intake.kind import Column, Kind, Row
from vs_core.store import schema

KEY = ("time_period", "geographic_level", "region_name", "la_name", "social_care_group", "phase_type_grouping")
VALUES = (
    "t_pupils",
    "t_sess_possible",
    "pt_overall",
    "pt_sess_authorised",
    "pt_sess_unauthorised",
    "pt_pupils_pa_10_exact",
    "pt_pupils_pa_50_exact",
)


def _no_area(rows: list[Row]) -> None:
    """The national rows name no region and no authority."""
    for row in rows:
        for column in ("region_name", "la_name"):
            row[column] = row.get(column) or ""


benchmarks = Kind(
    "benchmarks",
    "Benchmarks",
    schema.benchmark,
    KEY,
    (
        *(
            Column(name, name, cells.identifier, required=True, filled=name not in ("region_name", "la_name"))
            for name in KEY
        ),
        Column("old_la_code", "old_la_code", cells.identifier),
        *(Column(name, name, cells.identifier, required=name.startswith("pt_overall")) for name in VALUES),
    ),
    complete=_no_area,
)

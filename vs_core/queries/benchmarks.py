"""The department's published absence figures."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, func, select

from vs_core.queries.knowledge import known
from vs_core.store.schema import benchmark

PUBLISHED = (
    "t_pupils",
    "t_sess_possible",
    "pt_overall",
    "pt_sess_authorised",
    "pt_sess_unauthorised",
    "pt_pupils_pa_10_exact",
    "pt_pupils_pa_50_exact",
)


def latest_benchmarks(groups: tuple[str, ...], known_on: date | None, phase: str = "Total") -> Select:
    """Rows of the latest `time_period` of the groups and phase: place, group, cells as published (`c`, `x`, `z`)."""
    row = benchmark
    wanted = (known(row, known_on), row.c.social_care_group.in_(groups), row.c.phase_type_grouping == phase)
    latest = select(func.max(row.c.time_period)).where(*wanted).scalar_subquery()
    places = ("time_period", "geographic_level", "region_name", "old_la_code", "la_name", "social_care_group")
    return select(*(row.c[name] for name in (*places, *PUBLISHED))).where(*wanted, row.c.time_period == latest)

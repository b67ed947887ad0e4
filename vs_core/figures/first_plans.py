"""Children in care of whom no file of plans has a plan: they are behind no figure of the plans."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures.subject import SubjectFigures
from vs_core.queries import casework
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules.cohorts import YEAR_GROUPS, CareSpan, entered_care_on

YEARS = YEAR_GROUPS[YEAR_GROUPS.index("N2") : YEAR_GROUPS.index("13") + 1]
"""From the nursery year before reception to year 13 every child in care has a plan (DfE, Promoting the education of
looked-after and previously looked-after children)."""


def planned(connection: Connection, known_on: date | None, scope: Scope = EVERYTHING) -> set[int]:
    """`child_key` of those of whom a file has a plan, of whatever term."""
    return set(connection.execute(casework.planned(known_on, scope)).scalars())


def without(
    care: SubjectFigures, plans: SubjectFigures, spans: Mapping[int, Sequence[CareSpan]], has_plan: Collection[int]
) -> pd.DataFrame:
    """Children in care on the day, of YEARS, without any plan: rows of the roll with `entered_on`, the first day of the
    time in care. None where no file of plans has arrived.

    care, plans: figures of `cohort` and `pep`; spans: by `child_key`; has_plan: of `planned`."""
    roll = care.rows["roll"]
    counted = roll["in_care"].astype(bool) & roll["year_group"].isin(YEARS) & ~roll["child_key"].isin(list(has_plan))
    rows = roll[counted & ("due" not in plans.notes)]
    entered = [entered_care_on(spans.get(key, ()), care.frame.as_at) for key in rows["child_key"]]
    return rows.assign(entered_on=pd.Series(entered, rows.index, dtype=object)).dropna(subset=["entered_on"])

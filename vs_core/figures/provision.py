"""Part-time timetables, alternative provision and children without a school: figures and the rows behind them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch
from vs_core.figures.subject import Answer, Behind, SubjectFigures
from vs_core.queries import casework
from vs_core.queries.scope import Scope
from vs_core.rules import measures
from vs_core.rules.frame import Frame
from vs_core.rules.provision import ALTERNATIVE, PART_TIME, not_on_roll, open_timetables


def answer(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """rows: `children` (of the cohort on `as_at`) and `timetables` (open on it, with `review_overdue` and the child's
    details)."""
    known = children.of_cohort(connection, frame, scope, frame.as_at, frame.as_at)
    found = fetch.rows(connection, casework.timetables(frame, scope))
    rows = children.with_identity(open_timetables(found, known, frame), known)
    return Answer(measures.provision(found, known, frame), {"children": known, "timetables": rows})


def _children_on(kind: str) -> Behind:
    def rows(of: SubjectFigures) -> pd.DataFrame:
        current = of.rows["timetables"]
        return current[current["kind"] == kind].drop_duplicates("child_key", keep="last")

    return rows


def _overdue(of: SubjectFigures) -> pd.DataFrame:
    return of.rows["timetables"][of.rows["timetables"]["review_overdue"].astype(bool)]


BEHIND: Mapping[str, Behind] = {
    "part_time": _children_on(PART_TIME),
    "alternative_provision": _children_on(ALTERNATIVE),
    "not_on_roll": lambda of: not_on_roll(of.rows["children"]),
    "reviews_overdue": _overdue,
}

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
    return Answer(measures.provision(rows, known), {"children": known, "timetables": rows})


def not_full_time(of: SubjectFigures) -> pd.DataFrame:
    """The children behind `part_time`, `alternative_provision` and `not_on_roll`, each once: details, and `how` in
    words. Empty where one of the three is not known."""
    known = of.rows["children"]
    if any(key in of.notes for key in _HOW):
        return known.iloc[:0].assign(how="")
    behind = {key: set(BEHIND[key](of)["child_key"]) for key in _HOW}
    how = [", ".join(said for key, said in _HOW.items() if child in behind[key]) for child in known["child_key"]]
    return known.assign(how=how)[[bool(said) for said in how]]


_HOW = {
    "part_time": "part-time timetable",
    "alternative_provision": "alternative provision",
    "not_on_roll": "on no roll",
}


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

"""The cohort: figures and the children behind them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children
from vs_core.figures.subject import Answer, Behind, SubjectFigures
from vs_core.queries import care
from vs_core.queries.scope import Scope
from vs_core.rules import measures
from vs_core.rules.cohorts import YEAR_GROUPS
from vs_core.rules.frame import Frame
from vs_core.rules.roll import CARE_FLAGS, COHORT_FLAGS


def answer(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """rows: `roll` (`figures.children.roll`, one row a child mentioned)."""
    roll = children.roll(connection, frame, scope)
    return Answer(measures.cohort(roll), {"roll": roll})


IN_CARE = ("in_care", "uasc", "joined", "left", "by_year_group")


def in_care(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """The figures of IN_CARE from the children who were in care in the period, or until it: rows: `roll`."""
    before = frame.start - timedelta(days=1)
    looked_after = care.members("in care", before, frame.as_at, frame.known_on, scope)
    roll = children.roll(connection, frame, scope, looked_after)
    figures = measures.cohort(roll)
    return Answer({key: figures[key] for key in IN_CARE}, {"roll": roll})


def _flagged(flag: str) -> Behind:
    def rows(of: SubjectFigures) -> pd.DataFrame:
        roll = of.rows["roll"]
        return roll[roll[flag].astype(bool)]

    return rows


def _year(group: str) -> Behind:
    def rows(of: SubjectFigures) -> pd.DataFrame:
        in_care = _flagged("in_care")(of)
        return in_care[in_care["year_group"] == group]

    return rows


BEHIND: Mapping[str, Behind] = {
    **{flag: _flagged(flag) for flag in (*CARE_FLAGS, *COHORT_FLAGS)},
    "by_year_group": _flagged("in_care"),
    **{f"by_year_group.{group}": _year(group) for group in YEAR_GROUPS},
    "all": lambda of: of.rows["roll"],
}

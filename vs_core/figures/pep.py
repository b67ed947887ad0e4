"""Personal education plans: figures, and the plans behind them."""

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
from vs_core.rules.pep import COMPLETED, PepState, plans_due, rated_plans


def answer(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """rows: `plans` (due in the period, with `state` on `as_at` and the child's details)."""
    plans = fetch.rows(connection, casework.peps(frame, scope)).rename(columns={"phase": "stated_phase"})
    known = children.of_cohort(connection, frame, scope, frame.start, frame.end)
    due = plans_due(children.with_identity(plans, known), frame)
    return Answer(measures.pep(due), {"plans": due})


def _in_state(*states: PepState) -> Behind:
    def rows(of: SubjectFigures) -> pd.DataFrame:
        return of.rows["plans"][of.rows["plans"]["state"].isin(states)]

    return rows


BEHIND: Mapping[str, Behind] = {
    "due": lambda of: of.rows["plans"],
    "completed": _in_state(*COMPLETED),
    "completed_on_time": _in_state(PepState.ON_TIME),
    "overdue": _in_state(PepState.OVERDUE),
    "quality_green_percent": lambda of: rated_plans(of.rows["plans"]),
}

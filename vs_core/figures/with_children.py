"""Figures whose rows also say which child they are about."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from vs_core.figures import children, compute
from vs_core.figures.subject import SubjectFigures
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules.frame import Frame


def pp_plus(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> SubjectFigures:
    """The figures of `pp-plus`; `requests` and `payments` have also the child's `forename`, `surname`, `year_group` and
    `phase`, payments too `child_key`, `child_id`, `school`, `term` of their request. No row is added or left out."""
    of = compute(connection, "pp-plus", frame, scope)
    requests, payments = of.rows["requests"], of.rows["payments"]
    asked = {int(key) for key in requests["child_key"]}
    known = children.details(connection, of.frame, scope, asked)
    own = known[["child_key", "forename", "surname", "year_group", "phase"]]
    requests = requests.merge(own, on="child_key", how="left")
    of_request = requests[["request_id", "child_id", "school", "term", *own.columns]]
    return replace(
        of, rows=of.rows | {"requests": requests, "payments": payments.merge(of_request, on="request_id", how="left")}
    )

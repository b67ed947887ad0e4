"""The team's actions: figures and the actions behind them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from vs_core.figures import children, fetch
from vs_core.figures.subject import Answer, Behind
from vs_core.queries import casework
from vs_core.queries.children import children as every_child
from vs_core.queries.scope import Scope
from vs_core.rules import measures
from vs_core.rules.frame import Frame
from vs_core.rules.worklist import open_actions


def answer(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """rows: `actions` (open on `as_at`, with `is_overdue` and, where about a child, the child's names)."""
    found = fetch.rows(connection, casework.actions(frame.as_at, frame.known_on, scope))
    known = fetch.rows(connection, every_child(scope)) if found["child_key"].notna().any() else None
    current = open_actions(found, frame)
    rows = current if known is None else children.with_identity(current, known)
    return Answer(measures.actions(found, frame), {"actions": rows})


BEHIND: Mapping[str, Behind] = {
    "open": lambda of: of.rows["actions"],
    "overdue": lambda of: of.rows["actions"][of.rows["actions"]["is_overdue"].astype(bool)],
}

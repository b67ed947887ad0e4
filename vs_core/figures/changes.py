"""Figures beside those of a week before, as they were known then, and who moved in and out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import behind, compute
from vs_core.figures.subject import SubjectFigures
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules.frame import Frame

WEEK = timedelta(days=7)
_KEYS = ("notice_key", "payment_id", "request_id", "booking_id", "action_id", "course", "session_id")
"""What tells a row from another, where rows are not one a child; the first that the rows have."""
_TOGETHER = {"pep": ["child_key", "term", "kind"], "reviews_overdue": ["child_key", "kind", "start"]}
"""Subjects and figures of whose rows a child may have several: what tells those apart."""


@dataclass(frozen=True)
class Changes:
    """A subject now and a week before. `before`: None, with the sentence `why_not`, where nothing can be compared."""

    now: SubjectFigures
    before: SubjectFigures | None
    why_not: str = ""

    def difference(self, key: str) -> int | float | None:
        """The figure less that of a week before; None where either is not known or it is no number."""
        if self.before is None:
            return None
        new, old = self.now.figures.get(key), self.before.figures.get(key)
        if isinstance(new, int | float) and isinstance(old, int | float) and not isinstance(new, bool):
            return new - old
        return None

    def moved_in(self, key: str) -> pd.DataFrame:
        """Rows behind the figure now that were not a week before: newly persistently absent children, new notices."""
        return _only_in(self.now, self.before, key)

    def moved_out(self, key: str) -> pd.DataFrame:
        """Rows behind the figure a week before that are not now."""
        if self.before is None:
            return behind(self.now, key).iloc[:0]
        return _only_in(self.before, self.now, key)


def changes(connection: Connection, subject: str, frame: Frame, scope: Scope = EVERYTHING) -> Changes:
    """The subject in the frame and in the same frame a week earlier, seen with what was known on that day."""
    now = compute(connection, subject, frame, scope)
    earlier = week_before(frame)
    if earlier is None:
        return Changes(
            now, None, f"The period began on {frame.start:%d/%m/%Y}: there is no week before to compare with."
        )
    return Changes(now, compute(connection, subject, earlier, scope))


def week_before(frame: Frame) -> Frame | None:
    """The frame as it was seven days earlier; None where its period had not begun.

    A period that ended on `as_at` ends a week earlier; one that ended before stays as it is."""
    as_at = frame.as_at - WEEK
    known_on = as_at if frame.known_on is None else min(frame.known_on, as_at)
    if frame.start > min(frame.end, as_at):
        return None
    return replace(frame, as_at=as_at, known_on=known_on, end=min(frame.end, as_at))


def _only_in(one: SubjectFigures, other: SubjectFigures | None, key: str) -> pd.DataFrame:
    rows = behind(one, key)
    if other is None:
        return rows.iloc[:0]
    names = _TOGETHER.get(key) or _TOGETHER.get(one.subject) or [_key_of(rows)]
    earlier = behind(other, key)
    if not set(names) <= set(earlier.columns):
        return rows
    return rows[~_keys(rows, names).isin(set(_keys(earlier, names)))]


def _keys(rows: pd.DataFrame, names: list[str]) -> pd.Series:
    if len(names) == 1:
        return rows[names[0]]
    return pd.Series(list(rows[names].itertuples(index=False, name=None)), rows.index, dtype=object)


def _key_of(rows: pd.DataFrame) -> str:
    return next((name for name in _KEYS if name in rows.columns), "child_key")

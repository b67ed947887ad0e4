"""The ways to look at the worklist. Rows are those of `figures.triage.worklist`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from vs_core.rules.day_columns import on_or_after

ALL, MINE, UNASSIGNED, OVERDUE, NEW, SNOOZED = VIEWS = (
    "All",
    "Mine",
    "Unassigned",
    "Overdue",
    "New since I last looked",
    "Snoozed",
)


@dataclass(frozen=True)
class Looking:
    """Who looks: the name under which the person owns actions, the day, and the day of the last look before it (None:
    never)."""

    owner: str
    as_at: date
    since: date | None


@dataclass(frozen=True)
class Choice:
    """Which rows of the worklist. by: who looks and when; known_on: what was known then, None for now; school: its URN,
    empty for all."""

    by: Looking
    known_on: date | None
    view: str
    school: str = ""


def of(view: str, rows: pd.DataFrame, by: Looking) -> pd.DataFrame:
    """The rows of a view, in their order. Who is snoozed stands in the view of the snoozed alone."""
    asleep = is_snoozed(rows, by.as_at)
    return rows[asleep] if view == SNOOZED else rows[~asleep & _CONDITIONS[view](rows, by)]


def asleep(view: str, rows: pd.DataFrame, by: Looking) -> int:
    """How many would be in a view if they were not snoozed."""
    return 0 if view == SNOOZED else int((is_snoozed(rows, by.as_at) & _CONDITIONS[view](rows, by)).sum())


def counts(rows: pd.DataFrame, by: Looking) -> dict[str, int]:
    """How many rows each view has."""
    awake = ~is_snoozed(rows, by.as_at)
    found = {view: int((awake & holds(rows, by)).sum()) for view, holds in _CONDITIONS.items()}
    return found | {SNOOZED: len(rows) - found[ALL]}


def is_snoozed(rows: pd.DataFrame, as_at: date) -> pd.Series[bool]:
    """Whether the day on which the child is on the list again is still to come."""
    return on_or_after(rows["snoozed_until"], as_at) & (rows["snoozed_until"] != as_at)


def is_acting(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether somebody has an open action about the child."""
    return rows["action_id"].notna()


def _every(rows: pd.DataFrame, _by: Looking) -> pd.Series[bool]:
    return pd.Series(True, rows.index)


def _mine(rows: pd.DataFrame, by: Looking) -> pd.Series[bool]:
    """Whoever has any of the child's open actions, not the one alone that is due first."""
    return pd.Series([by.owner in owners for owners in rows["owners"]], rows.index, dtype=bool)


def _unassigned(rows: pd.DataFrame, _by: Looking) -> pd.Series[bool]:
    return ~is_acting(rows)


def _overdue(rows: pd.DataFrame, _by: Looking) -> pd.Series[bool]:
    return rows["is_overdue"].astype(bool)


def _new(rows: pd.DataFrame, by: Looking) -> pd.Series[bool]:
    """That day counts: what happened on it may have come in after the look."""
    return _every(rows, by) if by.since is None else on_or_after(rows["first_on"], by.since)


_CONDITIONS: Mapping[str, Callable[[pd.DataFrame, Looking], pd.Series[bool]]] = {
    ALL: _every,
    MINE: _mine,
    UNASSIGNED: _unassigned,
    OVERDUE: _overdue,
    NEW: _new,
}

"""What the training page reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from vs_core import figures
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import reach
from vs_core.figures.changes import Changes
from vs_core.figures.training import COUNTED
from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import EVERYONE
from vs_core.rules.training import bookings_of
from vs_core.store.engine import retried
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, narrowing, version

DAYS_AHEAD = 183


def compared(viewer: Viewer, chosen: Chosen) -> Changes:
    """The figures of the period with its sessions and bookings, and the same as they were seen a week before."""
    return narrowing.compared(viewer, "training", replace(chosen, only=EVERYONE))


def schools_before(viewer: Viewer, changes: Changes) -> pd.DataFrame | None:
    """`schools` as they were seen a week before; None where there is nothing to compare with."""
    return None if changes.before is None else schools(viewer, changes.before.frame)


def to_come(frame: Frame) -> pd.DataFrame:
    """Sessions of the half year after `as_at` that are not cancelled, with the bookings made by it: columns of
    `figures.training`'s sessions and `empty` (seats that nobody has taken)."""
    found: pd.DataFrame = _to_come(version(), frame.as_at, frame.known_on)
    return found


def schools(viewer: Viewer, frame: Frame) -> pd.DataFrame:
    """The rows of `figures.reach.schools`."""
    found: pd.DataFrame = _schools(scope(viewer), version(), frame)
    return found


@kept
def _to_come(at: Version, as_at: date, known_on: date | None) -> pd.DataFrame:
    first, last = as_at + timedelta(days=1), as_at + timedelta(days=DAYS_AHEAD)
    ahead = Frame(last, known_on, first, last)
    planned = retried(lambda connection: figures.compute(connection, "training", ahead))
    sessions, today = planned.rows["sessions"], Frame(as_at, known_on, as_at, as_at)
    made = bookings_of(sessions, planned.rows["bookings"], today)
    for name, statuses in COUNTED.items():
        per_session = made[made["status"].isin(statuses)].groupby("session_id").size()
        sessions[name] = sessions["session_id"].map(per_session).fillna(0).astype("int64")
    room = pd.to_numeric(sessions["capacity"]).fillna(0).astype("int64")
    return sessions.assign(empty=(room - sessions["booked"]).clip(lower=0))


@kept
def _schools(seen: Scope, at: Version, frame: Frame) -> pd.DataFrame:
    return retried(lambda connection: reach.schools(connection, frame, seen))

"""How attendance moved, week by week: for the whole group, and for each child."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from vs_core.rules.measures_attendance import attendance, persistently_absent
from vs_core.rules.measures_sessions import LATE, children_by_band

SESSIONS = (
    "possible_sessions",
    "attended_sessions",
    "authorised_absence_sessions",
    "unauthorised_absence_sessions",
)
RECENT_WEEKS = 4
"""School weeks that a change is measured over: a local choice, long enough to even out a single illness."""
FEWEST_SESSIONS = 10
"""Possible sessions on either side under which no change is stated: one school week."""


def to_date(weeks: pd.DataFrame) -> pd.DataFrame:
    """The attendance figures as they stood at the end of each week: `week`, the keys of `attendance`, and children by
    band (keys of `register.COUNTED_BANDS`).

    `weeks`: one row a child and week: `child_key`, `week` (a Monday), SESSIONS. The last row has the figures of the
    whole period.
    """
    return pd.DataFrame(
        [{"week": monday} | attendance(sums) | children_by_band(sums) for monday, sums in _sums_to_date(weeks).items()]
    )


def by_week(weeks: pd.DataFrame) -> pd.DataFrame:
    """Each week by itself: `week`, SESSIONS (and LATE, where `weeks` has them) added up, `children` (with a possible
    session), `attendance_percent`."""
    counts = [name for name in (*SESSIONS, *LATE) if name in weeks]
    sums = weeks.groupby("week", as_index=False)[counts].sum()
    possible = weeks[weeks["possible_sessions"] > 0].groupby("week")["child_key"].nunique()
    sums["children"] = sums["week"].map(possible).fillna(0).astype(int)
    sums["attendance_percent"] = _percent(sums["attended_sessions"], sums["possible_sessions"])
    return sums


def of_children(weeks: pd.DataFrame) -> pd.DataFrame:
    """How each child moved; one row a child, by `child_key`.

    `recent_percent`: attendance over the last RECENT_WEEKS weeks of the group; `earlier_percent`: before them;
    `change_points`: the first less the second, empty where either side has under FEWEST_SESSIONS possible sessions;
    `persistent_from`: the Monday of the week since whose end the child has been persistently absent over the period
    so far, empty for a child who is not.
    """
    mondays = sorted(weeks["week"].unique())
    recent = weeks["week"].isin(mondays[-RECENT_WEEKS:])
    now, before = (_sums(weeks[part]) for part in (recent, ~recent))
    rows = pd.DataFrame(index=pd.Index(sorted(weeks["child_key"].unique()), name="child_key"))
    rows["recent_percent"] = _percent(now["attended_sessions"], now["possible_sessions"])
    rows["earlier_percent"] = _percent(before["attended_sessions"], before["possible_sessions"])
    enough = (now["possible_sessions"] >= FEWEST_SESSIONS).reindex(rows.index, fill_value=False) & (
        before["possible_sessions"] >= FEWEST_SESSIONS
    ).reindex(rows.index, fill_value=False)
    rows["change_points"] = (rows["recent_percent"] - rows["earlier_percent"]).where(enough)
    rows["persistent_from"] = _persistent_from(weeks).reindex(rows.index)
    return rows.reset_index()


def _persistent_from(weeks: pd.DataFrame) -> pd.Series[Any]:
    """For children persistently absent at the end the Monday of the week since whose end they have been."""
    to_date = _sums_to_date(weeks)
    mondays = list(to_date)
    states = pd.DataFrame({monday: persistently_absent(sums) for monday, sums in to_date.items()})
    unbroken = states.iloc[:, ::-1].cummin(axis=1).sum(axis=1).astype(int)
    since = [mondays[len(mondays) - count] if count else None for count in unbroken]
    return pd.Series(since, states.index, dtype=object)


def _sums_to_date(weeks: pd.DataFrame) -> dict[date, pd.DataFrame]:
    """By Monday each child's SESSIONS added up from the first week to that one."""
    grids = {name: _grid(weeks, name).cumsum(axis=1) for name in SESSIONS}
    mondays: list[date] = sorted(weeks["week"].unique())
    return {monday: pd.DataFrame({name: grid[monday] for name, grid in grids.items()}) for monday in mondays}


def _grid(weeks: pd.DataFrame, name: str) -> pd.DataFrame:
    """Children down, Mondays across; a week without a row is 0."""
    return weeks.pivot_table(index="child_key", columns="week", values=name, aggfunc="sum", fill_value=0)


def _sums(weeks: pd.DataFrame) -> pd.DataFrame:
    return weeks.groupby("child_key")[list(SESSIONS)].sum()


def _percent(attended: pd.Series[int], possible: pd.Series[int]) -> pd.Series[float]:
    return (attended * 100 / possible.where(possible > 0)).astype(float)

"""Attendance beyond the headline figures: of the same rows, and of the registers that came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import registers
from vs_core.figures.subject import Behind, SubjectFigures
from vs_core.queries import reference
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import measures_sessions
from vs_core.rules.dated import in_force
from vs_core.rules.expected_marks import DAILY, WEEKLY, is_stale
from vs_core.rules.frame import Frame
from vs_core.rules.measure import Figures
from vs_core.rules.measures_sessions import LATE, TAKEN_OUT
from vs_core.rules.register import COUNTED_BANDS, counted_bands


@dataclass(frozen=True)
class Cadence:
    """Marks received of marks expected, by how often attendance is collected: half days (daily), weeks of pupils
    (weekly). stale: pupils without a mark for longer than their cadence allows; left_out: in no number, and why."""

    daily_expected: int
    daily_received: int
    weekly_expected: int
    weekly_received: int
    stale: int
    left_out: int
    why_left_out: tuple[str, ...]

    @property
    def percent(self) -> float | None:
        """Of the half days that are collected daily; of the weeks where nothing is."""
        return self.daily_percent if self.daily_expected else self.weekly_percent

    @property
    def daily_percent(self) -> float | None:
        return self.daily_received * 100 / self.daily_expected if self.daily_expected else None

    @property
    def weekly_percent(self) -> float | None:
        return self.weekly_received * 100 / self.weekly_expected if self.weekly_expected else None


def further(of: SubjectFigures) -> Figures:
    """The figures of `rules.measures_sessions.sessions` for the rows of `attendance`; all None where those are not
    known."""
    found = measures_sessions.sessions(of.rows["children"])
    return found if of.figures["possible_sessions"] is not None else dict.fromkeys(found)


def behind(of: SubjectFigures, key: str) -> pd.DataFrame:
    """The children that a figure of `rules.measures_sessions` counts. Raises KeyError for one that is not of it."""
    rows = BEHIND[key](of)
    return rows if of.figures["possible_sessions"] is not None else rows.iloc[:0]


def _some(column: str) -> Behind:
    return lambda of: of.rows["children"][of.rows["children"][column] > 0]


def _band(key: str) -> Behind:
    def rows(of: SubjectFigures) -> pd.DataFrame:
        found = of.rows["children"]
        return found[counted_bands(found["attended_sessions"], found["possible_sessions"]).eq(key)]

    return rows


BEHIND: Mapping[str, Behind] = {
    "unauthorised_percent": _some("unauthorised_absence_sessions"),
    **{name: _some(name) for name in (*LATE, *TAKEN_OUT, "dual_registered_sessions")},
    **{key: _band(key) for key in COUNTED_BANDS},
}


def cadence(rows: pd.DataFrame, left_out: Mapping[int, str], daily_days: int, weekly_days: int) -> Cadence:
    """rows: of `rules.expected_marks.by_week`; left_out: by pupil, why; `daily_days`, `weekly_days`: school days
    without a mark after which a pupil's attendance is stale."""
    sums = rows.groupby("cadence")[["expected", "received"]].sum().reindex([DAILY, WEEKLY], fill_value=0)
    (daily, daily_received), (weekly, weekly_received) = sums.to_numpy(dtype="int64").tolist()
    stale = int(rows.loc[is_stale(rows, daily_days, weekly_days), "child_key"].nunique())
    why = tuple(sorted(set(left_out.values())))
    return Cadence(daily, daily_received, weekly, weekly_received, stale, len(left_out), why)


def daily_by_week(rows: pd.DataFrame) -> list[float]:
    """Percent of the half days collected daily that have a mark, week by week. rows: as for `cadence`."""
    sums = rows[rows["cadence"] == DAILY].groupby("week")[["expected", "received"]].sum()
    return [float(percent) for percent in sums["received"] * 100 / sums["expected"]]


def by_cadence(connection: Connection, frame: Frame, scope: Scope = EVERYTHING, authority: str = "") -> registers.Due:
    """What was due and what came (`rules.expected_marks.by_week`)."""
    return registers.due_by_cadence(connection, frame, scope, authority)


def unmarked(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Of the rows of `by_cadence` the pupils with marks that have not come: the columns of `known`
    (`figures.children.details`), `cadence`, `missing` (half days, of a weekly cadence weeks) and `unmarked_days`."""
    missing = rows.assign(missing=rows["expected"] - rows["received"])
    how = {"missing": "sum", "unmarked_days": "max", "cadence": "last"}
    sums = missing.groupby("child_key", as_index=False).agg(how)
    return sums[sums["missing"] > 0].merge(known, on="child_key")


def meanings(connection: Connection, frame: Frame) -> dict[str, str]:
    """Meaning of each register code, as it holds on the last day of the period."""
    found = connection.execute(reference.register_codes()).all()
    return {row.code: row.meaning for row in sorted(found, key=lambda row: in_force(row, frame.end))}

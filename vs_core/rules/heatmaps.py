"""Cells of attendance: register marks and marks that are due, added up by day, by week and by half day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd

from vs_core.rules.closed_days import WEEKEND, Closed, ClosedDays, NotLoaded
from vs_core.rules.register import COUNTED_CLASSES
from vs_core.rules.school_calendar import CLOSED as SHUT

COUNTS = ("possible_sessions", "attended_sessions", "authorised_absence_sessions", "unauthorised_absence_sessions")
AWAITED = "awaited_halves"
"""Half days on which a child should have a mark and has none."""
HOLIDAY, CLOSED = "holiday", "closed"
Gaps = Mapping[date, tuple[str, str]]


class Code(NamedTuple):
    """What a register code means on the days from `starts_on` to `ends_on` (empty: always)."""

    code: str
    meaning: str
    statistical_class: str
    starts_on: date | None
    ends_on: date | None

    def holds(self, on: date) -> bool:
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or self.ends_on >= on)


def of_codes(rows: pd.DataFrame, codes: Iterable[Code]) -> pd.DataFrame:
    """Marks counted by their codes as sessions: one row a day and half day, `day`, `session` (AM, PM), COUNTS.

    rows: `day`, `am`, `pm` (codes, empty: none), `rows` (how often). A code counts in the class of its day."""
    known: dict[str, list[Code]] = {}
    for each in codes:
        known.setdefault(each.code, []).append(each)
    sums: dict[tuple[date, str], dict[str, int]] = {}
    for day, am, pm, number in rows[["day", "am", "pm", "rows"]].itertuples(index=False, name=None):
        for session, code in (("AM", am), ("PM", pm)):
            held = next((each for each in known.get(code or "", []) if each.holds(day)), None)
            if held is not None:
                own = sums.setdefault((day, session), dict.fromkeys(COUNTS, 0))
                for name in COUNTS:
                    own[name] += number if held.statistical_class in COUNTED_CLASSES[name] else 0
    found = [{"day": day, "session": session, **own} for (day, session), own in sorted(sums.items())]
    return pd.DataFrame(found, columns=["day", "session", *COUNTS])


def added(rows: pd.DataFrame, by: Sequence[str], awaited: pd.DataFrame | None = None) -> pd.DataFrame:
    """Rows of sessions added up by these columns, with `children` (of a possible session) and AWAITED.

    rows: `child_key`, the columns, COUNTS; awaited: `child_key`, the columns, AWAITED. A cell that only waits is a row
    too."""
    keys = list(by)
    sums = rows.groupby(keys, observed=True)[list(COUNTS)].sum()
    present = rows[rows["possible_sessions"] > 0].groupby(keys, observed=True)["child_key"].nunique().rename("children")
    parts: list[Any] = [sums, present]
    if awaited is not None:
        parts.append(awaited.groupby(keys, observed=True)[AWAITED].sum())
    whole: pd.DataFrame = pd.concat(parts, axis=1)
    if AWAITED not in whole:
        whole[AWAITED] = 0
    filled: pd.DataFrame = whole.fillna(0).astype("int64").rename_axis(keys).reset_index()
    return filled


def gaps(closed: ClosedDays, start: date, end: date) -> dict[date, tuple[str, str]] | None:
    """Days from `start` to `end` without school: `holiday` (bank holidays too) or `closed`, and why in words. Weekends
    are left out. None where the calendar of no day is loaded."""
    found: dict[date, tuple[str, str]] = {}
    loaded = False
    for turn in range((end - start).days + 1):
        day = start + timedelta(days=turn)
        why = closed.why(day)
        loaded = loaded or not isinstance(why, NotLoaded)
        if isinstance(why, Closed) and why.why != WEEKEND:
            found[day] = (CLOSED if why.why in SHUT else HOLIDAY, why.why)
    return found if loaded else None


def weeks_without_school(days: Gaps) -> dict[str, str]:
    """By Monday (ISO) the weeks of which every weekday is a gap: `closed` where each is one, else `holiday`."""
    mondays = {day - timedelta(days=day.weekday()) for day in days}
    found: dict[str, str] = {}
    for monday in mondays:
        states = [days.get(monday + timedelta(days=turn), ("", ""))[0] for turn in range(5)]
        if all(states):
            found[monday.isoformat()] = CLOSED if set(states) == {CLOSED} else HOLIDAY
    return found

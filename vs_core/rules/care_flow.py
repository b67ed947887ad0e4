"""Coming into care and leaving it: who, on which day, month by month, and how many were in care on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from vs_core.rules.cohorts import CareSpan, is_in_care, spells


def moves(spans: Mapping[int, Sequence[CareSpan]]) -> pd.DataFrame:
    """One row a first day in care and one a first day out of it: `child_key`, `kind` (joined, left), `on`.

    As the figures `joined` and `left` count them: without short breaks, a move between placements is neither.
    """
    rows: list[tuple[int, str, date]] = []
    for child_key, own in spans.items():
        for spell in spells(own):
            rows.append((child_key, "joined", spell.start))
            if spell.end is not None:
                rows.append((child_key, "left", spell.end))
    return pd.DataFrame(rows, columns=["child_key", "kind", "on"])


def by_month(moved: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    """Children who joined and who left, one row a month from that of `start` to that of `end`, days of the period only.

    `moved`: rows of `moves`. Gives `month_on` (first of the month), `joined`, `left` (a child once a month).
    """
    within = moved[(moved["on"] >= start) & (moved["on"] <= end)]
    month = pd.to_datetime(within["on"]).dt.to_period("M")
    counts = within.groupby([month, "kind"])["child_key"].nunique().unstack(fill_value=0)
    every = pd.period_range(start, end, freq="M")
    counts = counts.reindex(index=every, columns=["joined", "left"], fill_value=0)
    return counts.rename_axis("month_on").reset_index().assign(month_on=[month.start_time.date() for month in every])


def by_week(spans: Mapping[int, Sequence[CareSpan]], days: Sequence[date]) -> dict[str, list[float]]:
    """Children `in_care` on each day, and how many `joined` and `left` in the seven days that end on it."""
    moved = moves(spans)
    course: dict[str, list[float]] = {"in_care": [float(count) for count in in_care_on(spans.values(), days)]}
    for kind in ("joined", "left"):
        on = moved.loc[moved["kind"] == kind, "on"]
        course[kind] = [float(((on > day - timedelta(weeks=1)) & (on <= day)).sum()) for day in days]
    return course


def in_care_on(spans: Iterable[Sequence[CareSpan]], days: Sequence[date]) -> list[int]:
    """Children in care on each day, without short breaks."""
    listed = list(spans)
    return [sum(is_in_care(own, day) for own in listed) for day in days]

"""The last day that each subject's data speaks of."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Column, Select, func, select

from vs_core.queries.knowledge import known
from vs_core.store import schema

LAST_DAYS: dict[str, Column] = {
    "cohort": schema.ssda903_episode.c.started_on,
    "exclusions": schema.exclusion.c.started_on,
    "pp-plus": schema.pp_payment.c.paid_on,
    "training": schema.course_session.c.held_on,
    "projects": schema.project_usage.c.week,
    "pep": schema.pep.c.quality_assured_on,
    "provision": schema.timetable.c.started_on,
    "post-16": schema.destination.c.on,
    "actions": schema.action.c.opened_on,
}
"""The column whose latest value shows how far a subject's data reaches; attendance has its own query."""


def last_day(subject: str, as_at: date, known_on: date | None) -> Select:
    """One row, `last_on`: the latest day, on or before `as_at`, of what was known."""
    if subject == "attendance":
        return _last_marked_day(as_at, known_on)
    column = LAST_DAYS[subject]
    return select(func.max(column).label("last_on")).where(known(column.table, known_on), column <= as_at)


def _last_marked_day(as_at: date, known_on: date | None) -> Select:
    """By the weekly summary first, so that only that week's marks are read."""
    week, row = schema.child_week, schema.child_day
    monday = select(func.max(week.c.week)).where(known(week, known_on), week.c.week <= as_at).scalar_subquery()
    return select(func.max(row.c.day).label("last_on")).where(
        known(row, known_on), row.c.day >= monday, row.c.day <= as_at
    )

"""Who belongs to which cohort on which day, as known now."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Date, Subquery, and_, literal, or_, select, union_all

from vs_core.queries.care import care_spans
from vs_core.store import schema

IN_CARE, EVERYBODY = "in care", "all"


def membership() -> Subquery:
    """Spans of belonging: cohort, child_key, started_on, before (first day outside) or last_day (last day inside).

    In care: the spans of the episodes that govern, short breaks (V3, V4) left out."""
    span = care_spans(None)
    care = select(
        literal(IN_CARE).label("cohort"),
        span.c.child_key,
        span.c.started_on,
        span.c.ended_on.label("before"),
        literal(None, Date).label("last_day"),
    ).where(~span.c.short_break)
    table = schema.cohort_membership.c
    others = select(
        table.cohort,
        table.child_key,
        table.started_on,
        literal(None, Date).label("before"),
        table.ended_on.label("last_day"),
    ).where(table.known_to.is_(None))
    return union_all(care, others).subquery("membership")


def covers(spans: Subquery, child: ColumnElement[int], day: ColumnElement[object]) -> ColumnElement[bool]:
    """Whether a span covers a child's day."""
    return and_(
        spans.c.child_key == child,
        spans.c.started_on <= day,
        or_(spans.c.before.is_(None), spans.c.before > day),
        or_(spans.c.last_day.is_(None), spans.c.last_day >= day),
    )

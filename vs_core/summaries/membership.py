"""Who belongs to which cohort on which day, as known now."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Date, Select, Subquery, and_, case, func, literal, or_, select, union_all

from vs_core.rules.cohorts import SHORT_BREAKS
from vs_core.store import schema

IN_CARE, EVERYBODY = "in care", "all"


def membership() -> Subquery:
    """Spans of belonging: cohort, child_key, started_on, before (first day outside) or last_day (last day inside).

    In care: from an episode's start to its end or the next episode's start, whichever comes first; short breaks
    (V3, V4) are left out. Every child belongs to 'all' on every day."""
    spans = _care().subquery("span")
    care = select(
        literal(IN_CARE).label("cohort"),
        spans.c.child_key,
        spans.c.started_on,
        spans.c.before,
        literal(None, Date).label("last_day"),
    ).where(or_(spans.c.legal_status.is_(None), spans.c.legal_status.not_in(SHORT_BREAKS)))
    table = schema.cohort_membership.c
    others = select(
        table.cohort,
        table.child_key,
        table.started_on,
        literal(None, Date).label("before"),
        table.ended_on.label("last_day"),
    ).where(table.known_to.is_(None))
    return union_all(care, others).subquery("membership")


def _care() -> Select[tuple[int, object, object, str]]:
    episode = schema.ssda903_episode.c
    following = func.lead(episode.started_on).over(partition_by=episode.child_key, order_by=episode.started_on)
    ended = episode.ended_on
    before = case(
        (ended.is_(None), following), (following.is_(None), ended), (following < ended, following), else_=ended
    )
    return select(episode.child_key, episode.started_on, before.label("before"), episode.legal_status).where(
        episode.known_to.is_(None)
    )


def covers(spans: Subquery, child: ColumnElement[int], day: ColumnElement[object]) -> ColumnElement[bool]:
    """Whether a span covers a child's day."""
    return and_(
        spans.c.child_key == child,
        spans.c.started_on <= day,
        or_(spans.c.before.is_(None), spans.c.before > day),
        or_(spans.c.last_day.is_(None), spans.c.last_day >= day),
    )

"""Who is in care and who belongs to a cohort: spans of days, and the children of a cohort in a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, Select, and_, case, exists, func, or_, select, union_all

from vs_core.queries.knowledge import is_arrival, known
from vs_core.queries.scope import EVERYTHING, Scope, in_scope
from vs_core.rules.cohorts import SHORT_BREAKS
from vs_core.store.schema import VERSIONED, child, child_day, cohort_membership, import_ledger, ssda903_episode

NO_END = date(9999, 12, 31)


_EPISODE = ("child_key", "legal_status", "placement", "placement_provider", "category_of_need")


@lru_cache(maxsize=64)
def care_spans(known_on: date | None) -> CTE:
    """Days in care, `started_on` <= day < `ended_on` (empty: open); no day of a child is in two rows.

    Of the episodes that run on a day the one that started last governs: a span ends where a later episode starts, and
    an episode that outlasts a later one governs again from its end. Columns `child_key`, `started_on`, `ended_on`,
    `short_break`, `legal_status`, `placement`, `placement_provider`, `category_of_need`. The same object for the same
    day, so that a query that needs it twice holds it once.
    """
    run = _running(known_on)
    first = select(*_of_episode(run), run.c.started_on, _earlier(run.c.ended_on, run.c.following_on).label("ended_on"))
    return union_all(first, _again(_contested(run))).cte("care_span")


def _running(known_on: date | None) -> CTE:
    """Episodes that hold on some day, with the start and the end of the child's next one."""
    episode = ssda903_episode
    own: dict[str, Any] = {"partition_by": episode.c.child_key, "order_by": episode.c.started_on}
    following = func.lead(episode.c.started_on, type_=Date).over(**own)
    its_end = func.lead(episode.c.ended_on, type_=Date).over(**own)
    holds = or_(episode.c.ended_on.is_(None), episode.c.ended_on > episode.c.started_on)
    names = (*_EPISODE, "started_on", "ended_on")
    return (
        select(
            *(episode.c[name] for name in names),
            following.label("following_on"),
            its_end.label("end_of_following"),
        )
        .where(known(episode, known_on), holds)
        .cte("running")
    )


def _contested(run: CTE) -> CTE:
    """Of `run` the children of whom an episode outlasts a later one, and so some episode the next one. They are few:
    only their rows are held against each other, which no plan that a database makes without statistics can make slow.
    """
    outlasts = and_(
        run.c.end_of_following.is_not(None),
        or_(run.c.ended_on.is_(None), run.c.ended_on > run.c.end_of_following),
    )
    return select(run).where(run.c.child_key.in_(select(run.c.child_key).where(outlasts))).cte("contested")


def _again(run: CTE) -> Select:
    """Spans of episodes that outlast a later one, from the end of that one on."""
    later, other, after = run.alias("later"), run.alias("other"), run.alias("after")
    outlasted = and_(
        later.c.child_key == run.c.child_key,
        later.c.started_on > run.c.started_on,
        or_(run.c.ended_on.is_(None), run.c.ended_on > later.c.ended_on),
    )
    governed_by_another = exists().where(
        other.c.child_key == run.c.child_key,
        other.c.started_on > run.c.started_on,
        other.c.started_on <= later.c.ended_on,
        or_(other.c.ended_on.is_(None), other.c.ended_on > later.c.ended_on),
    )
    following = (
        select(func.min(after.c.started_on, type_=Date))
        .where(after.c.child_key == run.c.child_key, after.c.started_on > later.c.ended_on)
        .scalar_subquery()
    )
    return (
        select(*_of_episode(run), later.c.ended_on.label("started_on"), _earlier(run.c.ended_on, following))
        .join_from(run, later, outlasted)
        .where(later.c.ended_on.is_not(None), ~governed_by_another)
        .distinct()
    )


def _of_episode(run: CTE) -> list[ColumnElement[Any]]:
    short_break = func.coalesce(run.c.legal_status, "").in_(SHORT_BREAKS)
    return [*(run.c[name] for name in _EPISODE), short_break.label("short_break")]


def _earlier(ended_on: ColumnElement[Any], following_on: ColumnElement[Any]) -> ColumnElement[Any]:
    """The earlier of two days, either of which may be empty (never)."""
    cut = and_(following_on.is_not(None), or_(ended_on.is_(None), following_on < ended_on))
    return case((cut, following_on), else_=ended_on)


def spans(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """The days in care of the viewer's children, by child and time: `child_key`, `started_on`, `ended_on`,
    `short_break`, `legal_status`."""
    span = care_spans(known_on)
    names = ("child_key", "started_on", "ended_on", "short_break", "legal_status")
    return (
        select(*(span.c[name] for name in names))
        .where(in_scope(span.c.child_key, scope))
        .order_by(span.c.child_key, span.c.started_on)
    )


def memberships(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Rows of the cohorts file: `child_key`, `cohort`, `started_on`, `ended_on` (last day)."""
    row = cohort_membership
    return select(row.c.child_key, row.c.cohort, row.c.started_on, row.c.ended_on).where(
        known(row, known_on), in_scope(row.c.child_key, scope)
    )


@lru_cache(maxsize=64)
def belonging(cohort: str, known_on: date | None) -> CTE:
    """Days that count as days in a cohort: `child_key`, `started_on`, `ended_on`; see `lasts` for the last day."""
    if cohort == "in care":
        span = care_spans(known_on)
        return select(span.c.child_key, span.c.started_on, span.c.ended_on).where(~span.c.short_break).cte("belonging")
    row = cohort_membership
    return (
        select(row.c.child_key, row.c.started_on, row.c.ended_on)
        .where(known(row, known_on), row.c.cohort == cohort)
        .cte("belonging")
    )


def lasts(cohort: str, ended_on: ColumnElement[date], day: ColumnElement[date] | date) -> ColumnElement[bool]:
    """Still belongs on `day`: the end of care is the first day out of it, the end of a cohort its last day."""
    return or_(ended_on.is_(None), ended_on > day if cohort == "in care" else ended_on >= day)


@lru_cache(maxsize=64)
def islands(cohort: str, known_on: date | None) -> CTE:
    """`belonging` with rows that overlap made one: a day of a child is in one row only. `ended_on` is never empty."""
    return islands_of(belonging(cohort, known_on))


def islands_of(row: CTE) -> CTE:
    """The same of some of the rows of `belonging`: all rows of a child, or none."""
    until = func.coalesce(row.c.ended_on, NO_END)
    earlier = func.max(until).over(partition_by=row.c.child_key, order_by=(row.c.started_on, until), rows=(None, -1))
    said = select(row.c.child_key, row.c.started_on, until.label("ended_on"), earlier.label("before")).subquery(
        "with_before"
    )
    opens = case((or_(said.c.before.is_(None), said.c.started_on > said.c.before), 1), else_=0)
    number = func.sum(opens).over(
        partition_by=said.c.child_key, order_by=(said.c.started_on, said.c.ended_on), rows=(None, 0)
    )
    numbered = select(said.c.child_key, said.c.started_on, said.c.ended_on, number.label("number")).subquery("numbered")
    return (
        select(
            numbered.c.child_key,
            func.min(numbered.c.started_on).label("started_on"),
            func.max(numbered.c.ended_on).label("ended_on"),
        )
        .group_by(numbered.c.child_key, numbered.c.number)
        .cte("island")
    )


def members(cohort: str, start: date, end: date, known_on: date | None, scope: Scope = EVERYTHING) -> CTE:
    """Children (`child_key`) that belong to a cohort on at least one day from `start` to `end`, both included."""
    if cohort == "all":
        return everybody(known_on, scope).cte("member")
    row = belonging(cohort, known_on)
    return (
        select(row.c.child_key)
        .where(
            row.c.started_on <= end,
            lasts(cohort, row.c.ended_on, start),
            in_scope(row.c.child_key, scope),
        )
        .distinct()
        .cte("member")
    )


def member_keys(cohort: str, start: date, end: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """The same as rows: `child_key`."""
    return select(members(cohort, start, end, known_on, scope).c.child_key)


def everybody(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Every child (`child_key`) that a file which had arrived by `known_on` mentions."""
    return select(child.c.id.label("child_key")).where(mentioned(known_on), in_scope(child.c.id, scope))


def mentioned(known_on: date | None) -> ColumnElement[bool]:
    """The file that first named the child had arrived, or any other that names it."""
    arrivals = select(import_ledger.c.id).where(is_arrival(known_on))
    others = [
        child.c.id.in_(select(table.c.child_key).where(table.c.import_id.in_(arrivals)))
        for table in VERSIONED.values()
        if "child_key" in table.c and table is not child_day
    ]
    marks = select(child_day.c.child_key).where(
        child_day.c.child_key == child.c.id, child_day.c.import_id.in_(arrivals)
    )
    return or_(child.c.import_id.in_(arrivals), *others, marks.exists())


def listed(child_keys: Sequence[int]) -> CTE:
    """These children (`child_key`), for where a query takes the children of a cohort."""
    return select(child.c.id.label("child_key")).where(child.c.id.in_(child_keys)).cte("listed")

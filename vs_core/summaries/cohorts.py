"""Days and weeks of whole cohorts, brought in step when marks or the membership of a cohort change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    Select,
    Subquery,
    Table,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)

from vs_core.store import schema
from vs_core.store.bulk import insert_rows
from vs_core.summaries.counting import counted, marks
from vs_core.summaries.membership import EVERYBODY, covers, membership

DECIDES_COHORTS = frozenset({"ssda903-episodes", "cohorts"})
CHUNK = 500
Span = tuple[str, int, date, date | None]

changed_week = Table(
    "changed_week",
    MetaData(),
    Column("week", Date, primary_key=True),
    Column("week_end", Date, nullable=False),
    prefixes=["TEMPORARY"],
)


def membership_before(connection: Connection) -> set[Span]:
    """Every span of belonging as it stands: cohort, child, first day, first day outside (None: open)."""
    spans = membership()
    rows = connection.execute(select(spans))
    return {
        (row.cohort, row.child_key, row.started_on, row.last_day + timedelta(1) if row.last_day else row.before)
        for row in rows
    }


def cohorts_changed(connection: Connection, before: set[Span]) -> None:
    """Bring the cohorts' summaries in step after an import changed who belongs."""
    changed = _changed_from(before, membership_before(connection))
    weeks: set[date] = set()
    children = sorted(changed)
    for start in range(0, len(children), CHUNK):
        some = children[start : start + CHUNK]
        table = schema.child_week.c
        rows = connection.execute(
            select(table.child_key, table.week).distinct().where(table.child_key.in_(some), table.known_to.is_(None))
        )
        weeks |= {row.week for row in rows if row.week + timedelta(6) >= changed[row.child_key]}
    weeks_changed(connection, weeks)


def _changed_from(before: set[Span], after: set[Span]) -> dict[int, date]:
    """The first day from which a child's belonging differs."""
    ends: dict[tuple[str, int, date], list[date | None]] = {}
    for cohort, child, start, end in before ^ after:
        ends.setdefault((cohort, child, start), []).append(end)
    first: dict[int, date] = {}
    for (_, child, start), given in ends.items():
        day = min(end for end in given if end) if len(given) == 2 else start
        first[child] = min(day, first.get(child, day))
    return first


def weeks_changed(connection: Connection, weeks: Iterable[date]) -> None:
    """Count these weeks anew, by their Mondays, for every cohort."""
    listed = sorted(set(weeks))
    if not listed:
        return
    changed_week.create(connection, checkfirst=False)
    insert_rows(connection, changed_week, ("week", "week_end"), [(week, week + timedelta(6)) for week in listed])
    of_week = select(changed_week.c.week)
    for table in (schema.school_week, schema.authority_week):
        connection.execute(delete(table).where(table.c.week.in_(of_week)))
    days = select(changed_week.c.week).where(
        schema.cohort_day.c.day.between(changed_week.c.week, changed_week.c.week_end)
    )
    connection.execute(delete(schema.cohort_day).where(days.exists()))
    for rows, table in (
        (_days, schema.cohort_day),
        (_school_weeks, schema.school_week),
        (_authority_weeks, schema.authority_week),
    ):
        for cohorts in (False, True):
            chosen = rows(cohorts)
            connection.execute(insert(table).from_select([column.name for column in chosen.selected_columns], chosen))
    changed_week.drop(connection)


def _marks_of(cohorts: bool) -> tuple[Subquery, Any]:
    """Marks of the changed weeks: of every child, or of the members of each cohort; and the column of the cohort."""
    day = schema.child_day.c
    joined: Any = (changed_week, day.day.between(changed_week.c.week, changed_week.c.week_end))
    if not cohorts:
        mark = marks(day.known_to.is_(None), joined=joined, extra=(changed_week.c.week,))
        return mark, literal(EVERYBODY).label("cohort")
    spans = membership()
    both = changed_week.join(spans, literal(True))
    mark = marks(
        day.known_to.is_(None),
        joined=(both, and_(joined[1], covers(spans, day.child_key, day.day))),
        extra=(changed_week.c.week, spans.c.cohort),
    )
    return mark, mark.c.cohort


def _days(cohorts: bool) -> Select[Any]:
    mark, cohort = _marks_of(cohorts)
    return _with_children(mark, *([mark.c.cohort] if cohorts else []), mark.c.day, mark.c.session, cohort=cohort)


def _school_weeks(cohorts: bool) -> Select[Any]:
    mark, cohort = _marks_of(cohorts)
    return _with_children(mark, *([mark.c.cohort] if cohorts else []), mark.c.week, mark.c.school_key, cohort=cohort)


def _authority_weeks(cohorts: bool) -> Select[Any]:
    mark, cohort = _marks_of(cohorts)
    return _with_children(mark, *([mark.c.cohort] if cohorts else []), mark.c.week, cohort=cohort)


def _with_children(mark: Subquery, *groups: Any, cohort: Any) -> Select[Any]:
    """Counts by the groups, with the number of children that have a mark."""
    sums = counted(mark, *groups).add_columns(
        cast(func.count(func.distinct(mark.c.child_key)), Integer).label("children")
    )
    return sums if any(group.name == "cohort" for group in groups) else sums.add_columns(cohort)

"""Days and weeks of whole cohorts, brought in step when marks or the membership of a cohort change."""

from __future__ import annotations

from collections import defaultdict
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
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)

from vs_core.store import schema
from vs_core.store.bulk import insert_rows, know_sizes
from vs_core.summaries.counting import codes_at_hand, counted, marks
from vs_core.summaries.membership import EVERYBODY, IN_CARE, covers, membership

DECIDES_COHORTS = frozenset({"ssda903-episodes", "cohorts"})
CHUNK = 500
Span = tuple[str, int, date, date | None]
Days = tuple[date, date]

changed_week = Table(
    "changed_week",
    MetaData(),
    Column("week", Date, primary_key=True),
    Column("week_end", Date, nullable=False),
    prefixes=["TEMPORARY"],
)
cohort_mark = Table(
    "cohort_mark",
    MetaData(),
    Column("cohort", Text, nullable=False),
    Column("child_key", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("school_key", Integer, nullable=False),
    Column("session", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("week", Date, nullable=False),
    prefixes=["TEMPORARY"],
)
GROUPS = {
    schema.cohort_day: ("cohort", "day", "session"),
    schema.school_week: ("cohort", "week", "school_key"),
    schema.authority_week: ("cohort", "week"),
}


def membership_before(connection: Connection) -> set[Span]:
    """Every span of belonging as it stands: cohort, child, first day, first day outside (None: open)."""
    rows = connection.execute(select(membership()))
    return {
        (row.cohort, row.child_key, row.started_on, row.last_day + timedelta(1) if row.last_day else row.before)
        for row in rows
    }


def cohorts_changed(connection: Connection, before: set[Span]) -> None:
    """Bring the cohorts' summaries in step after an import changed who belongs."""
    changed = _changed_days(before, membership_before(connection))
    weeks: set[date] = set()
    children = sorted(changed)
    table = schema.child_week.c
    for start in range(0, len(children), CHUNK):
        of_some = table.child_key.in_(children[start : start + CHUNK])
        current = select(table.child_key, table.week).distinct().where(of_some, table.known_to.is_(None))
        rows = connection.execute(current)
        weeks |= {row.week for row in rows if any(_meet(row.week, days) for days in changed[row.child_key])}
    weeks_changed(connection, weeks)


def _meet(week: date, days: Days) -> bool:
    return days[0] <= week + timedelta(6) and week < days[1]


def _changed_days(before: set[Span], after: set[Span]) -> dict[int, list[Days]]:
    """By child the days, first and first after, on which belonging differs."""
    ends: dict[tuple[str, int, date], list[date]] = defaultdict(list)
    for cohort, child, start, end in before ^ after:
        ends[cohort, child, start].append(end or date.max)
    changed: dict[int, list[Days]] = defaultdict(list)
    for (_, child, start), given in ends.items():
        changed[child].append((min(given) if len(given) == 2 else start, max(given)))
    return changed


def weeks_changed(connection: Connection, weeks: Iterable[date]) -> None:
    """Count these weeks anew, by their Mondays, for every cohort."""
    listed = sorted(set(weeks))
    if not listed:
        return
    changed_week.create(connection, checkfirst=False)
    cohort_mark.create(connection, checkfirst=False)
    insert_rows(connection, changed_week, ("week", "week_end"), [(week, week + timedelta(6)) for week in listed])
    _forget(connection)
    names = [column.name for column in cohort_mark.c]
    connection.execute(insert(cohort_mark).from_select(names, _of_everybody()))
    know_sizes(connection, cohort_mark)
    for chosen in (_of_children_in_care(), _of_other_cohorts()):
        connection.execute(insert(cohort_mark).from_select(names, chosen))
    with codes_at_hand(connection):
        for table, groups in GROUPS.items():
            sums = _with_children(groups)
            connection.execute(insert(table).from_select([column.name for column in sums.selected_columns], sums))
    cohort_mark.drop(connection)
    changed_week.drop(connection)


def _forget(connection: Connection) -> None:
    for table in (schema.school_week, schema.authority_week):
        connection.execute(delete(table).where(table.c.week.in_(select(changed_week.c.week))))
    day = schema.cohort_day.c.day
    in_week = select(literal(1)).where(day.between(changed_week.c.week, changed_week.c.week_end))
    connection.execute(delete(schema.cohort_day).where(in_week.exists()))


def _in_changed_week() -> Any:
    return schema.child_day.c.day.between(changed_week.c.week, changed_week.c.week_end)


def _of_everybody() -> Select[Any]:
    """The marks of the changed weeks, of every child."""
    current = schema.child_day.c.known_to.is_(None)
    mark = marks(current, joined=(changed_week, _in_changed_week()), extra=(changed_week.c.week,))
    return select(literal(EVERYBODY), *(mark.c[column.name] for column in cohort_mark.c if column.name != "cohort"))


def _of_children_in_care() -> Select[Any]:
    """The same marks of the days in care, which no two spans share."""
    spans = membership()
    return _within(spans).where(spans.c.cohort == IN_CARE)


def _of_other_cohorts() -> Select[Any]:
    """The same marks once for each other cohort that the child belonged to on the day, by however many spans."""
    spans = membership()
    return _within(spans).where(spans.c.cohort != IN_CARE).distinct()


def _within(spans: Subquery) -> Select[Any]:
    every = cohort_mark.alias("every_mark")
    names = [column.name for column in cohort_mark.c if column.name != "cohort"]
    joined = and_(covers(spans, every.c.child_key, every.c.day), every.c.cohort == EVERYBODY)
    return select(spans.c.cohort, *(every.c[name] for name in names)).join_from(every, spans, joined)


def _with_children(groups: tuple[str, ...]) -> Select[Any]:
    """Counts by the groups, with the number of children that have a mark."""
    children = cast(func.count(func.distinct(cohort_mark.c.child_key)), Integer).label("children")
    return counted(cohort_mark, *(cohort_mark.c[name] for name in groups)).add_columns(children)

"""What a change of register marks changes: weeks and years of the children, then the cohorts' days and weeks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Insert,
    Integer,
    MetaData,
    Select,
    Table,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)

from vs_core.rules.frame import academic_year_bounds
from vs_core.store import schema
from vs_core.store.bulk import insert_rows, know_sizes
from vs_core.store.tables_attendance import SESSION_COUNTS
from vs_core.summaries import cohorts
from vs_core.summaries.counting import codes_at_hand, counted, marks

touched_week = Table(
    "touched_week",
    MetaData(),
    Column("child_key", Integer, primary_key=True),
    Column("week", Date, primary_key=True),
    Column("week_end", Date, nullable=False),
    prefixes=["TEMPORARY"],
)


def marks_changed(connection: Connection, weeks: Iterable[tuple[int, date]], known_on: date) -> None:
    """Bring every summary in step after marks of these (child, Monday) changed in what is known from `known_on`."""
    touched = sorted(set(weeks))
    if not touched:
        return
    touched_week.create(connection, checkfirst=False)
    rows = [(child, week, week + timedelta(6)) for child, week in touched]
    insert_rows(connection, touched_week, ("child_key", "week", "week_end"), rows)
    know_sizes(connection, touched_week)
    with codes_at_hand(connection):
        _child_weeks(connection, known_on)
        _child_years(connection, {week for _, week in touched})
    touched_week.drop(connection)
    cohorts.weeks_changed(connection, {week for _, week in touched})


def _child_weeks(connection: Connection, known_on: date) -> None:
    """Close the weeks' counts at `known_on`, write them anew, and again for each later day on which they changed."""
    table = schema.child_week
    mine = _is_touched(table.c.child_key, table.c.week)
    connection.execute(delete(table).where(mine, table.c.known_from >= known_on))
    reaching = and_(mine, or_(table.c.known_to.is_(None), table.c.known_to > known_on))
    connection.execute(update(table).where(reaching).values(known_to=known_on))
    connection.execute(_weeks_as_known(known_on))
    for change in _later_changes(connection, known_on):
        changed = and_(mine, _changed_on(change, table.c.child_key, table.c.week), table.c.known_to.is_(None))
        connection.execute(update(table).where(changed).values(known_to=change))
        connection.execute(_weeks_as_known(change, _changed_on(change, touched_week.c.child_key, touched_week.c.week)))


def _is_touched(child: ColumnElement[int], week: ColumnElement[Any]) -> ColumnElement[bool]:
    return select(literal(1)).where(touched_week.c.child_key == child, touched_week.c.week == week).exists()


def _changed_on(on: date, child: ColumnElement[int], week: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether what is known of a child's week changed on a day."""
    changed, touched = schema.child_day.alias("changed_day"), touched_week.alias("touched")
    in_week = and_(
        touched.c.child_key == changed.c.child_key, changed.c.day.between(touched.c.week, touched.c.week_end)
    )
    return (
        select(literal(1))
        .select_from(touched.join(changed, in_week))
        .where(
            touched.c.child_key == child,
            touched.c.week == week,
            or_(changed.c.known_from == on, changed.c.known_to == on),
        )
        .exists()
    )


def _later_changes(connection: Connection, known_on: date) -> list[date]:
    """Days after `known_on` on which what is known of the touched weeks changed again."""
    days: set[date] = set()
    for column in (schema.child_day.c.known_from, schema.child_day.c.known_to):
        found = select(column).distinct().select_from(schema.child_day.join(touched_week, _in_touched_week()))
        days |= set(connection.execute(found.where(column > known_on)).scalars())
    return sorted(days)


def _in_touched_week() -> ColumnElement[bool]:
    return and_(
        schema.child_day.c.child_key == touched_week.c.child_key,
        schema.child_day.c.day.between(touched_week.c.week, touched_week.c.week_end),
    )


def _weeks_as_known(on: date, *which: ColumnElement[bool]) -> Insert:
    day = schema.child_day.c
    believed = and_(day.known_from <= on, or_(day.known_to.is_(None), day.known_to > on))
    mark = marks(believed, *which, joined=(touched_week, _in_touched_week()), extra=(touched_week.c.week,))
    sums = counted(mark, mark.c.child_key, mark.c.week, mark.c.school_key).subquery()
    names = ("child_key", "week", "school_key", *SESSION_COUNTS)
    rows = select(*(sums.c[name] for name in names), literal(on, Date).label("known_from"))
    return insert(schema.child_week).from_select([*names, "known_from"], rows)


def _child_years(connection: Connection, weeks: set[date]) -> None:
    starts = {academic_year_bounds(day)[0] for week in weeks for day in (week, week + timedelta(6))}
    of_touched = select(touched_week.c.child_key).distinct()
    for start in sorted(starts):
        table = schema.child_year
        connection.execute(delete(table).where(table.c.academic_year == start.year, table.c.child_key.in_(of_touched)))
        connection.execute(
            insert(table).from_select(["child_key", *SESSION_COUNTS, "academic_year"], _year(start, of_touched))
        )


def _year(start: date, children: Select[Any]) -> Select[Any]:
    """Whole weeks from child_week, the days of the weeks at both ends from the marks."""
    end = academic_year_bounds(start)[1]
    first_whole = start + timedelta(-start.weekday() % 7)
    after_whole = end + timedelta(1) - timedelta((end + timedelta(1)).weekday())
    week, day = schema.child_week.c, schema.child_day.c
    whole = select(week.child_key, *(week[name] for name in SESSION_COUNTS)).where(
        week.child_key.in_(children), week.known_to.is_(None), week.week >= first_whole, week.week < after_whole
    )
    edges = or_(and_(day.day >= start, day.day < first_whole), and_(day.day >= after_whole, day.day <= end))
    mark = marks(day.child_key.in_(children), day.known_to.is_(None), edges)
    days = counted(mark, mark.c.child_key)
    both = union_all(whole, days).subquery()
    sums = (cast(func.sum(both.c[name]), Integer).label(name) for name in SESSION_COUNTS)
    return select(both.c.child_key, *sums, literal(start.year).label("academic_year")).group_by(both.c.child_key)

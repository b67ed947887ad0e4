"""What the worklist is made of besides figures: the marks since a child was last there, and what goes with codes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    Date,
    FromClause,
    Integer,
    Select,
    Table,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    values,
)

from vs_core.queries.attendance import COUNTS, marks
from vs_core.queries.care import members
from vs_core.queries.case_entries import entries
from vs_core.queries.children import places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, in_scope, may_open
from vs_core.rules.case_history import CONTACT, SNOOZE, WAKE
from vs_core.rules.frame import Frame
from vs_core.rules.provision import ALTERNATIVE
from vs_core.rules.register import COUNTED_CLASSES
from vs_core.store.schema import child_day, custody, exclusion, register_code, school, school_details, timetable

Window = tuple[int, int, date, date]
"""A number of our own, the child (`child_key`), first and last day."""
MOST_WINDOWS = 500
"""In one query: each is four values, of which databases take so many."""


def since_attended(frame: Frame, scope: Scope = EVERYTHING, only: CTE | None = None) -> Select:
    """The marks of the cohort's children on the day (or of `only`) from the last day of the period on which each was at
    school (without one, from its first day) up to its last: `child_key`, `day`, `am`, `pm` (codes), `am_class`,
    `pm_class`; a row a day and school."""
    member = members(frame.cohort, frame.as_at, frame.as_at, frame.known_on, scope) if only is None else only
    row = child_day
    from_day = func.coalesce(_last_attended(member, frame), frame.start, type_=Date).label("from_day")
    last = select(member.c.child_key, from_day, literal(frame.end, Date).label("to_day")).cte("last_attended")
    last = last.prefix_with("MATERIALIZED")
    since = and_(row.c.child_key == last.c.child_key, row.c.day.between(last.c.from_day, last.c.to_day))
    source, classes = _with_classes(last.join(row, since), row)
    names = ("child_key", "day", "am", "pm")
    own = (known(row, frame.known_on), in_scope(row.c.child_key, scope))
    return select(*(row.c[name] for name in names), *classes).select_from(source).where(*own)


def days_at(keys: Sequence[int], urn: str, frame: Frame, scope: Scope = EVERYTHING) -> Select:
    """The marks of the period in one school's register, of those of these children whom the viewer may be shown: the
    columns of `since_attended`, in order."""
    row = child_day
    source, classes = _with_classes(row.join(school, school.c.id == row.c.school_key), row)
    names = ("child_key", "day", "am", "pm")
    return (
        select(*(row.c[name] for name in names), *classes)
        .select_from(source)
        .where(row.c.child_key.in_(keys), row.c.day.between(frame.start, frame.end), school.c.urn == urn)
        .where(known(row, frame.known_on), may_open(row.c.child_key, scope))
        .order_by(row.c.child_key, row.c.day)
    )


def _with_classes(source: FromClause, row: Table) -> tuple[FromClause, list[Any]]:
    """With what the codes of both half days mean: `am_class`, `pm_class`."""
    classes = []
    for half in ("am", "pm"):
        meaning = register_code.alias(f"{half}_meaning")
        source = source.outerjoin(meaning, _means(meaning, row.c[half], row.c.day))
        classes.append(meaning.c.statistical_class.label(f"{half}_class"))
    return source, classes


def _last_attended(member: CTE, frame: Frame) -> Any:
    """By going back through each child's days until one was attended: few rows are read, however long the period. Found
    once for each, and both ends of what is read from there given as columns: a planner that takes them apart reads the
    whole table."""
    day = child_day.alias("day_back")
    attended = register_code.c.statistical_class.in_(COUNTED_CLASSES["attended_sessions"])
    there = exists().where(
        or_(register_code.c.code == day.c.am, register_code.c.code == day.c.pm),
        attended,
        _in_force(register_code, day.c.day),
    )
    return (
        select(day.c.day)
        .where(day.c.child_key == member.c.child_key, day.c.day.between(frame.start, frame.end))
        .where(known(day, frame.known_on), there)
        .order_by(day.c.day.desc())
        .limit(1)
        .scalar_subquery()
    )


def _means(meaning: FromClause, code: Any, on: Any) -> Any:
    return and_(meaning.c.code == code, _in_force(meaning, on))


def _in_force(meaning: FromClause, on: Any) -> Any:
    begun = or_(meaning.c.starts_on.is_(None), meaning.c.starts_on <= on)
    return and_(begun, or_(meaning.c.ends_on.is_(None), meaning.c.ends_on >= on))


def custodies(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Stays in custody: `child_key`, `started_on`, `ended_on`, `education_assessed_on`, `came_on` (the first day on
    which anything was known of the stay)."""
    row, first = custody, _first_known(custody, "child_key", "started_on")
    names = ("child_key", "started_on", "ended_on", "education_assessed_on")
    same = and_(first.c.child_key == row.c.child_key, first.c.started_on == row.c.started_on)
    return (
        select(*(row.c[name] for name in names), first.c.came_on)
        .select_from(row.join(first, same))
        .where(known(row, known_on), in_scope(row.c.child_key, scope))
        .order_by(row.c.child_key, row.c.started_on)
    )


def notices(frame: Frame, scope: Scope = EVERYTHING) -> Select:
    """Suspensions and exclusions that start in the period, of any child: `child_key`, `category`, `status`,
    `started_on`, `came_on` (the first day on which anything was known of the notice)."""
    row, first = exclusion, _first_known(exclusion, "notice_key")
    names = ("child_key", "category", "status", "started_on")
    return (
        select(*(row.c[name] for name in names), first.c.came_on)
        .select_from(row.join(first, first.c.notice_key == row.c.notice_key))
        .where(known(row, frame.known_on), row.c.started_on.between(frame.start, frame.end))
        .where(in_scope(row.c.child_key, scope))
        .order_by(row.c.started_on, row.c.id)
    )


def _first_known(table: Table, *key: str) -> FromClause:
    own = [table.c[name] for name in key]
    first = func.min(table.c.known_from, type_=Date).label("came_on")
    return select(*own, first).group_by(*own).subquery(f"first_of_{table.name}")


def named_provision(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """Days on which a provider of alternative provision is named for a child: `child_key`, `started_on`, `ended_on`."""
    row = timetable
    return (
        select(row.c.child_key, row.c.started_on, row.c.ended_on)
        .where(known(row, known_on), row.c.kind == ALTERNATIVE, func.coalesce(row.c.provider, "") != "")
        .where(in_scope(row.c.child_key, scope))
        .order_by(row.c.child_key, row.c.started_on)
    )


def days_with_codes(frame: Frame, codes: Collection[str], scope: Scope = EVERYTHING) -> Select:
    """Days of the period on which a register of a child of the cohort has one of the codes: `child_key`, `day`, `am`,
    `pm`, `urn`, `school`, and `am_elsewhere`, `pm_elsewhere`: of a `D` whether another school's register has a mark for
    that half day other than `D`."""
    row, member = child_day, members(frame.cohort, frame.start, frame.end, frame.known_on, scope)
    place = and_(school_details.c.school_key == row.c.school_key, known(school_details, frame.known_on))
    source = (
        member.join(row, row.c.child_key == member.c.child_key)
        .join(school, school.c.id == row.c.school_key)
        .outerjoin(school_details, place)
    )
    elsewhere = (_elsewhere(half, frame).label(f"{half}_elsewhere") for half in ("am", "pm"))
    where = places(scope, school.c.urn, school_details.c.name.label("school"))
    return (
        select(*(row.c[name] for name in ("child_key", "day", "am", "pm")), *where, *elsewhere)
        .select_from(with_current(source, row.c.child_key))
        .where(row.c.day.between(frame.start, frame.end), known(row, frame.known_on))
        .where(or_(row.c.am.in_(codes), row.c.pm.in_(codes)))
    )


def _elsewhere(half: str, frame: Frame) -> Any:
    other = child_day.alias(f"other_{half}")
    found = exists().where(
        other.c.child_key == child_day.c.child_key,
        other.c.day == child_day.c.day,
        other.c.school_key != child_day.c.school_key,
        other.c[half] != "D",
        known(other, frame.known_on),
    )
    return case((child_day.c[half] == "D", found), else_=False)


def sessions_in(windows: Sequence[Window], known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """One row a window of days of a child with marks in it: `place` (its number) and every count of sessions, of
    MOST_WINDOWS windows at most."""
    named = (
        column("place", Integer),
        column("child_key", Integer),
        column("first_day", Date),
        column("last_day", Date),
    )
    window = values(*named).data([tuple(each) for each in windows[:MOST_WINDOWS]]).cte("window")
    within = and_(
        child_day.c.child_key == window.c.child_key, child_day.c.day.between(window.c.first_day, window.c.last_day)
    )
    where = [in_scope(child_day.c.child_key, scope)]
    mark = marks(window.join(child_day, within), where, known_on, COUNTS, (window.c.place,)).subquery("mark_in_window")
    sums = (cast(func.sum(mark.c[name]), Integer).label(name) for name in COUNTS)
    return select(mark.c.place, *sums).group_by(mark.c.place)


def days_of(keys: Sequence[int], start: date, end: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """One row a day of these children with a possible session, in order: `child_key`, `day`, `possible_sessions`,
    `attended_sessions`."""
    day, counts = child_day.c.day, ("possible_sessions", "attended_sessions")
    where = [child_day.c.child_key.in_(keys), day.between(start, end), in_scope(child_day.c.child_key, scope)]
    mark = marks(child_day, where, known_on, counts).subquery("mark_of_day")
    sums = [cast(func.sum(mark.c[name]), Integer).label(name) for name in counts]
    return (
        select(mark.c.child_key, mark.c.day, *sums)
        .group_by(mark.c.child_key, mark.c.day)
        .having(func.sum(mark.c.possible_sessions) > 0)
        .order_by(mark.c.child_key, mark.c.day)
    )


def last_contacts(as_at: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """The day of the last contact about each child that has one by `as_at`: `child_key`, `contact_on`."""
    row = entries(as_at, known_on, scope).subquery("entry")
    last = func.max(row.c.on, type_=Date).label("contact_on")
    return select(row.c.child_key, last).where(row.c.kind == CONTACT).group_by(row.c.child_key)


def snoozes(as_at: date, known_on: date | None, scope: Scope = EVERYTHING) -> Select:
    """The snoozes and wakings of children by `as_at`, the earliest first: `child_key`, `on`, `until_on` (empty:
    woken)."""
    row = entries(as_at, known_on, scope).subquery("entry")
    return (
        select(row.c.child_key, row.c.on, row.c.until_on).where(row.c.kind.in_((SNOOZE, WAKE))).order_by(row.c.entry_id)
    )

"""What stands behind a cell of a heatmap: register marks by day and half day, by child, and one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from vs_core.queries.attendance import HEADLINE, counts_of_code
from vs_core.queries.care import islands, lasts, members
from vs_core.queries.children import places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, may_open
from vs_core.rules.frame import Frame
from vs_core.rules.periods import Piece
from vs_core.store.schema import child_day, register_code, school, school_details


def codes_by_day(
    frame: Frame, scope: Scope = EVERYTHING, only: CTE | None = None, piece: Piece | None = None
) -> Select:
    """How often the marks of a day were which: `day`, `am`, `pm` (codes, empty: none), `rows`. Of the children of
    `only`, else of the cohort; days of one of the period's pieces (`rules.periods.pieces`), or of all."""
    source, where = _marks_of(frame, scope, only)
    where.append(child_day.c.day.between(*(piece or (frame.start, frame.end))))
    keys = (child_day.c.day, child_day.c.am, child_day.c.pm)
    rows = func.count().label("rows")
    return select(*keys, rows).select_from(source).where(*where).group_by(*keys)


def sessions_on_days(
    frame: Frame,
    days: Collection[date],
    session: str | None,
    scope: Scope = EVERYTHING,
    only: CTE | None = None,
    counts: Sequence[str] = HEADLINE,
) -> Select:
    """One row a child with marks on these days of the period, in one half day (AM, PM) or both: `child_key` and
    `counts` added up."""
    source, where = _marks_of(frame, scope, only)
    names = ("child_key", "day", "am", "pm")
    of_days = select(*(child_day.c[name] for name in names)).select_from(source).where(*where, _on(days))
    row = of_days.cte("mark_of_days").prefix_with("MATERIALIZED")
    each = [_counted(row.c[half.lower()], row, counts) for half in ([session] if session else ["AM", "PM"])]
    mark = (union_all(*each) if len(each) > 1 else each[0]).subquery("mark")
    sums = (cast(func.sum(mark.c[name]), Integer).label(name) for name in counts)
    return select(mark.c.child_key, *sums).group_by(mark.c.child_key)


def _on(days: Collection[date]) -> ColumnElement[bool]:
    return child_day.c.day.in_(sorted(days))


def _counted(code: ColumnElement[str], row: CTE, counts: Sequence[str]) -> Select:
    adds = counts_of_code(code)
    return select(row.c.child_key, *(adds[name].label(name) for name in counts)).join_from(
        row, register_code, _meant(code, row.c.day)
    )


def _meant(code: ColumnElement[str], day: ColumnElement[date]) -> ColumnElement[bool]:
    """The meaning that a code had on the day of the mark."""
    row = register_code.c
    return and_(
        row.code == code,
        or_(row.starts_on.is_(None), row.starts_on <= day),
        or_(row.ends_on.is_(None), row.ends_on >= day),
    )


def marks(frame: Frame, scope: Scope = EVERYTHING) -> Select:
    """The marks of the period of children of the cohort that the viewer may open, one by one: `child_key`, `day`,
    `session` (AM, PM), `code`, `meaning`, `statistical_class`, `urn`, `school`; in order of time."""
    source, where = _marks_of(frame, scope, None)
    place = and_(school_details.c.school_key == child_day.c.school_key, known(school_details, frame.known_on))
    source = source.join(school, school.c.id == child_day.c.school_key).outerjoin(school_details, place)
    told = places(scope, school.c.urn, school_details.c.name.label("school"))
    halves = []
    for session in ("AM", "PM"):
        code = child_day.c[session.lower()]
        meaning = (code.label("code"), register_code.c.meaning, register_code.c.statistical_class)
        keys = (child_day.c.child_key, child_day.c.day, literal(session).label("session"))
        found = with_current(source.join(register_code, _meant(code, child_day.c.day)), child_day.c.child_key)
        own = select(*keys, *meaning, *told).select_from(found)
        halves.append(own.where(*where, may_open(child_day.c.child_key, scope)))
    mark = union_all(*halves).subquery("mark")
    return select(mark).order_by(mark.c.child_key, mark.c.day, mark.c.session, mark.c.urn)


def _marks_of(frame: Frame, scope: Scope, only: CTE | None) -> tuple[FromClause, list[ColumnElement[bool]]]:
    """Rows of `child_day` of the period, of the children of `only` or of the cohort, with the conditions."""
    member = members(frame.cohort, frame.start, frame.end, frame.known_on, scope) if only is None else only
    source: FromClause = member.join(child_day, child_day.c.child_key == member.c.child_key)
    where = [child_day.c.day.between(frame.start, frame.end), known(child_day, frame.known_on)]
    if frame.while_in_care and frame.cohort != "all":
        span = islands(frame.cohort, frame.known_on)
        source = source.join(span, span.c.child_key == child_day.c.child_key)
        where += [span.c.started_on <= child_day.c.day, lasts(frame.cohort, span.c.ended_on, child_day.c.day)]
    return source, where


def schools(urns: Collection[str], known_on: date | None) -> Select:
    """What these schools are called: `urn`, `school`. Whoever asks has the numbers from rows that the viewer may
    see."""
    row = school_details
    return (
        select(school.c.urn, row.c.name.label("school"))
        .join(row, row.c.school_key == school.c.id)
        .where(known(row, known_on), school.c.urn.in_(sorted(urns)))
    )


def codes() -> Select:
    """What register codes mean, and when: `code`, `meaning`, `statistical_class`, `starts_on`, `ends_on`."""
    names = ("code", "meaning", "statistical_class", "starts_on", "ends_on")
    return select(*(register_code.c[name] for name in names))

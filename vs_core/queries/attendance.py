"""Register marks added up, exact for any period: whole weeks from the weekly summary, single days from the marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    column,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
    values,
)

from vs_core.queries.care import islands, lasts, members
from vs_core.queries.children import places, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, in_scope
from vs_core.rules.frame import Frame
from vs_core.rules.periods import Piece
from vs_core.rules.register import COUNTED_CLASSES, COUNTED_CODES
from vs_core.store.schema import SESSION_COUNTS, child_day, child_week, register_code, school

COUNTS = tuple(SESSION_COUNTS)
HEADLINE = COUNTS[:4]
"""Possible, attended, authorised and unauthorised sessions: what every figure of attendance is made of."""


def counts_of_code(code: ColumnElement[str], meaning: FromClause = register_code) -> dict[str, ColumnElement[int]]:
    """What one mark adds to each of `COUNTS`: 1 or 0, by its class on the day and its code."""
    by_class = {name: meaning.c.statistical_class.in_(classes) for name, classes in COUNTED_CLASSES.items()}
    by_code = {name: code == own for name, own in COUNTED_CODES.items()}
    return {name: case((when, 1), else_=0) for name, when in (by_class | by_code).items()}


def marks(
    source: FromClause,
    where: Sequence[ColumnElement[bool]],
    known_on: date | None,
    counts: Sequence[str],
    others: Sequence[ColumnElement[Any]] = (),
) -> Select:
    """One row a mark of `child_day` within `source`: `child_key`, `day`, `school_key`, `session`, `code`, counts, and
    `others` of its columns."""
    halves = (_half_day(session, source, where, known_on, counts) for session in ("AM", "PM"))
    return union_all(*(half.add_columns(*others) for half in halves))  # type: ignore[return-value]


def _half_day(
    session: str, source: FromClause, where: Sequence[ColumnElement[bool]], known_on: date | None, counts: Sequence[str]
) -> Select:
    code = child_day.c[session.lower()]
    held = and_(
        register_code.c.code == code,
        or_(register_code.c.starts_on.is_(None), register_code.c.starts_on <= child_day.c.day),
        or_(register_code.c.ends_on.is_(None), register_code.c.ends_on >= child_day.c.day),
    )
    adds = counts_of_code(code)
    return (
        select(
            child_day.c.child_key,
            child_day.c.day,
            child_day.c.school_key,
            literal(session, String).label("session"),
            code.label("code"),
            *(adds[name].label(name) for name in counts),
        )
        .select_from(source.join(register_code, held))
        .where(known(child_day, known_on), *where)
    )


def sessions_by_child(
    frame: Frame, scope: Scope = EVERYTHING, counts: Sequence[str] = HEADLINE, piece: Piece | None = None
) -> Select:
    """One row a child of the cohort with marks in the period: `child_key` and `counts` added up; of one of its pieces
    (`rules.periods.pieces`), or of all."""
    parts = _parts(frame, scope, ("child_key",), counts, piece)
    return select(parts.c.child_key, *_sums(parts, counts)).group_by(parts.c.child_key)


def weeks_by_child(
    frame: Frame, scope: Scope = EVERYTHING, counts: Sequence[str] = HEADLINE, piece: Piece | None = None
) -> Select:
    """One row a child of the cohort and week: `child_key`, `week` (Monday) and `counts`, days of the period only; of
    one of its pieces, or of all."""
    parts = _parts(frame, scope, ("child_key", "week"), counts, piece)
    return select(parts.c.child_key, parts.c.week, *_sums(parts, counts)).group_by(parts.c.child_key, parts.c.week)


def weeks(frame: Frame, scope: Scope = EVERYTHING, counts: Sequence[str] = HEADLINE) -> Select:
    """One row a week of the cohort: `week` (Monday), `children` (with a possible session) and `counts`, in order."""
    by_child = weeks_by_child(frame, scope, counts).subquery("child_and_week")
    return _by(by_child, ("week",), counts).order_by(by_child.c.week)


def schools_by_week(frame: Frame, scope: Scope = EVERYTHING, counts: Sequence[str] = HEADLINE) -> Select:
    """One row a school and week: `school_key`, `week`, `children` (with a possible session) and `counts`. Restricted
    children are together at an empty `school_key` for a viewer who may not know where they are."""
    by_child = _by_child_and_school(frame, scope, counts)
    placed = (
        select(*places(scope, by_child.c.school_key), *(by_child.c[name] for name in ("week", "child_key", *counts)))
        .select_from(with_current(by_child, by_child.c.child_key))
        .subquery("placed")
    )
    return _by(placed, ("school_key", "week"), counts)


def weeks_by_child_and_school(
    frame: Frame, scope: Scope = EVERYTHING, counts: Sequence[str] = HEADLINE, piece: Piece | None = None
) -> Select:
    """One row a child of the cohort, school and week: `child_key`, `week` (Monday), `urn` (empty text: the marks name
    no school; none: the viewer may not know it) and `counts`, days of the period only; of one of its pieces, or all."""
    own = _by_child_and_school(frame, scope, counts, piece)
    source = own.join(school, school.c.id == own.c.school_key)
    return select(
        own.c.child_key, own.c.week, *places(scope, school.c.urn), *(own.c[name] for name in counts)
    ).select_from(with_current(source, own.c.child_key))


def _by_child_and_school(frame: Frame, scope: Scope, counts: Sequence[str], piece: Piece | None = None) -> FromClause:
    parts = _parts(frame, scope, ("child_key", "school_key", "week"), counts, piece)
    keys = (parts.c.school_key, parts.c.week, parts.c.child_key)
    return select(*keys, *_sums(parts, counts)).group_by(*keys).subquery("child_school_and_week")


def days_and_sessions(frame: Frame, scope: Scope = EVERYTHING, counts: Sequence[str] = HEADLINE) -> Select:
    """One row a day and half day of the cohort: `day`, `session` (AM, PM), `children` and `counts`, in order."""
    member = members(frame.cohort, frame.start, frame.end, frame.known_on, scope)
    source = member.join(child_day, child_day.c.child_key == member.c.child_key)
    where: list[ColumnElement[bool]] = [child_day.c.day.between(frame.start, frame.end)]
    if frame.while_in_care and frame.cohort != "all":
        span = islands(frame.cohort, frame.known_on)
        source = source.join(span, span.c.child_key == child_day.c.child_key)
        where += [span.c.started_on <= child_day.c.day, lasts(frame.cohort, span.c.ended_on, child_day.c.day)]
    mark = marks(source, where, frame.known_on, counts).subquery("mark")
    return _by(mark, ("day", "session"), counts).order_by(mark.c.day, mark.c.session)


def apart_by_child(frame: Frame, scope: Scope = EVERYTHING) -> Select:
    """Marks of the other school (D) and of children unable to attend (Y, Y1 to Y7), which are not possible sessions:
    `child_key`, `code`, `sessions`. Read in the weeks alone in which a child has sessions that are not possible."""
    member = members(frame.cohort, frame.start, frame.end, frame.known_on, scope)
    whole, broken = _weeks_of(frame)
    week, row = _week_table([*whole, *broken], frame), child_week
    piece = (
        select(row.c.child_key, week.c.first_day, week.c.last_day)
        .join_from(member, row, row.c.child_key == member.c.child_key)
        .join(week, week.c.week == row.c.week)
        .where(row.c.not_possible_sessions > 0, known(row, frame.known_on))
        .distinct()
        .cte("week_with_others")
    )
    day, source = child_day.c.day, piece.join(child_day, child_day.c.child_key == piece.c.child_key)
    where: list[ColumnElement[bool]] = [day.between(piece.c.first_day, piece.c.last_day)]
    if frame.while_in_care and frame.cohort != "all":
        span = islands(frame.cohort, frame.known_on)
        source = source.join(span, span.c.child_key == piece.c.child_key)
        where += [span.c.started_on <= day, lasts(frame.cohort, span.c.ended_on, day)]
    mark = marks(source, where, frame.known_on, ("not_possible_sessions",)).subquery("mark")
    apart = or_(mark.c.code == "D", mark.c.code.startswith("Y"))
    keys = (mark.c.child_key, mark.c.code)
    return select(*keys, func.count().label("sessions")).where(apart).group_by(*keys)


def _by(rows: FromClause, keys: Sequence[str], counts: Sequence[str]) -> Select:
    present = case((rows.c.possible_sessions > 0, rows.c.child_key))
    own = [rows.c[key] for key in keys]
    return select(*own, func.count(present.distinct()).label("children"), *_sums(rows, counts)).group_by(*own)


def _sums(rows: FromClause, counts: Sequence[str]) -> list[ColumnElement[Any]]:
    return [cast(func.sum(rows.c[name]), Integer).label(name) for name in counts]


def _parts(
    frame: Frame, scope: Scope, keys: Sequence[str], counts: Sequence[str], piece: Piece | None = None
) -> FromClause:
    """Whole weeks from `child_week`, single days from `child_day`: every mark of the period once."""
    member = members(frame.cohort, frame.start, frame.end, frame.known_on, scope)
    whole, broken = _weeks_of(frame, piece)
    if frame.while_in_care and frame.cohort != "all":
        inside = _weeks_in_spans(frame, member, _week_table([*whole, *broken], frame))
        return union_all(_whole_weeks_of(inside, frame, keys, counts), _days_of(inside, frame, keys, counts)).subquery(
            "part"
        )
    weekly = _whole_weeks(frame, member, whole, keys, counts)
    if not broken:
        return weekly.subquery("part")
    inside = _broken_weeks(member, _week_table(broken, frame))
    return union_all(weekly, _days_of(inside, frame, keys, counts)).subquery("part")


def _weeks_of(frame: Frame, piece: Piece | None = None) -> tuple[list[date], list[date]]:
    """Mondays of the weeks that lie wholly in the period, and of those that do so in part; of one of its pieces."""
    start, end = piece or (frame.start, frame.end)
    first = start - timedelta(days=start.weekday())
    mondays = [first + timedelta(weeks=count) for count in range((end - first).days // 7 + 1)]
    whole = [each for each in mondays if each >= frame.start and each + timedelta(days=6) <= frame.end]
    return whole, [each for each in mondays if each not in whole]


def _week_table(mondays: Sequence[date], frame: Frame) -> CTE:
    """`week`, `sunday`, `first_day` and `last_day` within the period, `is_whole`."""
    columns = [column(name, Date) for name in ("week", "sunday", "first_day", "last_day")]
    rows = [_week_row(each, frame) for each in sorted(mondays)]
    return values(*columns, column("is_whole", Boolean)).data(rows).cte("week_table")


def _week_row(monday: date, frame: Frame) -> tuple[date, date, date, date, bool]:
    sunday = monday + timedelta(days=6)
    return (
        monday,
        sunday,
        max(monday, frame.start),
        min(sunday, frame.end),
        frame.start <= monday and sunday <= frame.end,
    )


def _whole_weeks(
    frame: Frame, member: CTE, whole: Sequence[date], keys: Sequence[str], counts: Sequence[str]
) -> Select:
    row = child_week
    bounds = (whole[0], whole[-1]) if whole else (frame.end + timedelta(days=1), frame.start)
    return (
        select(*(row.c[name] for name in (*keys, *counts)))
        .join_from(member, row, row.c.child_key == member.c.child_key)
        .where(row.c.week.between(*bounds), known(row, frame.known_on))
    )


def _broken_weeks(member: CTE, week: CTE) -> CTE:
    """A row a child and week that the period cuts: `child_key`, `week`, `first_day`, `last_day`, not `is_covered`."""
    return (
        select(member.c.child_key, week.c.week, week.c.first_day, week.c.last_day, false().label("is_covered"))
        .join_from(member, week, literal(True))
        .cte("piece")
    )


def _weeks_in_spans(frame: Frame, member: CTE, week: CTE) -> CTE:
    """A row a child, week and span of belonging: `child_key`, `week`, `first_day` and `last_day` of the period,
    `started_on` and `ended_on` of the span, `is_covered`: the whole week lies in both."""
    span = islands(frame.cohort, frame.known_on)
    covered = and_(
        week.c.is_whole, span.c.started_on <= week.c.week, lasts(frame.cohort, span.c.ended_on, week.c.sunday)
    )
    touches = and_(span.c.started_on <= week.c.last_day, lasts(frame.cohort, span.c.ended_on, week.c.first_day))
    return (
        select(
            span.c.child_key,
            *(week.c[name] for name in ("week", "first_day", "last_day")),
            span.c.started_on,
            span.c.ended_on,
            covered.label("is_covered"),
        )
        .join_from(member, span, span.c.child_key == member.c.child_key)
        .join(week, touches)
        .cte("piece")
    )


def _whole_weeks_of(piece: CTE, frame: Frame, keys: Sequence[str], counts: Sequence[str]) -> Select:
    row = child_week
    same = and_(row.c.child_key == piece.c.child_key, row.c.week == piece.c.week)
    columns = (row.c[name] for name in (*keys, *counts))
    return select(*columns).join_from(piece, row, same).where(piece.c.is_covered, known(row, frame.known_on))


def _days_of(piece: CTE, frame: Frame, keys: Sequence[str], counts: Sequence[str]) -> Select:
    """Marks of the days of weeks that are not covered, each with the Monday of its week."""
    day = child_day.c.day
    within = and_(child_day.c.child_key == piece.c.child_key, day.between(piece.c.first_day, piece.c.last_day))
    where = [~piece.c.is_covered]
    if "started_on" in piece.c:
        where += [piece.c.started_on <= day, lasts(frame.cohort, piece.c.ended_on, day)]
    halves = [
        _half_day(session, piece.join(child_day, within), where, frame.known_on, counts).add_columns(piece.c.week)
        for session in ("AM", "PM")
    ]
    mark = union_all(*halves).subquery("mark_of_week")
    return select(*(mark.c[name] for name in (*keys, *counts)))


def mondays(frame: Frame, scope: Scope = EVERYTHING) -> Select:
    """The weeks of the period in which any of the viewer's children has a mark: `week` (Monday), in order."""
    row = child_week
    monday = frame.start - timedelta(days=frame.start.weekday())
    return (
        select(row.c.week)
        .where(row.c.week.between(monday, frame.end), known(row, frame.known_on), in_scope(row.c.child_key, scope))
        .distinct()
        .order_by(row.c.week)
    )

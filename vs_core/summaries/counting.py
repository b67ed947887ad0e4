"""How register marks are counted: every mark once, in the class that its code had on its day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Subquery, and_, case, cast, func, literal, or_, select, union_all

from vs_core.rules.register import StatisticalClass
from vs_core.store import schema
from vs_core.store.tables_attendance import SESSION_COUNTS

_ATTENDED = [one.value for one in StatisticalClass if one.is_attended]
_POSSIBLE = [one.value for one in StatisticalClass if one.is_possible]
_CODES = {
    "late_sessions": "L",
    "late_after_register_sessions": "U",
    "part_time_sessions": "C2",
    "suspended_sessions": "E",
    "study_leave_sessions": "S",
    "dual_registered_sessions": "D",
    "unexplained_sessions": "N",
}
_CLASSES = {
    "possible_sessions": _POSSIBLE,
    "attended_sessions": _ATTENDED,
    "authorised_absence_sessions": [StatisticalClass.AUTHORISED_ABSENCE.value],
    "unauthorised_absence_sessions": [StatisticalClass.UNAUTHORISED_ABSENCE.value],
    "not_possible_sessions": [StatisticalClass.NOT_POSSIBLE.value],
}


def marks(*conditions: ColumnElement[bool], joined: Any = None, extra: tuple[Any, ...] = ()) -> Subquery:
    """Every half-day mark as a row: child_key, day, school_key, session, code, and the columns of `extra`.

    `joined`: something to join child_day with, as (selectable, condition)."""
    halves = []
    for session, code in (("AM", schema.child_day.c.am), ("PM", schema.child_day.c.pm)):
        source = schema.child_day if joined is None else schema.child_day.join(*joined)
        half = select(
            schema.child_day.c.child_key,
            schema.child_day.c.day,
            schema.child_day.c.school_key,
            literal(session).label("session"),
            code.label("code"),
            *extra,
        ).select_from(source)
        halves.append(half.where(code.is_not(None), *conditions))
    return union_all(*halves).subquery("mark")


def counted(mark: Subquery, *groups: Any) -> Select[Any]:
    """The sums of SESSION_COUNTS over marks, by the given columns of them."""
    codes = schema.register_code
    dated = and_(
        codes.c.code == mark.c.code,
        or_(codes.c.starts_on.is_(None), codes.c.starts_on <= mark.c.day),
        or_(codes.c.ends_on.is_(None), codes.c.ends_on >= mark.c.day),
    )
    return (
        select(*groups, *(_sum(name, mark).label(name) for name in SESSION_COUNTS))
        .join_from(mark, codes, dated)
        .group_by(*groups)
    )


def _sum(name: str, mark: Subquery) -> ColumnElement[int]:
    if name in _CODES:
        counts = mark.c.code == _CODES[name]
    else:
        counts = schema.register_code.c.statistical_class.in_(_CLASSES[name])
    return cast(func.sum(case((counts, 1), else_=0)), Integer)

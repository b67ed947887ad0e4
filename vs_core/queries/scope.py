"""What a viewer may see, applied inside the query: whose children, which of them one by one, whose names, and what is
told of a child.

A child whose whereabouts are restricted is counted for everybody whose children it is among, and listed for nobody but
the people who are named for it. So its rows come with `is_listed` false, an opaque number, and empty wherever a file
says something of the child that no figure needs. A column that names a person or tells of a child goes through one of
these functions in every query with a scope; `tests/access/test_nothing_leaks.py` fails for one that does not.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Select, String, and_, case, cast, func, literal, null, or_, select, true

from vs_core.access.viewer import EVERYTHING, Scope
from vs_core.store.schema import child, child_details

__all__ = [
    "EVERYTHING",
    "SOMEBODY",
    "Scope",
    "child_id",
    "hidden_if_restricted",
    "in_scope",
    "is_listed",
    "may_open",
    "named",
    "opaque",
    "person",
    "restricted_keys",
    "somebody",
]

SOMEBODY = "somebody"
"""What stands for a person where it matters that there is one."""


def in_scope(child_key: ColumnElement[int], scope: Scope) -> ColumnElement[bool]:
    """Children that the viewer may count: all, or those whose adviser the current list names; of these only the
    one that the scope is about, if it is about one."""
    this_one = true() if scope.child is None else child_key == scope.child
    if scope.adviser is None:
        return this_one
    return and_(this_one, child_key.in_(_caseload(scope.adviser)))


def _caseload(adviser: str) -> Select:
    return select(child_details.c.child_key).where(
        child_details.c.known_to.is_(None), child_details.c.adviser == adviser
    )


def may_open(child_key: ColumnElement[int], scope: Scope) -> ColumnElement[bool]:
    """Children that the viewer may be shown one by one: whose row is listed, whose page opens, about whom something is
    written down. Of those that may be counted the ones whose whereabouts are not restricted, unless allowed."""
    counted = in_scope(child_key, scope)
    return counted if scope.restricted else and_(counted, child_key.not_in(restricted_keys()))


def restricted_keys() -> Select:
    """Children whose whereabouts are restricted now: `child_key`."""
    listed = child_details.alias("listed_now")
    return select(listed.c.child_key).where(listed.c.known_to.is_(None), listed.c.restricted)


def is_listed(child_key: ColumnElement[int], scope: Scope) -> ColumnElement[bool]:
    """`is_listed`: whether a row that is counted may be shown by itself, as `may_open`. One about no child may."""
    if scope.restricted:
        return literal(True).label("is_listed")
    return or_(child_key.is_(None), child_key.not_in(restricted_keys())).label("is_listed")


def child_id(scope: Scope) -> ColumnElement[str]:
    """The authority's number of the child; an opaque key (`#17`) without the right to names, and for restricted
    children unless allowed."""
    key = literal("#") + cast(child.c.id, String)
    if not scope.names:
        return key.label("child_id")
    if scope.restricted:
        return child.c.child_id
    return case((child.c.id.in_(restricted_keys()), key), else_=child.c.child_id).label("child_id")


def opaque(number: Column[Any], of: Column[Any], restricted: ColumnElement[bool], scope: Scope) -> ColumnElement[Any]:
    """A number by which a file knows something of a child; for restricted children, unless allowed, a key of our own
    that is the same in every version of the row and wherever the number stands. of: the column that numbers them."""
    if scope.restricted:
        return number
    twin = of.table.alias()
    first = select(func.min(twin.c.id)).where(twin.c[of.name] == number).scalar_subquery()
    return case((restricted, literal("#") + cast(first, String)), else_=number).label(number.name)


def person(column: ColumnElement[Any], scope: Scope) -> ColumnElement[Any]:
    """A column that may name a person: empty without the right to names."""
    return column if scope.names else null().label(column.name)


def somebody(column: ColumnElement[Any], restricted: ColumnElement[bool], scope: Scope) -> ColumnElement[Any]:
    """The name of who acts for a child; SOMEBODY where there is one, without the right to names and for restricted
    children unless allowed."""
    one = case((column != "", literal(SOMEBODY)))
    if not scope.names:
        return one.label(column.name)
    return column if scope.restricted else case((restricted, one), else_=column).label(column.name)


def named(column: ColumnElement[Any], restricted: ColumnElement[bool], scope: Scope) -> ColumnElement[Any]:
    """A column that names a child or whoever works with it: empty without the right to names, and for restricted
    children unless allowed, because who works with a child tells where it is."""
    if not scope.names:
        return null().label(column.name)
    return hidden_if_restricted(column, restricted, scope)


def hidden_if_restricted(
    column: ColumnElement[Any], restricted: ColumnElement[bool], scope: Scope
) -> ColumnElement[Any]:
    """A column that tells of a child, where it is above all: empty for restricted children unless allowed."""
    if scope.restricted:
        return column
    return case((restricted.is_(False), column)).label(column.name)

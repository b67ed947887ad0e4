"""What a viewer may see, applied inside the query: whose children, whose names, and where a child is.

A column that names a person or tells where a child is goes through one of these functions in every query with a scope;
`tests/access/test_nothing_leaks.py` fails for one that does not.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, literal, null, select, true

from vs_core.access.viewer import EVERYTHING, Scope
from vs_core.store.schema import child, child_details

__all__ = [
    "EVERYTHING",
    "SOMEBODY",
    "Scope",
    "child_id",
    "hidden_if_restricted",
    "in_scope",
    "may_open",
    "named",
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


def child_id(scope: Scope) -> ColumnElement[str]:
    """The authority's number of the child; without the right to names an opaque key (`#17`)."""
    if scope.names:
        return child.c.child_id
    return (literal("#") + cast(child.c.id, String)).label("child_id")


def person(column: ColumnElement[Any], scope: Scope) -> ColumnElement[Any]:
    """A column that may name a person: empty without the right to names."""
    return column if scope.names else null().label(column.name)


def somebody(column: ColumnElement[Any], scope: Scope) -> ColumnElement[Any]:
    """A person's name; without the right to names SOMEBODY where there is one."""
    if scope.names:
        return column
    return case((column != "", literal(SOMEBODY))).label(column.name)


def named(column: ColumnElement[Any], restricted: ColumnElement[bool], scope: Scope) -> ColumnElement[Any]:
    """A column that names a child or whoever works with it: empty without the right to names, and for restricted
    children unless allowed, because who works with a child tells where it is."""
    if not scope.names:
        return null().label(column.name)
    return hidden_if_restricted(column, restricted, scope)


def hidden_if_restricted(
    column: ColumnElement[Any], restricted: ColumnElement[bool], scope: Scope
) -> ColumnElement[Any]:
    """A column that tells where a child is: empty for restricted children unless the viewer may see them."""
    if scope.restricted:
        return column
    return case((restricted.is_(False), column)).label(column.name)

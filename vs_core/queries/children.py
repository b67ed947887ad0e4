"""Children with what is known of them on a day, names as far as the viewer may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, Table, and_, case, func, or_, select, true

from vs_core.queries.care import care_spans, mentioned
from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, child_id, hidden_if_restricted, in_scope, is_listed, named
from vs_core.store.schema import (
    child,
    child_details,
    enrolment,
    school,
    school_details,
    ssda903_header,
    ssda903_uasc,
)

CURRENT = child_details.alias("current_details")


def believed(table: Table, known_on: date | None, columns: Sequence[str], only: CTE | None = None) -> FromClause:
    """The named columns of a versioned table's rows that were believed on a day (of the children of `only`).

    Rows of now are found through the index of current rows; those of an earlier day are set aside first, because no
    index finds them and a join would read the whole table for each child."""
    rows = select(*(table.c[name] for name in columns)).where(known(table, known_on))
    if known_on is None:
        return rows.subquery(f"known_{table.name}")
    if only is not None:
        rows = rows.where(among(table.c.child_key, only))
    return rows.cte(f"known_{table.name}").prefix_with("MATERIALIZED")


def is_restricted() -> ColumnElement[bool]:
    """The child's whereabouts are restricted, as the current list says (whatever was known then)."""
    return func.coalesce(CURRENT.c.restricted, False)


def with_current(source: FromClause, child_key: ColumnElement[int]) -> FromClause:
    """A join to today's details of the child, which decide what is shown."""
    return source.outerjoin(CURRENT, and_(CURRENT.c.child_key == child_key, CURRENT.c.known_to.is_(None)))


def places(scope: Scope, *columns: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """Columns that tell where a child is, or of it what no figure needs, from `with_current`: empty for restricted
    children unless allowed."""
    return [hidden_if_restricted(column, is_restricted(), scope) for column in columns]


def people(scope: Scope, *columns: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """Columns that name a child or who works with it, from `with_current` (`queries.scope.named`)."""
    return [named(column, is_restricted(), scope) for column in columns]


def identity(scope: Scope) -> list[ColumnElement[Any]]:
    """`child_key`, `child_id`, `forename`, `surname`, `restricted`, `is_listed`; from `child` through
    `with_current`."""
    return [
        child.c.id.label("child_key"),
        child_id(scope),
        *people(scope, CURRENT.c.forename, CURRENT.c.surname),
        is_restricted().label("restricted"),
        is_listed(child.c.id, scope),
    ]


def children(scope: Scope = EVERYTHING) -> Select:
    """One row a child that any file has named: `identity`, and `adviser`, `social_worker`, `area` as listed now."""
    officers = people(scope, CURRENT.c.adviser, CURRENT.c.social_worker)
    return (
        select(*identity(scope), *officers, *places(scope, CURRENT.c.area))
        .select_from(with_current(child, child.c.id))
        .where(in_scope(child.c.id, scope))
    )


def governing_enrolments(as_at: date, known_on: date | None, only: CTE | None = None) -> CTE:
    """Of the enrolments of each child (of `only`) that cover a day the one that governs it: main before others, then
    the latest start. `stated_year`: its year group, else that of the next one that states one."""
    row = enrolment
    main = case((func.coalesce(row.c.status, "").in_(("", "main")), 0), else_=1)
    order = (main, row.c.started_on.desc(), school.c.urn.desc())
    rank = func.row_number().over(partition_by=row.c.child_key, order_by=order)
    unstated = case((func.coalesce(row.c.year_group, "") == "", 1), else_=0)
    stated = func.first_value(row.c.year_group).over(partition_by=row.c.child_key, order_by=(unstated, *order))
    source = row if only is None else only.join(row, row.c.child_key == only.c.child_key)
    covering = (
        select(row, school.c.urn, rank.label("rank"), stated.label("stated_year"))
        .select_from(source.join(school, school.c.id == row.c.school_key))
        .where(known(row, known_on), row.c.started_on <= as_at, or_(row.c.ended_on.is_(None), row.c.ended_on >= as_at))
        .subquery("covering")
    )
    return select(covering).where(covering.c.rank == 1).cte("governing_enrolment")


def enrolments(known_on: date | None, scope: Scope = EVERYTHING, only: CTE | None = None) -> Select:
    """One row an enrolment (of the children of `only`): `child_key`, `urn`, `started_on`, `ended_on`, `year_group`,
    `sen`, `status`."""
    row = enrolment
    names = ("child_key", "started_on", "ended_on", "year_group", "sen", "status")
    source = row.join(school, school.c.id == row.c.school_key)
    return (
        select(*(row.c[name] for name in names), *places(scope, school.c.urn))
        .select_from(with_current(source, row.c.child_key))
        .where(known(row, known_on), in_scope(row.c.child_key, scope), among(row.c.child_key, only))
    )


def among(child_key: ColumnElement[int], only: CTE | None) -> ColumnElement[bool]:
    """A child is one of `only`, or any where that is None."""
    return true() if only is None else child_key.in_(select(only.c.child_key))


def governing_spans(as_at: date, known_on: date | None) -> CTE:
    """The care span that each child in care on a day is in, short breaks included."""
    span = care_spans(known_on)
    holds = and_(span.c.started_on <= as_at, or_(span.c.ended_on.is_(None), span.c.ended_on > as_at))
    return select(span).where(holds).cte("governing_span")


def births(known_on: date | None, scope: Scope = EVERYTHING, only: CTE | None = None) -> Select:
    """One row a known child (of `only`): `child_key`, `born_on` (children file, else SSDA903 header, else UASC)."""
    tables = [believed(table, known_on, ("child_key", "born_on"), only) for table in _BORN]
    source: FromClause = child
    for table in tables:
        source = source.outerjoin(table, table.c.child_key == child.c.id)
    born_on = func.coalesce(*(t.c.born_on for t in tables)).label("born_on")
    own = (in_scope(child.c.id, scope), among(child.c.id, only))
    return select(child.c.id.label("child_key"), born_on).select_from(source).where(*own)


_BORN = (child_details, ssda903_header, ssda903_uasc)


_DETAILS = ("child_key", "born_on", "sex", "ethnicity", "area", "in_county", "social_worker", "adviser")
_SCHOOL = ("school_key", "name", "la_name", "phase", "type", "ofsted_rating", "ofsted_inspected_on", "opened_on")


def roll(as_at: date, known_on: date | None, scope: Scope = EVERYTHING, only: CTE | None = None) -> Select:
    """One row a child mentioned by `known_on` (or in `only`, by `child_key`), with what holds on `as_at`.

    `identity`; `born_on`, `sex`, `ethnicity`, `area`, `in_county`, `social_worker`, `adviser`; of the enrolment that
    governs the day `urn`, `enrolled_from`, `stated_year`, `sen`, `designated_teacher`, `school_informed_on`; of its
    school `school`, `school_la`, `school_phase`, `school_type`, `ofsted_rating`, `ofsted_inspected_on`; of the episode
    that governs it `legal_status`, `placement`, `placement_provider`, `category_of_need`, `episode_from`;
    `is_unaccompanied_from_file` and `unaccompanied_until` (UASC file). What is told of a restricted child, and who
    works with it, stays empty for a viewer who may not know it, but for the days and codes that figures are made of;
    who works with any child for one who sees no names.
    """
    details = believed(child_details, known_on, _DETAILS, only)
    header = believed(ssda903_header, known_on, ("child_key", "born_on", "sex", "ethnicity"), only)
    uasc = believed(ssda903_uasc, known_on, ("child_key", "born_on", "ceased_on"), only)
    at, place = governing_enrolments(as_at, known_on, only), believed(school_details, known_on, _SCHOOL)
    care = governing_spans(as_at, known_on)
    source = with_current(child, child.c.id)
    for table in (details, header, uasc, at, care):
        source = source.outerjoin(table, table.c.child_key == child.c.id)
    source = source.outerjoin(place, place.c.school_key == at.c.school_key)
    wanted = mentioned(known_on) if only is None else child.c.id.in_(select(only.c.child_key))
    return (
        select(
            *identity(scope),
            *_attributes(details, header, uasc, scope),
            *_schooling(at, place, scope),
            *_care(care, scope),
        )
        .select_from(source)
        .where(wanted, in_scope(child.c.id, scope))
        .order_by(child.c.id)
    )


def _attributes(details: FromClause, header: FromClause, uasc: FromClause, scope: Scope) -> list[ColumnElement[Any]]:
    return [
        func.coalesce(details.c.born_on, header.c.born_on, uasc.c.born_on).label("born_on"),
        *places(
            scope,
            func.coalesce(details.c.sex, header.c.sex).label("sex"),
            func.coalesce(details.c.ethnicity, header.c.ethnicity).label("ethnicity"),
            details.c.area,
            details.c.in_county,
        ),
        *people(scope, details.c.social_worker, details.c.adviser),
        uasc.c.child_key.is_not(None).label("is_unaccompanied_from_file"),
        uasc.c.ceased_on.label("unaccompanied_until"),
    ]


def _schooling(at: CTE, place: FromClause, scope: Scope) -> list[ColumnElement[Any]]:
    where = {"school": "name", "school_la": "la_name", "school_phase": "phase", "school_type": "type"}
    its = [place.c[name].label(label) for label, name in where.items()]
    return [
        *places(scope, at.c.urn, *its, place.c.ofsted_rating, place.c.ofsted_inspected_on),
        *people(scope, at.c.designated_teacher),
        at.c.child_key.is_not(None).label("on_roll"),
        at.c.started_on.label("enrolled_from"),
        at.c.stated_year,
        at.c.status.label("enrolment_status"),
        *places(scope, at.c.sen),
        at.c.school_informed_on,
    ]


_OF_CARE = ("legal_status", "category_of_need", "placement", "placement_provider")


def _care(care: CTE, scope: Scope) -> list[ColumnElement[Any]]:
    return [
        care.c.short_break,
        *places(scope, *(care.c[name] for name in _OF_CARE)),
        care.c.started_on.label("episode_from"),
    ]

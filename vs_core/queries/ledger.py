"""The ledger of imports as the Data page shows it, what was noticed in files, and what they leave unknown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Label,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)

from vs_core.queries.knowledge import TYPED_IN, known
from vs_core.queries.pp_plus import requests_of_restricted
from vs_core.queries.scope import EVERYTHING, Scope, child_id, in_scope, is_listed, may_open, restricted_keys
from vs_core.rules.closed_days import PLANNED_CLOSURE
from vs_core.store.schema import (
    child,
    child_day,
    child_details,
    child_week,
    exclusion,
    import_ledger,
    metadata,
    pp_payment,
    pp_request,
    rejected_row,
    row_problem,
    school,
    school_details,
    ssda903_header,
)

COUNTS = ("rows_in", "inserted", "unchanged", "corrected", "rejected")
_ENTRY = ("id", "kind", "file_name", "encoding", "mapping", "known_on", "imported_at", "imported_by", *COUNTS)


def entries(kinds: Collection[str], limit: int, offset: int = 0) -> Select:
    """One row an entry, latest first: `id`, `kind`, `file_name`, `encoding`, `mapping`, `known_on`, `imported_at`,
    `imported_by`, counts, `ignored_columns`, `undoes`, `undone_by` (entries). Times are UTC."""
    undo = import_ledger.alias("undo")
    row = import_ledger.c
    return (
        select(*(row[name] for name in _ENTRY), row.ignored_columns, row.undoes, undo.c.id.label("undone_by"))
        .outerjoin(undo, undo.c.undoes == row.id)
        .where(row.kind.in_(kinds))
        .order_by(row.id.desc())
        .limit(limit)
        .offset(offset)
    )


def number_of_entries(kinds: Collection[str]) -> Select:
    """One row: `entries`."""
    return select(func.count().label("entries")).where(import_ledger.c.kind.in_(kinds))


def last_deliveries() -> Select:
    """One row a kind that has arrived and was not undone, its last delivery by the day it counts from (a refused row
    that somebody corrected is no delivery): `kind`, `id`, `file_name`, `known_on`, `imported_at`, `imported_by` and
    counts."""
    undo = import_ledger.alias("undo")
    row = import_ledger
    standing = and_(row.c.undoes.is_(None), row.c.encoding != TYPED_IN, ~exists().where(undo.c.undoes == row.c.id))
    rank = func.row_number().over(partition_by=row.c.kind, order_by=(row.c.known_on.desc(), row.c.id.desc()))
    ranked = select(row, rank.label("rank")).where(standing).subquery("ranked")
    names = ("kind", "id", "file_name", "known_on", "imported_at", "imported_by", *COUNTS)
    return select(*(ranked.c[name] for name in names)).where(ranked.c.rank == 1)


def sums() -> Select:
    """One row a kind: `kind`, `files` and the sums of their counts, `undone` (entries that undid one), `net_new` (rows
    that files added less those that undoing took away)."""
    row = import_ledger.c
    is_file = row.undoes.is_(None)
    of_files = [func.sum(case((is_file, row[name]), else_=0)).label(name) for name in COUNTS]
    net = func.sum(case((is_file, row.inserted), else_=-row.inserted))
    return select(
        row.kind,
        func.sum(case((is_file, 1), else_=0)).label("files"),
        *of_files,
        func.sum(case((is_file, 0), else_=1)).label("undone"),
        net.label("net_new"),
    ).group_by(row.kind)


def current_rows(tables: Collection[tuple[str, str]]) -> Select:
    """One row a (kind, table): `kind`, `current_rows` (believed now), `born_closed` (rows of late deliveries that a
    later day's rows had already replaced when they came, for good)."""
    return union_all(*(_rows_of(kind, name) for kind, name in tables))  # type: ignore[return-value]


@cache
def _rows_of(kind: str, name: str) -> Select:
    row = metadata.tables[name]
    before = row.alias("before")
    same = [before.c[key] == row.c[key] for key in row.info["key"]]
    took_its_place = exists().where(before.c.closed_by == row.c.import_id, *same)
    again, undoing = row.alias("again"), import_ledger.alias("undoing")
    went_on = exists().where(
        again.c.import_id == row.c.import_id,
        again.c.known_from > row.c.known_from,
        *(again.c[key] == row.c[key] for key in row.info["key"]),
        undoing.c.undoes == row.c.closed_by,
        undoing.c.id < row.c.import_id,
    )
    late = and_(row.c.closed_by < row.c.import_id, ~took_its_place, ~went_on)
    return select(
        literal(kind).label("kind"),
        func.coalesce(func.sum(case((row.c.known_to.is_(None), 1), else_=0)), 0).label("current_rows"),
        func.coalesce(func.sum(case((late, 1), else_=0)), 0).label("born_closed"),
    )


def marks_held() -> Select:
    """One row: `records` (child, day and school) and `marks` (half days) that are believed now, and `summed`, the marks
    of the weekly summary."""
    one = case((child_day.c.am.is_not(None), 1), else_=0) + case((child_day.c.pm.is_not(None), 1), else_=0)
    week = child_week
    summed = select(func.sum(week.c.possible_sessions + week.c.not_possible_sessions)).where(known(week, None))
    return select(
        func.count().label("records"),
        func.coalesce(func.sum(one), 0).label("marks"),
        func.coalesce(summed.scalar_subquery(), 0).label("summed"),
    ).where(known(child_day, None))


def number_until(table: str, column: str, until: date, without: str = "") -> Select:
    """One row: `rows` that are believed now and whose day is on or before `until`; `without`: a status left out."""
    row = metadata.tables[table]
    left_out = [or_(row.c.status.is_(None), row.c.status != without)] if without else []
    return select(func.count().label("rows")).where(known(row, None), row.c[column] <= until, *left_out)


def refused(kind: str) -> Select:
    """One row a refused row that waits: `id`, `import_id`, `file_name`, `known_on`, `row_number`, `cells` (JSON)."""
    row = rejected_row.c
    return (
        select(row.id, row.import_id, import_ledger.c.file_name, import_ledger.c.known_on, row.row_number, row.cells)
        .join(import_ledger, import_ledger.c.id == row.import_id)
        .where(row.kind == kind, row.state == "waiting")
        .order_by(row.id)
    )


def no_longer_waiting(limit: int) -> Select:
    """Refused rows that were taken in, overtaken or dismissed, the last ones first: `id`, `kind`, `row_number`,
    `file_name`, `known_on`, `state`, `resolved_by` (import), `resolved_file`."""
    row, resolved = rejected_row.c, import_ledger.alias("resolved")
    return (
        select(
            row.id,
            row.kind,
            row.row_number,
            import_ledger.c.file_name,
            import_ledger.c.known_on,
            row.state,
            row.resolved_by,
            resolved.c.file_name.label("resolved_file"),
        )
        .join(import_ledger, import_ledger.c.id == row.import_id)
        .outerjoin(resolved, resolved.c.id == row.resolved_by)
        .where(row.state != "waiting")
        .order_by(func.coalesce(row.resolved_by, row.import_id).desc(), row.id.desc())
        .limit(limit)
    )


def reasons(kind: str) -> Select:
    """One row a complaint about a refused row that waits: `rejected_row_id`, `column_name`, `rule`, `sentence`."""
    problem, row = row_problem.c, rejected_row.c
    return (
        select(problem.rejected_row_id, problem.column_name, problem.rule, problem.sentence)
        .join(rejected_row, row.id == problem.rejected_row_id)
        .where(row.kind == kind, row.state == "waiting", problem.severity == "rejected")
        .order_by(problem.id)
    )


def to_look_at(limit: int) -> Select:
    """Cells that were taken in and that a person should look at, of imports that stand, latest first: `import_id`,
    `kind`, `file_name`, `known_on`, `row_number`, `column_name`, `rule`, `sentence`."""
    return (
        _queries(
            import_ledger.c.id.label("import_id"),
            import_ledger.c.kind,
            import_ledger.c.file_name,
            import_ledger.c.known_on,
            *(row_problem.c[name] for name in ("row_number", "column_name", "rule", "sentence")),
        )
        .order_by(row_problem.c.id.desc())
        .limit(limit)
    )


def number_to_look_at() -> Select:
    """One row: `cells`."""
    return _queries(func.count().label("cells"))


def _queries(*columns: ColumnElement[Any]) -> Select:
    undo = import_ledger.alias("undo")
    standing = ~exists().where(undo.c.undoes == row_problem.c.import_id)
    closer_undone = exists().where(undo.c.undoes == row_problem.c.closed_by)
    still_open = or_(row_problem.c.closed_by.is_(None), closer_undone)
    return (
        select(*columns)
        .select_from(row_problem)
        .join(import_ledger, import_ledger.c.id == row_problem.c.import_id)
        .where(row_problem.c.severity == "query", row_problem.c.rejected_row_id.is_(None), standing, still_open)
    )


def children_without_details(scope: Scope = EVERYTHING) -> Select:
    """Children that files name and no list describes: `child_key`, `child_id`, `is_listed`, `kind`, `file_name`,
    `known_on` (of the file that named the child first)."""
    described = [
        exists().where(table.c.child_key == child.c.id, known(table, None)) for table in (child_details, ssda903_header)
    ]
    return (
        select(
            child.c.id.label("child_key"),
            child_id(scope),
            is_listed(child.c.id, scope),
            import_ledger.c.kind,
            import_ledger.c.file_name,
            import_ledger.c.known_on,
        )
        .join(import_ledger, import_ledger.c.id == child.c.import_id)
        .where(*(~each for each in described), in_scope(child.c.id, scope))
        .order_by(child.c.id)
    )


def schools_without_details() -> Select:
    """Schools that files have named and the list of schools does not: `urn`, `kind`, `file_name`, `known_on`."""
    described = exists().where(school_details.c.school_key == school.c.id, known(school_details, None))
    return (
        select(school.c.urn, import_ledger.c.kind, import_ledger.c.file_name, import_ledger.c.known_on)
        .join(import_ledger, import_ledger.c.id == school.c.import_id)
        .where(school.c.id != 0, ~described)
        .order_by(school.c.urn)
    )


def days_with_marks(start: date, end: date, scope: Scope = EVERYTHING) -> Select:
    """One row a day and school with marks, those of a planned closure left out: `day`, `urn`, `la`, `marks`. Restricted
    children count only for who may know where they are."""
    marks = sum((case((child_day.c[half] != PLANNED_CLOSURE, 1), else_=0) for half in ("am", "pm")), literal(0))
    return _by_day_and_school(child_day, child_day.c.day, func.sum(marks).label("marks"), start, end, scope)


def days_with_suspensions(start: date, end: date, scope: Scope = EVERYTHING) -> Select:
    """One row a day and school where suspensions or exclusions start: `day`, `urn`, `la`, `notices`. Restricted
    children count only for who may know where they are."""
    return _by_day_and_school(exclusion, exclusion.c.started_on, func.count().label("notices"), start, end, scope)


def _by_day_and_school(
    row: Table, day: ColumnElement[Any], number: Label[Any], start: date, end: date, scope: Scope
) -> Select:
    counted = (
        select(day.label("day"), row.c.school_key, number)
        .where(day.between(start, end), known(row, None), may_open(row.c.child_key, scope))
        .group_by(day, row.c.school_key)
        .subquery()
    )
    described = and_(school_details.c.school_key == counted.c.school_key, known(school_details, None))
    return (
        select(counted.c.day, school.c.urn, school_details.c.la_name.label("la"), counted.c[number.name])
        .join_from(counted, school, school.c.id == counted.c.school_key)
        .outerjoin(school_details, described)
    )


def school_names() -> Select:
    """`urn`, `name`, `la` of every school that is described."""
    row = school_details.c
    return select(school.c.urn, row.name, row.la_name.label("la")).join(
        school_details, and_(row.school_key == school.c.id, known(school_details, None))
    )


def numbers_of_restricted() -> Select:
    """What files have ever known the children by whose whereabouts are restricted now: `number`, of the child, its
    pupil number, those of its notices, requests and payments."""
    of_child = [child_details.c.upn, ssda903_header.c.upn, exclusion.c.notice_id, pp_request.c.request_id]
    found = [_number(child.c.child_id, child.c.id), *(_number(each, each.table.c.child_key) for each in of_child)]
    asked = requests_of_restricted()
    paid = select(pp_payment.c.payment_id.label("number")).where(pp_payment.c.request_id.in_(asked))
    return union(*found, paid)  # type: ignore[return-value]


def _number(column: Column[Any], child_key: ColumnElement[int]) -> Select:
    return select(column.label("number")).where(child_key.in_(restricted_keys()), column.is_not(None))

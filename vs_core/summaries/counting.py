"""How register marks are counted: every mark once, in the class that its code had on its day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
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
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)

from vs_core.rules.register import COUNTED_CLASSES, COUNTED_CODES
from vs_core.store import schema
from vs_core.store.tables_attendance import SESSION_COUNTS

counts_of_code = Table(
    "counts_of_code",
    MetaData(),
    Column("code", Text, nullable=False, index=True),
    Column("starts_on", Date),
    Column("ends_on", Date),
    *(Column(name, Integer, nullable=False) for name in SESSION_COUNTS),
    prefixes=["TEMPORARY"],
)


@contextmanager
def codes_at_hand(connection: Connection) -> Iterator[None]:
    """What one mark of each code adds to each count, as numbers, for as long as summaries are written."""
    counts_of_code.create(connection, checkfirst=False)
    listed = schema.register_code.c
    rows = connection.execute(select(listed.code, listed.starts_on, listed.ends_on, listed.statistical_class)).all()
    if rows:
        connection.execute(insert(counts_of_code), [_counts(row) for row in rows])
    yield
    counts_of_code.drop(connection)


def _counts(row: Any) -> dict[str, Any]:
    added = {name: int(row.code == code) for name, code in COUNTED_CODES.items()}
    added |= {name: int(row.statistical_class in classes) for name, classes in COUNTED_CLASSES.items()}
    return {"code": row.code, "starts_on": row.starts_on, "ends_on": row.ends_on, **added}


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


def counted(mark: Any, *groups: Any) -> Select[Any]:
    """The sums of SESSION_COUNTS over marks, by the given columns of them; inside `codes_at_hand`."""
    adds = counts_of_code.c
    dated = and_(
        adds.code == mark.c.code,
        or_(adds.starts_on.is_(None), adds.starts_on <= mark.c.day),
        or_(adds.ends_on.is_(None), adds.ends_on >= mark.c.day),
    )
    sums = (cast(func.sum(adds[name]), Integer).label(name) for name in SESSION_COUNTS)
    return select(*groups, *sums).join_from(mark, counts_of_code, dated).group_by(*groups)

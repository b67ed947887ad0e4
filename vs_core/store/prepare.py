"""A database made ready: its tables at the version of this product, its reference lists filled."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, insert, select

from vs_core.store import schema
from vs_core.store.engine import writing
from vs_core.store.reference import reference_rows


class SchemaProblem(RuntimeError):
    """The database has not the tables of this product's version; the text says what to do."""


def prepare(engine: Engine) -> None:
    """Create what is missing in an empty database and fill the reference lists that are empty."""
    with writing(engine) as connection:
        schema.metadata.create_all(connection)
        fill(connection)


def fill(connection: Connection) -> None:
    """Fill empty reference tables from `data/reference`, and the school that stands for 'not known'."""
    if not connection.execute(select(schema.school.c.id).where(schema.school.c.id == 0)).first():
        connection.execute(insert(schema.school).values(id=0, urn=""))
    for table, rows in reference_rows():
        if not connection.execute(select(func.count()).select_from(table)).scalar():
            connection.execute(insert(table), rows)

"""A database made ready: its tables at the version of this product, its reference lists filled."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from vs_core.store import migrating, schema
from vs_core.store.engine import reading, writing
from vs_core.store.reference import reference_rows, rows_of


class SchemaProblem(RuntimeError):
    """The database has not the tables of this product's version; the text says what to do."""


def prepare(engine: Engine) -> None:
    """Create the tables of an empty database, fill reference lists that are empty and add limits that it does not know.

    Raises SchemaProblem for a database of an older or newer version, or of somebody else; it stays as it is."""
    with reading(engine) as connection:
        ready = _is_current(connection) and not _unknown_limits(connection, rows_of(schema.threshold))
    if ready:
        return
    with writing(engine) as connection:
        if migrating.is_empty(connection):
            migrating.upgrade(connection)
        fill(connection)


def migrate(engine: Engine) -> str:
    """Bring a database of an older version to this product's. Returns the version that it had.

    Raises SchemaProblem for a newer database or one of somebody else; it stays as it is."""
    with writing(engine) as connection:
        before = migrating.version(connection) or "none"
        if before == "none" and not migrating.is_empty(connection):
            raise _foreign()
        if before not in {*migrating.known_versions(), "none"}:
            raise _newer(before)
        migrating.upgrade(connection)
        fill(connection)
    return before


def _is_current(connection: Connection) -> bool:
    """Whether the tables are there; False for an empty database. Raises SchemaProblem for any other."""
    if migrating.is_empty(connection):
        return False
    found = migrating.version(connection)
    if found == migrating.newest():
        return True
    if found is None:
        raise _foreign()
    if found not in migrating.known_versions():
        raise _newer(found)
    raise SchemaProblem(
        f"The database is at version {found}, this product needs {migrating.newest()}. Back it up, then run:"
        " python -m vs_core migrate"
    )


def _foreign() -> SchemaProblem:
    return SchemaProblem("The database holds tables that are not this product's. Name an empty database.")


def _newer(found: str) -> SchemaProblem:
    return SchemaProblem(
        f"The database is at version {found}, which this product does not know: it is newer. Update the product."
    )


def fill(connection: Connection) -> None:
    """Fill empty reference tables from `data/reference`, and the school that stands for 'not known'. Limits that the
    database has under no name are added: this product's version may rest on more of them than the last."""
    if not connection.execute(select(schema.school.c.id).where(schema.school.c.id == 0)).first():
        connection.execute(insert(schema.school).values(id=0, urn=""))
    for table, rows in reference_rows():
        if not connection.execute(select(func.count()).select_from(table)).scalar():
            connection.execute(insert(table), rows)
        elif table is schema.threshold:
            _add_unknown_limits(connection, rows)


def _add_unknown_limits(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if unknown := _unknown_limits(connection, rows):
        connection.execute(insert(schema.threshold), unknown)


def _unknown_limits(connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    held = set(connection.scalars(select(schema.threshold.c.name)))
    return [row for row in rows if row["name"] not in held]

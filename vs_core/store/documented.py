"""Whether a database has the tables and columns that its documentation promises."""

from __future__ import annotations

from sqlalchemy import Connection, inspect

from vs_core.store.schema import metadata


def undocumented(connection: Connection) -> list[str]:
    """Sentences on tables and columns that differ from the documented ones; none when all is well."""
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    told = [f"The table {name} is missing." for name in sorted(metadata.tables.keys() - there)]
    for name in sorted(metadata.tables.keys() & there):
        columns = {column["name"]: column["nullable"] for column in inspector.get_columns(name)}
        promised = {column.name: column.nullable for column in metadata.tables[name].c}
        told += [f"{name}.{column} is missing." for column in promised.keys() - columns.keys()]
        told += [f"{name}.{column} is not documented." for column in columns.keys() - promised.keys()]
        differ = [column for column in promised.keys() & columns.keys() if promised[column] != columns[column]]
        told += [f"{name}.{column} may be empty where it must not, or the reverse." for column in differ]
    return told

"""Whether a database has the tables and columns that its documentation promises."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, String, Text, inspect

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


def tables_as_markdown() -> str:
    """The tables with the meaning of each column, as they stand in `data/README.md`."""
    told = []
    for table in sorted(metadata.tables.values(), key=lambda table: table.name):
        key = ", ".join(table.info.get("key", tuple(column.name for column in table.primary_key)))
        told += [f"### {table.name}", "", f"{table.comment}. Key: {key}.", "", "| column | type | empty | meaning |"]
        told += ["| --- | --- | --- | --- |", *(_line(column) for column in table.c), ""]
    return "\n".join(told)


def _line(column: Column[Any]) -> str:
    target = next((f" → {key.target_fullname}" for key in column.foreign_keys), "")
    kind = "text" if isinstance(column.type, Text | String) else _kind(column)
    meaning = (column.comment or "").replace("|", "\\|")
    return f"| {column.name} | {kind}{target} | {'yes' if column.nullable else 'no'} | {meaning} |"


def _kind(column: Column[Any]) -> str:
    return {"BIGINT": "whole number", "INTEGER": "whole number", "SMALLINT": "whole number"}.get(
        str(column.type), str(column.type).lower()
    )

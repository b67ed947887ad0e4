"""What is known is never overwritten: a row that says something new closes the old one and takes its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, Date, RowMapping, Table, and_, bindparam, or_, select, update

from vs_core.intake.identities import chunks
from vs_core.store.bulk import insert_rows

Key = tuple[Any, ...]
Values = dict[str, Any]
Outcome = Literal["inserted", "unchanged", "corrected"]
KNOWLEDGE = ("import_id", "known_from", "closed_by", "known_to")


@dataclass(frozen=True)
class Version:
    """One row of a versioned table. identity: its primary key; values: its columns without key and knowledge."""

    identity: tuple[Any, ...]
    values: Values
    import_id: int
    known_from: date
    closed_by: int | None
    known_to: date | None


@dataclass(frozen=True)
class Held:
    """What a table holds of one key on the day of the import: the row believed then, and when a later one begins."""

    now: Version | None
    later: Version | None


def key_of(table: Table) -> tuple[str, ...]:
    return tuple(table.info["key"])


def value_columns(table: Table) -> list[str]:
    """The columns that are neither key, nor number of the row, nor knowledge."""
    skipped = {*key_of(table), *KNOWLEDGE, "id"}
    return [column.name for column in table.c if column.name not in skipped]


def held(connection: Connection, table: Table, keys: Iterable[Key], known_on: date) -> dict[Key, Held]:
    """What is held of these keys, as believed on `known_on` and later."""
    wanted = set(keys)
    versions: dict[Key, list[Version]] = defaultdict(list)
    names = key_of(table)
    position = names.index("child_key") if "child_key" in names else 0
    alive = or_(table.c.known_to.is_(None), table.c.known_to > known_on)
    for some in chunks({key[position] for key in wanted}):
        chosen = and_(table.c[names[position]].in_(some), alive, *_between(table, wanted))
        for row in connection.execute(select(table).where(chosen)).mappings():
            key = tuple(row[name] for name in names)
            if key in wanted:
                versions[key].append(_version(table, row))
    return {key: _at(found, known_on) for key, found in versions.items()}


def _between(table: Table, keys: set[Key]) -> list[Any]:
    """Conditions that keep the dates of the key within those asked for."""
    conditions = []
    for position, name in enumerate(key_of(table)):
        if isinstance(table.c[name].type, Date):
            days = [key[position] for key in keys]
            conditions.append(table.c[name].between(min(days), max(days)))
    return conditions


def _version(table: Table, row: RowMapping) -> Version:
    return Version(
        tuple(row[column.name] for column in table.primary_key),
        {name: row[name] for name in value_columns(table)},
        *(row[name] for name in KNOWLEDGE),
    )


def _at(versions: list[Version], known_on: date) -> Held:
    before = [version for version in versions if version.known_from <= known_on]
    after = [version for version in versions if version.known_from > known_on]
    return Held(before[0] if before else None, min(after, key=lambda version: version.known_from, default=None))


def write(
    connection: Connection, table: Table, rows: Mapping[Key, Values], import_id: int, known_on: date
) -> dict[Key, Outcome]:
    """Bring rows in, by key: values of columns that a row does not name stay as they were held."""
    before = held(connection, table, rows, known_on)
    columns = value_columns(table)
    nothing = {name: 0 if name == "school_key" else None for name in columns}
    outcomes: dict[Key, Outcome] = {}
    closing: list[Version] = []
    opening: list[tuple[Any, ...]] = []
    for key, given in rows.items():
        was = before.get(key, Held(None, None))
        old = was.now.values if was.now else nothing
        new = {**old, **given}
        if was.now and new == old:
            outcomes[key] = "unchanged"
            continue
        outcomes[key] = "corrected" if was.now else "inserted"
        closing += [was.now] if was.now else []
        opening.append((*key, *(new[name] for name in columns), import_id, known_on, *_end(was)))
    close(connection, table, closing, import_id, known_on)
    insert_rows(connection, table, (*key_of(table), *columns, *KNOWLEDGE), opening)
    return outcomes


def _end(was: Held) -> tuple[int | None, date | None]:
    if was.now:
        return was.now.closed_by, was.now.known_to
    return (was.later.import_id, was.later.known_from) if was.later else (None, None)


def close(connection: Connection, table: Table, versions: Sequence[Version], import_id: int, known_on: date) -> None:
    """Close rows: from `known_on` they are no longer believed."""
    if not versions:
        return
    identity = list(table.primary_key)
    statement = (
        update(table)
        .where(*(column == bindparam(f"pk_{column.name}") for column in identity))
        .values(known_to=known_on, closed_by=import_id)
    )
    connection.execute(
        statement,
        [
            {f"pk_{column.name}": value for column, value in zip(identity, version.identity, strict=True)}
            for version in versions
        ],
    )

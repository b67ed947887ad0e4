"""What is known is never overwritten: a row that says something new closes the old one and takes its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, Date, RowMapping, Table, and_, bindparam, func, or_, select, update

from vs_core.intake import repeats
from vs_core.intake.identities import chunks
from vs_core.store import schema
from vs_core.store.bulk import insert_rows

Key = tuple[Any, ...]
Values = dict[str, Any]
Outcome = Literal["inserted", "unchanged", "corrected"]
KNOWLEDGE = ("import_id", "known_from", "closed_by", "known_to")


@dataclass(frozen=True)
class Version:
    """One row of a versioned table. identity: its primary key; number: of the row, among those of its import or in the
    table; values: its columns without key and knowledge; taken_back: an undoing closed it."""

    identity: tuple[Any, ...]
    number: int
    values: Values
    import_id: int
    known_from: date
    closed_by: int | None
    known_to: date | None
    taken_back: bool = False


@dataclass(frozen=True)
class Held:
    """What a table holds of one key on the day of the import: the row believed then, and when a later one begins.
    resumes: the first day from then on at which an undoing took a row back."""

    now: Version | None
    later: Version | None
    resumes: date | None = None


def key_of(table: Table) -> tuple[str, ...]:
    return tuple(table.info["key"])


def value_columns(table: Table) -> list[str]:
    """The columns that are neither key, nor number of the row, nor knowledge."""
    skipped = {*key_of(table), *KNOWLEDGE, "id", "number"}
    return [column.name for column in table.c if column.name not in skipped]


def held(connection: Connection, table: Table, keys: Iterable[Key], known_on: date) -> dict[Key, Held]:
    """What is held of these keys, as believed on `known_on` and later."""
    wanted = set(keys)
    versions: dict[Key, list[Version]] = defaultdict(list)
    names = key_of(table)
    undoings = _undoings(connection)
    position = names.index("child_key") if "child_key" in names else 0
    alive = or_(table.c.known_to.is_(None), table.c.known_to > known_on)
    for some in chunks({key[position] for key in wanted}):
        chosen = and_(table.c[names[position]].in_(some), alive, *_between(table, wanted))
        for row in connection.execute(select(table).where(chosen)).mappings():
            key = tuple(row[name] for name in names)
            if key in wanted:
                versions[key].append(version_of(table, row, undoings))
    return {key: _at(found, known_on) for key, found in versions.items()}


def _undoings(connection: Connection) -> frozenset[int]:
    row = schema.import_ledger.c
    return frozenset(connection.scalars(select(row.id).where(row.undoes.is_not(None))))


def _between(table: Table, keys: set[Key]) -> list[Any]:
    """Conditions that keep the dates of the key within those asked for."""
    conditions = []
    for position, name in enumerate(key_of(table)):
        if isinstance(table.c[name].type, Date):
            days = [key[position] for key in keys]
            conditions.append(table.c[name].between(min(days), max(days)))
    return conditions


def version_of(table: Table, row: RowMapping, undoings: frozenset[int] = frozenset()) -> Version:
    return Version(
        tuple(row[column.name] for column in table.primary_key),
        row["number" if "number" in table.c else "id"],
        {name: row[name] for name in value_columns(table)},
        row["import_id"],
        row["known_from"],
        row["closed_by"],
        row["known_to"],
        row["closed_by"] in undoings,
    )


def _at(versions: list[Version], known_on: date) -> Held:
    before = [version for version in versions if version.known_from <= known_on]
    after = [version for version in versions if version.known_from > known_on]
    resumes = [version.known_to for version in versions if version.taken_back and version.known_to]
    later = min(after, key=lambda version: version.known_from, default=None)
    return Held(before[0] if before else None, later, min(resumes, default=None))


def write(
    connection: Connection,
    table: Table,
    rows: Mapping[Key, Values],
    import_id: int,
    known_on: date,
    *,
    more: bool = False,
    said_on: date | None = None,
) -> dict[Key, Outcome]:
    """Bring rows in, by key: values of columns that a row does not name stay as they were held. `more`: the import has
    written rows of this table before; said_on: the day from which its file counts as known, when that is another."""
    before = held(connection, table, rows, known_on)
    columns = value_columns(table)
    nothing = {name: 0 if name == "school_key" else None for name in columns}
    outcomes: dict[Key, Outcome] = {}
    closing: list[Version] = []
    opening: list[tuple[Any, ...]] = []
    repeated: list[repeats.Repeat] = []
    for key, given in rows.items():
        was = before.get(key, Held(None, None))
        old = was.now.values if was.now else nothing
        new = {**old, **given}
        if was.now and new == old:
            outcomes[key] = "unchanged"
            repeated.append((was.now.import_id, was.now.number, repeats.halves_of(given)))
            continue
        outcomes[key] = "corrected" if was.now else "inserted"
        closing += [was.now] if was.now else []
        opening.append((*key, *(new[name] for name in columns), import_id, known_on, *_end(was)))
    close(connection, table, closing, import_id, known_on)
    insert_versions(connection, table, opening, next_number(connection, table, import_id) if more and opening else 0)
    repeats.record(connection, import_id, repeated)
    return outcomes | _said_again(connection, table, rows, before, import_id, said_on or known_on)


def insert_versions(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], first_number: int) -> None:
    """Insert rows in the order of key, values and knowledge; where a table numbers them, from `first_number` on."""
    names = (*key_of(table), *value_columns(table), *KNOWLEDGE)
    if "number" in table.c:
        insert_rows(connection, table, (*names, "number"), [(*row, at) for at, row in enumerate(rows, first_number)])
    else:
        insert_rows(connection, table, names, rows)


def next_number(connection: Connection, table: Table, import_id: int) -> int:
    """The number that the next row of an import takes, in a table that numbers them."""
    if "number" not in table.c:
        return 0
    highest = connection.scalar(select(func.max(table.c.number)).where(table.c.import_id == import_id))
    return 0 if highest is None else highest + 1


def _said_again(
    connection: Connection,
    table: Table,
    rows: Mapping[Key, Values],
    before: dict[Key, Held],
    import_id: int,
    said_on: date,
) -> dict[Key, Outcome]:
    """A late delivery of rows that an undoing has taken back since says them also from that day on, unless what has
    been believed from then on comes from a file of a later day."""
    by_day: dict[date, dict[Key, Values]] = defaultdict(dict)
    for key, was in before.items():
        if was.resumes:
            by_day[was.resumes][key] = rows[key]
    outcomes: dict[Key, Outcome] = {}
    for day, taken_back in sorted(by_day.items()):
        at = held(connection, table, taken_back, day)
        known = _known_on(connection, {was.now.import_id for was in at.values() if was.now})
        later = {key for key, was in at.items() if was.now and known[was.now.import_id] > said_on}
        due = {key: given for key, given in taken_back.items() if key not in later}
        if due:
            outcomes |= write(connection, table, due, import_id, day, more=True, said_on=said_on)
        if later:
            waiting = {key: at[key] for key in later}
            outcomes |= _said_again(connection, table, rows, waiting, import_id, said_on)
    return outcomes


def _known_on(connection: Connection, imports: set[int]) -> dict[int, date]:
    row = schema.import_ledger.c
    found: dict[int, date] = {}
    for some in chunks(imports):
        found |= {
            one.id: one.known_on for one in connection.execute(select(row.id, row.known_on).where(row.id.in_(some)))
        }
    return found


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

"""What is still known of some rows without the import that said them: what other files, which stand, have said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from vs_core.intake import repeats
from vs_core.intake.repeats import Repeats
from vs_core.intake.versions import (
    Key,
    Values,
    Version,
    insert_versions,
    key_of,
    next_number,
    value_columns,
    version_of,
)
from vs_core.store import schema


@dataclass(frozen=True)
class Known:
    """What will be known of a key. values: with the import that said them; was: the version that it was before, None
    for a row that is handed over to a later import; closed_by: a later import that changes it at once;
    repeated_by: later imports that said the same, with half days; also_by: those that had repeated `was`."""

    key: Key
    values: Values
    import_id: int
    was: Version | None = None
    closed_by: int | None = None
    repeated_by: dict[int, int] = field(default_factory=dict)
    also_by: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Remaining:
    """closing: how many rows are no longer believed; known: what is known in their place."""

    closing: int
    known: tuple[Known, ...]

    @property
    def believed(self) -> list[Known]:
        return [known for known in self.known if known.closed_by is None]

    @property
    def gone(self) -> int:
        """Rows that nobody else has said as they were."""
        return self.closing - self.handed_over.total()

    @property
    def earlier(self) -> int:
        return sum(known.was is not None for known in self.believed)

    @property
    def handed_over(self) -> Counter[int]:
        """How many rows stay because a later import repeated them, by import."""
        return Counter(known.import_id for known in self.believed if known.was is None)


def alive(table: FromClause, day: date) -> ColumnElement[bool]:
    return or_(table.c.known_to.is_(None), table.c.known_to > day)


def undone() -> Select[Any]:
    """Numbers of the imports that were undone."""
    ledger = schema.import_ledger.c
    return select(ledger.undoes).where(ledger.undoes.is_not(None))


def remaining(connection: Connection, table: Table, import_id: int, day: date) -> Remaining:
    """What is believed from `day` on when an import is undone. Nothing is written."""
    own = _by_key(connection, table, select(table).where(table.c.import_id == import_id, alive(table, day)))
    earlier, elsewhere = _others(connection, table, import_id, day)
    said_again = Repeats(connection, {import_id, *(version.import_id for version in earlier.values())})
    given = _given_columns(connection) if said_again else {}
    back = {
        key: Known(key, was.values, was.import_id, was, also_by=said_again.by(was.import_id, was.number))
        for key, was in earlier.items()
        if key not in elsewhere
    }
    chains = {
        key: _said_again(table, key, version, back.get(key), by, given)
        for key, version in own.items()
        if key not in elsewhere and (by := said_again.by(version.import_id, version.number))
    }
    others = _moved_all_the_same(table, {key: known for key, known in back.items() if key not in chains}, chains)
    return Remaining(len(own), (*others, *(known for chain in chains.values() for known in chain)))


def _by_key(connection: Connection, table: Table, chosen: Select[Any]) -> dict[Key, Version]:
    names = key_of(table)
    return {tuple(row[name] for name in names): version_of(table, row) for row in connection.execute(chosen).mappings()}


def _others(connection: Connection, table: Table, import_id: int, day: date) -> tuple[dict[Key, Version], set[Key]]:
    """Of the keys that an import wrote or closed: the latest version of other standing imports that is no longer
    believed, and the keys of which another version is believed."""
    own = table.alias("own")
    touched = or_(and_(own.c.import_id == import_id, alive(own, day)), own.c.closed_by == import_id)
    keys = select(*(own.c[name] for name in key_of(table))).where(touched).distinct().subquery("touched")
    same = and_(*(_same(table.c[name], keys.c[name]) for name in key_of(table)))
    others = select(table).join(keys, same).where(table.c.import_id != import_id, table.c.import_id.not_in(undone()))
    latest: dict[Key, Version] = {}
    believed: set[Key] = set()
    for row in connection.execute(others).mappings():
        key, version = tuple(row[name] for name in key_of(table)), version_of(table, row)
        if version.known_to is None or version.known_to > day:
            believed.add(key)
        elif key not in latest or _age(latest[key]) < _age(version):
            latest[key] = version
    return latest, believed


def _same(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    return one.is_not_distinct_from(other) if getattr(one, "nullable", False) else one == other


def _age(version: Version) -> tuple[date, int, int]:
    return version.known_from, version.import_id, version.number


def _given_columns(connection: Connection) -> dict[int, tuple[str, ...]]:
    row = schema.import_ledger.c
    return {
        one.id: tuple(one.given_columns.split(", ")) for one in connection.execute(select(row.id, row.given_columns))
    }


def _said_again(
    table: Table,
    key: Key,
    version: Version,
    under: Known | None,
    by: dict[int, int],
    given: dict[int, tuple[str, ...]],
) -> list[Known]:
    """What later imports said of a key, one after the other, over what was known before; the last one is believed."""
    chain = [under] if under else []
    for import_id, halves in by.items():
        before = chain[-1].values if chain else _nothing(table)
        said = (name for name in given[import_id] if name in before and repeats.speaks_of(name, halves))
        values = before | {name: version.values[name] for name in said}
        if chain and values == before:
            chain[-1].repeated_by[import_id] = halves
            continue
        chain = [*chain[:-1], *(replace(last, closed_by=import_id) for last in chain[-1:])]
        chain.append(Known(key, values, import_id))
    return chain


def _nothing(table: Table) -> Values:
    return {name: 0 if name == "school_key" else None for name in value_columns(table)}


def _moved_all_the_same(table: Table, back: dict[Key, Known], chains: dict[Key, list[Known]]) -> list[Known]:
    """Of marks without a school those stay closed of which a later file, too, has named the school."""
    if table is not schema.child_day:
        return list(back.values())
    named = {key[:2]: chain[-1].import_id for key, chain in chains.items()}
    return [
        replace(known, closed_by=named[key[:2]]) if key[2] == 0 and key[:2] in named else known
        for key, known in back.items()
    ]


def bring_back(connection: Connection, table: Table, known: Iterable[Known], day: date) -> None:
    """Write what is believed from `day` on. Versions that were known from that very day are opened again."""
    new: list[Known] = []
    again: dict[int, list[repeats.Repeat]] = defaultdict(list)
    for one in known:
        if one.was and (one.closed_by or one.was.known_from == day):
            _in_place(connection, table, one, one.was)
            for import_id, halves in one.repeated_by.items():
                again[import_id].append((one.was.import_id, one.was.number, halves))
        else:
            new.append(one)
    _insert(connection, table, new, day)
    numbers = _numbers(connection, table, new, day)
    for one in new:
        for import_id, halves in (one.also_by | one.repeated_by).items():
            again[import_id].append((one.import_id, numbers[one.key, one.import_id], halves))
    for import_id, repeated in again.items():
        repeats.record(connection, import_id, repeated)


def _in_place(connection: Connection, table: Table, one: Known, was: Version) -> None:
    same = and_(*(column == value for column, value in zip(table.primary_key, was.identity, strict=True)))
    until = was.known_to if one.closed_by else None
    connection.execute(update(table).where(same).values(known_to=until, closed_by=one.closed_by))


def _insert(connection: Connection, table: Table, new: list[Known], day: date) -> None:
    by_import: dict[int, list[Known]] = defaultdict(list)
    for one in new:
        by_import[one.import_id].append(one)
    for import_id, known in by_import.items():
        rows = [
            (*one.key, *(one.values[name] for name in value_columns(table)), import_id, day, *_end(one, day))
            for one in known
        ]
        number = next_number(connection, table, import_id)
        _clear(connection, table, known, day)
        insert_versions(connection, table, rows, number)


def _end(one: Known, day: date) -> tuple[int | None, date | None]:
    return (one.closed_by, day) if one.closed_by else (None, None)


def _clear(connection: Connection, table: Table, known: list[Known], day: date) -> None:
    """Where the key, the import and the day tell rows apart: make way for one never believed by a day's end."""
    if "id" in table.c:
        return
    names = (*key_of(table), "import_id")
    never = delete(table).where(table.c.known_from == day, table.c.known_to == day)
    one = never.where(*(table.c[name] == bindparam(f"of_{name}") for name in names))
    keys = [dict(zip((f"of_{name}" for name in names), (*each.key, each.import_id), strict=True)) for each in known]
    if keys:
        connection.execute(one, keys)


def _numbers(connection: Connection, table: Table, new: list[Known], day: date) -> dict[tuple[Key, int], int]:
    """The numbers of the new rows that others have repeated, by key and import."""
    owners = {one.import_id for one in new if one.also_by or one.repeated_by}
    if not owners:
        return {}
    written = select(table).where(table.c.import_id.in_(owners), table.c.known_from == day)
    found: dict[tuple[Key, int], int] = {}
    for row in connection.execute(written).mappings():
        place = tuple(row[name] for name in key_of(table)), row["import_id"]
        found[place] = max(found.get(place, 0), version_of(table, row).number)
    return found

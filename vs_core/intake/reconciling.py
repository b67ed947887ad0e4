"""Whether file = ledger = tables: every row of every table has an import, and the counts of the ledger are there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, Subquery, Table, and_, func, or_, select

from vs_core.intake.kinds import KINDS
from vs_core.intake.versions import key_of
from vs_core.store import schema


def unreconciled(connection: Connection) -> list[str]:
    """Sentences on what does not agree between ledger and tables; none when all is well."""
    ledger, told = schema.import_ledger.c, []
    kinds = dict(connection.execute(select(ledger.id, ledger.kind)).all())
    written = dict(connection.execute(select(ledger.id, ledger.inserted + ledger.corrected)).all())
    for kind in KINDS.values():
        counted = select(kind.table.c.import_id, func.count()).group_by(kind.table.c.import_id)
        rows: dict[int, int] = dict(connection.execute(counted).all())
        told += [
            f"{kind.table.name} holds rows of import {number}, which is of kind {kinds[number]}."
            for number in rows
            if kinds[number] != kind.name
        ]
        if rows and kind.name != "attendance":
            own = {row[0]: row[1] for row in connection.execute(_brought(kind.table))}
            told += [
                f"Import {number} ({kind.name}) counts {written[number]} rows written, its table holds {count}."
                for number, count in own.items()
                if count > written[number]
            ]
    table = schema.rejected_row.c
    refused = connection.execute(
        select(table.import_id, func.count())
        .join_from(schema.rejected_row, schema.import_ledger, ledger.id == table.import_id)
        .group_by(table.import_id, ledger.rejected)
        .having(or_(func.count() > ledger.rejected))
    ).all()
    return told + [f"Import {row[0]} keeps more refused rows than it counts." for row in refused]


def _brought(table: Table) -> Select[Any]:
    """`import_id` and the number of rows that it brought itself: without those that an undoing gave it later."""
    ledger, gone = schema.import_ledger, _gone_by_undoing(table)
    by_undoing = [gone.c[name] == table.c[name] for name in key_of(table)]
    by_undoing += [gone.c.known_to == table.c.known_from, gone.c.undoes != table.c.import_id]
    source = table.join(ledger, ledger.c.id == table.c.import_id).outerjoin(gone, and_(*by_undoing))
    return (
        select(table.c.import_id, func.count())
        .select_from(source)
        .where(table.c.known_from == ledger.c.known_on, gone.c.undoes.is_(None))
        .group_by(table.c.import_id)
    )


def _gone_by_undoing(table: Table) -> Subquery:
    """The rows that an undoing closed, and of which import it was. Few, and read once: looked for row by row, a large
    table would be read as often as it has rows."""
    undoing, before = schema.import_ledger, table.alias()
    names = [before.c[name] for name in (*key_of(table), "known_to")]
    joined = before.join(undoing, before.c.closed_by == undoing.c.id)
    return select(*names, undoing.c.undoes).select_from(joined).where(undoing.c.undoes.is_not(None)).subquery()

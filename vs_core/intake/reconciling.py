"""Whether file = ledger = tables: every row of every table has an import, and the counts of the ledger are there."""

from __future__ import annotations

from sqlalchemy import Connection, func, or_, select

from vs_core.intake.kinds import KINDS
from vs_core.intake.versions import key_of
from vs_core.store import schema


def unreconciled(connection: Connection) -> list[str]:
    """Sentences on what does not agree between ledger and tables; none when all is well."""
    ledger, told = schema.import_ledger.c, []
    kinds = dict(connection.execute(select(ledger.id, ledger.kind)).all())
    said = ledger.inserted + ledger.corrected + ledger.unchanged
    written = dict(connection.execute(select(ledger.id, said)).all())
    for kind in KINDS.values():
        keys = (
            select(kind.table.c.import_id, *(kind.table.c[name] for name in key_of(kind.table))).distinct().subquery()
        )
        counted = select(keys.c.import_id, func.count()).group_by(keys.c.import_id)
        rows: dict[int, int] = dict(connection.execute(counted).all())
        told += [
            f"{kind.table.name} holds rows of import {number}, which is of kind {kinds[number]}."
            for number in rows
            if kinds[number] != kind.name
        ]
        if kind.name != "attendance":
            told += [
                f"Import {number} ({kind.name}) says {written[number]} rows, its table holds {count}."
                for number, count in rows.items()
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

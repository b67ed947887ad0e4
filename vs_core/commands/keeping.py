"""backup and restore: the whole database in one SQLite file, whatever server it lives on."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DatabaseError

from vs_core.access import trail
from vs_core.commands.arguments import caller, ready_engine
from vs_core.intake.problems import FileProblem
from vs_core.intake.readiness import SHIPPED_BY
from vs_core.store import access_tables, migrating, schema
from vs_core.store.copying import copy_all, row_counts
from vs_core.store.engine import engine, engine_for, engine_for_reading, reading, writing
from vs_core.store.prepare import migrate, prepare


def add_to(commands: Any) -> None:
    parser = commands.add_parser("backup", help="write the whole database to one file, while it is in use")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.set_defaults(run=run_backup)
    parser = commands.add_parser("restore", help="fill a new, empty database from a backup")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.set_defaults(run=run_restore)
    parser = commands.add_parser("migrate", help="bring the database of an older version of the dashboard to this one")
    parser.set_defaults(run=run_migrate)


def run_backup(args: argparse.Namespace, _today: date) -> int:
    """0 when the copy has been read back and is whole."""
    if args.file.exists():
        raise FileProblem(f"{args.file} exists already; a backup overwrites nothing.")
    source = ready_engine()
    part = args.file.with_name(args.file.name + ".part")
    part.unlink(missing_ok=True)
    target = engine_for(f"sqlite:///{part}")
    prepare(target)
    copied = copy_all(source, target)
    target.dispose()
    _as_one_file(part)
    _check_whole(part, copied)
    part.rename(args.file)
    print(f"Wrote {args.file}: {sum(copied.values()):,} rows of {len(copied)} tables, read back and whole.")
    return 0


def run_restore(args: argparse.Namespace, _today: date) -> int:
    """0 when every row of the backup stands in the database."""
    if not args.file.exists():
        raise FileProblem(f"There is no file {args.file}.")
    source, target = _backup(args.file), engine()
    prepare(target)
    with reading(target) as connection:
        if _in_use(connection):
            raise FileProblem(
                "A backup is restored into a new database, and this one is in use. Name a new one in VS_DATABASE_URL."
            )
    copied = copy_all(source, target)
    source.dispose()
    if _counts(target) != copied:
        raise FileProblem("The restored database does not hold what the backup holds.")
    with writing(target) as connection:
        trail.record(connection, caller(), "restore", args.file.name, {"rows": sum(copied.values())})
    print(f"Restored {args.file}: {sum(copied.values()):,} rows of {len(copied)} tables.")
    return 0


def _backup(file: Path) -> Engine:
    """An engine on a backup that is whole and of this product's version; the file stays as it is, byte for byte.
    Raises FileProblem, SchemaProblem."""
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size:
        raise FileProblem(f"{file.name} is a database in use, not a backup: {log.name} lies beside it. Make a backup.")
    source = engine_for_reading(file)
    try:
        with reading(source) as connection:
            is_ours = migrating.version(connection) is not None
    except DatabaseError as error:
        raise FileProblem(f"{file.name} is not a whole backup.") from error
    if not is_ours:
        raise FileProblem(f"{file.name} is not a backup of this dashboard.")
    prepare(source)
    _check_whole(file, _counts(source))
    return source


def _in_use(connection: Connection) -> bool:
    """Whether anybody has been let in, done anything, or taken in a file that the product does not ship with."""
    own = schema.import_ledger.c.imported_by != SHIPPED_BY
    done = (
        select(schema.import_ledger).where(own),
        select(access_tables.audit_event),
        select(access_tables.user_account),
    )
    return any(connection.execute(select(one.exists())).scalar() for one in done)


def run_migrate(_args: argparse.Namespace, _today: date) -> int:
    """0 when the database is at this product's version."""
    before = migrate(engine())
    print(f"The database was at version {before} and is at {migrating.newest()} now.")
    return 0


def _counts(engine: Any) -> dict[str, int]:
    with reading(engine) as connection:
        return row_counts(connection)


def _check_whole(file: Path, counts: dict[str, int]) -> None:
    source = engine_for_reading(file)
    try:
        with reading(source) as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            found = row_counts(connection)
    except DatabaseError as error:
        raise FileProblem(f"{file.name} is not a whole backup.") from error
    finally:
        source.dispose()
    if said != "ok" or broken or found != counts:
        raise FileProblem(f"{file.name} is not a whole backup.")


def _as_one_file(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")

"""import, undo: take one file in and print what became of it; take an import back."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from vs_core.casework.imports import import_on_the_trail, undoing_on_the_trail
from vs_core.commands.arguments import a_date, a_number, caller, ready_engine
from vs_core.intake import take_in
from vs_core.intake.kinds import KINDS
from vs_core.intake.mapping import read_mapping
from vs_core.intake.undo import undo
from vs_core.settings import settings


def add_to(commands: Any) -> None:
    parser = commands.add_parser("import", help="take one file in")
    parser.add_argument("kind", metavar="KIND", choices=sorted(KINDS), help=", ".join(KINDS))
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="check and reconcile, keep nothing")
    parser.add_argument("--encoding", help="of a CSV file; without it UTF-8, else windows-1252")
    parser.add_argument("--sheet", help="of an Excel workbook with several")
    parser.add_argument("--mapping", help="a TOML file with the council's own column names and codes")
    parser.add_argument("--known-on", type=a_date, help="day from which the rows count as known, for a late delivery")
    parser.set_defaults(run=run_import)
    parser = commands.add_parser("undo", help="take an import back")
    parser.add_argument("import_id", metavar="NUMBER", type=a_number, help="number of the import in the ledger")
    parser.set_defaults(run=run_undo)


def run_import(args: argparse.Namespace, today: date) -> int:
    """0 when no row was rejected, 1 when some or all were."""
    known_on = args.known_on or today
    told = take_in(
        ready_engine(),
        args.kind,
        args.file,
        known_on=known_on,
        by=caller(),
        dry_run=args.dry_run,
        encoding=args.encoding,
        mapping=read_mapping(_mapping_path(args.mapping)) if args.mapping else None,
        sheet=args.sheet,
        today=today,
        also=import_on_the_trail(caller(), args.kind, known_on),
    )
    print(*told.lines(), sep="\n")
    return 1 if told.counts.rejected else 0


def _mapping_path(name: str) -> Path:
    given = Path(name)
    return given if given.exists() else settings().mapping_folder / given.with_suffix(".toml").name


def run_undo(args: argparse.Namespace, today: date) -> int:
    """0; a wrong number is a misuse."""
    also = undoing_on_the_trail(caller(), args.import_id)
    print(undo(ready_engine(), args.import_id, by=caller(), known_on=today, also=also))
    return 0

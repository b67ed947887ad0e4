"""check: the database against its schema, the summaries against the marks, the ledger against the tables."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from vs_core import summaries
from vs_core.access import trail
from vs_core.commands.arguments import ready_engine
from vs_core.intake.documented import kinds_as_markdown
from vs_core.intake.reconciling import unreconciled
from vs_core.store.documented import tables_as_markdown, undocumented
from vs_core.store.engine import reading, rehearsing, writing


def add_to(commands: Any) -> None:
    parser = commands.add_parser("check", help="compare database, schema and summaries")
    parser.add_argument("--rebuild", action="store_true", help="count every summary anew from the marks, and keep it")
    parser.add_argument("--document", action="store_true", help="print files and tables as data/README.md lists them")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, _today: date) -> int:
    """0 when all is well, 1 when something differs."""
    if args.document:
        print(kinds_as_markdown(), "## Tables", "", tables_as_markdown(), sep="\n")
        return 0
    engine = ready_engine()
    with reading(engine) as connection:
        told = undocumented(connection)
    if not told:
        if args.rebuild:
            _rebuild(engine)
        with reading(engine) as connection:
            told = [*unreconciled(connection), *_broken_trail(connection)]
        told += _summary_differences(engine)
    print(*(told or ["Schema, ledger, tables and summaries agree."]), sep="\n")
    return 1 if told else 0


def _broken_trail(connection: Connection) -> list[str]:
    event = trail.first_broken(connection)
    return [] if event is None else [f"The trail of what people did was changed: event {event} does not follow."]


def _rebuild(engine: Engine) -> None:
    with writing(engine) as connection:
        summaries.rebuild(connection)
    print("Every summary was counted anew.")


def _summary_differences(engine: Engine) -> list[str]:
    with rehearsing(engine) as connection:
        return summaries.differences(connection)

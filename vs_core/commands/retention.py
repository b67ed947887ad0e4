"""retention: how long each record of the door is kept, and the deletion of what is due."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date
from typing import Any

from vs_core.access import retention
from vs_core.commands.arguments import caller, ready_engine
from vs_core.settings import settings
from vs_core.store.engine import reading


def add_to(commands: Any) -> None:
    parser = commands.add_parser("retention", help="how long records of the door are kept; deletes what is due")
    parser.add_argument("--dry-run", action="store_true", help="say what is due and delete nothing")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, today: date) -> int:
    """0 when nothing is due any more. The server does the same at its start and once a day."""
    engine, rules = ready_engine(), settings()
    if args.dry_run:
        with reading(engine) as connection:
            number = retention.due(connection, rules, today)
    else:
        number = Counter()
        for what, deleted in retention.delete_due(engine, caller(), rules, today):
            number[what] += deleted
    for rule in retention.schedule(rules, today):
        said = "due" if args.dry_run else "deleted"
        print(f"{rule.what}\tkept {rule.kept}\t{number.get(rule.what, 0):,} {said}\n  {rule.why}")
    return 0

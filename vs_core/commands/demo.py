"""demo: build the invented authority."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from vs_core.commands.arguments import a_date, ready_engine
from vs_core.demo import build, progress
from vs_core.demo.progress import Asked
from vs_core.intake.problems import FileProblem
from vs_core.settings import settings


def add_to(commands: Any) -> None:
    parser = commands.add_parser("demo", help="build the invented authority in an empty database")
    parser.add_argument("--full", action="store_true", help="with daily marks of the children with a social worker")
    parser.add_argument("--size", choices=build.SIZES, help="county without it")
    parser.add_argument("--as-at", type=a_date, help="the day that the invented data runs up to; without it, today")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, today: date) -> int:
    """0 when it is built; one that was broken off is finished; a database with data of its own is refused."""
    if not settings().demo:
        raise FileProblem("The demo is built only where VS_DEMO is set or no VS_DATABASE_URL is.")
    engine = ready_engine()
    usual = progress.unfinished(engine) or Asked(today)
    build.build(
        engine,
        as_at=args.as_at or usual.as_at,
        size=args.size or usual.size,
        full=args.full or usual.full,
        progress=sys.stderr.write,
    )
    return 0

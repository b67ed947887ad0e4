"""demo: build the invented authority."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from vs_core.commands.arguments import a_date
from vs_core.demo import build
from vs_core.intake.problems import FileProblem
from vs_core.intake.readiness import make_ready
from vs_core.settings import settings
from vs_core.store.engine import engine


def add_to(commands: Any) -> None:
    parser = commands.add_parser("demo", help="build the invented authority in an empty database")
    parser.add_argument("--full", action="store_true", help="with daily marks of the children with a social worker")
    parser.add_argument("--size", choices=build.SIZES, default="county")
    parser.add_argument("--as-at", type=a_date, help="the day that the invented data runs up to; without it, today")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, today: date) -> int:
    """0 when it is built; a database with data of its own is refused."""
    if not settings().demo:
        raise FileProblem("The demo is built only where VS_DEMO is set or no VS_DATABASE_URL is.")
    make_ready(engine())
    if build.holds_data(engine()):
        raise FileProblem("This database holds data already; the demo is built in an empty one.")
    build.build(engine(), as_at=args.as_at or today, size=args.size, full=args.full, progress=sys.stderr.write)
    return 0

"""bench: how long the product's main jobs take on this machine, and how much memory."""

from __future__ import annotations

import argparse
import lzma
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from vs_core.commands import bench_forecast, bench_pages, bench_sign_in
from vs_core.intake import take_in
from vs_core.intake.problems import FileProblem
from vs_core.settings import ROOT
from vs_core.store.engine import engine_for, reading
from vs_core.store.migrating import is_empty
from vs_core.store.prepare import prepare

REAL = ROOT / "tests" / "real_data"
MARKS = REAL / "attendance_essex_cla_2024-25" / "sessions.csv.xz"
SCHOOLS = REAL / "schools" / "schools_gias_2025-07.csv.xz"


def add_to(commands: Any) -> None:
    parser = commands.add_parser("bench", help="measure speed, in a new database")
    parser.add_argument("--marks", type=Path, default=MARKS, help="a file of register marks to take in")
    parser.add_argument(
        "--schools", type=Path, default=SCHOOLS, help="an extract of the national school list to take in"
    )
    parser.add_argument(
        "--database",
        help="an empty database to measure in, which is filled and not thrown away; without it, a new SQLite file. "
        "With --pages a database at county size, of which a copy is measured; without it, one is made",
    )
    parser.add_argument(
        "--sign-in", action="store_true", help="measure instead how long tries to sign in take, known names and unknown"
    )
    parser.add_argument(
        "--pages",
        metavar="VIEW",
        nargs="?",
        const="",
        help="measure instead every view of the Attendance and Triage pages, or those whose address holds VIEW: their "
        "queries, on the server and in Chromium, against the same pages built the usual way",
    )
    parser.add_argument(
        "--forecast",
        action="store_true",
        help="instead of speed, how far the forecast of Pupil Premium Plus missed in financial years that are over: a "
        "table in Markdown. With --database one that holds data, only read; without it, the demo authority",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, today: date) -> int:
    """0; prints seconds and the highest memory of the process. A database that holds anything is refused."""
    if args.pages is not None:
        return bench_pages.measure(args.database, today, args.pages)
    if args.forecast:
        return bench_forecast.measure(args.database, today)
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(args.database or f"sqlite:///{folder}/bench.db")
        _must_be_empty(engine)
        prepare(engine)
        if args.sign_in:
            bench_sign_in.measure(engine)
            return 0
        for kind, given in (("attendance", args.marks), ("schools", args.schools)):
            file = _unpacked(given, Path(folder))
            what = f"{kind} from {file.name} into {engine.dialect.name}"
            _timed(what, lambda kind=kind, file=file: _rows(engine, kind, file, today))  # type: ignore[misc]
        engine.dispose()
    return 0


def _must_be_empty(engine: Engine) -> None:
    with reading(engine) as connection:
        if not is_empty(connection):
            raise FileProblem("bench measures in an empty database, and this one holds tables already. Name a new one.")


def _unpacked(file: Path, folder: Path) -> Path:
    if file.suffix != ".xz":
        return file
    plain = folder / file.stem
    with lzma.open(file) as packed, plain.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    return plain


def _rows(engine: Engine, kind: str, file: Path, today: date) -> str:
    return f"{take_in(engine, kind, file, known_on=today, by='bench').counts.rows_in:,} rows"


def _timed(what: str, job: Callable[[], str]) -> None:
    start = time.perf_counter()
    said = job()
    seconds = time.perf_counter() - start
    print(f"{what}: {said} in {seconds:.2f} s{_memory()}")


def _memory() -> str:
    """The highest memory of this process so far; nothing where the system does not tell."""
    if sys.platform == "win32":
        return ""
    import resource

    return f", {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most so far"

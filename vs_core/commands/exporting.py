"""export: the current rows of any KIND in the layout they came in, or the refused rows that wait."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from vs_core.access import trail
from vs_core.commands.arguments import a_date, caller, ready_engine
from vs_core.intake.kinds import KINDS
from vs_core.intake.layout import csv_file, current_rows, header_of, xlsx_file
from vs_core.intake.ledger import REJECTED_ROW
from vs_core.intake.problems import FileProblem
from vs_core.queries.rejected import waiting_rows
from vs_core.store.engine import reading, writing

REJECTED = "rejected:"
WRITERS = {".csv": csv_file, ".xlsx": xlsx_file}


def add_to(commands: Any) -> None:
    parser = commands.add_parser("export", help="write the rows of a KIND, or the refused rows, to a file")
    what = [*KINDS, *(f"{REJECTED}{kind}" for kind in KINDS)]
    parser.add_argument(
        "what", metavar="WHAT", choices=what, help=f"a KIND, or {REJECTED}KIND for the refused rows that wait"
    )
    parser.add_argument("--as-at", type=a_date, help="the rows as they were known on a day")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a file that ends in .csv or .xlsx")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, _today: date) -> int:
    """0; the file is written whole."""
    write = WRITERS.get(args.out.suffix.lower())
    if write is None:
        raise FileProblem(f"The file {args.out.name} must end in .csv or .xlsx.")
    engine = ready_engine()
    with reading(engine) as connection:
        header, rows = _table(connection, args.what, args.as_at)
        content = write(header, rows)
    _keep(args.out, content)
    with writing(engine) as connection:
        trail.record(connection, caller(), "export", args.what, {"file": args.out.name})
    print(f"Wrote {args.out}.")
    return 0


def _table(connection: Connection, what: str, as_at: date | None) -> tuple[list[str], Any]:
    if what.startswith(REJECTED):
        return _refused(connection, what.removeprefix(REJECTED))
    return header_of(KINDS[what]), current_rows(connection, KINDS[what], as_at)


def _refused(connection: Connection, kind: str) -> tuple[list[str], list[list[str]]]:
    """Refused rows as they came, with their number, so that the corrected file tells which it mends."""
    found = [(row.id, json.loads(row.cells), row.reasons) for row in connection.execute(waiting_rows(kind))]
    names = list(dict.fromkeys(name for _, cells, _ in found for name in cells))
    rows = [[*(cells.get(name, "") for name in names), str(number), reasons] for number, cells, reasons in found]
    return [*names, REJECTED_ROW, "why it was refused"], rows


def _keep(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise FileProblem(f"The file {path.name} cannot be written: {error.strerror}.") from error

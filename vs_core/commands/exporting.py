"""export: rows of any KIND in the layout they came in, the list behind a figure, the refused rows, or a report."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from vs_core.access import trail
from vs_core.commands.arguments import a_date, caller, ready_engine
from vs_core.figures import SUBJECTS, behind, compute
from vs_core.intake.kind import REJECTED_ROW, WHY_REFUSED
from vs_core.intake.kinds import KINDS
from vs_core.intake.layout import csv_file, current_rows, header_of, xlsx_file
from vs_core.intake.problems import FileProblem
from vs_core.queries.rejected import waiting_rows
from vs_core.reports.asked import Asked
from vs_core.reports.catalogue import REPORTS
from vs_core.rules.frame import Frame
from vs_core.settings import settings
from vs_core.store.engine import retried, writing

REJECTED = "rejected:"
WRITERS = {".csv": csv_file, ".xlsx": xlsx_file}


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "export", help="write rows of a KIND, the list behind a figure, refused rows or a report to a file"
    )
    parser.add_argument(
        "what",
        metavar="WHAT",
        help=f"a KIND; a figure with a list, as attendance.persistently_absent; {REJECTED}KIND for refused rows; "
        f"a report: {', '.join(REPORTS)}",
    )
    parser.add_argument("--as-at", type=a_date, help="rows of a KIND as known on a day; a figure or report as at a day")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="a file that ends in .csv or .xlsx, a report's in .pdf, .docx or .xlsx",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, today: date) -> int:
    """0; the file is written whole."""
    content = _maker(args.what, args.out, args.as_at, today)
    engine = ready_engine()
    _keep(args.out, retried(content, engine))
    with writing(engine) as connection:
        trail.record(connection, caller(), "export", args.what, {"file": args.out.name})
    print(f"Wrote {args.out}.")
    return 0


def _maker(what: str, out: Path, as_at: date | None, today: date) -> Callable[[Connection], bytes]:
    """What makes the file's bytes. Raises FileProblem where the file's ending is not one for them."""
    suffix = out.suffix.lower()
    if what in REPORTS:
        _must_end(out, REPORTS[what].suffix)
        asked = Asked(as_at or today, authority=settings().authority)
        return lambda connection: REPORTS[what].content(connection, asked)
    _must_end(out, *WRITERS)
    return lambda connection: WRITERS[suffix](*_table(connection, what, as_at, today))


def _must_end(out: Path, *endings: str) -> None:
    if out.suffix.lower() not in endings:
        raise FileProblem(f"The file {out.name} must end in {' or '.join(endings)}.")


def _table(connection: Connection, what: str, as_at: date | None, today: date) -> tuple[list[str], Any]:
    if what in KINDS:
        return header_of(KINDS[what]), current_rows(connection, KINDS[what], as_at)
    if what.removeprefix(REJECTED) in KINDS:
        return _refused(connection, what.removeprefix(REJECTED))
    subject, _, key = what.partition(".")
    if subject not in SUBJECTS:
        raise FileProblem(
            f"'{what}' is neither a KIND, nor {REJECTED}KIND, nor a figure, nor a report. "
            f"The kinds: {', '.join(KINDS)}. The reports: {', '.join(REPORTS)}."
        )
    return _behind(connection, subject, key, as_at or today)


def _behind(connection: Connection, subject: str, key: str, as_at: date) -> tuple[list[str], list[list[str]]]:
    """The rows that a figure of the subject's usual period counts."""
    answer = compute(connection, subject, Frame.for_subject(subject, as_at))
    try:
        rows = behind(answer, key)
    except KeyError as error:
        raise FileProblem(f"{subject} has no figure '{key}' with a list behind it. See: figures --describe.") from error
    shown = rows[[name for name in rows.columns if not str(name).endswith("_key")]]
    return [str(name) for name in shown.columns], [
        [_text(cell) for cell in row] for row in shown.itertuples(index=False)
    ]


def _text(cell: Any) -> str:
    return "" if cell is None or cell != cell else str(cell)


def _refused(connection: Connection, kind: str) -> tuple[list[str], list[list[str]]]:
    """Refused rows as they came, with their number, so that the corrected file tells which it mends."""
    found = [(row.id, json.loads(row.cells), row.reasons) for row in connection.execute(waiting_rows(kind))]
    names = list(dict.fromkeys(name for _, cells, _ in found for name in cells))
    rows = [[*(cells.get(name, "") for name in names), str(number), reasons] for number, cells, reasons in found]
    return [*names, REJECTED_ROW, WHY_REFUSED], rows


def _keep(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise FileProblem(f"The file {path.name} cannot be written: {error.strerror}.") from error

"""export: rows of any KIND in the layout they came in, the list behind a figure, the refused rows, or a report."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from vs_core.access import trail
from vs_core.commands.arguments import a_date, caller, ready_engine
from vs_core.commands.in_place import put_in_place
from vs_core.figures import SUBJECTS, behind, compute
from vs_core.intake.kinds import KINDS
from vs_core.intake.layout import csv_file, current_rows, header_of, xlsx_file
from vs_core.intake.problems import FileProblem
from vs_core.intake.refused import as_table
from vs_core.queries.rejected import waiting, waiting_rows
from vs_core.reports.asked import Asked
from vs_core.reports.catalogue import REPORTS
from vs_core.rules.frame import Frame
from vs_core.rules.listed import MARK, listed
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
    parser.add_argument(
        "--as-at",
        type=a_date,
        metavar="DATE",
        help="without what happened or began later (a figure, a report: today); of a KIND whole rows by their own day, "
        "which these have: " + ", ".join(name for name, kind in KINDS.items() if kind.happens_on),
    )
    parser.add_argument("--known-on", type=a_date, metavar="DATE", help="as it was known by the end of a day (now)")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="a file that ends in .csv or .xlsx, a report's in .pdf, .docx or .xlsx",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, today: date) -> int:
    """0; the file is written whole, or there is nothing to write."""
    content = _maker(args, today)
    engine = ready_engine()
    if _none_waits(args.what, engine):
        print(f"No refused row of {args.what.removeprefix(REJECTED)} waits: nothing was written.")
        return 0
    _keep(args, retried(content, engine), engine)
    print(f"Wrote {args.out}.")
    if args.as_at and args.what in KINDS and not KINDS[args.what].happens_on:
        print(f"Rows of {args.what} have no day of their own: --as-at left none out.")
    return 0


def _keep(args: argparse.Namespace, content: bytes, engine: Engine) -> None:
    """The file and its record in the trail stand or fall together."""
    days = {"as_at": args.as_at, "known_on": args.known_on}
    with put_in_place(args.out, content) as put, writing(engine) as connection:
        detail = {"file": args.out.name} | {name: str(day) for name, day in days.items() if day}
        trail.record(connection, caller(), "export", args.what, detail)
        put()


def _none_waits(what: str, engine: Engine) -> bool:
    kind = what.removeprefix(REJECTED)
    if kind == what or kind not in KINDS:
        return False
    return not retried(lambda connection: connection.execute(waiting([kind])).all(), engine)


def _maker(args: argparse.Namespace, today: date) -> Callable[[Connection], bytes]:
    """What makes the file's bytes. Raises FileProblem where the file's ending is not one for them."""
    what, suffix = args.what, args.out.suffix.lower()
    if what in REPORTS:
        _must_end(args.out, REPORTS[what].suffix)
        asked = Asked(args.as_at or today, args.known_on, settings().authority)
        return lambda connection: REPORTS[what].content(connection, asked)
    _must_end(args.out, *WRITERS)
    if what.startswith(REJECTED) and (args.as_at or args.known_on):
        raise FileProblem("Refused rows are those that wait now: leave out --as-at and --known-on.")
    return lambda connection: WRITERS[suffix](*_table(connection, args, today))


def _must_end(out: Path, *endings: str) -> None:
    if out.suffix.lower() not in endings:
        raise FileProblem(f"The file {out.name} must end in {' or '.join(endings)}.")


def _table(connection: Connection, args: argparse.Namespace, today: date) -> tuple[list[str], Any]:
    what = args.what
    if what in KINDS:
        return header_of(KINDS[what]), current_rows(connection, KINDS[what], args.known_on, args.as_at)
    if what.removeprefix(REJECTED) in KINDS:
        return _refused(connection, what.removeprefix(REJECTED))
    subject, _, key = what.partition(".")
    if subject not in SUBJECTS:
        raise FileProblem(
            f"'{what}' is neither a KIND, nor {REJECTED}KIND, nor a figure, nor a report. "
            f"The kinds: {', '.join(KINDS)}. The reports: {', '.join(REPORTS)}."
        )
    return _behind(connection, Frame.for_subject(subject, args.as_at or today, args.known_on), subject, key)


def _behind(connection: Connection, frame: Frame, subject: str, key: str) -> tuple[list[str], list[list[str]]]:
    """The rows that a figure of the subject's usual period counts."""
    answer = compute(connection, subject, frame)
    try:
        rows = behind(answer, key)
    except KeyError as error:
        raise FileProblem(f"{subject} has no figure '{key}' with a list behind it. See: figures --describe.") from error
    shown = listed(rows)[[name for name in rows.columns if name != MARK and not str(name).endswith("_key")]]
    return [str(name) for name in shown.columns], [
        [_text(cell) for cell in row] for row in shown.itertuples(index=False)
    ]


def _text(cell: Any) -> str:
    return "" if cell is None or cell != cell else str(cell)


def _refused(connection: Connection, kind: str) -> tuple[list[str], list[list[str]]]:
    found = connection.execute(waiting_rows(kind))
    return as_table(kind, [(row.id, json.loads(row.cells), row.reasons) for row in found])

"""figures: every headline figure, as a table or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection

from vs_core.commands.arguments import a_date, ready_engine
from vs_core.figures import SUBJECTS, SubjectFigures, compute
from vs_core.figures.describe import as_json, describe
from vs_core.rules.frame import COHORTS, Frame
from vs_core.rules.pp_plus import pounds
from vs_core.store.engine import retried


def add_to(commands: Any) -> None:
    parser = commands.add_parser("figures", help="print every headline figure")
    parser.add_argument("subject", nargs="?", choices=SUBJECTS, metavar="SUBJECT", help=f"one of {', '.join(SUBJECTS)}")
    parser.add_argument("--as-at", type=a_date, metavar="DATE", help="cut by when things happened (today)")
    parser.add_argument("--known-on", type=a_date, metavar="DATE", help="cut by when we knew them (now)")
    parser.add_argument("--from", dest="start", type=a_date, metavar="DATE", help="first day of the period")
    parser.add_argument("--to", dest="end", type=a_date, metavar="DATE", help="last day of the period")
    parser.add_argument("--cohort", choices=COHORTS, default="in care", help="whom to count (in care)")
    parser.add_argument("--while-in-care", action="store_true", help="leave out sessions outside the cohort")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--describe", action="store_true", help="print what each figure means, and stop")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, today: date) -> int:
    """0. Raises FrameError when the frame cannot be."""
    if args.describe:
        _print(_described(args))
        return 0
    frames = {subject: _frame(args, subject, today) for subject in _subjects(args)}
    answers = retried(lambda connection: _computed(connection, frames), ready_engine())
    _print([json.dumps(as_json(answers), indent=1, ensure_ascii=False)] if args.json else _tables(answers))
    return 0


def _subjects(args: argparse.Namespace) -> list[str]:
    return [args.subject] if args.subject else list(SUBJECTS)


def _frame(args: argparse.Namespace, subject: str, today: date) -> Frame:
    return Frame.for_subject(
        subject, args.as_at or today, args.known_on, args.start, args.end, args.cohort, args.while_in_care
    )


def _computed(connection: Connection, frames: dict[str, Frame]) -> list[SubjectFigures]:
    return [compute(connection, subject, frame) for subject, frame in frames.items()]


def _described(args: argparse.Namespace) -> list[str]:
    rows = [row for row in describe() if not args.subject or row[0].startswith(f"{args.subject}.")]
    if args.json:
        return [
            json.dumps([dict(zip(("key", "meaning", "rule", "source"), row, strict=True)) for row in rows], indent=1)
        ]
    return [f"{key}\n  {meaning}\n  Rule: {rule}\n  Source: {source}" for key, meaning, rule, source in rows]


def _tables(answers: list[SubjectFigures]) -> Iterator[str]:
    for answer in answers:
        frame = answer.frame
        known = f", as known on {frame.known_on:%d/%m/%Y}" if frame.known_on else ""
        period = f"{frame.start:%d/%m/%Y} to {frame.end:%d/%m/%Y}, as at {frame.as_at:%d/%m/%Y}"
        yield f"{answer.subject}: {frame.cohort}, {period}{known}"
        for key, value in answer.flat.items():
            yield f"  {key:<46} {_text(answer, key, value)}"
        yield ""


def _text(answer: SubjectFigures, key: str, value: Any) -> str:
    if value is None:
        return f"- {answer.notes.get(key, 'nothing to take a share of')}"
    if key.endswith("_pence"):
        return pounds(value)
    return f"{value:.1f}%" if key.endswith("_percent") else str(value)


def _print(lines: Iterable[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")

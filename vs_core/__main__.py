"""`python -m vs_core COMMAND`: take files in, print figures, export, keep the database and its people."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from vs_core.commands import bench, check, demo, exporting, figures, importing, keeping, people, retention, serving
from vs_core.intake.problems import FileProblem
from vs_core.rules.excel import TooLargeForExcel
from vs_core.rules.frame import FrameError
from vs_core.settings import SettingError, settings
from vs_core.store.file_rights import open_to_others
from vs_core.store.prepare import SchemaProblem
from vs_core.store.trouble import trouble, unforeseen

COMMANDS = (importing, figures, exporting, demo, people, keeping, retention, check, bench, serving)
MISUSE = 2
UNFORESEEN = 70  # EX_SOFTWARE of sysexits.h
SENTENCES = (FileProblem, FrameError, SettingError, SchemaProblem, TooLargeForExcel)
"""Errors whose text is a sentence for whoever made the call."""


def parser() -> argparse.ArgumentParser:
    """A parser of all; a command's `run` takes the arguments and today's date and returns the exit status."""
    made = argparse.ArgumentParser("python -m vs_core", description=__doc__)
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)
    return made


def main(argv: list[str] | None = None) -> int:
    """Run one command. Exit status: what the command says; 2 when the call itself is wrong or the database cannot be
    used; 70 when something unforeseen went wrong, never 1, which tells of rejected rows."""
    args = parser().parse_args(argv)
    today = datetime.now(UTC).astimezone().date()
    try:
        _warn()
        return int(args.run(args, today))
    except SENTENCES as problem:
        print(problem, file=sys.stderr)
    except Exception as error:
        said = trouble(error) if isinstance(error, SQLAlchemyError) else None
        if said is None:
            return _unforeseen(error)
        print(said, file=sys.stderr)
    return MISUSE


def _warn() -> None:
    """A command goes on where the dashboard would not start: whoever runs it may be about to close the file."""
    with suppress(SettingError):
        rules = settings()
        if not rules.demo and (wide := open_to_others(rules.database_url)):
            print(wide, file=sys.stderr)


def _unforeseen(error: Exception) -> int:
    reference, where = unforeseen(error)
    print(f"Something went wrong that this program did not foresee. Reference: {reference}", file=sys.stderr)
    print(f"Error {reference}: {where}", file=sys.stderr)
    return UNFORESEEN


if __name__ == "__main__":
    sys.exit(main())

"""`python -m vs_core COMMAND`: take files in, print figures, export, keep the database and its people."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from vs_core.commands import bench, check, demo, exporting, figures, importing, keeping, people, serving
from vs_core.intake.problems import FileProblem
from vs_core.settings import SettingError
from vs_core.store.engine import trouble
from vs_core.store.prepare import SchemaProblem

COMMANDS = (importing, figures, exporting, demo, people, keeping, check, bench, serving)
MISUSE = 2


def parser() -> argparse.ArgumentParser:
    """A parser of all; a command's `run` takes the arguments and today's date and returns the exit status."""
    made = argparse.ArgumentParser("python -m vs_core", description=__doc__)
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)
    return made


def main(argv: list[str] | None = None) -> int:
    """Run one command. Exit status: what the command says; 2 when the call itself is wrong."""
    args = parser().parse_args(argv)
    today = datetime.now(UTC).astimezone().date()
    try:
        return int(args.run(args, today))
    except (FileProblem, SettingError, SchemaProblem) as problem:
        print(problem, file=sys.stderr)
    except SQLAlchemyError as error:
        print(trouble(error), file=sys.stderr)
    return MISUSE


if __name__ == "__main__":
    sys.exit(main())

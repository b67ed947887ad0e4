"""Arguments that several commands share."""

from __future__ import annotations

import argparse
import getpass
from datetime import date

from sqlalchemy import Engine

from vs_core.intake.readiness import make_ready
from vs_core.store.engine import engine

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
LARGEST_NUMBER = 2**31 - 1  # of a row in either database


def a_date(text: str) -> date:
    """A date argument, as 2026-11-23 or 23/11/2026, of a year for which a figure can be asked."""
    for form in (date.fromisoformat, _british):
        try:
            found = form(text)
        except ValueError:
            continue
        if EARLIEST <= found <= LATEST:
            return found
        raise argparse.ArgumentTypeError(f"'{text}' is not between {EARLIEST} and {LATEST}")
    raise argparse.ArgumentTypeError(f"'{text}' is not a date such as 2026-11-23")


def a_number(text: str) -> int:
    """The number of something in the database."""
    if text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST_NUMBER:
        return int(text)
    raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to {LARGEST_NUMBER}")


def _british(text: str) -> date:
    day, month, year = text.split("/")
    return date(int(year), int(month), int(day))


def ready_engine() -> Engine:
    """The engine of the settings' database, its tables at this product's version. Raises SchemaProblem."""
    make_ready(engine())
    return engine()


def caller() -> str:
    """Who runs the command, for the ledger and the trail."""
    return f"command line ({getpass.getuser()})"

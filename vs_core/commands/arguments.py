"""Arguments that several commands share."""

from __future__ import annotations

import argparse
import getpass
from datetime import date

from sqlalchemy import Engine

from vs_core.intake.readiness import make_ready
from vs_core.store.engine import engine


def a_date(text: str) -> date:
    """A date argument, as 2026-11-23 or 23/11/2026."""
    for form in (date.fromisoformat, _british):
        try:
            return form(text)
        except ValueError:
            continue
    raise argparse.ArgumentTypeError(f"'{text}' is not a date such as 2026-11-23")


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

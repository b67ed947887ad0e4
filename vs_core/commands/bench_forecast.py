"""bench --forecast: how far the forecast of Pupil Premium Plus would have missed in years that are over."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from vs_core.demo.build import build
from vs_core.figures import pp_back_test, pp_forecast
from vs_core.rules.frame import Frame
from vs_core.rules.pp_back_test import USED, table
from vs_core.store.engine import engine_for, reading


def measure(database: str | None, today: date) -> int:
    """0; prints the table. database: the address of one that is only read; without it the invented county is built and
    thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(database or _county(Path(folder), today))
        try:
            with reading(engine) as connection:
                for line in table(list(pp_back_test.cases(connection, today))):
                    print(line)
                print(f"- Used on {today:%-d %B %Y}: {_used(connection, today)}.")
        finally:
            engine.dispose()
    return 0


def _used(connection: Connection, today: date) -> str:
    of = pp_forecast.forecast(connection, Frame.for_subject("pp-plus", today))
    if of is None:
        return "no forecast, because requests or payments have not arrived"
    tried = ", ".join(f"{USED[method]} missed £{pence / 100:,.0f}" for method, pence in of.held.missed)
    days = f" (on {of.held.both} days of the years before, in the mean {tried})" if tried else ""
    return f"{USED[of.method]}{days}"


def _county(folder: Path, today: date) -> str:
    url = f"sqlite:///{folder / 'county.db'}"
    engine = engine_for(url)
    build(engine, today, folder=folder / "files")
    engine.dispose()
    return url

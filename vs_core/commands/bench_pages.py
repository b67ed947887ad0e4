"""bench --pages: how quick the views of the Attendance and Triage pages are, at county size."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path

from vs_core.demo.build import build
from vs_core.intake.problems import FileProblem
from vs_core.store.engine import engine_for

MEASURED_BY = "tests.bench.pages"
KEEPS_ANSWERS = "streamlit.runtime.caching.cache_data_api"
"""Warns of each function whose answers it keeps that no server runs in this process."""


def measure(database: str | None, today: date, only: str) -> int:
    """0; prints a line for each view and limit. database: its address, else the invented county is built at full size.

    What measures stands with the tests, because it starts the server, a PostgreSQL and a browser as they do. Raises
    FileProblem where that is not installed."""
    with _without_warnings(KEEPS_ANSWERS):
        try:
            pages = import_module(MEASURED_BY)
        except ModuleNotFoundError as error:
            raise FileProblem(
                f"The pages are measured by what the tests use, and {error.name} is not here: call this in a checkout, "
                "after `pip install -r requirements-dev.txt`."
            ) from error
        with tempfile.TemporaryDirectory() as folder:
            for line in pages.measure(database or _county(Path(folder), today), only):
                print(line, flush=True)
    return 0


@contextmanager
def _without_warnings(name: str) -> Iterator[None]:
    """What the logger of this name warns of meanwhile is left unsaid."""
    logger = logging.getLogger(name)

    def is_worse(record: logging.LogRecord) -> bool:
        return record.levelno > logging.WARNING

    logger.addFilter(is_worse)
    try:
        yield
    finally:
        logger.removeFilter(is_worse)


def _county(folder: Path, today: date) -> str:
    url = f"sqlite:///{folder / 'county.db'}"
    engine = engine_for(url)
    build(engine, today, full=True, progress=lambda line: print(line, end=""), folder=folder / "files")
    engine.dispose()
    return url

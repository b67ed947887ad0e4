"""What the server does by itself at its start and once a day: delete what is due, and see whether the trail holds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from vs_core.access import chain, retention
from vs_core.settings import settings
from vs_core.store.engine import engine

BY = "server"
SECONDS_BETWEEN = 24 * 60 * 60
SECONDS_AFTER_READING, SECONDS_AFTER_WRITING = 0.05, 0.5
"""Rest between two pieces of work, so that pages come first: who waits for SQLite's write lock asks for it every tenth
of a second."""

log = logging.getLogger(__name__)


async def every_day() -> None:
    """For as long as the server runs. What fails is logged, without data, and tried again the next day."""
    while True:
        await _done(_deleting(), SECONDS_AFTER_WRITING)
        await _done(chain.follow_whole(engine()), SECONDS_AFTER_READING)
        if (event := chain.broken(engine())) is not None:
            log.error("The trail of what people did was changed: event %s does not follow.", event)
        await asyncio.sleep(SECONDS_BETWEEN)


def _deleting() -> Iterator[Any]:
    rules = settings()
    for what, number in retention.delete_due(engine(), BY, rules, datetime.now(UTC).date()):
        log.info("Deleted in their time: %s of %s.", number, what)
        yield


async def _done(work: Iterator[Any], rest: float) -> None:
    """Work that is done piece by piece in a thread: a server that ends waits for one piece at most."""
    try:
        while await asyncio.to_thread(next, work, _END) is not _END:
            await asyncio.sleep(rest)
    except Exception as error:
        log.warning("The work of the day was broken off: %s", type(error).__name__)


_END = object()

"""The invented authority, taken in through intake like anybody's files."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import get_args

from sqlalchemy import Engine, select

from vs_core.demo import team
from vs_core.demo.authority import write
from vs_core.demo.plan import Delivery, Size
from vs_core.intake import take_in
from vs_core.intake.readiness import SHIPPED_BY, make_ready
from vs_core.settings import DATA
from vs_core.store import schema
from vs_core.store.engine import reading, writing

SIZES: tuple[Size, ...] = get_args(Size)
KEPT_IN = DATA / "demo"
BY = "demo"
Progress = Callable[[str], object]


def build(
    engine: Engine,
    as_at: date,
    size: Size = "county",
    full: bool = False,
    progress: Progress | None = None,
    folder: Path | None = None,
) -> list[Delivery]:
    """Write the authority and take every file in, each on the day it was known; `progress` gets lines of text.

    The files stay in `folder`; without one the county's stay in `data/demo`, the others' are thrown away.
    No row of the demo is meant to be rejected; one that is, is told.
    """
    say = progress or _nothing
    began = time.monotonic()
    make_ready(engine)
    with _folder(size, folder) as kept:
        say(f"Writing the demo authority as at {as_at:%d/%m/%Y}\n")
        delivered = write(kept, as_at, size, full)
        say(f"{len(delivered)} files written in {time.monotonic() - began:.0f} s\n")
        for number, delivery in enumerate(delivered, 1):
            _take(engine, delivery, say)
            if number % 25 == 0 or number == len(delivered):
                say(f"{number} of {len(delivered)} files taken in, {time.monotonic() - began:.0f} s\n")
    if size == "county":
        with writing(engine) as connection:
            team.write_actions(connection, as_at)
    return delivered


def _nothing(_line: str) -> None:
    return None


def _take(engine: Engine, delivery: Delivery, say: Progress) -> None:
    told = take_in(engine, delivery.kind, delivery.path, known_on=delivery.known_on, by=BY)
    if told.counts.rejected:
        say("\n".join(["The demo and the contracts disagree:", *told.lines()[:10], ""]))


@contextmanager
def _folder(size: Size, folder: Path | None) -> Iterator[Path]:
    if folder or size == "county":
        yield folder or KEPT_IN
        return
    with tempfile.TemporaryDirectory(prefix="demo-") as made:
        yield Path(made)


def holds_data(engine: Engine) -> bool:
    """Whether any file has come in but those that ship with the dashboard."""
    ledger = schema.import_ledger
    with reading(engine) as connection:
        return (
            connection.execute(select(ledger.c.id).where(ledger.c.imported_by != SHIPPED_BY).limit(1)).first()
            is not None
        )

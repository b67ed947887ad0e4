"""The invented authority, taken in through intake like anybody's files."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import get_args

from sqlalchemy import Engine

from vs_core.demo import batches, casebook, policy, team
from vs_core.demo import progress as kept
from vs_core.demo.authority import write
from vs_core.demo.plan import Delivery, Size
from vs_core.demo.progress import Asked
from vs_core.intake import take_in
from vs_core.intake.problems import FileProblem
from vs_core.intake.readiness import make_ready
from vs_core.settings import DATA
from vs_core.store.alone import alone
from vs_core.store.engine import writing

SIZES: tuple[Size, ...] = get_args(Size)
KEPT_IN = DATA / "demo"
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
    No row of the demo is meant to be rejected; one that is, is told. Of a building that was broken off what is there
    stays, and the rest is taken in. Raises FileProblem where another authority is half built, or somebody is building.
    """
    asked, say = Asked(as_at, size, full), progress or _nothing
    make_ready(engine)
    with alone(engine) as is_alone:
        if not is_alone:
            raise FileProblem("Somebody else is building the invented authority in this database right now.")
        _begin(engine, asked, say)
        with _folder(size, folder) as folder_of_files:
            delivered = _delivered(engine, asked, folder_of_files, say)
        with writing(engine) as connection:
            if size == "county":
                team.write_actions(connection, as_at)
                casebook.write_casebook(connection, as_at)
                policy.write_policy(connection, as_at)
                batches.write_batches(connection, as_at)
            kept.built(connection, asked)
    return delivered


def _begin(engine: Engine, asked: Asked, say: Progress) -> None:
    half = kept.unfinished(engine)
    if half == asked:
        say(f"The building of {half} was broken off: what is there stays, the rest is taken in.\n")
        return
    if half:
        raise FileProblem(
            f"Here the building of {half} was broken off, not of {asked}. Finish that, or take an empty database."
        )
    if kept.holds_data(engine):
        raise FileProblem("This database holds data already; the demo is built in an empty one.")
    with writing(engine) as connection:
        kept.begun(connection, asked)


def _delivered(engine: Engine, asked: Asked, folder: Path, say: Progress) -> list[Delivery]:
    began = time.monotonic()
    say(f"Writing the demo authority as at {asked.as_at:%d/%m/%Y}\n")
    delivered = write(folder, asked.as_at, asked.size, asked.full)
    say(f"{len(delivered)} files written in {time.monotonic() - began:.0f} s\n")
    left = kept.remaining(engine, delivered)
    there = len(delivered) - len(left)
    for number, delivery in enumerate(left, there + 1):
        _take(engine, delivery, say)
        if number % 25 == 0 or number == len(delivered):
            say(f"{number} of {len(delivered)} files taken in, {time.monotonic() - began:.0f} s\n")
    return delivered


def _nothing(_line: str) -> None:
    return None


def _take(engine: Engine, delivery: Delivery, say: Progress) -> None:
    told = take_in(engine, delivery.kind, delivery.path, known_on=delivery.known_on, by=kept.BY)
    if told.counts.rejected:
        say("\n".join(["The demo and the contracts disagree:", *told.lines()[:10], ""]))


@contextmanager
def _folder(size: Size, folder: Path | None) -> Iterator[Path]:
    if folder or size == "county":
        yield folder or KEPT_IN
        return
    with tempfile.TemporaryDirectory(prefix="demo-") as made:
        yield Path(made)

"""Every view of the Attendance and Triage pages, measured in four ways on a database at county size."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests import databases
from tests.bench import builds, clicks, over_socket, slow_queries
from tests.bench.views import VIEWS, View
from tests.needs import Unavailable
from tests.serving import Server
from vs_core.store.copying import copy_all
from vs_core.store.engine import engine_for
from vs_core.store.prepare import prepare

MOST_SECONDS_OF_A_QUERY = 0.05
MOST_EMPTY_PAGES = 6.0
MOST_OF_A_USUAL_CLICK = 0.4
MOST_OF_USUAL_MANY = 0.2
SHARE_OF_MANY = 0.95


@dataclass(frozen=True)
class Line:
    """what: of which view what is measured; value, limit: in the same unit; said: the value in words."""

    what: str
    value: float
    limit: float
    said: str

    def __str__(self) -> str:
        return f"{'met' if self.value <= self.limit else 'NOT MET':8}{self.what}: {self.said}"


def measure(url: str, only: str = "") -> Iterator[str]:
    """A line for each view and way, with the value, the limit and whether it is met; then how many are not.

    url: a database at county size, of which a copy is measured; only: measure the views whose name holds this."""
    views = [view for view in VIEWS if only in view.name]
    missed = 0
    with tempfile.TemporaryDirectory() as folder, _copied(url, Path(folder)) as copy:
        for line in _lines(copy, views, Path(folder)):
            yield str(line)
            missed += isinstance(line, Line) and line.value > line.limit
    yield f"{missed} not met." if missed else "Everything that was measured is met."


@contextmanager
def _copied(url: str, folder: Path) -> Iterator[str]:
    """The address of an SQLite copy of the database, brought to the newest version; in a run of the test databases."""
    copy = f"sqlite:///{folder / 'pages.db'}"
    _copy(url, copy)
    databases.open_root()
    try:
        yield copy
    finally:
        databases.close_root()


def _copy(url: str, to: str) -> None:
    source, target = engine_for(url), engine_for(to)
    prepare(target)
    copy_all(source, target)
    for engine in (source, target):
        engine.dispose()


def _lines(url: str, views: Sequence[View], folder: Path) -> Iterator[Line | str]:
    yield from _queries(url, views, "SQLite")
    yield from _on_postgres(url, views)
    cookies = builds.let_in(url)
    with builds.ours(url, folder / "ours") as ours, builds.usual(url, folder / "usual") as usual:
        yield from _one_run(ours, cookies[0], views)
        yield from _clicks(ours, usual, cookies[0], views)
        for view in views:
            yield _many(ours, usual, cookies, view)


def _on_postgres(url: str, views: Sequence[View]) -> Iterator[Line | str]:
    try:
        server = databases.PostgresServer()
    except Unavailable as error:
        yield f"Not measured on PostgreSQL: {error}"
        return
    copy = server.blank()
    _copy(url, copy)
    _know_the_sizes(copy)
    yield from _queries(copy, views, "PostgreSQL")


def _know_the_sizes(url: str) -> None:
    """What PostgreSQL does by itself within a minute of such a change."""
    engine = engine_for(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def _queries(url: str, views: Sequence[View], where: str) -> Iterator[Line]:
    limit = MOST_SECONDS_OF_A_QUERY
    with slow_queries.database(url):
        for view in views:
            found = slow_queries.slowest(view)
            said = f"{1000 * found.seconds:.1f} ms of {1000 * limit:.0f} (of {found.count} queries: {found.text})"
            yield Line(f"{view.name}, slowest query, {where}", found.seconds, limit, said)


def _one_run(ours: Server, cookie: str, views: Sequence[View]) -> Iterator[Line]:
    for view in views:
        empty, taken = (median(each) for each in over_socket.one_run(ours, cookie, view))
        said = f"{taken / empty:.1f} empty pages of {MOST_EMPTY_PAGES:.0f} ({_milliseconds(taken, empty)})"
        yield Line(f"{view.name}, rerun on the server", taken / empty, MOST_EMPTY_PAGES, said)


def _clicks(ours: Server, usual: Server, cookie: str, views: Sequence[View]) -> Iterator[Line | str]:
    try:
        with clicks.chromium() as browser:
            for view in views:
                own, other = (median(clicks.seconds(browser, each, cookie, view)) for each in (ours, usual))
                yield _beside(f"{view.name}, click to last change", own, other, MOST_OF_A_USUAL_CLICK)
    except Unavailable as error:
        yield f"Not measured in a browser: {error}"


def _many(ours: Server, usual: Server, cookies: Sequence[str], view: View) -> Line:
    own, other = (_most(over_socket.many(each, cookies, view)) for each in (ours, usual))
    return _beside(f"{view.name}, p95 of {len(cookies)} sessions", own, other, MOST_OF_USUAL_MANY)


def _most(taken: Sequence[float]) -> float:
    return sorted(taken)[math.ceil(SHARE_OF_MANY * len(taken)) - 1]


def _beside(what: str, own: float, usual: float, limit: float) -> Line:
    said = f"{own / usual:.2f} of the usual page, limit {limit} ({_milliseconds(own, usual)})"
    return Line(what, own / usual, limit, said)


def _milliseconds(own: float, other: float) -> str:
    return f"{1000 * own:.0f} ms to {1000 * other:.0f}"

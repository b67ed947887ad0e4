"""The reports of the small authority, made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pytest
from sqlalchemy import Connection, Engine, text

from tests.conftest import SMALL_AUTHORITY_AS_AT, build_small_authority
from tests.databases import SqliteFiles
from tests.queries.written import Written
from vs_core.access.viewer import Scope
from vs_core.reports.asked import Asked
from vs_core.reports.catalogue import REPORTS
from vs_core.reports.reader import Reader
from vs_core.rules.frame import SUBJECTS
from vs_core.store.engine import engine_for, reading

ASKED = Asked(SMALL_AUTHORITY_AS_AT, authority="Westmere")


@dataclass(frozen=True)
class Small:
    """`content("board-pack", asked)`: a report's bytes, each made once."""

    engine: Engine

    @cache  # noqa: B019
    def content(self, report: str, asked: Asked = ASKED) -> bytes:
        with reading(self.engine) as connection:
            return REPORTS[report].content(connection, asked)

    def caseload(self) -> Asked:
        """The same for one adviser, who sees names."""
        with reading(self.engine) as connection:
            adviser = connection.scalar(text("select min(adviser) from child_details where known_to is null"))
        return replace(ASKED, reader=Reader(Scope(True, adviser, False), SUBJECTS))


@pytest.fixture(scope="session")
def small_reports(sqlite_files: SqliteFiles) -> Iterator[Small]:
    url = sqlite_files.copy_of("small", build_small_authority)
    made = engine_for(url)
    yield Small(made)
    made.dispose()
    sqlite_files.drop(url)


@pytest.fixture
def connection(small_reports: Small) -> Iterator[Connection]:
    """A connection to the small authority."""
    with reading(small_reports.engine) as made:
        yield made


@pytest.fixture
def nothing_yet(empty_authority_file: str) -> Iterator[Connection]:
    """A connection to an authority without data."""
    made = engine_for(empty_authority_file)
    with reading(made) as opened:
        yield opened
    made.dispose()


@pytest.fixture
def written(engine: Engine) -> Written:
    """A small authority to write rows into."""
    return Written(engine)

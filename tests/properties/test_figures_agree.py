"""Every figure of random authorities, by the product on both databases and by the second opinion."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from tests.conftest import Databases, prepare
from tests.databases import SqliteFiles
from tests.properties.agreement import differing, disagreements, smallest, told
from tests.properties.authorities import Authority, authority
from tests.properties.mistakes import MISTAKES, drawn, planted, showing
from tests.properties.reference import projects, reference
from vs_core import figures
from vs_core.figures import SubjectFigures
from vs_core.rules.frame import Frame
from vs_core.store.engine import engine_for, reading

# Rows are even random numbers, not grown choices: those meet few edges. The smallest case is sought afterwards.
EXAMPLES = {"sqlite": 8, "postgresql": 4}


@contextmanager
def _blank(databases: Databases) -> Iterator[Engine]:
    url = databases.copy_of("prepared", prepare)
    engine = engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()
        databases.drop(url)


def _disagreements(databases: Databases, authority: Authority, folder: Path, known: dict[str, Any]) -> list[str]:
    with _blank(databases) as engine:
        return disagreements(engine, authority, folder, known)


@pytest.mark.slow
def test_authorities_that_show_a_mistake_agree_until_it_is_made(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    known, unnoticed = reference(), set(MISTAKES)
    for number, own in showing().items():
        one = drawn(number)
        with _blank(sqlite_files) as engine:
            assert disagreements(engine, one, tmp_path, known) == [], f"authority {number}"
            with reading(engine) as connection:
                for mistake in own:
                    with planted(mistake) as subject:
                        unnoticed -= {mistake} if differing(connection, one, known, [subject]) else set()
    assert unnoticed == set()


@pytest.mark.slow
def test_every_figure_agrees(dialect: str, server_of_databases: Databases, tmp_path: Path) -> None:
    known = reference()

    def found_in(one: Authority) -> list[str]:
        return _disagreements(server_of_databases, one, tmp_path, known)

    @settings(max_examples=EXAMPLES[dialect], database=None, phases=[Phase.generate])
    @given(st.integers(0, 2**64))
    def agrees(number: int) -> None:
        one = authority(Random(number), projects())
        if found_in(one):
            small = smallest(one, lambda fewer: bool(found_in(fewer)))
            pytest.fail("\n".join([*found_in(small), told(small)]), pytrace=False)

    agrees()


def test_a_figure_that_is_one_off_is_told(
    sqlite_files: SqliteFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rightly = figures.compute

    def one_off(connection: Connection, subject: str, frame: Frame) -> SubjectFigures:
        found = rightly(connection, subject, frame)
        return replace(found, figures=found.figures | {"kinship": 99}) if subject == "cohort" else found

    one = replace(authority(Random(1), projects()), questions=authority(Random(2), projects()).questions[:1])
    assert _disagreements(sqlite_files, one, tmp_path, reference()) == []
    monkeypatch.setattr(figures, "compute", one_off)
    told_of = _disagreements(sqlite_files, one, tmp_path, reference())
    assert {line.split(":")[0] for line in told_of} == {"cohort.kinship"}

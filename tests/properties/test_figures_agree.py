"""Every figure of random authorities, by the product on both databases and by the second opinion."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.conftest import Databases, prepare
from tests.properties.agreement import disagreements, smallest, told
from tests.properties.authorities import Authority, authorities
from tests.properties.reference import projects, reference
from vs_core.store.engine import engine_for

EXAMPLES = {"sqlite": 30, "postgresql": 20}


def _disagreements(databases: Databases, authority: Authority, folder: Path, known: dict[str, Any]) -> list[str]:
    url = databases.copy_of("prepared", prepare)
    engine = engine_for(url)
    try:
        return disagreements(engine, authority, folder, known)
    finally:
        engine.dispose()
        databases.drop(url)


@pytest.mark.slow
def test_every_figure_agrees(dialect: str, server_of_databases: Databases, tmp_path: Path) -> None:
    known = reference()

    @settings(max_examples=EXAMPLES[dialect], database=None)
    @given(authorities(projects()))
    def agrees(authority: Authority) -> None:
        found = _disagreements(server_of_databases, authority, tmp_path, known)
        if found:
            small = smallest(authority, lambda one: bool(_disagreements(server_of_databases, one, tmp_path, known)))
            pytest.fail("\n".join([*_disagreements(server_of_databases, small, tmp_path, known), told(small)]))

    agrees()

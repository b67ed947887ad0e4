"""The worklist, the reconciliations and the effects of random authorities, by the product on both databases and by a
second computation over the marks."""

import csv
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Databases
from tests.naive import reconciling, triage
from tests.naive.triage import Limits
from tests.properties.reference import FOLDER
from tests.properties.test_figures_agree import _blank
from tests.properties.triage_agreement import differing, disagreements, question
from tests.properties.triage_authorities import Team, team
from tests.properties.triage_mistakes import MISTAKES, SHOWN_BY, planted
from vs_core.rules.reconciling_marks import KINDS
from vs_core.rules.triage import KEYS
from vs_core.store.engine import reading

EXAMPLES = {"sqlite": 4, "postgresql": 2}
ON_BOTH = (5, 6, 16)


def limits() -> Limits:
    with (FOLDER / "thresholds.csv").open(encoding="utf-8", newline="") as opened:
        return {row["name"]: int(row["value"]) for row in csv.DictReader(opened)}


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_authorities_with_every_part_agree_until_a_mistake_is_made(
    dialect: str, server_of_databases: Databases, tmp_path: Path
) -> None:
    shown: set[str] = set()
    unnoticed = set(MISTAKES)
    for number, mistakes in SHOWN_BY.items():
        one = team(Random(number))
        with _blank(server_of_databases) as engine:
            assert disagreements(engine, one, tmp_path, limits()) == [], f"team {number}"
            with reading(engine) as connection:
                q = question(connection, one, limits())
                for mistake in mistakes:
                    with planted(mistake):
                        unnoticed -= {mistake} if differing(connection, one, limits()) else set()
        shown |= {key for row in triage.worklist(q) for key in row["parts"]}
        shown |= {row[0] for row in reconciling.rows(q.s, q.days, q.limits["no_reason_code_school_days"])}
    assert unnoticed == set()
    assert shown >= {*KEYS, *(kind.key for kind in KINDS)} - {"action_open"}


@pytest.mark.slow
@pytest.mark.parametrize("dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("number", ON_BOTH)
def test_some_of_them_agree_on_the_other_database(
    dialect: str, server_of_databases: Databases, tmp_path: Path, number: int
) -> None:
    with _blank(server_of_databases) as engine:
        assert disagreements(engine, team(Random(number)), tmp_path, limits()) == []


@pytest.mark.slow
def test_every_list_agrees(dialect: str, server_of_databases: Databases, tmp_path: Path) -> None:
    own = limits()

    def found_in(one: Team) -> list[str]:
        with _blank(server_of_databases) as engine:
            return disagreements(engine, one, tmp_path, own)

    @settings(max_examples=EXAMPLES[dialect], database=None, phases=[Phase.generate])
    @given(st.integers(0, 2**64))
    def agrees(number: int) -> None:
        one = team(Random(number))
        assert found_in(one) == [], f"team {number}: {one.as_at}, known on {one.known_on}"

    agrees()


def test_an_authority_without_any_data_agrees(dialect: str, server_of_databases: Databases, tmp_path: Path) -> None:
    one = replace(team(Random(1)), deliveries=(), written=())
    with _blank(server_of_databases) as engine:
        assert disagreements(engine, one, tmp_path, limits()) == []

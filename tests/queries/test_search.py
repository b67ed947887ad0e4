"""Who a search finds, and whose page opens: on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import Connection, select

from tests.queries.written import Written
from vs_core.access.viewer import EVERYTHING, Scope
from vs_core.queries import search
from vs_core.queries.search import NAME, NUMBER, SCHOOL
from vs_core.store.folding import fold, folded
from vs_core.store.schema import child, child_details

ON = date(2026, 11, 23)
Find = Callable[..., list[str]]


@pytest.fixture
def connection(written: Written) -> Iterator[Connection]:
    written.child("A100", forename="Siân", surname="O'Brien-Smith", upn="A801200001001", adviser="B. Hollins")
    written.child("A101", forename="ÉLODIE", surname="Ångström", adviser="C. Farthing")
    written.child("A102", forename="Anna", surname="50%_Real", adviser="B. Hollins")
    written.child("A103", forename="Hidden", surname="Smith", adviser="B. Hollins", restricted=True)
    written.row("ssda903_header", child="A102", upn="B801200001002")
    written.row("school_details", school="100200", name="Beckminster Primary School")
    written.enrolled("A100", "100200", "2025-09-01")
    written.enrolled("A101", "100200", "2024-09-01", "2025-07-20")
    written.enrolled("A103", "100200", "2025-09-01")
    with written.reading() as made:
        yield made


@pytest.fixture
def find(connection: Connection) -> Find:
    def found(way: str, typed: str, scope: Scope = EVERYTHING) -> list[str]:
        keys = connection.scalars(search.found(way, typed, ON, scope)).all()
        ids = dict(connection.execute(select(child.c.id, child.c.child_id)).all())
        return [ids[key] for key in keys]

    return found


TYPED = {
    (NAME, "sian"): ["A100"],
    (NAME, "SIÂN"): ["A100"],
    (NAME, "smith, sia"): ["A100"],
    (NAME, "o’brien"): ["A100"],
    (NAME, "elodie ANGSTROM"): ["A101"],
    (NAME, "élodie"): ["A101"],
    (NAME, "%_"): ["A102"],
    (NAME, "a%n"): [],
    (NAME, "__"): [],
    (NAME, "a"): [],
    (NAME, ""): [],
    (NAME, "sian anna"): [],
    (NAME, "en"): ["A100", "A103"],
    (NAME, "s"): [],
    (NAME, "re"): ["A102"],
    (NAME, "an"): ["A102", "A101", "A100"],
    (NAME, "smi"): ["A103", "A100"],
    (NAME, "' or 1=1 --"): [],
    (NUMBER, "a10"): ["A102", "A101", "A100", "A103"],
    (NUMBER, "801200001001"): ["A100"],
    (NUMBER, "b801200001002"): ["A102"],
    (SCHOOL, "beckminster"): ["A100", "A103"],
    (SCHOOL, "100200"): ["A100", "A103"],
}


def test_what_is_typed_finds(find: Find) -> None:
    assert {asked: find(*asked) for asked in TYPED} == TYPED


SEES_NO_RESTRICTED = Scope(names=True, adviser=None, restricted=False)
ONE_CASELOAD = Scope(names=True, adviser="B. Hollins", restricted=False)
WITHOUT_NAMES = Scope(names=False, adviser=None, restricted=True)


def test_a_page_opens_and_a_search_finds_within_the_scope(connection: Connection, find: Find) -> None:
    keys = connection.execute(select(child.c.child_id, child.c.id)).all()
    for scope, expected in (
        (EVERYTHING, {"A100", "A101", "A102", "A103"}),
        (SEES_NO_RESTRICTED, {"A100", "A101", "A102"}),
        (ONE_CASELOAD, {"A100", "A102"}),
    ):
        opens = {child_id for child_id, key in keys if connection.execute(search.openable(key, scope)).first()}
        assert opens == expected
        assert set(find(NUMBER, "a10", scope)) == expected
        assert set(find(SCHOOL, "beckminster", scope)) == expected & {"A100", "A103"}
        assert connection.execute(search.openable(999_999, scope)).first() is None


def test_without_the_right_to_names_a_search_finds_nobody(find: Find) -> None:
    assert [find(way, typed, WITHOUT_NAMES) for way, typed in ((NAME, "anna"), (NUMBER, "a100"))] == [[], []]


def test_both_databases_fold_as_python_does(connection: Connection) -> None:
    rows = connection.execute(select(child_details.c.surname, folded(child_details.c.surname))).all()
    assert [(surname, done) for surname, done in rows if done != fold(surname)] == []
    assert fold("Siân O’Brien") == "sian o'brien"

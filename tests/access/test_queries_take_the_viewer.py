"""Every query that reads tables about children or people takes the viewer's scope and narrows to it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Select, select

import vs_core.queries
from tests.access import everything_read
from tests.access.what_is_kept import PERSONAL, read_by
from vs_core.access.viewer import EVERYTHING, Scope
from vs_core.queries import ledger
from vs_core.queries.scope import in_scope, restricted_keys
from vs_core.store.engine import reading
from vs_core.store.schema import child_day, child_details

_COUNTS = "one number or day of the whole table, the same for everybody"
_HIDES = "what is hidden: for the conditions that hide it, and no row of it is given"
_REFUSED = "who may open the Data page; rows are held back and cells masked before they are shown (ui.load.data)"
_TRAIL = "who may read the trail (ui.load.trail); a child stands there by its key"
WITHOUT_A_SCOPE = {
    "attendance.marks": "a part of queries: its source and conditions are theirs",
    "latest.last_day": _COUNTS,
    "ledger.current_rows": _COUNTS,
    "ledger.marks_held": _COUNTS,
    "ledger.number_until": _COUNTS,
    "ledger.number_to_look_at": _COUNTS,
    "rejected.waiting": _COUNTS,
    "versions.data_version": _COUNTS,
    "scope.restricted_keys": _HIDES,
    "ledger.numbers_of_restricted": _HIDES,
    "pp_plus.requests_of_restricted": _HIDES,
    "payments.written": _COUNTS,
    "ledger.refused": _REFUSED,
    "ledger.reasons": _REFUSED,
    "ledger.no_longer_waiting": "where the row stood and what became of it, no cell of it",
    "ledger.to_look_at": "where the cell stands and what is odd about it, nobody's number or name",
    "rejected.waiting_rows": "the command line, whose user reads the database itself",
    "people.advisers": "takes the viewer itself",
    "people.everybody": "who gives rights (ui.load.people)",
    "people.names": "who reads the trail (ui.load.trail): sign-in names beside those of the people",
    "reference.project_names": "names of projects",
    "training.schools_reached": "schools and courses, of nobody in particular",
    "trail.events": _TRAIL,
    "trail.who_looked": _TRAIL,
    "trail.what_somebody_did": _TRAIL,
    "trail.stands_there": _TRAIL,
}
"""The queries of such tables that take no scope, each with the reason."""
ABOUT_NO_CHILD = {"training.bookings": "seats of schools' staff; who they are only with the right to names"}
"""Queries whose rows are not about children, whatever tables they read: an adviser sees them whole."""
NOBODYS = Scope(names=True, adviser="the caseload of nobody", restricted=False)
PARTS = ("CTE", "FromClause", "ColumnElement", "list[ColumnElement", "dict[str, ColumnElement", "list[str]")
"""What functions give that make parts of queries: nothing is read with them alone."""
FRAMED = {
    "attendance.marks": {"source": child_day, "where": [], "known_on": None, "counts": ["possible_sessions"]},
    "ledger.number_until": {"table": "pep", "column": "due_on", "until": date(2026, 11, 23)},
    "ledger.current_rows": {"tables": [("peps", "pep")]},
}
"""Arguments of those that take unlike things by the same name."""
PLAIN: dict[str, list[Any]] = {
    "subject": ["cohort"],
    "kinds": [["peps"]],
    "kind": ["children"],
    "lists": [["sen"]],
    "urns": [["100001"]],
    "groups": [("a",)],
    "until": [date(2026, 11, 23)],
    "limit": [10],
    "most": [10],
    "column": ["user_name"],
    "text": ["somebody"],
    "asked": [everything_read.trail.Asked()],
    "viewer": [everything_read.Viewer(1, "h", "h", "headteacher", "session")],
}
Query = Callable[..., Any]


def short(function: Query) -> str:
    return everything_read.name_of(function).removeprefix("vs_core.queries.")


def queries() -> list[Query]:
    """The functions of `vs_core/queries` that give a query."""
    return [each for each in everything_read.functions(vs_core.queries) if _gives(each) == "Select"]


def _gives(function: Query) -> str:
    return str(inspect.signature(function).return_annotation)


def made(function: Query, given: Mapping[str, list[Any]]) -> Iterator[Select]:
    name = short(function)
    if name in FRAMED:
        yield function(**FRAMED[name])
        return
    for arguments in everything_read.calls(function, given):
        yield function(**arguments)


def unscoped(functions: Iterable[Query], given: Mapping[str, list[Any]]) -> set[str]:
    """The names of those that read PERSONAL tables and take no scope."""
    blind = [each for each in functions if not everything_read.takes(each, "scope")]
    return {short(each) for each in blind if any(read_by(query) & PERSONAL for query in made(each, given))}


def unnarrowed(functions: Iterable[Query], given: Mapping[str, list[Any]], connection: Connection) -> set[str]:
    """The names of those that give an adviser without any child a row."""
    theirs = {**given, "scope": [NOBODYS]}
    return {short(each) for each in functions if any(connection.execute(query).first() for query in made(each, theirs))}


@pytest.fixture(scope="module")
def connection(authority: Engine) -> Iterator[Connection]:
    with reading(authority) as connection:
        yield connection


@pytest.fixture(scope="module")
def given(connection: Connection) -> dict[str, list[Any]]:
    return PLAIN | everything_read.for_queries(connection, EVERYTHING)


def test_tables_are_found_in_every_part_of_a_query(given: dict[str, list[Any]]) -> None:
    """In joins, in common tables, in conditions and in columns."""
    by_name = {short(each): each for each in queries()}
    assert read_by(next(made(by_name["attendance.weeks"], given))) >= {"ssda903_episode", "child_week", "child_day"}
    tables = {"import_ledger", "action", "case_entry", "rejected_row", "reference_change"}
    assert read_by(next(made(by_name["versions.data_version"], given))) == tables
    assert "pp_request" in read_by(ledger.numbers_of_restricted())


def test_every_query_about_children_or_people_takes_the_viewer(given: dict[str, list[Any]]) -> None:
    assert unscoped(queries(), given) == set(WITHOUT_A_SCOPE)


def test_every_query_with_a_scope_narrows_to_it(given: dict[str, list[Any]], connection: Connection) -> None:
    scoped = [each for each in queries() if everything_read.takes(each, "scope")]
    assert len(scoped) > 30
    assert unnarrowed(scoped, given, connection) == set(ABOUT_NO_CHILD)


def test_a_query_that_forgets_the_viewer_is_found(given: dict[str, list[Any]], connection: Connection) -> None:
    def takes_none(known_on: date | None) -> Select:
        return select(child_details.c.surname)

    def ignores_it(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
        return select(child_details.c.surname)

    def narrows(known_on: date | None, scope: Scope = EVERYTHING) -> Select:
        return ignores_it(known_on, scope).where(in_scope(child_details.c.child_key, scope))

    every = (takes_none, ignores_it, narrows)
    assert unscoped(every, given) == {f"{__name__}.{takes_none.__name__}"}
    assert unnarrowed(every[1:], given, connection) == {f"{__name__}.{ignores_it.__name__}"}


def test_no_query_gives_nobody_anything(given: dict[str, list[Any]], connection: Connection) -> None:
    """Else that of an adviser without a child would prove nothing."""
    scoped = [each for each in queries() if everything_read.takes(each, "scope")]
    every = {**given, "scope": [EVERYTHING, replace(EVERYTHING, restricted=False)]}
    full = {short(each) for each in scoped if any(connection.execute(query).first() for query in made(each, every))}
    assert {short(each) for each in scoped} - full == set()


def test_rows_of_restricted_children_are_marked_for_whom_they_are_not(
    given: dict[str, list[Any]], connection: Connection
) -> None:
    """Wherever a row stands by the number of a child: they are counted here, and listed nowhere."""
    restricted = set(connection.scalars(restricted_keys()))
    theirs = {**given, "scope": [replace(EVERYTHING, restricted=False)]}
    marked = set()
    for each in (each for each in queries() if everything_read.takes(each, "scope")):
        for query in made(each, theirs):
            if "child_id" in query.selected_columns:
                rows = [row for row in connection.execute(query) if row.child_key in restricted]
                assert not any(row.is_listed or row.child_id != f"#{row.child_key}" for row in rows), short(each)
                marked |= {short(each)} if rows else set()
    assert len(marked) >= 10


def test_what_else_the_room_of_queries_gives_is_a_part_of_them() -> None:
    others = [each for each in everything_read.functions(vs_core.queries) if _gives(each) != "Select"]
    assert {short(each) for each in others if not _gives(each).startswith(PARTS)} == set()


SELECTS = {
    "vs_core/figures/projects.py": "the keys of a part that takes the scope",
    "vs_core/commands/keeping.py": "the command line, whose user reads the database itself",
}
"""Files above the room of queries that make one themselves, each with the reason."""


def test_queries_are_made_in_their_own_room() -> None:
    """And where data is written: there each change asks who may make it."""
    house = Path(vs_core.queries.__file__).parents[2]
    rooms = [house / "vs_core" / room for room in ("figures", "reports", "charts", "ui", "commands", "rules")]
    files = [house / "app.py", *(file for room in (*rooms, house / "pages") for file in room.rglob("*.py"))]
    assert {file.relative_to(house).as_posix() for file in files if _makes_queries(file)} == set(SELECTS)


def _makes_queries(file: Path) -> bool:
    names = {"select", "text", "Table", "union", "union_all"}
    imported = (each for each in ast.walk(ast.parse(file.read_text())) if isinstance(each, ast.ImportFrom))
    return any(
        (each.module or "").startswith("sqlalchemy") and names & {alias.name for alias in each.names}
        for each in imported
    )

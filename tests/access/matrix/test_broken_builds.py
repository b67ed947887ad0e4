"""The matrix fails where it must: on a build with a page that does not ask who is looking, and a query that ignores it.

Both on one copy of the app: the frame opens every page to everybody, one page has lost its guard, and the caseload of
an adviser is left out of every query."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.access.canaries import FOREIGN, OPEN
from tests.access.matrix.authority import Authority
from tests.access.matrix.conftest import leaks, not_refused
from tests.access.matrix.house import Edit, open_house
from tests.access.matrix.walk import Seen, walking
from tests.serving import Server

FRAME: Edit = ("vs_core/ui/frame.py", "[refused_page(name) for", "[open_page(name) for")
GUARD: Edit = ("pages/cohort.py", 'access.require("cohort")', "access.signed_in()")
QUERY: Edit = (
    "vs_core/queries/scope.py",
    "    if scope.adviser is None:",
    "    if scope.adviser is None or scope.names:",
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def broken(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with open_house(authority, tmp_path_factory.mktemp("broken") / "house", [FRAME, GUARD, QUERY]) as server:
        yield server


def seen(broken: Server, authority: Authority, who: str, page: str) -> Seen:
    async def look() -> Seen:
        async with walking(broken, authority, who) as walker:
            await walker.run(page, page)
            return walker.seen

    return asyncio.run(look())


def test_a_page_without_its_guard_is_noticed(broken: Server, authority: Authority) -> None:
    found = seen(broken, authority, "administrator", "cohort")
    assert (OPEN, "school_details.name") in not_refused("administrator", found, ["cohort"])["cohort"]


def test_a_guard_holds_where_the_frame_does_not(broken: Server, authority: Authority) -> None:
    found = seen(broken, authority, "administrator", "attendance")
    assert not_refused("administrator", found, ["attendance"]) == {}


def test_a_query_that_ignores_who_is_looking_is_noticed(broken: Server, authority: Authority) -> None:
    found = leaks("adviser", seen(broken, authority, "adviser", "cohort"))
    assert (FOREIGN, "child_details.forename") in found

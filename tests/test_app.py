"""Every page as every role on the real server: with the small authority, and with an authority that has no data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import httpx
import pytest

from tests.access.conftest import Person, post_sign_in
from tests.conftest import prepare
from tests.databases import SqliteFiles
from tests.serving import REPOSITORY, Server, serving
from tests.streamlit_socket import Client, elements
from vs_core.access import roles

PAGES = [name for name in roles.PAGES if (REPOSITORY / "pages" / f"{name}.py").exists()]
PROMISED = {"weekly_review", "triage", "cohort", "attendance", "exclusions", "pp_plus", "training", "projects", "data"}
REFUSAL = "is not part of your role"


@pytest.fixture(scope="module")
def empty_server(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    url = sqlite_files.copy_of("prepared", prepare)
    with serving(url, tmp_path_factory.mktemp("empty") / "server.log") as started:
        yield started
    sqlite_files.drop(url)


@pytest.fixture(scope="module")
def come_in() -> Iterator[Callable[[Server, str], Person]]:
    """`come_in(server, role)`: the demo's person of that role, signed in once a server."""
    with ExitStack() as stack:

        @cache
        def signed_in(url: str, role: str) -> Person:
            web = stack.enter_context(httpx.Client(base_url=url, headers={"Accept": "text/html"}, timeout=30))
            assert post_sign_in(web, role).status_code == 303
            return Person(web)

        yield lambda server, role: signed_in(server.url, role)


def opened(server: Server, who: Person, page: str) -> list[Any]:
    """All messages until a page stands; the address without a page leads on to another, which is a second run."""

    async def run() -> list[Any]:
        async with Client(server.port, cookie=who.cookie) as client:
            messages = await client.run(page=page, timeout=60)
            return messages if page else messages + await client.collect(60)

    return asyncio.run(run())


def alerts(messages: list[Any]) -> list[str]:
    return [alert.body for alert in elements(messages, "alert")]


def check(server: Server, who: Person, role: str, page: str) -> list[Any]:
    """Open a page and see that it answers as it must for the role; the messages."""
    messages = opened(server, who, page)
    assert elements(messages, "exception") == []
    assert not [alert for alert in alerts(messages) if "Something went wrong" in alert], server.printed()[-3000:]
    refusals = [alert for alert in alerts(messages) if REFUSAL in alert]
    headings = elements(messages, "heading")
    if roles.may_open(role, page):
        assert refusals == []
        assert [heading for heading in headings if heading.tag == "h1"]
    else:
        assert len(refusals) == 1
        assert headings == []
        assert elements(messages, "arrow_data_frame") == []
    return messages


def test_the_pages_that_were_promised_are_there() -> None:
    assert set(PAGES) >= PROMISED
    assert {path.stem for path in (REPOSITORY / "pages").glob("*.py")} == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", roles.ROLES)
def test_with_the_small_authority(small_server: Server, come_in: Callable, role: str, page: str) -> None:
    check(small_server, come_in(small_server, role), role, page)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", roles.ROLES)
def test_with_no_data_at_all(empty_server: Server, come_in: Callable, role: str, page: str) -> None:
    messages = check(empty_server, come_in(empty_server, role), role, page)
    told = alerts(messages) + [text.body for text in elements(messages, "markdown")]
    assert max(len(sentence.split()) for sentence in told) > 4


@pytest.mark.parametrize("role", roles.ROLES)
def test_the_bare_address_leads_to_a_page(small_server: Server, come_in: Callable, role: str) -> None:
    messages = opened(small_server, come_in(small_server, role), "")
    assert elements(messages, "exception") == []
    assert not [alert for alert in alerts(messages) if "Something went wrong" in alert or REFUSAL in alert]
    assert elements(messages, "heading")


def test_the_servers_logged_no_error(small_server: Server, empty_server: Server) -> None:
    for server in (small_server, empty_server):
        printed = server.printed()
        assert "Traceback" not in printed
        assert "Error " not in printed

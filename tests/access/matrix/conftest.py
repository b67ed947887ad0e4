"""One walk of every viewer through the whole app on a real server; the tests look at what it brought."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.access.matrix import authority as authorities
from tests.access.matrix.authority import SIGN_IN, VIEWERS, Authority
from tests.access.matrix.expected import AGAIN, NOT_AGAIN, PAGES, PARTS, REPORTS, SPELLED, TAINTED, TURNS, may_appear
from tests.access.matrix.found import Canary
from tests.access.matrix.house import open_house
from tests.access.matrix.walk import REPORT, TABLE, Known, Seen, Walker, forged, spellings, walking
from tests.databases import SqliteFiles
from tests.serving import Server

CHILDREN = 1
"""How many children of each kind are opened by every viewer who has a child's page."""


@dataclass
class Walked:
    """opened: what each viewer was sent by the pages that are theirs; forged: by asking for the others in every way;
    tainted: by addresses that no page of ours makes; before, after: the database."""

    server: Server
    authority: Authority
    opened: dict[str, Seen] = field(default_factory=dict)
    forged: dict[str, Seen] = field(default_factory=dict)
    tainted: dict[str, Seen] = field(default_factory=dict)
    known: Known = field(default_factory=dict)
    before: dict[str, list[str]] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)


def may(who: str, page: str) -> bool:
    return VIEWERS[who].role in PAGES[page]


def opens(who: str, page: str) -> bool:
    """Whether the viewer opens the page on this walk."""
    by_another = who in NOT_AGAIN and may(NOT_AGAIN[who], page) and (who, page) not in AGAIN
    return may(who, page) and not by_another


def leaks(who: str, seen: Seen) -> dict[Canary, str]:
    """The canaries that this viewer may not be shown, and where they were."""
    return {canary: place for canary, place in seen.where.items() if not may_appear(who, *canary)}


def not_refused(who: str, seen: Seen, places: Iterable[str]) -> dict[str, set[Canary]]:
    """Of places where a page that is not the viewer's was asked for those that did not refuse, or showed something."""
    shown = {place: seen.places[place] - {(SIGN_IN, f"name {who}")} for place in places}
    return {place: shown[place] for place in shown if shown[place] or place not in seen.refused}


@pytest.fixture(scope="module")
def authority(sqlite_files: SqliteFiles) -> Iterator[Authority]:
    url = sqlite_files.copy_of("canaries", authorities.fill)
    yield authorities.with_viewers(url)
    sqlite_files.drop(url)


@pytest.fixture(scope="module")
def walked(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    with open_house(authority, tmp_path_factory.mktemp("house") / "house") as server:
        walked = Walked(server, authority)
        walked.before = authorities.state(authority.url)
        for who in VIEWERS:
            walked.opened[who] = asyncio.run(opened(walked, who))
        for who in VIEWERS:
            walked.forged[who] = asyncio.run(asked_for(walked, who))
            walked.tainted[who] = asyncio.run(tainted(walked, who))
        walked.after = authorities.state(authority.url)
        yield walked


async def opened(walked: Walked, who: str) -> Seen:
    """Every page that is for this viewer."""
    async with walking(walked.server, walked.authority, who, walked.known) as walker:
        for page in PAGES:
            if opens(who, page):
                take = (TABLE, REPORT) if who in REPORTS else (TABLE,)
                await walker.open(page, take, parts=(who, page) in PARTS, turns=TURNS.get(who))
        if opens(who, "child"):
            for key in sorted(key for keys in walked.authority.children.values() for key in keys[:CHILDREN]):
                await walker.child(key)
            await walker.search("canary")
        return walker.seen


async def asked_for(walked: Walked, who: str) -> Seen:
    """Every page that is not for this viewer: by its name with every button pressed that anybody was shown on it, by
    its number, in other spellings; pages that are, with buttons that only others were shown; and every part that runs
    by itself of any other viewer."""
    others = [seen for name, seen in walked.opened.items() if name != who]
    async with walking(walked.server, walked.authority, who) as walker:
        for page in PAGES:
            buttons = _buttons(page, others) - signing_out(walked)
            if may(who, page):
                pressed = buttons - _buttons(page, [walked.opened[who], walked.opened[NOT_AGAIN.get(who, who)]])
                if pressed:
                    await walker.send(f"{page} with buttons of others", forged(page, buttons=pressed))
            else:
                await walker.send(f"{page} by name", forged(page, buttons=buttons))
                numbers = {seen.numbers[page] for seen in others if page in seen.numbers}
                for number in numbers:
                    await walker.send(f"{page} by number", forged("", number))
                await _spelled(walker, who, page)
        for fragment in set().union(*(seen.fragments for seen in others)) - walked.opened[who].fragments:
            await walker.client.socket.send(forged("", fragment=fragment))
            await walker.run(f"fragment {fragment}", next(iter(PAGES)))
        return walker.seen


def _buttons(page: str, of: Iterable[Seen]) -> set[str]:
    return set().union(*(seen.widgets[page].buttons for seen in of if page in seen.widgets))


def signing_out(walked: Walked) -> set[str]:
    """The button that every page has for everybody."""
    return set.intersection(*(each.buttons for seen in walked.opened.values() for each in seen.widgets.values()))


async def _spelled(walker: Walker, who: str, page: str) -> None:
    if page in SPELLED.get(who, ()):
        for spelling in spellings(page):
            await walker.run(f"{page} spelled {spelling}", spelling)


async def tainted(walked: Walked, who: str) -> Seen:
    """Pages of this viewer with addresses that somebody made up."""
    async with walking(walked.server, walked.authority, who) as walker:
        for page in PAGES:
            for query in TAINTED.get((who, page), ()):
                await walker.run(f"{page}?{query[:60]}", page, query=query)
        return walker.seen

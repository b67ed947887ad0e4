"""A viewer who opens everything there is to open on a page, and keeps what the server sends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Container, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.access.matrix.authority import Authority
from tests.access.matrix.found import Canary, canaries_in
from tests.serving import Server
from tests.streamlit_socket import Client, elements

SECONDS = 60
TABLE, REPORT = "table", "report"
TABLES = frozenset({"Excel (.xlsx)", "CSV (.csv)"})
"""Files that are quick to make; the others are the reports of the weekly review."""
FAILED, REFUSED = "Something went wrong", "is not part of your role"


@dataclass
class Widgets:
    """What can be done on a page, by the numbers of its widgets: choices with their options, parts of the page by
    their name in the address, lists whose rows can be chosen, menus that open, buttons."""

    choices: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, list[str]] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)
    menus: list[str] = field(default_factory=list)
    buttons: set[str] = field(default_factory=set)

    def states(self, turn: int) -> dict[str, tuple[str, Any]]:
        """Every menu open, and of each choice and list the entry whose turn it is; the usual ones at turn 0."""
        states: dict[str, tuple[str, Any]] = dict.fromkeys(self.menus, ("bool_value", True))
        for number, options in self.choices.items():
            if turn and options:
                states[number] = ("string_value", options[turn % len(options)])
        chosen = json.dumps({"selection": {"rows": [turn], "columns": [], "cells": []}})
        return states | dict.fromkeys(self.lists, ("string_value", chosen))


@dataclass
class Seen:
    """What one viewer was sent.

    secrets: texts that nobody may be sent, which `told` then lists; places: the canaries that were seen at each;
    numbers: of each page by name; widgets: by page; fragments; offers: addresses of downloads; files: endings of those
    that were fetched, with how many canaries they held; failed, refused: places that said so."""

    secrets: Sequence[str]
    places: dict[str, set[Canary]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    widgets: dict[str, Widgets] = field(default_factory=dict)
    fragments: set[str] = field(default_factory=set)
    offers: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    bytes: int = 0

    def look(self, data: bytes, place: str) -> set[Canary]:
        found = canaries_in(data)
        self.bytes += len(data)
        self.told |= {secret for secret in self.secrets if secret.encode() in data}
        self.places.setdefault(place, set()).update(found)
        if FAILED.encode() in data:
            self.failed.append(place)
        return found

    @property
    def where(self) -> dict[Canary, str]:
        """Of each canary a place at which it was seen."""
        return {canary: place for place, found in self.places.items() for canary in found}


Known = dict[str, dict[str, tuple[str, Any]]]
"""States of the widgets that somebody was shown before, by page or part of a page."""


class Walker:
    """One viewer with one open tab. known: shared by all, and added to."""

    def __init__(self, client: Client, web: httpx.AsyncClient, secrets: Sequence[str], known: Known) -> None:
        self.client, self.web, self.seen, self.known = client, web, Seen(secrets), known

    async def run(self, place: str, page: str, **asked: Any) -> list[ForwardMsg]:
        """Run a page; what came is kept as having been seen at `place`."""
        self.client.frames.clear()
        return await self._settled(place, await self.client.run(page=page, timeout=SECONDS, **asked))

    async def send(self, place: str, data: bytes) -> None:
        """Send a message as it is, and keep what comes of it."""
        self.client.frames.clear()
        await self.client.socket.send(data)
        await self._settled(place, await self.client.collect(SECONDS))

    async def _settled(self, place: str, messages: list[ForwardMsg]) -> list[ForwardMsg]:
        """An address that is no page leads on to one, which is another run."""
        while not (elements(messages, "heading") or elements(messages, "alert")):
            messages = messages + await self.client.collect(SECONDS)
        self.seen.look(b"".join(self.client.frames), place)
        self.seen.fragments |= {each.delta.fragment_id for each in messages if each.delta.fragment_id}
        for message in messages:
            for each in message.navigation.app_pages:
                self.seen.numbers.setdefault(each.url_pathname, each.page_script_hash)
        if any(REFUSED in alert.body for alert in elements(messages, "alert")):
            self.seen.refused.add(place)
        return messages

    async def open(
        self, page: str, take: Container[str] = (TABLE,), *, parts: bool = False, turns: Mapping[str, int] | None = None
    ) -> None:
        """A page with its menus open and the first row of each list chosen, and the files that it offers, of the kinds
        that are to be taken.

        parts: each part of the page too; turns: in how many ways other entries are chosen, by page or part."""
        first = await self._opened(page, page, "", take)
        self.seen.widgets[page] = first
        others = [urlencode({key: part}) for key, found in first.parts.items() for part in found] if parts else []
        for query in ["", *others]:
            place = f"{page}?{query}" if query else page
            widgets = await self._opened(place, page, query, take) if query else first
            for turn in range(1, 1 + (turns or {}).get(place, 0)):
                asked = {"query": query, "widgets": widgets.states(turn)}
                messages = await self.run(f"{place}, choice {turn}", page, **asked)
                first.buttons |= widgets_of(messages).buttons
                await self._take_all(place, messages, (TABLE,))
            first.buttons |= widgets.buttons

    async def child(self, key: int) -> None:
        """The page of one child, and what the worklist says of it."""
        await self.run(f"child {key}", "child", query=f"child={key}")
        await self.run(f"child {key} on the worklist", "triage", query=f"open={key}")

    async def search(self, typed: str) -> None:
        """The search for a child, in each of its ways."""
        form = await self.run("search", "child")
        field, ways = elements(form, "text_input")[0], elements(form, "selectbox")[0]
        button = next(each.id for each in elements(form, "button") if each.is_form_submitter)
        for way in ways.options:
            asked = {field.id: ("string_value", typed), ways.id: ("string_value", way), button: ("trigger_value", True)}
            await self.run(f"search by {way}", "child", widgets=asked)

    async def _opened(self, place: str, page: str, query: str, take: Container[str]) -> Widgets:
        """Opened with the menus that another viewer was shown there; once more when there are others."""
        tried: dict[str, tuple[str, Any]] = self.known.get(place, {})
        messages = await self.run(place, page, query=query, widgets=tried)
        widgets = widgets_of(messages)
        if set(widgets.menus) - tried.keys():
            tried = self.known[place] = tried | widgets.states(0)
            messages = await self.run(f"{place}, menus open", page, query=query, widgets=tried)
            widgets.buttons |= widgets_of(messages).buttons
        await self._take_all(place, messages, take)
        return widgets

    async def _take_all(self, place: str, messages: Sequence[ForwardMsg], take: Container[str]) -> None:
        for link in elements(messages, "link_button"):
            if link.url.startswith("/download/"):
                self.seen.offers.append(link.url)
                if (TABLE if link.label in TABLES else REPORT) in take:
                    await self._take(place, link.url)

    async def _take(self, place: str, address: str) -> None:
        answer = await self.web.get(address)
        name = answer.headers.get("content-disposition", "")
        found = self.seen.look(answer.content, f"{place}, file {name}")
        self.seen.look(str(answer.headers).encode(), f"{place}, headers of {name}")
        ending = name.rpartition(".")[2]
        self.seen.files[ending] = self.seen.files.get(ending, 0) + len(found)


@asynccontextmanager
async def walking(server: Server, authority: Authority, who: str, known: Known | None = None) -> AsyncIterator[Walker]:
    """A viewer with a tab open."""
    cookie = authority.cookies[who]
    headers = {"Cookie": f"vs={cookie}", "Accept": "text/html"}
    async with (
        httpx.AsyncClient(base_url=server.url, headers=headers, timeout=SECONDS) as web,
        Client(server.port, cookie=f"vs={cookie}") as client,
    ):
        yield Walker(client, web, authority.secrets, {} if known is None else known)


def widgets_of(messages: Sequence[ForwardMsg]) -> Widgets:
    """The widgets that these messages draw."""
    found = Widgets()
    for message in messages:
        block = message.delta.add_block
        if block.HasField("popover") and block.popover.id:
            found.menus.append(block.popover.id)
    found.buttons = {each.id for kind in ("button", "download_button") for each in elements(messages, kind)}
    found.choices = {each.id: list(each.options) for each in elements(messages, "selectbox")}
    found.lists = [each.id for each in elements(messages, "dataframe") if each.id]
    for each in elements(messages, "button_group"):
        others = [option.content for place, option in enumerate(each.options) if place not in each.default]
        found.parts |= {each.query_param_key: others} if each.query_param_key else {}
    return found


def forged(page: str, number: str = "", buttons: Iterable[str] = (), fragment: str = "") -> bytes:
    """A message that asks for a page by name, by number or both, and presses these buttons."""
    message = BackMsg()
    asked = message.rerun_script
    asked.page_name, asked.page_script_hash, asked.fragment_id = page, number, fragment
    for button in buttons:
        state = asked.widget_states.widgets.add()
        state.id, state.trigger_value = button, True
    return bytes(message.SerializeToString())


def spellings(page: str) -> list[str]:
    """Other ways to write a page's address, without the slash before it."""
    return [page.upper(), f"{page}/", f"/{page}", f"%{ord(page[0]):02x}{page[1:]}", f"a/../{page}", f"./{page}"]

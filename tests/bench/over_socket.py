"""Reruns of pages as a server answers them, over its own WebSocket: one after the other, and of many at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from tests.bench.builds import EMPTY
from tests.bench.views import View
from tests.serving import Server
from tests.streamlit_socket import Client

PAUSE_SECONDS = 0.25
"""Sooner, the collection of garbage after the run before and the system's delayed acknowledgements would be measured
too."""
SECONDS = 120
WARM, RERUNS, OF_EACH = 3, 15, 5


def one_run(server: Server, cookie: str, view: View) -> tuple[list[float], list[float]]:
    """Seconds of reruns of the empty page, and then of the view, each in a session of its own with nothing beside it:
    taken in turns, the empty page would wait for what the view leaves behind."""
    return asyncio.run(_alone(server, cookie, EMPTY)), asyncio.run(_alone(server, cookie, view.page, view.query))


async def _alone(server: Server, cookie: str, page: str, query: str = "") -> list[float]:
    async with Client(server.port, cookie=f"vs={cookie}") as client:
        return [await _seconds(client, page, query) for _ in range(WARM + RERUNS)][WARM:]


async def _seconds(client: Client, page: str, query: str = "") -> float:
    await asyncio.sleep(PAUSE_SECONDS)
    client.frames.clear()
    start = time.perf_counter()
    await client.run(page=page, query=query, timeout=SECONDS)
    return time.perf_counter() - start


def many(server: Server, cookies: Sequence[str], view: View) -> list[float]:
    """Seconds of each rerun of a view of which every session asks the next as soon as it has one."""
    return asyncio.run(_many(server, cookies, view))


async def _many(server: Server, cookies: Sequence[str], view: View) -> list[float]:
    ready = asyncio.Barrier(len(cookies))
    found = await asyncio.gather(*(_one_of(server, cookie, view, ready) for cookie in cookies))
    return [seconds for each in found for seconds in each]


async def _one_of(server: Server, cookie: str, view: View, ready: asyncio.Barrier) -> list[float]:
    async with Client(server.port, cookie=f"vs={cookie}") as client:
        await client.run(page=view.page, query=view.query, timeout=SECONDS)
        await ready.wait()
        taken = []
        for _ in range(OF_EACH):
            client.frames.clear()
            start = time.perf_counter()
            await client.run(page=view.page, query=view.query, timeout=SECONDS)
            taken.append(time.perf_counter() - start)
        return taken

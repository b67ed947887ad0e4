"""A table that Excel cannot hold: the person is told so, and of the way out, and the trail tells of no download."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pandas as pd
import pytest
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import Response

from tests.commands.line import command_line
from vs_core.access import downloads
from vs_core.access.viewer import Viewer
from vs_core.reports.tables import csv_bytes, xlsx_bytes
from vs_core.rules.excel import LONGEST_CELL
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import reading

VIEWER = Viewer(1, "head", "A Head", "headteacher", "session 1")


async def _as_the_viewer(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    request.state.viewer = VIEWER
    return await answer(request)


APP = Starlette(routes=downloads.ROUTES, middleware=[Middleware(BaseHTTPMiddleware, dispatch=_as_the_viewer)])


def fetched(name: str, made: Callable[[], bytes]) -> httpx.Response:
    async def fetch() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://dashboard") as client:
            return await client.get(downloads.offer(VIEWER, name, "application/octet-stream", made))

    return asyncio.run(fetch())


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_it_is_said_in_a_sentence(prepared_url: str) -> None:
    frame = pd.DataFrame({"said": ["x" * (LONGEST_CELL + 1)]})
    with command_line(prepared_url):
        answer = fetched("table.xlsx", lambda: xlsx_bytes(frame, "Table"))
        assert answer.status_code == 413
        assert "take it as .csv instead" in answer.text
        with reading() as connection:
            assert connection.scalar(select(func.count()).select_from(audit_event)) == 0
        assert fetched("table.csv", lambda: csv_bytes(frame)).status_code == 200

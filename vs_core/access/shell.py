"""The page that brings Streamlit into the browser, with our own script beside its own.

It holds no data: that comes over the WebSocket, which is guarded. There is one address for each page of the table of
roles, and no other.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from vs_core.access import headers, roles

SCRIPT_PATH = "/screen.js"
SCRIPT = Path(__file__).with_name("screen.js").read_text(encoding="utf-8")


@cache
def shell() -> str:
    """Streamlit's own page with a tag for our script."""
    page = headers.streamlits_page()
    if page.count("</head>") != 1:
        raise RuntimeError("Streamlit's page has no place for the script that guards a screen.")
    return page.replace("</head>", f'<script src="{SCRIPT_PATH}" defer></script></head>')


async def _page(_request: Request) -> Response:
    return HTMLResponse(shell())


async def _script(_request: Request) -> Response:
    return Response(SCRIPT, media_type="text/javascript")


ROUTES = [
    Route("/", _page, methods=["GET"]),
    *(Route(f"/{name}", _page, methods=["GET"]) for name in roles.PAGES),
    Route(SCRIPT_PATH, _script, methods=["GET"]),
]

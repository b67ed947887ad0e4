"""Downloads through our own route: one-time, bound to the session, never kept by a cache, written to the trail.

A page offers a file and shows the address as a link; the bytes are made only when it is fetched. Offers live in memory
and are forgotten after a quarter of an hour.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from vs_core.access import roles, sessions, trail
from vs_core.access.sign_in_page import message_page
from vs_core.access.viewer import Viewer
from vs_core.rules.excel import TooLargeForExcel
from vs_core.store.engine import writing

LIFETIME = timedelta(minutes=15)
MOST_OFFERS_OF_ONE_SESSION = 40
Content = bytes | Callable[[], bytes]


@dataclass(frozen=True)
class Offer:
    """name: of the file; content: its bytes, or a function without arguments that makes them; detail: for the trail."""

    viewer: Viewer
    name: str
    media_type: str
    content: Content
    offered_at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)


_offers: dict[str, Offer] = {}
_lock = threading.Lock()


def offer(viewer: Viewer, name: str, media_type: str, content: Content, detail: Mapping[str, Any] | None = None) -> str:
    """The one-time address of a file for this viewer's session. Raises PermissionError without the right to export."""
    if not viewer.may(roles.EXPORT):
        raise PermissionError("This role may not export.")
    token, at = secrets.token_urlsafe(24), sessions.now()
    with _lock:
        _forget_old(viewer.session_id, at)
        _offers[token] = Offer(viewer, name, media_type, content, at, dict(detail or {}))
    return f"/download/{token}"


def take(token: str, viewer: Viewer, at: datetime) -> Offer | None:
    """The offer behind a token, once, for the session that it was made for and while its role may export."""
    with _lock:
        found = _offers.get(token)
        if found is None or found.viewer.session_id != viewer.session_id or not viewer.may(roles.EXPORT):
            return None
        del _offers[token]
    return found if at - found.offered_at < LIFETIME else None


async def _answer(request: Request) -> Response:
    viewer, token = request.state.viewer, request.path_params["token"]
    if request.method != "GET":
        return Response(status_code=405)
    found = take(token, viewer, sessions.now())
    if found is None:
        await run_in_threadpool(_refused, viewer, token)
        page = message_page("This download is used up", "Go back to the page, reload it and choose the download again.")
        return HTMLResponse(page, 410)
    try:
        data = await run_in_threadpool(_made, found, viewer)
    except TooLargeForExcel as error:
        return HTMLResponse(message_page("Too large for Excel", str(error)), 413)
    name = quote(found.name, safe="")
    return Response(data, 200, {"content-disposition": f"attachment; filename*=utf-8''{name}"}, found.media_type)


def _refused(viewer: Viewer, token: str) -> None:
    """A file that was offered to another session is written down; an address used up is nobody's secret."""
    others = _offers.get(token)
    if others is not None:
        with writing() as connection:
            trail.record(connection, viewer, "download refused", others.name)


def _made(found: Offer, viewer: Viewer) -> bytes:
    data = found.content if isinstance(found.content, bytes) else found.content()
    with writing() as connection:
        trail.record(connection, viewer, "download", found.name, {**found.detail, "bytes": len(data)})
    return data


def _forget_old(session_id: str, at: datetime) -> None:
    for token in [token for token, one in _offers.items() if at - one.offered_at >= LIFETIME]:
        del _offers[token]
    mine = [token for token, one in _offers.items() if one.viewer.session_id == session_id]
    for token in mine[: max(0, len(mine) - MOST_OFFERS_OF_ONE_SESSION + 1)]:
        del _offers[token]


ROUTES = [Route("/download/{token}", _answer, methods=["GET"])]

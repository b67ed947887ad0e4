"""The door in front of Streamlit: an ASGI middleware that nothing passes without a session, but the sign-in itself.

It looks the session up at every request and at every WebSocket message, says who it is in a header that only the door
can set, and ends open tabs when their session ends.
"""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from functools import cache
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from vs_core.access import activity, headers, origin, roles, sessions
from vs_core.access.open_tabs import TABS
from vs_core.access.sessions import Ended
from vs_core.access.sign_in_page import message_page
from vs_core.access.socket_guard import POLICY_VIOLATION, GuardedSocket, looked_up
from vs_core.access.viewer import Viewer
from vs_core.settings import settings

IDENTITY_HEADER = "x-vs-session"
OPEN_PATHS = frozenset(
    {
        "/login",
        "/login.css",
        "/login/council",
        "/login/council/back",
        "/login/council/out",
        "/session",
        "/_stcore/health",
    }
)
"""Answered for everybody: the sign-in, whether a session still counts, and that the server is up."""
CLOSED_PREFIXES = ("/_stcore/", "/app/", "/media/", "/component/", "/auth/", "/oauth2callback")
"""What Streamlit would answer and the product does not use: its metrics, health of scripts, agents, served files,
components, its own sign-in. Media too: it does not ask whose file it is."""
UPLOADS = "/_stcore/upload_file/"
SOCKET = "/_stcore/stream"
HOST_CONFIG = "/_stcore/host-config"
ASSETS = "/static/"
DRAFT = "/draft"
OWN = frozenset({"/", "/logout", "/screen.js", "/favicon.png", HOST_CONFIG})
DOWNLOAD = re.compile(r"/download/[A-Za-z0-9_-]+")
MOST_UPLOADED_MEGABYTES = 100
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

log = logging.getLogger("vs_core")


class _Answer:
    """Sends an answer with the headers of ours; `started` once there is no way back."""

    def __init__(self, scope: AsgiScope, send: Send) -> None:
        self._scope, self._send = scope, send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            is_asset = self._scope["path"].startswith(ASSETS) and message["status"] in {200, 206, 304}
            ours = headers.security(is_asset=is_asset, is_secure=origin.is_secure(self._scope, settings()))
            message = {**message, "headers": headers.replaced(list(message.get("headers", [])), ours)}
        await self._send(message)


class Door:
    """The middleware. `scope["state"]["viewer"]` holds the Viewer for our own routes behind it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._without_error_texts(scope, receive, _Answer(scope, send))
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _without_error_texts(self, scope: AsgiScope, receive: Receive, answer: _Answer) -> None:
        try:
            await self._request(scope, receive, answer)
        except Exception as error:
            reference = secrets.token_hex(4)
            last = traceback.extract_tb(error.__traceback__)[-1]
            log.error("Error %s: %s at %s:%s", reference, type(error).__name__, last.filename, last.lineno)
            if not answer.started:
                sorry = PlainTextResponse(f"Something went wrong. Reference: {reference}", 500)
                await sorry(scope, receive, answer)

    async def _request(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        refused = _refused_outright(scope)
        if refused is not None:
            await refused(scope, receive, send)
            return
        _strip_identity(scope)
        if scope["path"] in OPEN_PATHS:
            await self.app(scope, receive, send)
            return
        viewer = await viewer_of(scope)
        if not isinstance(viewer, Viewer):
            await _sign_in_first(scope)(scope, receive, send)
        elif not _is_served(scope):
            await _not_here(scope)(scope, receive, send)
        elif _may_not_upload(viewer, scope):
            await PlainTextResponse("Your role may not bring files in.", 403)(scope, receive, send)
        else:
            _let_in(scope, viewer)
            await self.app(scope, receive, send)

    async def _socket(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        _strip_identity(scope)
        viewer = await _knocks(scope)
        if not isinstance(viewer, Viewer):
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        _let_in(scope, viewer)
        tab = TABS.add(viewer.session_id)
        try:
            await GuardedSocket(tab, receive, send).serve(self.app, scope)
        finally:
            TABS.remove(tab)


def check_configuration() -> None:
    """Raises RuntimeError when Streamlit does not trust the door's header, and it alone, for who is signed in."""
    from streamlit import config

    from vs_core.access.guard import USER_KEY

    trusted = {name.lower(): key for name, key in config.get_option("server.trustedUserHeaders").items()}
    if trusted != {IDENTITY_HEADER: USER_KEY}:
        raise RuntimeError("server.trustedUserHeaders in .streamlit/config.toml does not name the door's header.")
    if not 0 < config.get_option("server.maxUploadSize") <= MOST_UPLOADED_MEGABYTES:
        raise RuntimeError(f"The door lets no file of over {MOST_UPLOADED_MEGABYTES} MB in: see server.maxUploadSize.")
    if config.get_option("server.enableAgentApi") or config.get_option("server.baseUrlPath"):
        raise RuntimeError("The door needs server.enableAgentApi = false and no server.baseUrlPath.")


def _refused_outright(scope: AsgiScope) -> Response | None:
    if not origin.host_is_ours(scope, settings()):
        return PlainTextResponse("This address is not known here. Its public address is set with VS_PUBLIC_URL.", 400)
    if scope["method"] not in SAFE_METHODS and not origin.origin_is_ours(scope, settings()):
        return PlainTextResponse("This request came from another site.", 403)
    return PlainTextResponse("Not found", 404) if _is_closed(scope["path"]) else None


def _is_closed(path: str) -> bool:
    used = path in {*OPEN_PATHS, *OWN} or path.startswith(UPLOADS)
    return path.casefold().startswith(CLOSED_PREFIXES) and not used


def _is_served(scope: AsgiScope) -> bool:
    """Everything that the product answers to a person who is signed in; a new route has to be named here. For what is
    no file of its own, Streamlit would answer with its page, to which our script is not added."""
    path = scope["path"]
    if path.startswith(ASSETS):
        return path in _assets()
    if path == DRAFT:
        return bool(scope["method"] == "POST")
    return path in OWN or path[1:] in roles.PAGES or path.startswith(UPLOADS) or bool(DOWNLOAD.fullmatch(path))


@cache
def _assets() -> frozenset[str]:
    """Addresses of the framework's own files."""
    own = headers.streamlits_files()
    folder = own / ASSETS.strip("/")
    return frozenset(f"/{file.relative_to(own).as_posix()}" for file in folder.rglob("*") if file.is_file())


def _not_here(scope: AsgiScope) -> Response:
    """The page that was meant by another spelling of its address, else a page that says that there is none."""
    meant = scope["path"].strip("/").casefold()
    if meant in roles.PAGES and not scope["path"].startswith("//") and scope["method"] in SAFE_METHODS:
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        return RedirectResponse(f"/{meant}{query}", 303)
    return HTMLResponse(message_page("There is no such page", "The address may be cut short or out of date."), 404)


def _may_knock(scope: AsgiScope) -> bool:
    return (
        scope["path"] == SOCKET and origin.host_is_ours(scope, settings()) and origin.origin_is_ours(scope, settings())
    )


async def _knocks(scope: AsgiScope) -> Viewer | Ended:
    try:
        return await viewer_of(scope) if _may_knock(scope) else Ended()
    except SQLAlchemyError:
        return Ended()


def _strip_identity(scope: AsgiScope) -> None:
    own = IDENTITY_HEADER.encode()
    scope["headers"] = [(key, value) for key, value in scope["headers"] if key.lower().replace(b"_", b"-") != own]


def _let_in(scope: AsgiScope, viewer: Viewer) -> None:
    scope["headers"] = [*scope["headers"], (IDENTITY_HEADER.encode(), viewer.session_id.encode())]
    scope.setdefault("state", {})["viewer"] = viewer
    if scope["type"] == "http" and _is_visit(scope):
        activity.note(viewer.session_id, sessions.now())


def _may_not_upload(viewer: Viewer, scope: AsgiScope) -> bool:
    """Files are brought in by who may take some in, and into a tab of their own session."""
    if not scope["path"].startswith(UPLOADS):
        return False
    tab = scope["path"].removeprefix(UPLOADS).partition("/")[0]
    return not viewer.may_upload() or not TABS.is_of(viewer.session_id, tab)


def _sign_in_first(scope: AsgiScope) -> Response:
    if scope["method"] not in SAFE_METHODS or not _is_visit(scope):
        return PlainTextResponse("Sign in first.", 401)
    asked = quote(scope["path"], safe="/")
    if scope["query_string"]:
        asked += "?" + scope["query_string"].decode("latin-1")
    target = origin.local_path(asked)
    return RedirectResponse("/login" if target == "/" else f"/login?next={quote(target, safe='')}", 303)


def _is_visit(scope: AsgiScope) -> bool:
    """A page that a person opens, as opposed to what scripts fetch by themselves."""
    machinery = scope["path"].startswith((*CLOSED_PREFIXES, ASSETS)) or scope["path"] in {"/screen.js", DRAFT}
    accepted = origin.header(scope, "accept")
    return not machinery and (not accepted or "text/html" in accepted or "*/*" in accepted)


async def viewer_of(scope: AsgiScope) -> Viewer | Ended:
    """The person behind a request's cookie; nobody when there are two such cookies."""
    sent = origin.cookies(scope, origin.cookie_name(scope, settings()))
    return await looked_up(sessions.session_id_of(sent[0])) if len(sent) == 1 else Ended()

"""The door in front of Streamlit: an ASGI middleware that nothing passes without a session, but the sign-in itself.

It looks the session up at every request and at every WebSocket message, says who it is in a header that only the door
can set, and ends open tabs when their session ends.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import traceback
from urllib.parse import quote

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from sqlalchemy.exc import DBAPIError
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from vs_core.access import activity, headers, origin, roles, sessions
from vs_core.access.open_tabs import TABS, Tab
from vs_core.access.sessions import Ended
from vs_core.access.viewer import Viewer
from vs_core.settings import settings
from vs_core.store.engine import retried

IDENTITY_HEADER = "x-vs-session"
OPEN_PATHS = frozenset({"/login", "/login.css", "/_stcore/health"})
CLOSED_PREFIXES = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/app/static")
UPLOADS = "/_stcore/upload_file/"
SOCKET = "/_stcore/stream"
ASSETS = "/static/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY_VIOLATION = 1008
DATABASE_TRIES = 20
DATABASE_PAUSE_SECONDS = 0.5

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
            await _Guarded(tab, receive, send).serve(self.app, scope)
        finally:
            TABS.remove(tab)


class _Guarded:
    """One WebSocket whose messages pass only while its session counts; at its end the tab is sent to the sign-in."""

    def __init__(self, tab: Tab, receive: Receive, send: Send) -> None:
        self.tab, self._receive, self._send = tab, receive, send
        self._accepted = self._closed = False

    async def serve(self, app: ASGIApp, scope: AsgiScope) -> None:
        await app(scope, self.receive, self.send)

    async def receive(self) -> Message:
        message = await self._next()
        if message is not None and message["type"] == "websocket.receive" and not await self._counts(message):
            message = None
        if message is None:
            await self._send_away()
            return {"type": "websocket.disconnect", "code": POLICY_VIOLATION, "reason": "signed out"}
        return message

    async def send(self, message: Message) -> None:
        if self._closed or self.tab.ended.is_set():
            return
        self._accepted = self._accepted or message["type"] == "websocket.accept"
        self._closed = message["type"] == "websocket.close"
        await self._send(message)

    async def _next(self) -> Message | None:
        if self.tab.ended.is_set():
            return None
        message = asyncio.ensure_future(self._receive())
        ended = asyncio.ensure_future(self.tab.ended.wait())
        try:
            await asyncio.wait({message, ended}, return_when=asyncio.FIRST_COMPLETED)
            return None if ended.done() else message.result()
        finally:
            message.cancel()
            ended.cancel()

    async def _counts(self, message: Message) -> bool:
        try:
            state = await _looked_up(self.tab.session_id)
        except DBAPIError:
            state = Ended()
        if isinstance(state, Ended):
            self.tab.end(state.why)
            return False
        if is_a_persons_deed(message.get("bytes") or b""):
            activity.note(self.tab.session_id, sessions.now())
        return True

    async def _send_away(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._accepted:
            away = ForwardMsg()
            away.auth_redirect.url = f"/login?ended={quote(self.tab.why)}"
            await self._send({"type": "websocket.send", "bytes": away.SerializeToString()})
        await self._send({"type": "websocket.close", "code": POLICY_VIOLATION})


def check_configuration() -> None:
    """Raises RuntimeError when Streamlit does not trust the door's header, and it alone, for who is signed in."""
    from streamlit import config

    from vs_core.access.guard import USER_KEY

    trusted = {name.lower(): key for name, key in config.get_option("server.trustedUserHeaders").items()}
    if trusted != {IDENTITY_HEADER: USER_KEY}:
        raise RuntimeError("server.trustedUserHeaders in .streamlit/config.toml does not name the door's header.")
    if config.get_option("server.enableAgentApi") or config.get_option("server.baseUrlPath"):
        raise RuntimeError("The door needs server.enableAgentApi = false and no server.baseUrlPath.")


def _refused_outright(scope: AsgiScope) -> Response | None:
    if not origin.host_is_ours(scope, settings()):
        return PlainTextResponse("This address is not known here. Its public address is set with VS_PUBLIC_URL.", 400)
    if scope["method"] not in SAFE_METHODS and not origin.origin_is_ours(scope):
        return PlainTextResponse("This request came from another site.", 403)
    if scope["path"].casefold().startswith(CLOSED_PREFIXES):
        return PlainTextResponse("Not found", 404)
    return None


def _may_knock(scope: AsgiScope) -> bool:
    return scope["path"] == SOCKET and origin.host_is_ours(scope, settings()) and origin.origin_is_ours(scope)


async def _knocks(scope: AsgiScope) -> Viewer | Ended:
    try:
        return await viewer_of(scope) if _may_knock(scope) else Ended()
    except DBAPIError:
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
    return scope["path"].startswith(UPLOADS) and not viewer.may(roles.IMPORT)


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
    machinery = scope["path"].startswith(("/_stcore/", ASSETS, "/media/", "/component/"))
    accepted = origin.header(scope, "accept")
    return not machinery and (not accepted or "text/html" in accepted or "*/*" in accepted)


async def viewer_of(scope: AsgiScope) -> Viewer | Ended:
    """The person behind a request's cookie; nobody when there are two such cookies."""
    sent = origin.cookies(scope, origin.cookie_name(scope, settings()))
    return await _looked_up(sessions.session_id_of(sent[0])) if len(sent) == 1 else Ended()


async def _looked_up(session_id: str) -> Viewer | Ended:
    """Waits for a database that is being restarted, and lets nothing pass meanwhile. Raises DBAPIError in the end."""
    for _ in range(DATABASE_TRIES - 1):
        try:
            return await asyncio.to_thread(_look_up, session_id)
        except DBAPIError as error:
            log.warning("Sessions cannot be looked up: %s", type(error).__name__)
            await asyncio.sleep(DATABASE_PAUSE_SECONDS)
    return await asyncio.to_thread(_look_up, session_id)


def _look_up(session_id: str) -> Viewer | Ended:
    return retried(lambda connection: sessions.look_up(connection, session_id, settings(), sessions.now()))


def is_a_persons_deed(data: bytes) -> bool:
    """Did a person do something, as opposed to a screen that refreshes itself?"""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return False
    return message.WhichOneof("type") == "rerun_script" and not message.rerun_script.is_auto_rerun

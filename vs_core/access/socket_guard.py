"""One open WebSocket: its messages pass only while its session counts, and only those that the product uses."""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import quote

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from vs_core.access import activity, sessions
from vs_core.access.open_tabs import Tab
from vs_core.access.sessions import Ended
from vs_core.access.viewer import Viewer
from vs_core.settings import settings
from vs_core.store.engine import retried

POLICY_VIOLATION = 1008
DATABASE_TRIES = 20
DATABASE_PAUSE_SECONDS = 0.5
FOR_EVERYBODY = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
FOR_UPLOADS = frozenset({"file_urls_request"})
"""Messages of a browser that are passed on. Not among them: clearing what is kept for everybody, stopping the server,
asking where its program comes from."""

log = logging.getLogger("vs_core")


class GuardedSocket:
    """One WebSocket whose messages pass only while its session counts; at its end the tab is sent to the sign-in."""

    def __init__(self, tab: Tab, receive: Receive, send: Send) -> None:
        self.tab, self._receive, self._send = tab, receive, send
        self._accepted = self._closed = False

    async def serve(self, app: ASGIApp, scope: AsgiScope) -> None:
        await app(scope, self.receive, self.send)

    async def receive(self) -> Message:
        """The next message that may pass; a disconnection when the session is over."""
        while True:
            message = await self._next()
            if message is None:
                break
            if message["type"] != "websocket.receive":
                return message
            viewer = await self._viewer()
            if viewer is None:
                break
            if self._passes(message.get("bytes"), viewer):
                return message
        await self._send_away()
        return {"type": "websocket.disconnect", "code": POLICY_VIOLATION, "reason": "signed out"}

    async def send(self, message: Message) -> None:
        if self._closed or self.tab.ended.is_set():
            return
        self._accepted = self._accepted or message["type"] == "websocket.accept"
        self._closed = message["type"] == "websocket.close"
        if not self.tab.streamlit_id and message.get("bytes"):
            self.tab.streamlit_id = _streamlit_id(message["bytes"])
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

    async def _viewer(self) -> Viewer | None:
        try:
            state = await looked_up(self.tab.session_id)
        except SQLAlchemyError:
            state = Ended()
        if isinstance(state, Ended):
            self.tab.end(state.why)
            return None
        return state

    def _passes(self, data: bytes | None, viewer: Viewer) -> bool:
        kind, is_deed = asked(data or b"")
        if is_deed:
            activity.note(self.tab.session_id, sessions.now())
        return kind in FOR_EVERYBODY or (kind in FOR_UPLOADS and viewer.may_upload())

    async def _send_away(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._accepted:
            away = ForwardMsg()
            away.auth_redirect.url = f"/login?ended={quote(self.tab.why)}"
            await self._send({"type": "websocket.send", "bytes": away.SerializeToString()})
        await self._send({"type": "websocket.close", "code": POLICY_VIOLATION})


def asked(data: bytes) -> tuple[str, bool]:
    """What a browser's message asks for (empty for what cannot be read), and whether a person did something, as
    opposed to a screen that refreshes itself."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return "", False
    kind = message.WhichOneof("type") or ""
    return kind, kind == "rerun_script" and not message.rerun_script.is_auto_rerun


def _streamlit_id(data: bytes) -> str:
    """The name that Streamlit gives to this tab, from the message that begins a run."""
    message = ForwardMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return ""
    return str(message.new_session.initialize.session_id) if message.HasField("new_session") else ""


async def looked_up(session_id: str) -> Viewer | Ended:
    """Waits for a database that is being restarted, and lets nothing pass meanwhile. Raises SQLAlchemyError in the end,
    or when every connection is in use for too long."""
    for _ in range(DATABASE_TRIES - 1):
        try:
            return await asyncio.to_thread(_look_up, session_id)
        except DBAPIError as error:
            log.warning("Sessions cannot be looked up: %s", type(error).__name__)
            await asyncio.sleep(DATABASE_PAUSE_SECONDS)
    return await asyncio.to_thread(_look_up, session_id)


def _look_up(session_id: str) -> Viewer | Ended:
    return retried(lambda connection: sessions.look_up(connection, session_id, settings(), sessions.now()))

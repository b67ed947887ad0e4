"""The browser tabs that are open now, so that a session's end reaches each of them within seconds."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from vs_core.access import activity, sessions
from vs_core.access.sessions import Ended
from vs_core.settings import settings
from vs_core.store.engine import reading, writing

CHECK_SECONDS = 2.0
WRITE_EVERY_CHECKS = 5

log = logging.getLogger(__name__)


class Tab:
    """One open WebSocket. `ended` is set once, with the reason in `why`; streamlit_id: Streamlit's name for the tab."""

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        self.ended = asyncio.Event()
        self.why = ""
        self.streamlit_id = ""

    def end(self, why: str) -> None:
        self.why = self.why or why
        self.ended.set()


class OpenTabs:
    """All open tabs of this process and the task that looks their sessions up again and again."""

    def __init__(self) -> None:
        self._tabs: dict[str, set[Tab]] = defaultdict(set)
        self._wake: Callable[[], object] = lambda: None

    def add(self, session_id: str) -> Tab:
        tab = Tab(session_id)
        self._tabs[session_id].add(tab)
        return tab

    def remove(self, tab: Tab) -> None:
        self._tabs[tab.session_id].discard(tab)
        if not self._tabs[tab.session_id]:
            del self._tabs[tab.session_id]

    def is_of(self, session_id: str, streamlit_id: str) -> bool:
        """Is this one of the session's own tabs?"""
        return any(tab.streamlit_id == streamlit_id for tab in self._tabs.get(session_id, ()))

    def end(self, session_id: str, why: str) -> None:
        """End every tab of one session; call it from the server's own thread."""
        for tab in tuple(self._tabs.get(session_id, ())):
            tab.end(why)

    def check_soon(self) -> None:
        """Look all sessions up at once instead of at the next turn; safe from any thread."""
        self._wake()

    async def watch(self) -> None:
        """For as long as the server runs: end the tabs of sessions that are over, write down who was active."""
        loop, due = asyncio.get_running_loop(), asyncio.Event()
        self._wake = lambda: loop.call_soon_threadsafe(due.set)
        writing_down: asyncio.Task[None] | None = None
        turn = 0
        while True:
            await self._check()
            turn += 1
            if turn % WRITE_EVERY_CHECKS == 0 and (writing_down is None or writing_down.done()):
                writing_down = asyncio.create_task(asyncio.to_thread(_write_activity))
            await _until(due, CHECK_SECONDS)

    async def _check(self) -> None:
        open_now = tuple(self._tabs)
        if not open_now:
            return
        try:
            over = await asyncio.to_thread(_over, open_now)
        except Exception as error:  # whatever it is: this task must not end
            log.warning("Open sessions could not be checked: %s", type(error).__name__)
            return
        for session_id, why in over.items():
            self.end(session_id, why)


async def _until(due: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(due.wait(), seconds)
    due.clear()


def _over(session_ids: tuple[str, ...]) -> dict[str, str]:
    at = sessions.now()
    with reading() as connection:
        found = {one: sessions.look_up(connection, one, settings(), at) for one in session_ids}
    return {one: state.why for one, state in found.items() if isinstance(state, Ended)}


def _write_activity() -> None:
    noted = activity.unwritten()
    if not noted:
        return
    try:
        with writing() as connection:
            activity.write_down(connection, noted)
    except SQLAlchemyError as error:
        log.warning("Activity will be written later: %s", type(error).__name__)
        return
    activity.forget(noted)


TABS = OpenTabs()

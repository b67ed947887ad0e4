"""Notes that somebody is writing and has not saved: kept for the writer, and for nobody else, when a session ends.

The browser sends what stands in a field while it is typed (`screen.js`), which also counts as a deed of the person.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from pydantic import BaseModel, Field, ValidationError, field_validator
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vs_core.access import activity, sessions
from vs_core.access.viewer import Viewer
from vs_core.store.access_tables import draft
from vs_core.store.engine import writing

PREFIX = "note "
LONGEST = 5_000
MOST_OF_ONE_PERSON = 50
LAST_WORD = timedelta(seconds=5)
"""For so long after a note is saved nothing is kept for its field: what was typed last may still be on its way."""
NOTE_FIELD = r"^note-[A-Za-z0-9_-]{1,150}$"


class Sent(BaseModel):
    """What the browser says stands in a field."""

    field: str = Field(pattern=NOTE_FIELD)
    text: str = Field(max_length=LONGEST)

    @field_validator("text")
    @classmethod
    def _can_be_kept(cls, text: str) -> str:
        """Raises ValueError for what no database keeps as text: a lone half of a character, the character 0."""
        text.encode()
        if "\x00" in text:
            raise ValueError("the character 0")
        return text


def field_of(key: str) -> str:
    """The field behind a widget's key (which starts with PREFIX), as Streamlit writes it into the page's classes."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", key.strip())


def keep(connection: Connection, user_id: int, field: str, text: str, at: datetime) -> None:
    """Remember what stands in a person's field. Nothing is kept of a field whose note has just been saved, nor of more
    than MOST_OF_ONE_PERSON fields."""
    mine = draft.c.user_id == user_id
    before = connection.execute(select(draft).where(mine, draft.c.field == field)).one_or_none()
    if before is not None:
        if before.text or at - before.written_at >= LAST_WORD:
            _write(connection, user_id, field, text, at)
    elif (connection.scalar(select(func.count()).select_from(draft).where(mine)) or 0) < MOST_OF_ONE_PERSON:
        connection.execute(insert(draft).values(user_id=user_id, field=field, text=text, written_at=at))


def kept(connection: Connection, user_id: int, field: str) -> tuple[str, datetime] | None:
    """The note that a person was writing in a field, and when; None when there is none."""
    own = select(draft.c.text, draft.c.written_at).where(draft.c.user_id == user_id, draft.c.field == field)
    found = connection.execute(own.where(draft.c.text != "")).one_or_none()
    return (found.text, found.written_at) if found else None


def saved(connection: Connection, user_id: int, field: str, at: datetime) -> None:
    """The note of a field has been saved where it belongs: an empty draft says so, also where the browser has not sent
    any yet; older empty ones are dropped."""
    mine = draft.c.user_id == user_id
    connection.execute(delete(draft).where(mine, draft.c.text == "", draft.c.written_at <= at - LAST_WORD))
    if not _write(connection, user_id, field, "", at):
        connection.execute(insert(draft).values(user_id=user_id, field=field, text="", written_at=at))


def _write(connection: Connection, user_id: int, field: str, text: str, at: datetime) -> bool:
    """Whether there was such a draft."""
    own = (draft.c.user_id == user_id) & (draft.c.field == field)
    return connection.execute(update(draft).where(own).values(text=text, written_at=at)).rowcount > 0


async def _answer(request: Request) -> Response:
    viewer: Viewer = request.state.viewer
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > 6 * LONGEST:
            return Response(status_code=413)
    try:
        sent = Sent.model_validate_json(body)
    except ValidationError:
        return Response(status_code=400)
    activity.note(viewer.session_id, sessions.now())
    await run_in_threadpool(_keep, viewer, sent)
    return Response(status_code=204)


def _keep(viewer: Viewer, sent: Sent) -> None:
    """Two tabs may begin the same note at the same moment: the second finds the first one's row then."""
    for last in (False, True):
        try:
            with writing() as connection:
                keep(connection, viewer.user_id, sent.field, sent.text, sessions.now())
            return
        except IntegrityError:
            if last:
                raise


ROUTES = [Route("/draft", _answer, methods=["POST"])]

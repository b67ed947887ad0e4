"""The whole way through the door on a real PostgreSQL server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select

from tests.access.conftest import Person, post_sign_in
from tests.access.test_sessions_end import ended_by, opens
from tests.streamlit_socket import Client
from vs_core.access import trail, users
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import engine_for, reading, writing


@pytest.mark.postgres
def test_in_and_out_again(serve: Callable, postgres_url: str) -> None:
    database = engine_for(postgres_url)
    with serve(url=postgres_url) as app, httpx.Client(base_url=app.url, headers={"Accept": "text/html"}) as web:
        assert post_sign_in(web, "analyst").status_code == 303
        who = Person(web)

        async def look() -> bytes:
            async with Client(app.port, cookie=who.cookie) as client:
                await client.run(page="attendance")
                return b"".join(client.frames)

        def disable() -> None:
            with writing(database) as connection:
                users.disable(connection, "test", "analyst")

        assert b"canary-of-attendance" in asyncio.run(look())
        assert ended_by(app, who.cookie, disable) == "/login?ended=disabled"
        assert not opens(app, who.cookie)
    with reading(database) as connection:
        assert trail.first_broken(connection) is None
        assert {"signed in", "user disabled"} <= set(connection.scalars(select(audit_event.c.what)))
    database.dispose()

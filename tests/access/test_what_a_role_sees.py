"""Pages, files and uploads by role, on the real server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import Engine, select

from tests.access.conftest import PAGES, Person
from tests.serving import Server
from tests.streamlit_socket import Client, elements
from vs_core.access import roles
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import reading


@pytest.mark.parametrize("role", list(roles.ROLES))
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_itself_or_a_refusal(
    app: Server, demo_person: Callable[[str], Person], role: str, page: str
) -> None:
    frames, _ = frames_of(app, demo_person(role), page)
    assert (f"canary-of-{page}" in frames) == roles.may_open(role, page)
    assert ("is not part of your role" in frames) != roles.may_open(role, page)


def test_a_refusal_is_on_the_trail(app: Server, demo_person: Callable[[str], Person], database: Engine) -> None:
    frames_of(app, demo_person("adviser"), "data")
    refused = select(audit_event).where(audit_event.c.what == "page refused", audit_event.c.user_name == "adviser")
    with reading(database) as connection:
        assert connection.execute(refused).first().subject == "data"


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_the_start_leads_to_the_first_page_of_the_role(
    app: Server, demo_person: Callable[[str], Person], role: str
) -> None:
    frames, _ = frames_of(app, demo_person(role), "")
    first = next(page for page in roles.pages(role) if page in PAGES)
    assert f"canary-of-{first}" in frames


def test_a_download_is_for_its_session_and_once(app: Server, person: Callable[..., Person], database: Engine) -> None:
    owner, other = person("inclusion"), person("inclusion")
    address = download_address(app, owner)
    assert other.web.get(address).status_code == 410
    with httpx.Client(base_url=app.url) as nobody:
        assert nobody.get(address).status_code == 303
    assert owner.web.head(address).status_code == 405
    answer = owner.web.get(address)
    assert answer.content == b"canary-of-download"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''Liste%20%C3%A9.csv"
    assert owner.web.get(address).status_code == 410
    with reading(database) as connection:
        files = connection.scalars(select(audit_event.c.subject).where(audit_event.c.what == "download")).all()
        refused = connection.scalars(
            select(audit_event.c.subject).where(audit_event.c.what == "download refused")
        ).all()
    assert files.count("Liste é.csv") == 1
    assert refused == ["Liste é.csv"]


def test_a_download_ends_with_its_session(app: Server, person: Callable[..., Person]) -> None:
    owner = person("inclusion")
    address, cookie = download_address(app, owner), owner.cookie
    owner.web.get("/logout", headers={"Sec-Fetch-Site": "same-origin"})
    assert owner.web.get(address, headers={"Cookie": cookie}).status_code == 303


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_only_who_may_import_can_upload(app: Server, demo_person: Callable[[str], Person], role: str) -> None:
    own = demo_person(role)
    assert (uploaded_into_a_tab_of(app, own) == "XSRF token missing or invalid") == roles.may_upload(role)
    assert own.web.put("/_stcore/upload_file/a/b", content=b"x").status_code == 403


def test_nobody_uploads_into_the_tab_of_another(app: Server, person: Callable[..., Person]) -> None:
    other = person("administrator")
    assert "may not bring files in" in uploaded_into_a_tab_of(app, person("administrator"), sender=other)


def frames_of(app: Server, who: Person, page: str) -> tuple[str, list]:
    async def look() -> tuple[bytes, list]:
        async with Client(app.port, cookie=who.cookie) as client:
            messages = await client.run(page=page)
            while page == "" and b"canary" not in b"".join(client.frames):
                messages += await client.collect()
            return b"".join(client.frames), messages

    frames, messages = asyncio.run(look())
    return frames.decode("utf-8", "replace"), messages


def uploaded_into_a_tab_of(app: Server, who: Person, sender: Person | None = None) -> str:
    """What the server says to a file that `sender` (usually the same person) sends into an open tab."""

    async def send() -> str:
        async with Client(app.port, cookie=who.cookie) as client:
            await client.run(page=PAGES[0])
            put = (sender or who).web.put
            answer = await asyncio.to_thread(put, f"/_stcore/upload_file/{client.session_id}/file", content=b"x")
            return answer.text

    return asyncio.run(send())


def download_address(app: Server, who: Person) -> str:
    frames, messages = frames_of(app, who, "attendance")
    assert "canary-of-download" not in frames
    shown = [link.url for link in elements(messages, "link_button")]
    assert len(shown) == 1
    assert re.fullmatch(r"/download/[\w-]{32}", shown[0])
    return shown[0]

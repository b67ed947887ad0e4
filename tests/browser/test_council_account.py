"""A council account in Chromium, at a provider of another site: what cookies and policies let through there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext

from tests.access import council
from tests.browser.conftest import drawn
from tests.needs import Unavailable, missing
from tests.serving import free_port, serving
from vs_core.access import users
from vs_core.store.engine import engine_for, writing


def test_from_a_link_through_the_provider_to_the_page_and_out(
    new_context: Callable[..., BrowserContext], empty_authority_file: str, tmp_path: Path
) -> None:
    try:
        council.installed()
    except Unavailable as error:
        missing(error)
    add_ann(empty_authority_file)
    issuer = council.issuer_on(free_port())
    person = {"sub": "s", "preferred_username": "ann@council.example"}
    given = council.settings(issuer, VS_PASSWORD_SIGN_IN="off")
    with serving(empty_authority_file, tmp_path / "log", given) as app:
        home = app.url.replace("127.0.0.1", "localhost")
        with council.oidc_provider(issuer, home, **person):
            page = new_context().new_page()
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            page.goto(f"{home}/attendance?weeks=6")
            page.get_by_role("link", name="Sign in with your council account").press("Enter")
            page.get_by_role("button", name="I am who I am").click()
            drawn(page)
            assert page.url.startswith(f"{home}/attendance")
            assert "weeks=6" in page.url
            page.goto(f"{home}/logout")
            page.get_by_role("button", name="Sign out").click()
            page.get_by_role("link", name="Also sign out of your council account").click()
            page.wait_for_url(f"{issuer}/**")
            assert [text for text in said if "Content Security Policy" in text] == []


def add_ann(url: str) -> None:
    engine = engine_for(url)
    with writing(engine) as connection:
        users.add(connection, "test", "ann", "headteacher", sso_name="ann@council.example", no_password=True)
    engine.dispose()

"""An open screen in Chromium: a half-written note survives its session, and a screen that slept shows nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select, update

from tests.serving import Server
from vs_core.access import sessions
from vs_core.access.users import DEMO_PASSWORD
from vs_core.store.access_tables import draft, session
from vs_core.store.engine import engine_for, reading, writing

NOTE = "Rang the school, Mrs B says"
COVERED = "This screen is covered"


def test_a_half_written_note_survives_the_end_of_its_session(
    page: Page, small_server: Server, sign_in: Callable[..., None]
) -> None:
    sign_in(page, small_server.url, "inclusion", "/weekly_review?period=year")
    _write_a_note(page)
    database = engine_for(small_server.database_url)
    with writing(database) as connection:
        over = sessions.now() - timedelta(seconds=1)
        long_ago = over - timedelta(hours=11)
        connection.execute(update(session).values(created_at=long_ago, expires_at=over))
    page.wait_for_url(re.compile("/login"))
    expect(page.get_by_role("status")).to_contain_text("your session had lasted its full time")
    with reading(database) as connection:
        assert NOTE in connection.scalars(select(draft.c.text)).all()
    database.dispose()
    _sign_in(page, "inclusion")
    page.wait_for_url(re.compile(r"/weekly_review"))
    page.get_by_role("button", name="Assign").first.click()
    expect(page.get_by_label("Next step").first).to_have_value(NOTE)
    expect(page.get_by_text("and had not saved it")).to_be_visible()


def _write_a_note(page: Page) -> None:
    page.get_by_role("button", name="Assign").first.click()
    field = page.get_by_label("Next step").first
    with page.expect_response("**/draft"):
        field.fill(NOTE)


def test_a_screen_that_slept_is_covered_until_its_session_is_known(
    new_context: Callable[..., BrowserContext], small_server: Server, sign_in: Callable[..., None]
) -> None:
    context = new_context()
    page = context.new_page()
    page.clock.install()
    sign_in(page, small_server.url, "analyst", "/weekly_review")
    page.wait_for_selector("h1")
    context.set_offline(True)
    page.clock.fast_forward("16:00")
    expect(page.get_by_text(COVERED)).to_be_visible()
    context.set_offline(False)
    page.clock.fast_forward("00:10")
    expect(page.get_by_text(COVERED)).to_be_hidden()


def test_a_link_from_an_email_leads_to_its_page_after_signing_in(page: Page, small_server: Server) -> None:
    target = f"{small_server.url}/attendance?as_at=2026-10-05"
    page.route(
        "https://mail.example/",
        lambda route: route.fulfill(body=f'<a href="{target}">Look</a>', content_type="text/html"),
    )
    for signed_in in (False, True):
        page.goto("https://mail.example/")
        page.get_by_role("link").click()
        if not signed_in:
            _sign_in(page, "inclusion")
        expect(page.get_by_role("heading", name="Attendance", exact=True)).to_be_visible()
        assert page.url.startswith(target)


def test_a_link_from_an_email_in_a_second_tab_leaves_the_form_in_the_first_good(
    new_context: Callable[..., BrowserContext], small_server: Server
) -> None:
    context = new_context()
    first, second = context.new_page(), context.new_page()
    first.goto(f"{small_server.url}/cohort")
    link = f'<a href="{small_server.url}/attendance">Look</a>'
    second.route("https://mail.example/", lambda route: route.fulfill(body=link, content_type="text/html"))
    second.goto("https://mail.example/")
    second.get_by_role("link").click()
    second.get_by_label("Sign-in name").wait_for()
    _sign_in(first, "inclusion")
    expect(first.get_by_role("heading", name="Cohort", exact=True)).to_be_visible()


def _sign_in(page: Page, role: str) -> None:
    page.get_by_label("Sign-in name").fill(role)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()

"""Payments in Chromium: whoever clicks twice, and whoever else clicks too, builds one batch and releases it once."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from tests.browser.conftest import drawn
from tests.serving import Server
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import engine_for, reading
from vs_core.store.schema import payment_batch, payment_line, payment_release

PRESSED_TWICE = "button => { button.click(); button.click(); }"
"""As from a keyboard: both reach the server, which the second click of a double click does not."""


def held(server: Server) -> dict[str, int]:
    """How often it stands in the database: batches, requests in lines, lines, releases, and both on the trail."""
    database = engine_for(server.database_url)
    with reading(database) as connection:
        counts = {
            "batches": select(func.count()).select_from(payment_batch),
            "lines": select(func.count()).select_from(payment_line),
            "requests": select(func.count(payment_line.c.request_id.distinct())),
            "releases": select(func.count()).select_from(payment_release),
            "built": select(func.count()).where(audit_event.c.what == "batch built"),
            "released": select(func.count()).where(audit_event.c.what == "batch released"),
        }
        found = {name: int(connection.scalar(query) or 0) for name, query in counts.items()}
    database.dispose()
    return found


def agree_to_all(page: Page) -> None:
    agree = page.get_by_role("button", name="Agree to all findings of this rule")
    while agree.count():
        page.get_by_label("Why it is paid all the same").fill("Looked at with the school")
        agree.click()
        expect(page.get_by_text("Agreed.", exact=True)).to_be_visible()
        drawn(page)


def test_a_double_click_builds_one_batch_and_releases_it_once(
    new_context: Callable[..., BrowserContext], small_server: Server, sign_in: Callable[..., None]
) -> None:
    operations, head, other = (new_context().new_page() for _ in range(3))
    sign_in(operations, small_server.url, "operations", "/payments")
    operations.get_by_role("button", name=re.compile("^Build a batch")).evaluate(PRESSED_TWICE)
    expect(operations.get_by_text("is built. It stands under Batches")).to_be_visible()
    first = held(small_server)
    assert (first["batches"], first["built"], first["releases"]) == (1, 1, 0)
    assert first["lines"] == first["requests"] > 0

    operations.goto(f"{small_server.url}/payments?part=Batches&batch=1")
    expect(operations.get_by_role("button", name=re.compile("^Release VS-1"))).to_be_disabled()
    drawn(operations)
    agree_to_all(operations)

    for page in (head, other):
        sign_in(page, small_server.url, "headteacher", "/payments?part=Batches&batch=1")
        expect(page.get_by_role("button", name=re.compile("^Release VS-1"))).to_be_enabled()
    head.evaluate("presses = 0; document.addEventListener('click', () => { presses += 1; })")
    head.get_by_role("button", name=re.compile("^Release VS-1")).dblclick()
    assert head.evaluate("presses") == 1
    other.get_by_role("button", name=re.compile("^Release VS-1")).click()
    for page in (head, other):
        expect(page.get_by_text(re.compile(r"Released by Headteacher \(demo\) on"))).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("^Release VS-1"))).to_have_count(0)
        drawn(page)
    assert held(small_server) == first | {"releases": 1, "released": 1}

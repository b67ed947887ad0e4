"""Every page in Chromium as every role: a silent console, no barrier, wide and on a phone; and one file taken in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from sqlalchemy import select

from tests.browser.conftest import DESK, PHONE, WAIT_MILLISECONDS, _signed_in, drawn
from tests.needs import Unavailable, missing
from tests.serving import REPOSITORY, Server
from vs_core.access import roles, users
from vs_core.store.engine import engine_for, reading, writing
from vs_core.store.schema import import_ledger
from vs_core.ui.parts import payments, pp_parts, triage

PAGES = [name for name in roles.PAGES if (REPOSITORY / "pages" / f"{name}.py").exists()]
OPENED = [
    (role, page)
    for role in roles.ROLES
    for page in PAGES
    if roles.may_open(role, page) and (role == "headteacher" or page in (roles.pages(role)[0], "my_access"))
]
"""Every page once, and of each other role the page it starts on and the one that differs most. Every page as every role
is opened by `tests/test_app.py`, without a browser."""
OF_THE_FRAMEWORK = {"svg-img-alt": "metric_chart_"}
"""Rules of axe that Streamlit's own parts break, each with the part of the page: the small line in a tile."""
ASKED_BESIDE_THE_PAGE = re.compile(r"404 .*/_stcore/(health|host-config)\)$")
"""Streamlit asks for its own addresses under each folder of a page's address before it finds them at the root."""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


class Tab:
    """A signed-in browser tab that keeps what its console complains of."""

    def __init__(self, page: Page, server: Server, role: str) -> None:
        self.page, self.server, self.complaints = page, server, list[str]()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        _signed_in(page, server.url, role)

    def _hear(self, message: ConsoleMessage) -> None:
        told = f"{message.text} ({message.location.get('url', '')})"
        if message.type == "error" and not ASKED_BESIDE_THE_PAGE.search(told):
            self.complaints.append(told)

    def open(self, name: str) -> list[str]:
        """Open a page; what the console complained of meanwhile."""
        self.complaints.clear()
        self.page.goto(f"{self.server.url}/{name}")
        self.page.wait_for_selector("h1")
        drawn(self.page)
        return list(self.complaints)


@pytest.fixture(scope="module")
def tab(browser_or_none: Browser | None, small_server: Server) -> Iterator[Callable[..., Tab]]:
    """`tab("analyst", viewport=PHONE)`: signed in once for all tests of this file."""
    if browser_or_none is None:
        missing(Unavailable("no Chromium for the browser tests (Debian: apt-get install chromium)"))
    opened: dict[tuple[str, bool], Tab] = {}

    def make(role: str, phone: bool = False) -> Tab:
        if (role, phone) not in opened:
            touch: dict[str, Any] = {"has_touch": True, "is_mobile": True} if phone else {}
            context = browser_or_none.new_context(viewport=PHONE if phone else DESK, locale="en-GB", **touch)
            context.set_default_timeout(WAIT_MILLISECONDS)
            opened[role, phone] = Tab(context.new_page(), small_server, role)
        return opened[role, phone]

    yield make
    for one in opened.values():
        one.page.context.close()


def barriers(page: Page) -> list[str]:
    """Serious and critical faults that axe finds, but for the framework's own."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
        if not re.search(OF_THE_FRAMEWORK.get(fault["id"], "(?!)"), node["html"])
    ]


@pytest.mark.parametrize(("role", "name"), OPENED)
def test_a_page_on_a_wide_screen(tab: Callable[..., Tab], role: str, name: str) -> None:
    one = tab(role)
    assert one.open(name) == []
    assert one.page.get_by_text("Something went wrong").count() == 0
    assert one.page.locator('[data-testid="stException"]').count() == 0
    assert barriers(one.page) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_on_a_phone(tab: Callable[..., Tab], name: str) -> None:
    one = tab("headteacher", phone=True)
    assert one.open(name) == []
    assert one.page.get_by_text("Something went wrong").count() == 0
    assert not one.page.evaluate(WIDER)
    assert barriers(one.page) == []


PARTS = [
    (page, part)
    for page, parts in (("pp_plus", pp_parts.PARTS), ("payments", payments.PARTS), ("triage", triage.PARTS))
    for part in parts[1:]
]


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_a_part_of_a_page(tab: Callable[..., Tab], name: str, part: str) -> None:
    one = tab("headteacher")
    assert one.open(f"{name}?{urlencode({'part': part})}") == []
    expect(one.page.get_by_role("radio", name=part, exact=True)).to_be_checked(timeout=WAIT_MILLISECONDS)
    assert one.page.locator('[data-testid="stException"]').count() == 0
    assert barriers(one.page) == []


@pytest.mark.parametrize("role", [role for role in roles.ROLES if len(roles.pages(role)) > 1])
def test_the_navigation_names_the_pages_of_the_role(tab: Callable[..., Tab], role: str) -> None:
    one = tab(role)
    one.open(next(name for name in roles.pages(role) if name in PAGES))
    titles = {roles.PAGES[name].title for name in PAGES if roles.may_open(role, name) and roles.PAGES[name].listed}
    links = one.page.locator("header a")
    assert {text.split("\n")[-1] for text in links.all_inner_texts() if text} == titles


def test_a_child_is_opened_from_a_list_by_keyboard_and_another_is_searched(tab: Callable[..., Tab]) -> None:
    one = tab("inclusion")
    one.open("attendance")
    listed = one.page.get_by_test_id("stDataFrame").last
    listed.scroll_into_view_if_needed()
    listed.locator("canvas").first.focus()
    one.page.keyboard.press("ArrowDown")
    expect(listed.locator('td[aria-selected="true"]')).to_have_text(re.compile(r"^/child\?child=\d+$"))
    with one.page.context.expect_page() as opened:
        one.page.keyboard.press("Enter")
    child = opened.value
    expect(child.get_by_text("Attendance this year").first).to_be_visible(timeout=WAIT_MILLISECONDS)
    assert re.fullmatch(r".*/child\?child=\d+", child.url)
    assert child.title() == "Child - Virtual School dashboard"
    drawn(child)
    assert barriers(child) == []
    child.get_by_role("link", name="Find another child").click()
    child.get_by_label("Find", exact=True).fill("tenby")
    child.keyboard.press("Enter")
    child.get_by_role("link", name="Tamsin Tenby").click()
    expect(child.get_by_role("heading", name="Tamsin Tenby")).to_be_visible(timeout=WAIT_MILLISECONDS)
    expect(child).to_have_url(re.compile(r"/child\?child=\d+$"))
    child.close()


UPLOADED = "register of a friday.csv"
REGISTER = "child_id,date,session,code\n" + "".join(f"NEW{number},2026-11-20,AM,/\n" for number in range(37))


def test_a_file_is_uploaded_looked_at_and_taken_in(tab: Callable[..., Tab], tmp_path: Path) -> None:
    file = tmp_path / UPLOADED
    file.write_text(REGISTER + "NEW99,2026-11-20,AM,?\n")
    one = tab("administrator")
    one.open("data")
    page = one.page
    page.get_by_role("radio", name="Upload").click()
    page.get_by_label("What is in the file").click()
    page.get_by_role("option", name="Attendance").click()
    page.locator('input[type="file"]').set_input_files(file)
    totals = page.locator("p", has_text="38 rows in")
    expect(totals).to_contain_text("37 new + 0 unchanged + 0 corrected + 1 refused")
    assert ledger_of(one.server) == []
    page.get_by_role("button", name="Take in 37 rows").click()
    expect(page.get_by_text("Taken in as import")).to_be_visible()
    assert ledger_of(one.server) == [(38, 37, 1, "administrator")]
    one.open("data?part=Arrived")
    assert one.complaints == []


def ledger_of(server: Server) -> list[tuple[Any, ...]]:
    engine, table = engine_for(server.database_url), import_ledger.c
    told = select(table.rows_in, table.inserted, table.rejected, table.imported_by).where(table.file_name == UPLOADED)
    with reading(engine) as connection:
        found = [tuple(row) for row in connection.execute(told)]
    engine.dispose()
    return found


def test_a_session_that_is_ended_on_the_page_of_people_closes_its_tab(tab: Callable[..., Tab]) -> None:
    one = tab("administrator")
    let_in(one.server, "A. Visitor", "a password for a visit")
    visitor = one.page.context.browser.new_context(viewport=DESK, locale="en-GB").new_page()
    visitor.set_default_timeout(WAIT_MILLISECONDS)
    _signed_in(visitor, one.server.url, "A. Visitor", "/my_access", "a password for a visit")
    one.open("people?part=Signed+in+now")
    page = one.page
    page.get_by_label("End a session").click()
    page.get_by_role("option", name=re.compile("A. Visitor")).click()
    page.get_by_role("button", name="End this session").click()
    expect(page.get_by_text("The session of A. Visitor has ended.")).to_be_visible()
    visitor.wait_for_url("**/login?*", timeout=5_000)
    expect(visitor.get_by_text("An administrator ended your session.")).to_be_visible()
    visitor.context.close()
    assert one.complaints == []


def let_in(server: Server, name: str, password: str) -> None:
    engine = engine_for(server.database_url)
    with writing(engine) as connection:
        users.add(connection, "test", name, "analyst", password=password)
    engine.dispose()

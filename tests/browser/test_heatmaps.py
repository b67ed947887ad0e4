"""A heatmap in Chromium: a click on a cell lists the children behind it, the keyboard alone does the same, and the
address leads a colleague there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import WAIT_MILLISECONDS, drawn
from tests.serving import Server

SignIn = Callable[..., None]
SUM = re.compile(r"^(.+): ([\d,]+) of ([\d,]+) possible sessions attended")


def cell(page: Page, *said: str) -> Locator:
    """The cell of which the reader's words hold all of this."""
    cells = page.get_by_test_id("stVegaLiteChart").locator(".mark-text.role-mark text[aria-label]")
    for words in said:
        cells = cells.and_(page.locator(f'[aria-label*="{words}"]'))
    return cells.first


def told(page: Page) -> tuple[str, str]:
    """What the line over the list says: whose cell, and the sessions."""
    line = page.get_by_text(SUM).first
    expect(line).to_be_visible(timeout=WAIT_MILLISECONDS)
    found = SUM.search(line.inner_text())
    assert found is not None
    return found[1], f"{found[2]} of {found[3]}"


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlparse(page.url).query)


def test_a_click_on_a_cell_lists_its_children_and_a_colleague_is_led_there(
    page: Page, new_context: Callable[..., BrowserContext], small_server: Server, sign_in: SignIn
) -> None:
    sign_in(page, small_server.url, "inclusion", "/attendance?view=Year+group+by+week")
    chosen = cell(page, "Year 9", "Week beginning: 9 Nov 2026")
    chosen.scroll_into_view_if_needed()
    words: Any = chosen.get_attribute("aria-label")
    chosen.click()
    whose, sessions = told(page)
    assert whose.startswith("Year 9")
    assert f"{sessions} possible sessions" in words
    drawn(page)
    assert asked(page) == {"view": ["Year group by week"], "row": ["year-9"], "at": ["2026-11-09"]}
    colleague = new_context().new_page()
    sign_in(colleague, small_server.url, "headteacher", page.url.removeprefix(small_server.url))
    assert told(colleague) == (whose, sessions)


def test_a_click_on_a_childs_cell_lists_its_marks(page: Page, small_server: Server, sign_in: SignIn) -> None:
    sign_in(page, small_server.url, "inclusion", "/attendance")
    chosen = cell(page, "Week beginning: 9 Nov 2026", "of 10 possible")
    chosen.scroll_into_view_if_needed()
    chosen.click()
    expect(page.get_by_text("10 marks", exact=True)).to_be_visible(timeout=WAIT_MILLISECONDS)
    drawn(page)
    assert asked(page)["at"] == ["2026-11-09"]
    assert re.fullmatch(r"child-\d+", asked(page)["row"][0])


def test_the_keyboard_alone_chooses_the_same_cell(page: Page, small_server: Server, sign_in: SignIn) -> None:
    sign_in(page, small_server.url, "inclusion", "/attendance?view=Year+group+by+week")
    for box, wanted in (("Year group", "Year 9"), ("Week", "Week of 9 Nov 2026")):
        page.get_by_role("combobox", name=re.compile(rf"\b{box}$")).focus()
        page.keyboard.type(wanted)
        page.keyboard.press("Enter")
        drawn(page)
    expect(page.get_by_text("week of 9 Nov 2026:")).to_be_visible(timeout=WAIT_MILLISECONDS)
    whose, sessions = told(page)
    assert whose.startswith("Year 9")
    expect(cell(page, "Year 9", "Week beginning: 9 Nov 2026", sessions)).to_be_attached()
    expect(page).to_have_url(re.compile("row=year-9&at=2026-11-09"))

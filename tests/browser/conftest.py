"""A real Chromium for the tests of this folder: `browser`, `page`, `phone` and `sign_in`.

While a browser is open `asyncio.run` is not to be had in its process: speak to sockets in files of their own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.needs import Unavailable, missing
from vs_core.access.users import DEMO_PASSWORD

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 900}
WAIT_MILLISECONDS = 60_000
"""Until a wait is given up; a machine that does much else besides is slow, and no test says how quick a page is."""
expect.set_options(timeout=WAIT_MILLISECONDS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


def chromium_path(playwright: Playwright) -> str | None:
    """The system's Chromium, else Playwright's own where it was downloaded, else None."""
    own = playwright.chromium.executable_path
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or (own if Path(own).exists() else None)


@pytest.fixture(scope="module")
def browser_or_none() -> Iterator[Browser | None]:
    with sync_playwright() as playwright:
        path = chromium_path(playwright)
        if path is None:
            yield None
            return
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser(browser_or_none: Browser | None) -> Browser:
    if browser_or_none is None:
        missing(Unavailable("no Chromium for the browser tests (Debian: apt-get install chromium)"))
    return browser_or_none


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(viewport=..., java_script_enabled=False, ...)`: another person's browser, remembering nothing."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": DESK, "locale": "en-GB", **options})
        context.set_default_timeout(WAIT_MILLISECONDS)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A page as wide as a phone, touched instead of clicked."""
    return new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """`sign_in(page, server.url, "inclusion", "/attendance")`: through the form, as the demo's person of that role, to
    the role's first page or to the one named; returns when Streamlit has drawn it."""
    return _signed_in


def _signed_in(page: Page, url: str, role: str, path: str = "/", password: str = DEMO_PASSWORD) -> None:
    page.goto(f"{url}{path}")
    page.get_by_label("Sign-in name").fill(role)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until Streamlit has run the page's script to its end."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', state="attached")

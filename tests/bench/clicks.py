"""From a click to the last element on the screen that changes, in Chromium.

The grid keeps a copy of its cells for screen readers inside its canvas, which nobody sees, and renews it some 300 ms
after it has drawn them, however the page was built: that is not waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.views import View
from tests.browser.conftest import DESK, FLAGS, WAIT_MILLISECONDS, chromium_path, drawn
from tests.needs import Unavailable
from tests.serving import Server

WARM, CLICKS = 1, 5
QUIET_MILLISECONDS = 800
LISTEN = """
window.clicked = 0; window.changed = 0;
addEventListener('click', () => { window.clicked = performance.now() }, true);
new MutationObserver(found => {
    const main = document.querySelector('[data-testid=stMain]');
    const isHidden = ({type, target}) =>
        target.parentElement?.closest('canvas') || (type === 'childList' && target.nodeName === 'CANVAS');
    if (found.some(each => main?.contains(each.target) && !isHidden(each)))
        window.changed = performance.now();
}).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
"""
STILL = f"performance.now() - Math.max(window.changed, window.clicked) > {QUIET_MILLISECONDS}"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Raises Unavailable where there is none."""
    with sync_playwright() as playwright:
        path = chromium_path(playwright)
        if path is None:
            raise Unavailable("no Chromium (Debian: apt-get install chromium)")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def seconds(browser: Browser, server: Server, cookie: str, view: View) -> list[float]:
    """Seconds of each click that leads to the view."""
    context = browser.new_context(viewport=DESK, locale="en-GB", bypass_csp=True)
    context.set_default_timeout(6 * WAIT_MILLISECONDS)
    context.add_init_script(LISTEN)
    context.add_cookies([{"name": "vs", "value": cookie, "url": server.url}])
    tab = context.new_page()
    tab.goto(f"{server.url}/{view.name}")
    tab.wait_for_selector("h1")
    drawn(tab)
    tab.wait_for_function(STILL)
    taken = [_there_and_back(tab, view) for _ in range(WARM + CLICKS)][WARM:]
    context.close()
    return taken


def _there_and_back(tab: Page, view: View) -> float:
    _click(tab, view.off)
    return _click(tab, view.to)


def _click(tab: Page, label: str) -> float:
    tab.get_by_role("radio", name=label, exact=True).click()
    tab.wait_for_function(STILL)
    return float(tab.evaluate("window.changed - window.clicked")) / 1000

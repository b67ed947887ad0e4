"""A browser's tab that tells what a hostile text did in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.browser.hostile import MARK

LISTEN = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event => {
    window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    document.documentElement.dataset.violations = window.violations.length;
});
"""
DRAWN = (
    ".katex, iframe, object, embed, base, form[action], audio, video, math, [onerror], [onload], "
    "[ontoggle], [data-testid=stMarkdownContainer] :is(img, table, input, blockquote, pre)"
)
"""What Streamlit and the product draw nowhere."""
LOOK = """
unwanted => ({
    text: document.body.textContent,
    ran: window.ran !== undefined,
    violations: window.violations.splice(0),
    typed: [...document.querySelectorAll('input, textarea')].map(each => each.value),
    drawn: [...document.querySelectorAll(unwanted)].map(each => each.outerHTML.slice(0, 200)),
    links: [...document.querySelectorAll('a[href], area[href]')].map(each => each.href)
        .filter(href => !href.startsWith(location.origin + '/')),
})
"""
EXPAND = "document.querySelectorAll('details:not([open]) > summary').forEach(each => each.click())"


@dataclass
class Seen:
    """What a tab told so far. asked: addresses of other hosts; said: complaints of the console; ran: where a script or
    a dialog was seen; drawn: elements and links that a text became; marks: numbers of the texts that stood there whole;
    torn: texts that did not."""

    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    marks: set[int] = field(default_factory=set)
    torn: list[str] = field(default_factory=list)


def watch(context: BrowserContext, home: str, seen: Seen) -> None:
    """Listen to everything that the tabs of a browser do from now on."""
    context.add_init_script(LISTEN)
    context.on("request", lambda request: _heard(request, home, seen))
    context.on("page", lambda page: _listen(page, home, seen))


def _listen(page: Page, home: str, seen: Seen) -> None:
    def dialog(one: Any) -> None:
        seen.ran.append(f"dialog: {one.message}")
        one.dismiss()

    page.on("dialog", dialog)
    page.on("console", lambda message: _said(message, seen))
    page.on("popup", lambda popup: seen.ran.append(f"window: {popup.url}"))
    page.on("websocket", lambda socket: _asked(socket.url, home.replace("http", "ws", 1), seen))


def _heard(request: Request, home: str, seen: Seen) -> None:
    _asked(request.url, home, seen)


def _asked(url: str, home: str, seen: Seen) -> None:
    if not url.startswith((f"{home}/", "data:", "blob:")):
        seen.asked.append(url)


def _said(message: ConsoleMessage, seen: Seen) -> None:
    if "Content Security Policy" in message.text:
        seen.said.append(message.text)


def look(page: Page, texts: list[str], seen: Seen) -> set[int]:
    """Look at the whole page as it stands; the numbers of the texts that stand on it."""
    found, where = page.evaluate(LOOK, DRAWN), page.url
    seen.violations += found["violations"]
    seen.drawn += [f"{where}: {each}" for each in (*found["drawn"], *found["links"])]
    if found["ran"]:
        seen.ran.append(where)
    marks: set[int] = set()
    for shown in (found["text"], *found["typed"]):
        whole = _spaced(shown)
        for mark in MARK.finditer(whole):
            number = int(mark[1])
            if whole[: mark.end()].endswith(_spaced(texts[number])):
                marks.add(number)
            else:
                said = whole[max(0, mark.start() - len(texts[number]) - 20) : mark.end()]
                seen.torn.append(f"{where}: {texts[number]!r} stands as {said!r}")
    seen.marks |= marks
    return marks


def _spaced(text: str) -> str:
    return " ".join(text.split())

"""Everybody and everything is called what looks like markup: every page shows it as the text that it is.

No script of theirs runs, nothing is asked of another host, nothing becomes a picture, a link or a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from tests.access.canaries import AS_AT
from tests.access.matrix.authority import Authority
from tests.access.matrix.house import Edit, open_house
from tests.browser import hostile
from tests.browser.conftest import DESK, WAIT_MILLISECONDS, drawn
from tests.browser.hostile import FAR, MARK, OWN
from tests.browser.watched import EXPAND, Seen, look, watch
from tests.conftest import build_small_authority
from tests.databases import SqliteFiles
from tests.needs import Unavailable, missing
from vs_core.access import roles
from vs_core.rules.formulas import escaped, unescaped
from vs_core.store.engine import engine_for, reading
from vs_core.store.schema import child, child_details
from vs_core.ui.parts import data_parts, people, pp_parts

REPORTED = {"script-src wasm-eval ": "Streamlit's messages ask whether WebAssembly counts in 64 bits, and do without"}
"""What the content policy may report, with the reason."""
PARTS = {
    "data": (data_parts.UPLOAD, data_parts.REFUSED, data_parts.COMPLETE),
    "people": (people.NEW, people.SESSIONS),
    "pp_plus": tuple(part for part in pp_parts.PARTS if part != pp_parts.BURN_DOWN),
}
NAMES_NOBODY_ELSE = frozenset({"my_access"})
WITH_TABLES = frozenset({"cohort", "attendance", "exclusions", "pp_plus", "training", "projects", "data"})
TABLE = re.compile(r"Excel \(\.xlsx\)|CSV \(\.csv\)")
TO = "address => { history.pushState({}, '', address); dispatchEvent(new PopStateEvent('popstate')) }"
"""To another page by the browser's own way back and forth."""
INSERT = "markup => document.body.insertAdjacentHTML('beforeend', markup)"
AS_MARKDOWN: Edit = ("vs_core/ui/words.py", "return _NOTHING.join(", "return str(text) or _NOTHING.join(")
WITHOUT_POLICY: Edit = ("vs_core/access/headers.py", '"content-security-policy": policy(),', "")


@dataclass(frozen=True)
class House:
    """The authority in its database; texts: all hostile ones; cookies: of a session, by role; children: the key of one
    that is known by a hostile number alone, and of one with a hostile name."""

    authority: Authority
    texts: list[str]
    cookies: dict[str, str]
    children: tuple[int, int]


@dataclass
class Walk:
    """seen: what the tabs told; marks: of each address the numbers of the texts that stood there; files: tables that
    were taken away, by page and name."""

    house: House
    url: str
    seen: Seen = field(default_factory=Seen)
    marks: dict[str, set[int]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


@pytest.fixture(scope="module")
def house(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    url, of = sqlite_files.blank(), sqlite_files.copy_of("small", build_small_authority)
    engine, source = engine_for(url), engine_for(of)
    renamed = hostile.write(engine, source, tmp_path_factory.mktemp("files"))
    with reading(engine) as connection:
        adviser = connection.scalar(select(child_details.c.adviser).where(child_details.c.adviser.is_not(None)))
        keys = connection.execute(select(child.c.id, child.c.child_id).order_by(child.c.id)).all()
    people_of: dict[str, Any] = {"headteacher": {"sees_restricted": True}, "adviser": {"caseload_adviser": adviser}}
    cookies = {role: hostile.let_in(engine, renamed, role, **more) for role, more in people_of.items()}
    hostile.act(engine, renamed, cookies["headteacher"], AS_AT)
    for each in (engine, source):
        each.dispose()
    numbered, named = ([row.id for row in keys if bool(MARK.search(row.child_id)) == so] for so in (True, False))
    yield House(Authority(url, {}, {}), renamed.texts, cookies, (numbered[0], named[0]))
    for each_url in (url, of):
        sqlite_files.drop(each_url)


@pytest.fixture(scope="module")
def comes_in(browser_or_none: Browser | None) -> Iterator[Callable[[Walk, str], Page]]:
    """`comes_in(walk, role)`: a watched tab of a person who is signed in."""
    if browser_or_none is None:
        missing(Unavailable("no Chromium for the browser tests (Debian: apt-get install chromium)"))
    opened: list[BrowserContext] = []

    def make(walk: Walk, role: str) -> Page:
        context = browser_or_none.new_context(viewport=DESK, locale="en-GB")
        opened.append(context)
        context.set_default_timeout(WAIT_MILLISECONDS)
        watch(context, walk.url, walk.seen)
        context.add_cookies([{"name": "vs", "value": walk.house.cookies[role], "url": walk.url}])
        page = context.new_page()
        page.goto(f"{walk.url}/my_access", wait_until="commit")
        page.wait_for_selector("h1")
        return page

    yield make
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def walk(house: House, comes_in: Callable[..., Page], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Every page as the headteacher, and as an adviser those that differ."""
    with open_house(house.authority, tmp_path_factory.mktemp("house") / "house") as server:
        walk = Walk(house, server.url)
        through(walk, comes_in(walk, "headteacher"), [*roles.PAGES, *_further(house)])
        through(walk, comes_in(walk, "adviser"), ["weekly_review", "child"])
        yield walk


def _further(house: House) -> list[str]:
    """Parts of pages, children and who looked at them, in turns, so that every step leads to another page."""
    parts = [[f"{page}?part={part}" for part in of] for page, of in PARTS.items()]
    ways = [[f"{way}{key}" for key in house.children] for way in ("child?child=", "trail?about=child ")]
    return [address for turn in zip_longest(*parts, *ways) for address in turn if address]


def through(walk: Walk, tab: Page, addresses: list[str]) -> None:
    for address in addresses:
        page, _, asked = address.partition("?")
        tab.evaluate(TO, f"/{address}")
        expect(tab).to_have_title(re.compile(f"^{re.escape(roles.PAGES[page].title)} - "))
        look_at(walk, tab, address)
        open_tabs(walk, tab, address)
        if address == "child":
            search(walk, tab)
        elif not asked:
            open_menus(walk, tab, page)


def look_at(walk: Walk, tab: Page, address: str) -> None:
    """Look when the page is drawn with its charts and tables, every part of it unfolded."""
    tab.wait_for_selector("h1")
    drawn(tab)
    tab.evaluate(EXPAND)
    for unfinished in (
        "[data-testid=stSkeleton]",
        "[data-testid=stVegaLiteChart]:not(:has(svg.marks, canvas.marks))",
        "[data-testid=stDataFrame]:not(:has(td)):visible",
    ):
        tab.wait_for_selector(unfinished, state="detached")
    walk.marks.setdefault(address, set()).update(look(tab, walk.house.texts, walk.seen))


def open_tabs(walk: Walk, tab: Page, address: str) -> None:
    """What stands behind tabs, where a table does: it is drawn when its tab is opened."""
    if tab.locator("[data-testid=stDataFrame]").filter(visible=False).count():
        for one in tab.get_by_role("tab").filter(visible=True).all():
            one.click()
            look_at(walk, tab, address)


def search(walk: Walk, tab: Page) -> None:
    tab.get_by_label("Find", exact=True).fill("zq")
    tab.keyboard.press("Enter")
    tab.get_by_test_id("stPageLink").first.wait_for()
    look_at(walk, tab, "child")


def open_menus(walk: Walk, tab: Page, page: str) -> None:
    """What opens on a page, of each label one, and the tables that are offered there."""
    menus = tab.get_by_test_id("stPopoverButton").filter(visible=True)
    for label, number in {label: number for number, label in enumerate(menus.all_inner_texts())}.items():
        menus.nth(number).click()
        tab.get_by_test_id("stPopoverBody").wait_for()
        if "Download" in label:
            tab.get_by_role("link", name=TABLE).last.wait_for()
        look_at(walk, tab, page)
        for link in tab.get_by_role("link", name=TABLE).all():
            answer = tab.request.get(f"{walk.url}{link.get_attribute('href')}")
            walk.files[f"{page} {answer.headers['content-disposition']}"] = answer.body()
        tab.keyboard.press("Escape")
        tab.get_by_test_id("stPopoverBody").wait_for(state="detached")


def test_everything_stands_there_as_text(walk: Walk) -> None:
    assert walk.seen.torn == []
    assert walk.seen.drawn == []
    seen = {walk.house.texts[mark].rpartition(" ")[0] for mark in walk.seen.marks}
    assert len(seen & {text.strip() for text in OWN}) >= 60
    shown = {page: set[int]() for page in roles.PAGES}
    for address, marks in walk.marks.items():
        shown[address.partition("?")[0]] |= marks
    assert {page for page, marks in shown.items() if len(marks) < 2} <= NAMES_NOBODY_ELSE


def test_no_script_of_theirs_ran(walk: Walk) -> None:
    assert walk.seen.ran == []


def test_nothing_was_asked_of_another_host(walk: Walk) -> None:
    assert walk.seen.asked == []


def test_the_policy_reported_nothing_else(walk: Walk) -> None:
    assert set(walk.seen.violations) == set(REPORTED)
    assert walk.seen.said == []


def test_tables_that_are_taken_away_hold_the_texts_unchanged_and_no_formula(walk: Walk) -> None:
    for name, content in walk.files.items():
        held = [*_csv_cells(content)] if name.endswith(".csv") else [*_excel_cells(content)]
        texts = [(cell, walk.house.texts[int(mark[1])]) for cell in held for mark in MARK.finditer(cell)]
        assert [pair for pair in texts if pair[1] not in pair[0]] == [], name
    assert len(walk.files) >= 2 * len(WITH_TABLES)
    assert {name.split()[0] for name in walk.files} >= WITH_TABLES


def _csv_cells(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not MARK.search(cell) or escaped(unescaped(cell)) == cell
            yield unescaped(cell)


def _excel_cells(content: bytes) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert (cell.data_type == "f", cell.hyperlink) == (False, None)
                if isinstance(cell.value, str):
                    yield unescape(cell.value)


def test_what_the_policy_stops_is_reported_and_heard(walk: Walk, new_context: Callable[..., BrowserContext]) -> None:
    """Else no report would mean nothing."""
    other, context = Walk(walk.house, walk.url), new_context()
    watch(context, walk.url, other.seen)
    tab = context.new_page()
    tab.goto(f"{walk.url}/login")
    markup = f"<img src=x onerror=window.ran=1><img src={FAR}/a.png><iframe src={FAR}></iframe>"
    tab.evaluate(INSERT, markup)
    tab.wait_for_selector("html[data-violations='3']")
    look(tab, walk.house.texts, other.seen)
    assert {"script-src-attr", "img-src", "frame-src"} <= {each.split()[0] for each in other.seen.violations}
    assert other.seen.ran == []
    assert other.seen.drawn != []
    assert other.seen.said != []


def test_a_build_that_takes_names_for_markup_and_one_without_the_policy_are_seen(
    house: House, comes_in: Callable[..., Page], tmp_path: Path
) -> None:
    with open_house(house.authority, tmp_path / "house", [AS_MARKDOWN, WITHOUT_POLICY]) as server:
        walk = Walk(house, server.url)
        tab = comes_in(walk, "headteacher")
        through(walk, tab, ["child"])
        assert walk.seen.torn != []
        assert walk.seen.drawn != []
        assert [url for url in walk.seen.asked if url.startswith(FAR)] != []
        tab.evaluate(INSERT, "<img src=x onerror='window.ran=1; document.body.dataset.ran=1'>")
        tab.wait_for_selector("body[data-ran]")
        look(tab, house.texts, walk.seen)
        assert walk.seen.ran != []

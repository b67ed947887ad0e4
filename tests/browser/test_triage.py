"""The triage page in Chromium: what is written there stays, two officers at one child lose nothing, keys are enough."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from tests.browser.conftest import drawn
from tests.serving import Server
from vs_core.store.engine import engine_for, reading
from vs_core.store.schema import action, case_entry, child, child_details

SAVED = "The contact is saved."


@pytest.fixture(scope="module")
def children(small_server: Server) -> list[int]:
    """Keys of children of whom nothing is hidden and about whom nobody acts."""
    database = engine_for(small_server.database_url)
    with reading(database) as connection:
        known = child_details.c
        plain = select(child.c.id).join(child_details).where(known.known_to.is_(None), ~known.restricted)
        found = list(connection.scalars(plain.order_by(child.c.id).limit(5)))
    database.dispose()
    return found


def written(server: Server, key: int) -> tuple[list[str], list[str]]:
    """What is in the database about a child: what was said, and every next step that an action had."""
    database = engine_for(server.database_url)
    with reading(database) as connection:
        said = connection.scalars(select(case_entry.c.said).where(case_entry.c.child_key == key)).all()
        steps = connection.scalars(select(action.c.next_step).where(action.c.child_key == key)).all()
    database.dispose()
    return list(said), list(steps)


def opened(page: Page, server: Server, key: int) -> None:
    page.goto(f"{server.url}/triage?open={key}")
    page.get_by_role("tab", name="Log a contact").wait_for()
    drawn(page)


def log_a_contact(page: Page, said: str) -> None:
    page.get_by_label("What was said").fill(said)
    page.get_by_role("button", name="Save the contact").click()


def assign(page: Page, step: str) -> None:
    page.get_by_role("tab", name="Assign").click()
    page.get_by_label(re.compile("^Next step")).fill(step)
    page.get_by_role("button", name="Save", exact=True).click()


def test_assign_log_reload_still_there(
    page: Page, small_server: Server, sign_in: Callable[..., None], children: list[int]
) -> None:
    sign_in(page, small_server.url, "inclusion", f"/triage?open={children[0]}")
    expect(page.get_by_text("Nobody is acting")).to_be_visible()
    assign(page, "Ring the carer at noon")
    expect(page.get_by_text("has it now, due")).to_be_visible()
    page.get_by_role("tab", name="Log a contact").click()
    log_a_contact(page, "Carer: asleep until eleven")
    expect(page.get_by_text(SAVED)).to_be_visible()
    expect(page.get_by_label("What was said")).to_have_value("")
    page.reload()
    panel = page.locator(".st-key-child-panel")
    expect(panel).to_contain_text("Ring the carer at noon")
    expect(panel).to_contain_text("Carer: asleep until eleven")
    expect(panel.get_by_text("Nobody is acting")).to_have_count(0)
    assert f"open={children[0]}" in page.url
    page.goto(f"{small_server.url}/child?child={children[0]}")
    expect(page.get_by_text("Phoned the school; Carer: asleep until eleven")).to_be_visible()


def test_two_browsers_edit_one_child_at_once_and_both_notes_survive(
    new_context: Callable[..., BrowserContext],
    small_server: Server,
    sign_in: Callable[..., None],
    children: list[int],
) -> None:
    key = children[1]
    first, second = (new_context().new_page() for _ in range(2))
    for page, role in ((first, "inclusion"), (second, "headteacher")):
        sign_in(page, small_server.url, role, f"/triage?open={key}")
        expect(page.get_by_text("Nobody is acting")).to_be_visible()
    log_a_contact(first, "First officer rang")
    log_a_contact(second, "Second officer rang")
    for page in (first, second):
        expect(page.get_by_text(SAVED)).to_be_visible()
    assign(first, "First visits on Friday")
    expect(first.get_by_text("has it now, due")).to_be_visible()
    assign(second, "Second writes to the school")
    told = second.get_by_role("alert").filter(has_text="Meanwhile")
    expect(told).to_contain_text(re.compile(r"Meanwhile, on .+, Inclusion \(demo\) opened an action for .+, due"))
    expect(second.get_by_label(re.compile("^Next step"))).to_have_value("Second writes to the school")
    expect(second.locator(".st-key-child-panel")).to_contain_text("First visits on Friday")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_text("has it now, due")).to_be_visible()
    said, steps = written(small_server, key)
    assert sorted(said) == ["First officer rang", "Second officer rang"]
    assert sorted(steps) == ["First visits on Friday", "Second writes to the school"]


def test_a_child_is_chosen_and_a_contact_logged_by_keyboard_only(
    page: Page, small_server: Server, sign_in: Callable[..., None], children: list[int]
) -> None:
    sign_in(page, small_server.url, "inclusion", f"/triage?open={children[2]}")
    expect(page.get_by_role("link", name="The child's page")).to_be_visible()
    expect(page.get_by_role("combobox", name="Child")).to_be_visible()
    drawn(page)
    page.get_by_role("tab", name="Log a contact").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Snooze")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    reach(page, "What was said")
    page.keyboard.type("By keys alone")
    page.keyboard.press("Tab")
    reach(page, "Save the contact")
    page.keyboard.press("Enter")
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert written(small_server, children[2])[0] == ["By keys alone"]


def reach(page: Page, name: str) -> None:
    """Press Tab until the element with this name has the focus."""
    for _ in range(80):
        if (
            page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent")
            .strip()
            .endswith(name)
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


def test_a_row_and_a_name_open_the_same_child_whose_key_stands_in_the_address(
    page: Page, small_server: Server, sign_in: Callable[..., None]
) -> None:
    sign_in(page, small_server.url, "headteacher", "/triage?worklist=Unassigned")
    page.get_by_test_id("stDataFrame").click(position={"x": 18, "y": 73})
    panel = page.locator(".st-key-child-panel")
    name = panel.get_by_role("heading").inner_text()
    opened_by_row = page.url
    assert re.search(r"open=\d+", opened_by_row)
    assert name.split()[0] not in opened_by_row
    page.get_by_role("button", name="Back to the list").click()
    expect(panel).to_have_count(0)
    page.get_by_role("combobox", name="Child").focus()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading", name=name)).to_be_visible()
    assert page.url == opened_by_row

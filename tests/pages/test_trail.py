"""Trail: newest first and by the page, by child and by person, in plain words, and who may know what of it."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Staff, run
from tests.queries.written import Written
from vs_core.access import chain, roles, trail
from vs_core.access.events import EVENTS, in_words
from vs_core.access.viewer import Viewer
from vs_core.queries.trail import Asked
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import engine, reading, writing
from vs_core.store.schema import child
from vs_core.ui.load import trail as read

LONG_AGO = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SOMEBODY = Viewer(99, "asmith", "A Smith", "inclusion", "f" * 64)
HOSTILE = '<img src=x onerror=alert(1)> **bold** [a](http://b) "=1+1"'
SOURCE = Path(__file__).parents[2]


@pytest.fixture
def keys(staff: Staff) -> dict[str, int]:
    """Two children, one of them restricted, and what people did with them."""
    written = Written(engine())
    written.child("C1", forename="Ada", surname="Open")
    written.child("C2", forename="Bea", surname="Hidden", restricted=True)
    with written.reading() as connection:
        found = {row.child_id: row.id for row in connection.execute(select(child.c.child_id, child.c.id))}
    with writing() as connection:
        for number in range(120):
            name = "C1" if number % 3 else "C2"
            at = LONG_AGO + timedelta(hours=number)
            trail.record(connection, SOMEBODY, "child opened", f"child {found[name]}", {"n": number}, at)
    return found


def rows(test: AppTest, place: int = -1) -> list[dict[str, object]]:
    return test.dataframe[place].value.to_dict("records")


def number_of(what: str) -> int:
    with reading() as connection:
        return connection.scalar(select(func.count()).where(audit_event.c.what == what)) or 0


def press(test: AppTest, label: str) -> AppTest:
    return run(next(button for button in test.button if button.label == label).click())


def test_the_newest_come_first_a_page_at_a_time(staff: Staff, keys: dict[str, int]) -> None:
    test = staff.open("trail")
    first = rows(test)
    assert len(first) == read.A_PAGE
    assert first[0]["What"] == "read the trail"
    assert first[1]["More"] == "n: 119"
    second = rows(press(test, "Older"))
    third = rows(press(test, "Older"))
    assert [row["More"] for row in second][:2] == ["n: 70", "n: 69"]
    assert third[-1]["What"] == "let a new person in"
    assert next(button for button in test.button if button.label == "Older").disabled
    assert rows(press(test, "Newer")) == second
    assert rows(press(test, "Newer")) == first
    assert next(button for button in test.button if button.label == "Newer").disabled


@pytest.mark.parametrize(
    ("role", "number", "named"),
    [
        ("headteacher", "C1", "Ada Open (C1)"),
        ("headteacher", "C2", "Bea Hidden (C2)"),
        ("headteacher", "#{C1}", "Ada Open (C1)"),
        ("administrator", "#{C1}", "child #{C1}"),
        ("administrator", "{C2}", "child #{C2}"),
        ("administrator", "C1", None),
        ("headteacher", "C9", None),
    ],
)
def test_who_has_looked_at_a_child(
    staff: Staff, keys: dict[str, int], role: str, number: str, named: str | None
) -> None:
    test = staff.open("trail", role)
    run(next(field for field in test.text_input if field.label == "Child's number").input(number.format(**keys)))
    if named is None:
        assert f"no child with the number {number}" in test.warning[0].value
        return
    whom = named.format(**keys)
    assert f"Who has looked at {whom.removeprefix('child ')}" in [
        each.value.replace("\\", "") for each in test.subheader
    ]
    (looked,) = rows(test, 0)
    assert (looked["Who"], looked["Times"]) == ("asmith", 80 if "C1" in number else 40)
    assert {row["About"] for row in rows(test)} == {whom}
    if role == "administrator":
        assert not [name for name in ("Ada", "Bea", "C1", "C2") if name in str(test.main)]


def test_a_restricted_child_stays_a_number_for_who_is_not_named_for_it(staff: Staff, keys: dict[str, int]) -> None:
    with writing() as connection:
        connection.execute(text("update user_account set sees_restricted = false"))
    test = staff.open("trail", "headteacher", about=f"child {keys['C2']}")
    assert f"Who has looked at #{keys['C2']}" in [each.value.replace("\\", "") for each in test.subheader]
    assert "Bea" not in str(test.main)
    run(next(field for field in test.text_input if field.label == "Child's number").input("C2"))
    assert "no child with the number" in test.warning[0].value


def test_what_somebody_did_and_when(staff: Staff, keys: dict[str, int]) -> None:
    test = staff.open("trail", person="asmith", trail_from="2026-11-03", trail_to="2026-11-03")
    assert "What asmith did" in [each.value for each in test.subheader]
    assert rows(test, 0) == [{"What": "opened a child's page", "Times": 24, "Last": "3 Nov 2026, 23:30"}]
    assert len(rows(test)) == 24
    assert str(rows(test)[-1]["When"]).startswith("3 Nov 2026, 00:30")
    assert test.text_input[1].value == ""


def test_one_kind_of_event(staff: Staff, keys: dict[str, int]) -> None:
    test = staff.open("trail", event=EVENTS["user added"])
    assert len(rows(test)) == len(roles.ROLES)
    assert "role: headteacher; sees_restricted: yes" in [row["More"] for row in rows(test)]


def test_looking_is_written_down_once_for_what_is_asked(staff: Staff, keys: dict[str, int]) -> None:
    test = staff.open("trail", about=f"child {keys['C1']}")
    run(test)
    press(test, "Older")
    assert number_of("trail read") == 1
    with reading() as connection:
        row = connection.execute(select(audit_event).where(audit_event.c.what == "trail read")).one()
    assert (row.user_name, row.subject, row.detail) == ("administrator", f"child {keys['C1']}", "{}")
    run(next(field for field in test.text_input if field.label == "About").input(""))
    assert number_of("trail read") == 2


def test_what_is_typed_in_vain_is_not_written_down(staff: Staff, keys: dict[str, int]) -> None:
    staff.open("trail", about="Ada Open", person="Bea Hidden")
    staff.open("trail", about=f"child {keys['C1']}", person="asmith")
    with reading() as connection:
        told = connection.execute(select(audit_event).where(audit_event.c.what == "trail read").order_by("id")).all()
    assert "Ada" not in str(told)
    assert "Bea" not in str(told)
    assert (told[1].subject, told[1].detail) == (f"child {keys['C1']}", '{"who": "asmith"}')


def test_what_was_written_is_shown_as_text(staff: Staff) -> None:
    with writing() as connection:
        trail.record(connection, HOSTILE, HOSTILE[:60], HOSTILE, {HOSTILE: [HOSTILE, None, True]})
    test = staff.open("trail", about=HOSTILE)
    (_, shown) = rows(test)
    assert shown["Who"] == shown["About"] == HOSTILE
    assert shown["What"] == HOSTILE[:60]
    assert shown["More"] == f"{HOSTILE}: {HOSTILE}, –, yes"
    assert not [each for each in [*test.markdown, *test.caption, *test.subheader] if "<img" in each.value]


def test_a_change_from_outside_is_said(staff: Staff, keys: dict[str, int]) -> None:
    assert "The trail holds: " in " ".join(each.value for each in staff.open("trail").caption)
    with writing() as connection:
        connection.execute(text("drop trigger audit_event_no_update"))
        connection.execute(update(audit_event).where(audit_event.c.id == 7).values(user_name="nobody"))
    list(chain.follow_whole(engine()))
    assert "event 7 does not follow" in staff.open("trail").error[0].value


@pytest.mark.parametrize("role", [role for role in roles.ROLES if not roles.may_open(role, "trail")])
def test_others_are_refused_by_the_page_and_by_every_reader(staff: Staff, role: str) -> None:
    test = staff.open("trail", role)
    assert "not part of your role" in test.error[0].value
    assert not test.dataframe
    viewer = staff.looking()
    assert viewer is not None
    for reader in (read.events, read.for_a_file, read.who_looked, read.what_somebody_did):
        with pytest.raises(PermissionError):
            reader(viewer, Asked())
    for other in (read.persons, read.chain):
        with pytest.raises(PermissionError):
            other(viewer)
    for of_child in (read.child, read.subject_of_number):
        with pytest.raises(PermissionError):
            of_child(viewer, "#1")


def test_only_who_may_export_takes_it_away(staff: Staff) -> None:
    for role in ("headteacher", "administrator"):
        menus = [each.proto.popover.label for each in staff.open("trail", role).get("popover")]
        assert ("Download" in menus) == roles.may(role, roles.EXPORT)
    head = Viewer(1, "headteacher", "h", "headteacher", "s")
    assert len(read.for_a_file(head, Asked(what="user added"))) == len(roles.ROLES)


@pytest.mark.parametrize(
    "query", ["about=child 99999999999999999999", "trail_from=9999-99-99", "event=<b>", "person=%00"]
)
def test_an_address_that_somebody_made_up_does_no_harm(staff: Staff, query: str) -> None:
    name, _, value = query.partition("=")
    assert staff.open("trail", **{name: value})


def test_every_event_that_the_product_writes_has_plain_words() -> None:
    assert sorted(_written_kinds() - set(EVENTS)) == []
    assert in_words("something new") == "something new"


def _written_kinds() -> set[str]:
    """The third argument of every `record(...)`, and every word that is given for it, where it is a plain text."""
    found = set()
    for file in (SOURCE / "vs_core").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(WRITERS):
                found |= {
                    one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return {text for text in found if text in EVENTS or " " in text and text == text.lower() and len(text) < 60}


WRITERS = ("trail.record", "trails.record", "_change", "_tell")

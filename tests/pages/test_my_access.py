"""What may I see: generated from the one table, for every role; one's own sessions."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Staff, run
from vs_core.access import passwords, retention, roles, sessions, users
from vs_core.access.events import EVENTS
from vs_core.store.access_tables import audit_event, session, user_account
from vs_core.store.engine import reading, writing


def said(test: AppTest) -> str:
    return " ".join(each.value for each in [*test.markdown, *test.caption, *test.info]).replace("\\", "")


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_page_and_right_is_said_with_its_meaning_or_its_reason(staff: Staff, role: str) -> None:
    text = said(staff.open("my_access", role)).replace("**", "")
    for name, entry in roles.PAGES.items():
        allowed, why = roles.may_open(role, name), roles.why_not(role, name)
        assert (f"- {entry.title}: {entry.meaning}" in text) == allowed
        assert bool(why) != allowed
        assert allowed or f"- {entry.title}: {why}" in text
    for right, meaning in roles.MEANINGS.items():
        assert (f"- {right.capitalize()}: {meaning}" in text) == roles.may(role, right)
    assert ("An Adviser" in text) == (role == "adviser")
    assert "6 years" in text
    assert "15 minutes" in text
    assert "headteacher (Headteacher)" in text
    assert EVENTS["child opened"] in text


def test_the_whole_rule_is_the_table(staff: Staff) -> None:
    pages, rights = (table.value for table in staff.open("my_access", "analyst").dataframe[-2:])
    titles = {role.title: name for name, role in roles.ROLES.items()}
    for row, page in zip(pages.to_dict("records"), roles.PAGES, strict=True):
        assert {titles[one]: row[one].endswith("yes") for one in titles} == {
            role: roles.may_open(role, page) for role in roles.ROLES
        }
    for row, right in zip(rights.to_dict("records"), roles.MEANINGS, strict=True):
        assert {titles[one]: row[one].endswith("yes") for one in titles} == {
            role: roles.may(role, right) for role in roles.ROLES
        }


def test_no_role_has_a_page_without_the_right_that_it_needs() -> None:
    for name, role in roles.ROLES.items():
        assert role.meaning.endswith(".")
        for page in role.pages:
            assert roles.PAGES[page].needs in {None, *role.rights}, (name, page)
    assert all(entry.meaning.endswith(".") for entry in roles.PAGES.values())
    assert all(meaning.endswith(".") for meaning in roles.MEANINGS.values())


def test_who_is_named_for_restricted_children_is_told_so(staff: Staff) -> None:
    assert "You are named as one who may see them." in said(staff.open("my_access", "headteacher"))
    assert "You are not named for them" in said(staff.open("my_access", "inclusion"))


def test_signing_out_everywhere_else(staff: Staff) -> None:
    others = [staff.sign_in("analyst"), staff.sign_in("analyst")]
    not_theirs = staff.sign_in("inclusion")
    test = staff.open("my_access", "analyst")
    own = next(table.value for table in test.dataframe if "Yours" in table.value)
    assert (len(own), own["Yours"].notna().sum()) == (3, 1)
    run(next(button for button in test.button if button.label == "Sign out everywhere else").click())
    assert "2 other sessions have ended" in test.success[0].value
    with reading() as connection:
        why = dict(connection.execute(select(session.c.token_hash, session.c.ended_why)).tuples().all())
        last = connection.execute(select(audit_event).order_by(audit_event.c.id.desc()).limit(1)).one()
    assert [why[one] for one in others] == [sessions.ENDED_ELSEWHERE] * 2
    assert why[staff.session_id] is None
    assert why[not_theirs] is None
    assert (last.user_name, last.what) == ("analyst", "signed out elsewhere")
    assert next(button for button in test.button if button.label == "Sign out everywhere else").disabled


def test_the_own_password_is_changed(staff: Staff) -> None:
    with writing() as connection:
        present = users.reset(connection, "test", "analyst")
    other = staff.sign_in("analyst")
    test = staff.open("my_access", "analyst")
    new = "seven ordinary green words"
    for given, told in (
        (("wrong " * 3, new, new), "Your present password is not right."),
        ((present, new, new + "x"), "The new password is not the same both times."),
        ((present, new, new), "Your password is changed."),
    ):
        for field, text in zip(test.text_input[-3:], given, strict=True):
            field.input(text)
        run(next(button for button in test.button if button.label == "Change my password").click())
        assert told in " ".join(each.value for each in [*test.error, *test.success]).replace("\\", "")
        assert [field.value for field in test.text_input[-3:]] == ["", "", ""]
    with reading() as connection:
        why = connection.scalar(select(session.c.ended_why).where(session.c.token_hash == other))
        kept = connection.scalar(select(user_account.c.password_hash).where(user_account.c.name == "analyst"))
    assert why == sessions.PASSWORD_CHANGED
    assert passwords.matches(new, kept)
    assert staff.looking() is not None


def test_what_has_no_rule_of_keeping_is_said(staff: Staff) -> None:
    assert retention.NO_RULE in said(staff.open("my_access", "operations"))

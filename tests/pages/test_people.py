"""People: who may sign in, what an administrator changes, who is signed in; and what nobody may do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Staff, run
from tests.queries.written import Written
from vs_core.access import administering, roles, sessions, users
from vs_core.access.administering import Place
from vs_core.access.users import UserError
from vs_core.store.access_tables import audit_event, session, user_account
from vs_core.store.engine import engine, reading, writing
from vs_core.ui.load import people
from vs_core.ui.parts.people import NEW, SESSIONS


def account(name: str) -> Any:
    with reading() as connection:
        return connection.execute(select(user_account).where(user_account.c.name == name)).one()


def ended(session_id: str) -> str | None:
    with reading() as connection:
        return connection.scalar(select(session.c.ended_why).where(session.c.token_hash == session_id))


def last_event() -> tuple[str, str, str]:
    with reading() as connection:
        row = connection.execute(select(audit_event).order_by(audit_event.c.id.desc()).limit(1)).one()
    return row.user_name, row.what, row.subject


def press(test: AppTest, label: str) -> AppTest:
    return run(next(button for button in test.button if button.label == label).click())


def choose(test: AppTest, label: str, wanted: str) -> AppTest:
    box = next(box for box in test.selectbox if box.label == label)
    return run(box.select(next(option for option in box.options if wanted in option)))


def said(test: AppTest) -> str:
    return " ".join(each.value for each in [*test.success, *test.error, *test.info]).replace("\\", "")


@pytest.mark.parametrize("role", ["headteacher", "administrator"])
def test_everybody_is_listed(staff: Staff, role: str) -> None:
    rows = staff.open("people", role).dataframe[0].value
    assert sorted(rows["Sign-in name"]) == sorted(roles.ROLES)
    mine = rows.set_index("Sign-in name")
    assert mine.loc["adviser", "Caseload"] == "An Adviser"
    assert mine.loc["headteacher", "Restricted children"] == "yes"
    assert mine.loc["analyst", "Last seen"] == "never"
    assert mine.loc[role, "How"] == "password"


@pytest.mark.parametrize("role", [role for role in roles.ROLES if not roles.may_open(role, "people")])
def test_others_are_refused_by_the_page_and_by_every_reader_and_writer(staff: Staff, role: str) -> None:
    assert "not part of your role" in staff.open("people", role).error[0].value
    viewer = staff.looking()
    assert viewer is not None
    asked: list[Callable[[], object]] = [
        lambda: people.everybody(viewer),
        lambda: people.advisers(viewer),
        lambda: people.open_sessions(viewer),
        lambda: administering.add(viewer, "new", "New", Place("analyst")),
        lambda: administering.give_place(viewer, role, Place("headteacher")),
        lambda: administering.disable(viewer, "headteacher"),
        lambda: administering.enable(viewer, "headteacher"),
        lambda: administering.reset(viewer, "headteacher"),
        lambda: administering.unlink(viewer, "headteacher"),
        lambda: administering.name_at_single_sign_on(viewer, "headteacher", "a@b"),
        lambda: administering.end_session(viewer, staff.session_id),
        lambda: administering.end_sessions_of(viewer, "headteacher"),
    ]
    for one in asked:
        with pytest.raises(PermissionError):
            one()


def test_somebody_is_added_and_the_password_is_shown_until_it_is_noted(staff: Staff) -> None:
    test = staff.open("people", part=NEW)
    next(field for field in test.text_input if field.label == "Sign-in name").input("asmith")
    next(field for field in test.text_input if field.label == "Name that others see").input("A *Smith*")
    press(choose(test, "Role", "Operations"), "Add")
    assert "A *Smith* may sign in." in said(test)
    password = test.code[0].value
    assert len(password) >= 12
    assert account("asmith").role == "operations"
    assert last_event() == ("administrator", "user added", "asmith")
    assert press(test, "It is noted").code == []
    with reading() as connection:
        assert not [text for text in connection.scalars(select(audit_event.c.detail)) if password in text]
    assert next(field for field in test.text_input if field.label == "Sign-in name").value == ""


def test_an_adviser_needs_a_caseload(staff: Staff) -> None:
    test = choose(staff.open("people", part=NEW), "Role", "Adviser")
    next(field for field in test.text_input if field.label == "Sign-in name").input("bjones")
    press(test, "Add")
    assert "An adviser needs the name of their caseload" in said(test)


def test_another_role_ends_the_sessions_and_is_on_the_trail(staff: Staff) -> None:
    theirs = staff.sign_in("analyst")
    test = choose(staff.open("people"), "Change somebody", "analyst")
    press(choose(test, "Role", "Operations"), "Change")
    assert "signs in anew" in said(test)
    assert account("analyst").role == "operations"
    assert ended(theirs) == sessions.ROLE_CHANGED
    assert last_event() == ("administrator", "role changed", "analyst")
    assert "Nothing was changed" in said(press(test, "Change"))


def test_somebody_is_let_out_and_in_again(staff: Staff) -> None:
    theirs = staff.sign_in("inclusion")
    test = choose(staff.open("people"), "Change somebody", "inclusion")
    press(test, "Let in no longer")
    assert account("inclusion").disabled
    assert ended(theirs) == sessions.DISABLED
    press(test, "Let in again")
    assert not account("inclusion").disabled
    before = account("inclusion").password_hash
    press(test, "Make a new password")
    assert account("inclusion").password_hash != before
    assert test.code[0].value


def test_nobody_changes_themself(staff: Staff) -> None:
    test = choose(staff.open("people"), "Change somebody", "administrator")
    assert "This is you" in said(test)
    viewer = staff.looking()
    assert viewer is not None
    for change in (
        lambda: administering.disable(viewer, " ADMINISTRATOR "),
        lambda: administering.give_place(viewer, "administrator", Place("headteacher")),
        lambda: administering.give_place(viewer, "administrator", Place("administrator", sees_restricted=True)),
        lambda: administering.reset(viewer, "administrator"),
    ):
        with pytest.raises(UserError, match="Nobody|own"):
            change()
    assert account("administrator").role == "administrator"


def test_nobody_gives_or_takes_over_what_they_have_not(staff: Staff) -> None:
    staff.open("people", "administrator")
    viewer = staff.looking()
    assert viewer is not None
    for change in (
        lambda: administering.add(viewer, "second me", "Me", Place("headteacher")),
        lambda: administering.add(viewer, "second me", "Me", Place("inclusion", sees_restricted=True)),
        lambda: administering.give_place(viewer, "analyst", Place("headteacher")),
        lambda: administering.give_place(viewer, "analyst", Place("analyst", sees_restricted=True)),
        lambda: administering.reset(viewer, "Headteacher"),
        lambda: administering.name_at_single_sign_on(viewer, "headteacher", "me@council.example"),
        lambda: administering.unlink(viewer, "headteacher"),
    ):
        with pytest.raises(UserError, match="Only"):
            change()
    staff.open("people", "headteacher")
    head = staff.looking()
    assert head is not None
    assert administering.add(head, "deputy", "Deputy", Place("headteacher", sees_restricted=True))


def test_who_is_signed_out_changes_nothing(staff: Staff) -> None:
    staff.open("people")
    viewer = staff.looking()
    assert viewer is not None
    with pytest.raises(PermissionError, match="any more"):
        administering.add(replace(viewer, session_id="f" * 64), "friend", "Friend", Place("analyst"))


def test_who_was_let_out_meanwhile_changes_nothing_any_more(staff: Staff) -> None:
    """A callback runs before the page asks who is looking, with the viewer of the run before."""
    staff.open("people")
    viewer = staff.looking()
    assert viewer is not None
    with writing() as connection:
        connection.execute(update(user_account).where(user_account.c.name == "administrator").values(disabled=True))
    with pytest.raises(PermissionError, match="any more"):
        administering.add(viewer, "friend", "Friend", Place("headteacher"))


def test_the_last_who_may_administer_stays(staff: Staff) -> None:
    staff.open("people", "headteacher")
    head = staff.looking()
    assert head is not None
    administering.disable(head, "administrator")
    for change in (users.disable, lambda *given: users.set_role(*given, "analyst")):
        with pytest.raises(UserError, match="the last person who may let others in"), writing() as connection:
            change(connection, "command line", "headteacher")
    assert not account("headteacher").disabled


@pytest.mark.parametrize("label", ["End this session", "End all 2 of this person"])
def test_sessions_are_listed_and_ended(staff: Staff, label: str) -> None:
    theirs = [staff.sign_in("adviser"), staff.sign_in("adviser")]
    test = staff.open("people", part=SESSIONS)
    rows = test.dataframe[0].value
    assert rows["Sign-in name"].tolist().count("adviser") == 2
    assert rows["Yours"].notna().sum() == 1
    assert not any(one in str(test.main) for one in theirs), "an id of a session left the server"
    press(choose(test, "End a session", "adviser"), label)
    assert "ended" in said(test)
    gone = [ended(one) for one in theirs]
    assert gone.count(sessions.ENDED_BY_ADMINISTRATOR) == (2 if "all" in label else 1)
    user, what, subject = last_event()
    assert (user, what, subject) == (
        "administrator",
        "sessions ended" if "all" in label else "session ended",
        "adviser",
    )


@pytest.mark.parametrize("fault", ["ended", "idle", "disabled"])
def test_a_session_that_is_over_is_not_listed_nor_ended_again(staff: Staff, fault: str) -> None:
    theirs = staff.sign_in("adviser")
    staff.open("people")
    viewer = staff.looking()
    assert viewer is not None
    mine, quiet = session.c.token_hash == theirs, sessions.now() - timedelta(minutes=15, seconds=30)
    if fault == "ended":
        administering.end_session(viewer, theirs)
    else:
        let_out = update(user_account).where(user_account.c.name == "adviser").values(disabled=True)
        silent = update(session).where(mine).values(last_seen_at=quiet)
        with writing() as connection:
            connection.execute(silent if fault == "idle" else let_out)
    assert theirs not in people.open_sessions(viewer)["id"].tolist()
    with pytest.raises(UserError, match="ended already"):
        administering.end_session(viewer, theirs)


def test_a_caseload_is_one_of_the_advisers_and_no_child_stands_beside_it(staff: Staff) -> None:
    """Who works with restricted children only is not offered to who may not see them; the name can be typed."""
    written = Written(engine())
    written.child("C1", adviser="Bea Brown", forename="Canary")
    written.child("C2", adviser="Bea Brown", forename="Canary")
    written.child("C3", adviser="Hidden Helper", restricted=True, forename="Canary")
    with written.reading():
        pass
    test = choose(staff.open("people", part=NEW), "Role", "Adviser")
    assert next(box for box in test.selectbox if box.label == "Caseload").options == ["Bea Brown"]
    assert "Canary" not in str(test.main)

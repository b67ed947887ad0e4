"""The triage page: what is on the worklist, what an officer writes there, and what becomes of it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import text, update
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT as TODAY
from tests.pages.conftest import Open, run, viewer
from vs_core.access import sessions
from vs_core.casework import actions, entries
from vs_core.casework.entries import NewEntry
from vs_core.rules import worklist_views as views
from vs_core.rules.worklist_views import Choice, Looking
from vs_core.store.access_tables import last_look
from vs_core.store.engine import writing
from vs_core.ui import links
from vs_core.ui.load import triage as read
from vs_core.ui.load import triage_listed as listed_as
from vs_core.ui.load.triage_listed import Shown
from vs_core.ui.parts import triage as parts


@pytest.fixture(autouse=True)
def _only_this_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to another page needs the navigation, which is not run here."""
    monkeypatch.setattr(links, "to_child_here", lambda label, child_key: None)


def worklist(role: str = "inclusion") -> Any:
    return read.worklist(viewer(role), TODAY, None)


def alone(place: int) -> Any:
    """A row of the worklist about whom nobody acts, another for each place."""
    rows = worklist()
    return rows[rows["action_id"].isna() & rows["is_listed"].eq(True)].iloc[place]


def opened(small: Open, row: Any, role: str = "inclusion", **query: str) -> AppTest:
    return small("triage", role, open=str(row["child_key"]), **query)


def everything(test: AppTest) -> str:
    """What is said anywhere, as it is read."""
    kinds = (test.markdown, test.caption, test.info, test.error, test.success)
    return re.sub(r"\\(.)", r"\1", " ".join(str(each.value) for kind in kinds for each in kind))


def press(test: AppTest, label: str) -> AppTest:
    return run(next(each for each in test.button if each.label == label).click())


def write(test: AppTest, label: str, words: str) -> None:
    next(each for each in test.text_area if each.label == label).set_value(words)


def test_the_worklist_is_ranked_and_says_why(small: Open) -> None:
    test = small("triage", "inclusion")
    rows = worklist()
    shown = test.dataframe[0].value
    assert list(shown["Child"][:3]) == [
        f"{row.forename} {row.surname}" for row in rows[rows["is_listed"]].head(3).itertuples()
    ]
    assert shown["Why"][0].lower() == "; ".join(rows[rows["is_listed"]]["reasons"].iloc[0]).lower()
    by = Looking("inclusion", TODAY, None)
    assert [metric.value for metric in test.metric] == [str(len(views.of(view, rows, by))) for view in _TILES]


_TILES = (views.ALL, views.UNASSIGNED, views.OVERDUE, views.NEW)


def test_an_action_is_given_from_the_panel_and_stands_in_its_view(small: Open) -> None:
    row = alone(0)
    test = opened(small, row)
    assert "Nobody is acting" in everything(test)
    write(test, "Next step", "Ring the carer at noon")
    test = press(test, "Save")
    assert "has it now" in everything(test)
    assert "Ring the carer at noon" in everything(test)
    mine = worklist().set_index("child_key").loc[row["child_key"]]
    assert f"{mine['owner']} has it now" in everything(test)
    assert mine["next_step"] == "Ring the carer at noon"


def test_mine_is_every_child_with_an_action_of_ones_own(small: Open) -> None:
    row = alone(5)
    key = int(row["child_key"])
    for days, owner in enumerate(("headteacher", "inclusion")):
        new = actions.NewAction("Attendance", "Ring", owner, TODAY + timedelta(days=days), key)
        actions.open_action(viewer("inclusion"), new, TODAY)
    rows = worklist()
    for owner in ("headteacher", "inclusion"):
        assert key in set(views.of(views.MINE, rows, Looking(owner, TODAY, None))["child_key"])


def test_a_contact_is_saved_and_the_field_is_empty_again(small: Open) -> None:
    row = alone(1)
    test = opened(small, row)
    write(test, "What was said", "The carer says: a *cold*")
    (on,) = (each for each in test.date_input if each.label == "Day")
    on.set_value(TODAY - timedelta(days=3))
    test = press(test, "Save the contact")
    assert next(each for each in test.date_input if each.label == "Day").value == TODAY
    assert "The contact is saved" in everything(test)
    assert next(each for each in test.text_area if each.label == "What was said").value == ""
    assert "a *cold*" in everything(test)
    said = worklist().set_index("child_key").loc[row["child_key"]]
    assert said["last_contact_on"] == TODAY - timedelta(days=3)
    again = opened(small, row)
    assert "Phoned the school" in everything(again)


def test_who_was_overtaken_is_told_and_keeps_the_text(small: Open) -> None:
    row = alone(2)
    key = int(row["child_key"])
    test = opened(small, row)
    other = viewer("headteacher")
    actions.open_action(other, actions.NewAction("Attendance", "Visit", "headteacher", TODAY, key), TODAY)
    write(test, "Next step", "Ring the school")
    test = press(test, "Save")
    assert "opened an action for headteacher" in test.error[0].value
    assert next(each for each in test.text_area if each.label == "Next step").value == "Ring the school"
    said = worklist().set_index("child_key").loc[key]
    assert said["next_step"] == "Visit"


def test_a_snoozed_child_is_off_the_list_until_its_day(small: Open) -> None:
    row = alone(3)
    key = int(row["child_key"])
    test = opened(small, row)
    write(test, "Reason", "On holiday with the carer")
    test = press(test, "Snooze")
    assert "Off the worklist until" in everything(test)
    by = Looking("inclusion", TODAY, None)
    assert key in set(views.of(views.SNOOZED, worklist(), by)["child_key"])
    assert key not in set(views.of(views.ALL, worklist(), by)["child_key"])
    write(test, "Reason", "Back early")
    press(test, "Put back on the worklist")
    assert key in set(views.of(views.ALL, worklist(), by)["child_key"])


def test_an_entry_of_ones_own_is_corrected_and_the_first_kept(small: Open) -> None:
    row = alone(4)
    key = int(row["child_key"])
    with writing() as connection:
        connection.execute(text("update user_account set name = 'inclusion', display_name = 'inclusion' where id = 1"))
    entries.write(viewer("inclusion"), NewEntry(key, "note", "Father called"), TODAY)
    test = opened(small, row)
    write(test, "As it should be", "Foster father called")
    test = press(test, "Save the correction")
    assert "corrected" in everything(test)
    assert "Correction: Note" in everything(test)


def test_the_next_child_is_the_one_after_also_of_one_that_left_the_view() -> None:
    every = pd.DataFrame({"child_key": [5, 2, 9, 4]})
    assert parts.neighbours(every, in_view(5, 2, 9, 4), 2) == ("5", "9")
    assert parts.neighbours(every, in_view(5, 2, 9, 4), 5) == ("", "2")
    assert parts.neighbours(every, in_view(5, 2, 4), 9) == ("2", "4")
    assert parts.neighbours(every, in_view(5, 2, 9), 4) == ("9", "")
    assert parts.neighbours(every, in_view(), 4) == ("", "")


def in_view(*keys: int) -> Shown:
    return Shown({str(key): "" for key in keys}, "", "")


def test_an_empty_view_says_why_nobody_is_in_it() -> None:
    later = TODAY + timedelta(days=3)
    rows = pd.DataFrame(
        {"urn": ["1", "2"], "owners": [("A",), ("B",)], "snoozed_until": [later, None], "action_id": [1, 2]}
    )

    def said(owner: str, school: str = "") -> str:
        return listed_as.nobody(rows, Choice(Looking(owner, TODAY, None), None, views.MINE, school))

    assert said("A") == "Nobody to show: 1 child of this view is snoozed."
    assert said("C") == "No action of yours is open."
    assert said("B", "3") == "Nobody of this school is in this view."


def test_which_registers_are_shown_stands_in_the_address(small: Open) -> None:
    test = small("triage", "inclusion", part=parts.REGISTERS, registers="y5_alone")
    assert test.radio[0].value == "y5_alone"
    assert "in custody" in everything(test)
    test = run(test.radio[0].set_value("d_alone"))
    assert test.query_params["registers"] == "d_alone"
    assert small("triage", "inclusion", part=parts.REGISTERS, registers="no such kind").radio[0].value == "e_alone"


EVERY_VIEW = [("inclusion", view) for view in views.VIEWS] + [("adviser", views.MINE), ("headteacher", views.SNOOZED)]


@pytest.mark.parametrize(("role", "view"), EVERY_VIEW)
def test_every_view_opens(small: Open, role: str, view: str) -> None:
    test = small("triage", role, worklist=view)
    shown = test.dataframe[0].value if test.dataframe else []
    assert len(shown) <= 25


@pytest.mark.parametrize("role", ["headteacher", "inclusion", "adviser"])
def test_without_data_it_says_so(empty: Open, role: str) -> None:
    test = empty("triage", role)
    assert not test.metric
    assert "Registers have not arrived yet" in everything(test)


def test_an_adviser_sees_the_own_caseload_and_opens_nobody_else(small: Open) -> None:
    small("triage", "adviser")
    own, every = set(worklist("adviser")["child_key"]), set(worklist("headteacher")["child_key"])
    assert own < every
    other = sorted(every - own)[0]
    test = small("triage", "adviser", open=str(other))
    assert "no such child" in test.warning[0].value
    for given in ("x", "-1", "9" * 400, "0"):
        assert "no such child" in small("triage", "adviser", open=given).warning[0].value


def test_from_another_day_nothing_is_written(small: Open) -> None:
    row = alone(0)
    test = opened(small, row, as_at="2026-11-16")
    assert not test.text_area
    assert "as it stood on that day" in everything(test)
    assert "choose today" in everything(test)


def test_all_of_a_school_are_given_to_somebody_at_once(small: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = worklist()
    free = rows[rows["action_id"].isna() & rows["is_listed"].eq(True) & rows["snoozed_until"].isna()]
    school = free["urn"].value_counts().index[0]
    keys = [int(key) for key in free.loc[free["urn"] == school, "child_key"]]
    given = actions.open_for_each(
        viewer("inclusion"), actions.NewAction("Attendance", "Meet the school", "inclusion", TODAY), keys, TODAY
    )
    assert sorted(given.opened) == sorted(keys)
    test = small("triage", "inclusion", of_school=str(school), worklist=views.MINE)
    assert set(test.dataframe[0].value["Owner"]) == {"inclusion"}


def test_new_is_what_has_come_since_the_last_look_on_an_earlier_day(small: Open) -> None:
    small("triage", "headteacher")
    rows = worklist("headteacher")
    before = sessions.now() - timedelta(days=4)
    with writing() as connection:
        connection.execute(update(last_look).values(looked_at=before))
    since = read.last_looked_on(viewer("headteacher"), sessions.now())
    assert since == before.date()
    assert read.last_looked_on(viewer("headteacher"), sessions.now()) == since
    new = views.of(views.NEW, rows, Looking("headteacher", TODAY, date(2026, 11, 19)))
    assert 0 < len(new) < len(rows)
    assert (new["first_on"] >= date(2026, 11, 19)).all()

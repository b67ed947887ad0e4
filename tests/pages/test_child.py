"""A child's page and the search for it: who may, what the trail says, and that its numbers are those of the lists."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from sqlalchemy import select, text
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT as AS_AT
from tests.pages.conftest import Open, viewer
from vs_core import figures
from vs_core.access import openings, sessions
from vs_core.access.viewer import scope
from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import EVERYONE
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import engine
from vs_core.ui import downloads, links, words
from vs_core.ui.load import attendance as load_attendance
from vs_core.ui.load import child as read
from vs_core.ui.load import version

Links = list[tuple[str, dict[str, str]]]


@pytest.fixture(autouse=True)
def drawn_links(monkeypatch: pytest.MonkeyPatch) -> Links:
    """The links to pages, which only the whole app can draw: label, and what stands in their address."""
    drawn: Links = []

    def page_link(_page: object, *, label: str, icon: str, query_params: dict[str, str] | None = None) -> None:
        drawn.append((label, query_params or {}))

    monkeypatch.setattr(st, "page_link", page_link)
    return drawn


def key(child_id: str) -> str:
    with engine().connect() as connection:
        return str(connection.scalar(text("select id from child where child_id = :id"), {"id": child_id}))


def key_of_another_caseload() -> str:
    own = viewer("adviser").adviser
    query = text("select min(child_key) from child_details where known_to is null and adviser <> :own")
    with engine().connect() as connection:
        return str(connection.scalar(query, {"own": own}))


def told() -> list[tuple[str, str]]:
    own = audit_event.c.what.in_((openings.OPENED, openings.REFUSED))
    with engine().connect() as connection:
        rows = connection.execute(select(audit_event).where(own).order_by(audit_event.c.id))
        return [(row.what, row.subject) for row in rows]


def said(test: AppTest) -> str:
    texts = [*test.title, *test.subheader, *test.markdown, *test.caption, *test.info, *test.warning, *test.success]
    return re.sub(r"\\(.)", r"\1", "\n".join(each.value for each in texts))


def everything(test: AppTest) -> str:
    """All that was sent to the browser, but for the numbers of widgets."""
    return re.sub(r'id: "[^"]*"', "", "".join(str(node.proto) for node in test.main))


def tile(test: AppTest, label: str) -> tuple[str, str]:
    """Value and change."""
    found = next(metric for metric in test.metric if label in metric.label)
    return found.value.replace("\\", ""), found.delta


TENBY, TENTH = "Tamsin Tenby", "10 of 100 possible sessions missed this year"


def test_a_child_is_opened_by_who_may_and_written_down_once(small: Open, drawn_links: Links) -> None:
    child = key("WM90001")
    test = small("child", child=child)
    assert test.title[0].value == TENBY
    assert f"Persistently absent** {TENTH}" in said(test)
    assert told() == [("child opened", f"child {child}")]
    test.run()
    assert told() == [("child opened", f"child {child}")]
    assert f"Who has looked at {TENBY} (WM90001)" in said(test)
    assert list(test.dataframe[-1].value["Times"]) == [1]
    assert drawn_links[-1] == ("All that the trail says of this child", {"about": f"child {child}"})
    inclusion = small("child", "inclusion", child=child)
    assert inclusion.title[0].value == TENBY
    assert "Who has looked" not in said(inclusion)
    assert len(told()) == 2


def test_an_opening_is_told_again_when_it_is_another(small: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    child, other = key("WM90001"), key("WM90002")
    test = small("child", child=child)
    start = sessions.now()
    for given, seconds, count in ((child, 0, 1), (other, 1, 2), (child, 2, 3), (child, 901, 3), (child, 902, 4)):
        with monkeypatch.context() as patch:
            patch.setattr(sessions, "now", lambda at=start + timedelta(seconds=seconds): at)
            test.query_params["child"] = given
            test.run()
        assert len(told()) == count, (given, seconds)


@pytest.mark.parametrize("role", ["operations", "analyst", "administrator"])
def test_other_roles_are_refused_the_page_and_its_readers(small: Open, role: str) -> None:
    child = key("WM90001")
    test = small("child", role, child=child)
    assert "not part of your role" in test.error[0].value
    assert TENBY not in everything(test)
    for reader in (
        lambda: read.child(viewer(role), int(child), AS_AT, None),
        lambda: read.may_open(viewer(role), int(child)),
        lambda: read.found(viewer(role), "name", "Tenby", AS_AT),
    ):
        with pytest.raises(PermissionError):
            reader()


def test_what_may_not_be_opened_is_as_what_is_not_there(small: Open) -> None:
    restricted, others, nobody = key("WM90013"), key_of_another_caseload(), "999999"
    seen = {given: everything(small("child", "adviser", child=given)) for given in (restricted, others, nobody)}
    assert openings.NOBODY in seen[nobody]
    assert set(seen.values()) == {seen[nobody]}
    assert everything(small("child", "inclusion", child=restricted)) == seen[nobody]
    subjects = [f"child {given}" for given in (restricted, others, nobody, restricted)]
    assert told() == [("child refused", subject) for subject in subjects]
    assert small("child", child=restricted).title[0].value == "Rosa Hiddenby"


GARBAGE = ("x", "-1", "0", "1e9999", "1 or 1=1", " 1", "１", "2147483648", "9" * 400, "", "Tamsin Tenby")


def test_garbage_leads_to_the_search_with_the_same_sentence(small: Open) -> None:
    test = small("child", child=GARBAGE[0])
    for given in (*GARBAGE[1:], [key("WM90001"), key("WM90002")]):
        test.query_params["child"] = given
        test.run()
        assert not test.exception
        assert (test.title[0].value, test.warning[0].value) == ("Find a child", openings.NOBODY), given
    assert set(told()) == {("child refused", "child")}


def test_without_the_trail_nothing_is_shown(small: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    child = key("WM90001")
    test = small("child")

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(openings, "opened", full)
    test.query_params["child"] = child
    test.run()
    assert len(test.exception) == 1
    assert "Tamsin" not in everything(test)
    monkeypatch.undo()


def test_it_is_written_before_anything_is_read(small: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    child = key("WM90001")
    test = small("child")
    seen: list[Any] = []
    monkeypatch.setattr(read, "child", lambda *_: seen.append(told()))
    test.query_params["child"] = child
    test.run()
    assert seen == [[("child opened", f"child {child}")]]


def search(test: AppTest, way: str, typed: str) -> None:
    test.selectbox(key="search way").select(way)
    test.text_input(key="search typed").input(typed)
    next(button for button in test.button if button.label == "Search").click().run()
    assert not test.exception


def test_the_search(small: Open, drawn_links: Links) -> None:
    test = small("child", child="999999")
    search(test, "name", "o’brien sian")
    assert drawn_links[-1] == (words.plain("Siân O'Brien-Smith"), {"child": key("WM90026")})
    assert "1 child" in said(test).lower()
    assert openings.NOBODY not in said(test)
    test.run()
    search(test, "number", "WM9000")
    assert len(drawn_links) > 9
    search(test, "name", "nobody at all")
    assert "Nobody of that name" in said(test)
    search(test, "name", "x")
    assert "at least 2 characters" in said(test)
    with engine().connect() as connection:
        events = connection.execute(select(audit_event).where(audit_event.c.what == "search")).all()
    details = [json.loads(event.detail) for event in events]
    assert [(each["by"], each["characters"]) for each in details] == [("name", 12), ("number", 6), ("name", 13)]
    assert details[0]["results"] == 1
    assert details[2]["results"] == 0
    assert "brien" not in str(events).lower()
    assert not test.query_params


def test_a_search_of_many_says_so_and_holds_the_scope(small: Open, drawn_links: Links) -> None:
    test = small("child")
    search(test, "number", "WM")
    assert "The first 50" in said(test)
    assert len(drawn_links) == 50
    drawn_links.clear()
    own = small("child", "adviser")
    search(own, "name", "hiddenby")
    assert drawn_links == []


def list_rows(subject: str, name: str) -> pd.DataFrame:
    """Those of the cast."""
    with engine().connect() as connection:
        rows = figures.compute(connection, subject, Frame.for_subject(subject, AS_AT)).rows[name]
    return rows[rows["child_id"].isin(("WM90002", "WM90003", "WM90016", "WM90020"))]


def opened(test: AppTest, child_id: str) -> AppTest:
    test.query_params["child"] = key(child_id)
    test.run()
    assert not test.exception
    return test


def test_attendance_is_that_of_the_list(small: Open) -> None:
    """How it moved too: the last four weeks are everybody's, also of a child who had no session in them."""
    test, own = small("child"), viewer("headteacher")
    rows = list_rows("attendance", "children")
    courses = load_attendance.courses_of(scope(own), version(), Frame.for_subject("attendance", AS_AT), EVERYONE)
    assert set(rows["is_severely_absent"]) == set(rows["is_persistently_absent"]) == {True, False}
    for row in rows.merge(courses, on="child_key").itertuples():
        change = None if pd.isna(row.change_points) else f"{row.change_points:+.1f} pts"
        opened(test, row.child_id)
        assert tile(test, "Attendance") == (f"{row.attendance_percent:.1f}%", change or "")
        assert f"{row.attended_sessions} of {row.possible_sessions} possible sessions" in said(test)
        assert ("Severely absent" in said(test)) == row.is_severely_absent
        assert ("Persistently absent" in said(test)) == (row.is_persistently_absent and not row.is_severely_absent)


SITUATIONS: dict[str, tuple[str, ...]] = {
    "WM90007": ("Suspended for 16 days this term",),
    "WM90008": ("Permanently excluded",),
    "WM90009": ("No education plan", "the first was due on"),
    "WM90010": ("Education plan overdue",),
    "WM90011": ("In custody", "Release expected on"),
    "WM90015": ("On no school's roll for", "Unaccompanied"),
    "WM90016": ("On a part-time timetable, review overdue",),
    "WM90023": ("Nothing asked for",),
    "WM90024": ("Not in education, employment or training",),
}


def test_the_cast_is_told_as_it_is(small: Open) -> None:
    test = small("child")
    for child_id, sentences in SITUATIONS.items():
        opened(test, child_id)
        assert [sentence for sentence in sentences if sentence not in said(test)] == [], child_id


def test_days_of_the_year_before_are_told_where_the_page_looks_back(small: Open) -> None:
    child = key("WM90005")
    assert tile(small("child", child=child), "suspended")[0] == "0"
    then = small("child", child=child, as_at="2026-07-10")
    assert tile(then, "suspended")[0] == "44"
    assert "1 left of the 45 in a year" in said(then)


def test_a_day_before_the_child_was_known_says_so(small: Open) -> None:
    test = small("child", child=key("WM90019"), as_at="2024-11-16", as_then="true")
    assert [each.value for each in test.info] == ["Nothing was known of this child on that day. Choose a later day."]
    assert not test.metric


def test_the_lists_lead_to_the_pages_but_not_what_is_downloaded(small: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[set[str]] = []
    monkeypatch.setattr(
        downloads, "table", lambda _viewer, _rows, columns, **_: taken.append({each.kind for each in columns})
    )
    for page, behind in (("attendance", "Severely absent"), ("projects", ""), ("pp_plus", "Paid")):
        test = small(page, "adviser", **({"behind": behind} if behind else {}))
        tables = [table.value for table in test.dataframe if "Child" in table.value]
        assert tables
        addresses = pd.concat([table["Open"] for table in tables]).dropna()
        assert len(addresses), page
        assert addresses.str.fullmatch(r"/child\?child=\d+").all()
    assert taken
    assert all("link" not in kinds for kinds in taken)
    assert all("Open" not in table.value for table in small("pp_plus", "operations", behind="Paid").dataframe)


def test_a_list_of_another_day_leads_to_that_day(small: Open) -> None:
    rows = small("cohort", as_at="2026-11-16", as_then="true").dataframe[-1].value
    assert rows["Open"].str.fullmatch(r"/child\?child=\d+&as_at=2026-11-16&as_then=true").all()


def test_without_data_there_is_a_search(empty: Open) -> None:
    test = empty("child")
    search(test, "name", "Tamsin")
    assert "Nobody of that name" in said(test)


def test_an_address_says_nothing_and_keeps_the_day() -> None:
    assert links.to_child(17) == "/child?child=17"
    then = Frame.for_subject("cohort", date(2026, 11, 16), known_on=date(2026, 11, 16))
    assert links.to_child(17, then) == "/child?child=17&as_at=2026-11-16&as_then=true"

"""The heatmaps of the attendance page: what stands behind a cell adds up to it, as far as the viewer may see."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select, text
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.pages.conftest import Open, lists, viewer
from tests.queries.written import Written
from vs_core.access.viewer import Viewer, scope
from vs_core.rules import attendance_orders
from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import Narrowing
from vs_core.store import schema
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import engine
from vs_core.ui import links
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import attendance_drawn as drawn
from vs_core.ui.load import attendance_tiles as tiles
from vs_core.ui.load import attendance_views as read
from vs_core.ui.load import narrowing, version
from vs_core.ui.parts import attendance_views as views
from vs_core.ui.parts.attendance_behind import cell_rows

SAID = re.compile(r"([\d,]+) of ([\d,]+) possible sessions attended")
CELLS = {
    "a week of every child": (views.BY_CHILD, {"at": "2026-11-09"}),
    "a week of every school": (views.BY_SCHOOL, {"at": "2026-11-09"}),
    "a year group": (views.BY_YEAR, {"row": "year-9"}),
    "a week of a year group": (views.BY_YEAR, {"row": "year-9", "at": "2026-11-16"}),
    "Friday afternoons": (views.WEEKDAY, {"at": "4-PM"}),
    "Mondays": (views.WEEKDAY, {"at": "0"}),
    "a day": (views.CALENDAR, {"at": "2026-11-18"}),
}


def chosen() -> Chosen:
    return Chosen(Frame.for_subject("attendance", SMALL_AUTHORITY_AS_AT))


def number(said: str) -> int:
    return int(said.replace(",", ""))


def added_up(test: AppTest) -> tuple[int, int]:
    """The sessions of the list of the cell, which is drawn before the list of the figure."""
    pairs = [re.split(" of ", each) for each in lists(test)[0].value["Sessions"]]
    return sum(number(a) for a, _ in pairs), sum(number(p) for _, p in pairs)


def seen_by(who: Viewer, what: Chosen) -> tuple[Any, ...]:
    return scope(who), version(), what.frame, what.only


def told(test: AppTest) -> tuple[int, int]:
    (found,) = [match for each in test.markdown if (match := SAID.search(each.value.replace("\\", "")))]
    return number(found[1]), number(found[2])


def in_chart(view: str, asked: dict[str, str]) -> tuple[int, int]:
    """The same cell in what the chart is drawn from."""
    who = viewer("headteacher")
    if view in (views.BY_CHILD, views.BY_SCHOOL, views.BY_YEAR):
        cells = read.cells_of(*seen_by(who, chosen()), "urn" if view == views.BY_SCHOOL else "child_key")
        if "at" in asked:
            cells = cells[cells["week"] == asked["at"]]
        if asked.get("row") == "year-9":
            cells = cells[cells["child_key"].isin(_year_9())]
    else:
        cells = read.days_of(*seen_by(who, chosen()))
        days = cells["day"].map(lambda day: day.isoformat() if view == views.CALENDAR else str(day.weekday()))
        at, _, half = asked["at"].partition("-") if view == views.WEEKDAY else (asked["at"], "", "")
        cells = cells[(days == at) & (cells["session"] == half if half else True)]
    return int(cells["attended_sessions"].sum()), int(cells["possible_sessions"].sum())


def _year_9() -> set[int]:
    rows = narrowing.compared(viewer("headteacher"), "attendance", chosen()).now.rows["children"]
    return set(rows.loc[rows["year_group"] == "9", "child_key"])


@pytest.mark.parametrize("name", CELLS)
def test_the_list_behind_a_cell_adds_up_to_it(small: Open, name: str) -> None:
    view, asked = CELLS[name]
    test = small("attendance", view=view, **asked)
    assert added_up(test) == told(test) == in_chart(view, asked)
    assert told(test)[1] > 0


def test_restricted_children_are_in_the_number_and_not_in_the_list(small: Open) -> None:
    view, asked = CELLS["a week of every child"]
    named, other = (small("attendance", role, view=view, **asked) for role in ("headteacher", "inclusion"))
    assert told(named) == told(other)
    assert added_up(other)[1] < told(other)[1]
    (sentence,) = [each.value for each in other.caption if re.match(r"\d+ children?\. \d+ child", each.value)][:1]
    left = len(lists(named)[0].value) - len(lists(other)[0].value)
    assert f"{left} child" in sentence


def test_a_childs_cell_lists_its_marks_and_the_trail_says_who_looked(
    small: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "to_child_here", lambda label, child_key: None)
    cells = read.cells_of(*seen_by(viewer("inclusion"), chosen()), "child_key")
    key = int(cells.query("possible_sessions > 0")["child_key"].iloc[0])
    test = small("attendance", view=views.BY_CHILD, row=f"child-{key}", at="2026-11-09")
    week = read.marks(viewer("headteacher"), key, chosen().frame)
    week = week[week["day"].map(lambda day: day.isocalendar()[:2]) == (2026, 46)]
    assert list(lists(test)[0].value["Code"]) == list(week["code"])
    with engine().connect() as connection:
        looked = connection.scalar(select(func.count()).where(audit_event.c.subject == f"child {key}"))
    assert looked == 1


def test_an_analyst_is_given_sessions_and_no_marks(small: Open) -> None:
    test = small("attendance", "analyst", view=views.ONE_CHILD, row="child-2", at="2026-11-09")
    views_offered = next(each for each in test.get("button_group") if views.BY_CHILD in str(each.proto.options))
    assert views.ONE_CHILD not in str(views_offered.proto.options)
    assert all("Code" not in each.value.columns for each in lists(test))


@pytest.mark.parametrize("view", [views.BY_CHILD, views.ONE_CHILD])
def test_an_address_with_a_child_of_somebody_else_says_so_and_nothing_else(small: Open, view: str) -> None:
    small("attendance")
    with engine().connect() as connection:
        adviser = connection.scalar(text("select min(adviser) from child_details where known_to is null"))
        query = "select child_key, forename from child_details where known_to is null and adviser <> :a limit 1"
        other = connection.execute(text(query), {"a": adviser}).one()
    for key in (other.child_key, 10**8):
        test = small("attendance", "adviser", view=view, row=f"child-{key}", at="2026-11-09")
        assert [each.value for each in test.warning] == [views.NO_SUCH["child"]]
        own = small("attendance", "adviser", view=view, at="2026-11-09")
        assert [len(each.value) for each in lists(test)] == [len(each.value) for each in lists(own)]


def test_a_school_that_is_not_there_is_said_not_to_be(small: Open) -> None:
    test = small("attendance", view=views.BY_SCHOOL, row="school-999999")
    assert [each.value for each in test.warning] == [views.NO_SUCH["school"]]


@pytest.mark.parametrize(
    ("view", "at"),
    [(views.WEEKDAY, "7-AM"), (views.WEEKDAY, "-"), (views.CALENDAR, "9999-99-99"), (views.BY_YEAR, "../../etc")],
)
def test_an_address_that_no_page_makes_is_passed_over(small: Open, view: str, at: str) -> None:
    test = small("attendance", view=view, row="school-1 or 1", at=at)
    assert not test.warning
    assert any("Click on a cell" in each.value for each in test.caption)


def test_a_cell_holds_the_chosen_children_alone(small: Open) -> None:
    test = small("attendance", view=views.CALENDAR, at="2026-11-18", phase="Secondary")
    assert set(lists(test)[0].value["Year"]) <= {f"Year {year}" for year in range(7, 12)}
    secondary = Chosen(chosen().frame, Narrowing(phase="secondary"))
    days = read.days_of(*seen_by(viewer("headteacher"), secondary))
    own = days[days["day"].map(str) == "2026-11-18"]
    assert added_up(test) == (own["attended_sessions"].sum(), own["possible_sessions"].sum())


def test_a_child_without_any_mark_has_its_row_and_its_year_group(small: Open) -> None:
    """In each view as in the list behind the cell, whose number of children says what it counts."""
    small("attendance")
    who, what = viewer("headteacher"), chosen()
    before = drawn.rows_in(who, what, drawn.CHILD, attendance_orders.LOWEST)
    groups = drawn.rows_in(who, what, drawn.YEAR, "").names
    school = register_school()
    free = "N1"
    assert free not in groups
    written = Written(engine())
    written.care("WAITS", "2020-01-01")
    written.child("WAITS", born_on="2023-10-10", forename="Ada", surname="Waits")
    written.enrolled("WAITS", school, "2024-09-01", year_group=free)
    with written.reading() as connection:
        key = connection.scalar(select(schema.child.c.id).where(schema.child.c.child_id == "WAITS"))
    after = drawn.rows_in(who, what, drawn.CHILD, attendance_orders.LOWEST)
    assert set(after.names) - set(before.names) == {str(key)}
    assert list(after.names)[-1] == str(key)
    shown = small("attendance", view=views.BY_CHILD, at="2026-11-09")
    assert any("marks are due and none that counts has come" in each.value for each in shown.caption)
    every = read.everybody_of(*seen_by(who, what))
    counted = every[attendance_orders.in_cells(every)]
    assert f"All {len(counted):,} children" in after.said
    behind = cell_rows(read.weeks(who, what).rows, read.awaited(who, what), read.people(who, what))
    assert set(behind["child_key"]) == set(counted["child_key"])
    assert key in set(behind["child_key"])
    years = drawn.rows_in(who, what, drawn.YEAR, "").names
    assert set(years) - set(groups) == {drawn.key_of_group(free)}
    assert years[drawn.key_of_group(free)].endswith("(1)")
    alone = tiles.of_choice(who, Chosen(what.frame, Narrowing(year_group=free)))
    assert (alone.with_marks, alone.awaited > 0) == (0, True)


def register_school() -> str:
    with engine().connect() as connection:
        query = "select urn from school join school_details on school_key = school.id where la_name = 'Westmere'"
        return str(connection.scalar(text(query)))


def test_persistent_absence_is_no_order_and_no_column_of_a_week(small: Open) -> None:
    for period, is_there in (("This week", False), ("This term", True)):
        test = small("attendance", period=period, order=attendance_orders.NEWEST)
        offered = next(each for each in test.get("button_group") if attendance_orders.LOWEST in str(each.proto.options))
        assert (attendance_orders.NEWEST in str(offered.proto.options)) == is_there
        assert any("Persistent from" in each.value.columns for each in lists(test)) == is_there

"""The attendance page: its tiles and lists are the figures, what it narrows to, what it says, and a real register."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import Engine, text
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT, prepare
from tests.databases import SqliteFiles
from tests.pages.conftest import Open, viewer
from vs_core import figures
from vs_core.access.viewer import scope
from vs_core.figures import SubjectFigures, attendance_sessions, benchmarks, children
from vs_core.intake import take_in
from vs_core.rules.frame import Frame
from vs_core.rules.measures_sessions import LATE, MEASURES
from vs_core.rules.narrowing import EVERYONE, Narrowing, holds
from vs_core.rules.register import COUNTED_BANDS
from vs_core.store.engine import engine
from vs_core.ui import load, words
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import attendance as read
from vs_core.ui.load import attendance_listed as listed_as
from vs_core.ui.load import version
from vs_core.ui.load.narrowing import narrowed
from vs_core.ui.parts import attendance_lists as lists

FRAME = Frame.for_subject("attendance", SMALL_AUTHORITY_AS_AT)
HEADLINE = ("attendance_percent", "persistently_absent", "severely_absent", "unauthorised_percent", *LATE.values())
REAL = Path(__file__).parents[1] / "real_data" / "attendance_essex_cla_2024-25"


def printed(frame: Frame = FRAME) -> SubjectFigures:
    with engine().connect() as connection:
        return figures.compute(connection, "attendance", frame)


def shown(test: AppTest) -> dict[str, str]:
    """Value by label of each tile."""
    return {metric.label: metric.value for metric in test.metric}


def values(of: SubjectFigures) -> dict[str, str]:
    """What the tiles of these figures say."""
    every = of.figures | attendance_sessions.further(of)
    keys = (*HEADLINE, "children", *COUNTED_BANDS)
    own = {key: MEASURES.get(key) or figures.measure("attendance", key) for key in keys}
    return {each.label: words.plain(words.figure(every[key], each.unit)) for key, each in own.items()}


def said(test: AppTest) -> str:
    return re.sub(r"\\", "", " ".join(each.value for each in (*test.markdown, *test.caption)))


def asked() -> tuple[Any, ...]:
    """With what the page of the headteacher reads."""
    return scope(viewer("headteacher")), version(), FRAME, EVERYONE


def page() -> read.Page:
    found: read.Page = read.page_of(*asked())
    return found


def listed(test: AppTest) -> list[str]:
    return [child for table in test.dataframe if "Child" in table.value for child in table.value["Child"]]


def test_the_tiles_are_the_figures(small: Open) -> None:
    found = shown(small("attendance"))
    coverage = found.pop(MEASURES["coverage_percent"].label)
    assert found == values(printed())
    assert re.fullmatch(r"\d+\\\.\d%", coverage)


@pytest.mark.parametrize("key", ["band_100", "part_time_sessions", "dual_registered_sessions"])
def test_a_figure_opens_its_children(small: Open, key: str) -> None:
    labels = lists.offered(Chosen(FRAME))
    of = printed()
    rows = of.rows["children"] if key in listed_as.APART else attendance_sessions.behind(of, key)
    expected = rows[rows[key] > 0] if key in listed_as.APART else rows
    test = small("attendance", behind=labels[key])
    assert len(listed(test)) == len(expected)


def test_each_row_of_the_codes_opens_its_children(small: Open) -> None:
    small("attendance")
    of = printed()
    rows, apart = of.rows["children"], read.apart_of(*asked())
    taken = ["part_time_sessions", "suspended_sessions", "study_leave_sessions"]
    every = {name: rows[name] for name in taken} | {"all": rows[taken].sum(axis=1)}
    for key, counts in every.items():
        own = listed_as.rows_behind(viewer("headteacher"), Chosen(FRAME), key)
        assert dict(zip(own["child_key"], own["concerned"], strict=True)) == dict(
            zip(rows.loc[counts > 0, "child_key"], counts[counts > 0], strict=True)
        )
    for key, code in listed_as.APART.items():
        own = listed_as.rows_behind(viewer("headteacher"), Chosen(FRAME), key)
        assert own["concerned"].sum() == apart.loc[apart["code"].str.startswith(code), "sessions"].sum()


def test_marks_that_have_not_come_open_the_children(small: Open) -> None:
    assert "Not received" in small("attendance", behind="Marks received").dataframe[-1].value


@pytest.mark.usefixtures("small")
def test_schools_of_which_nobody_says_where_they_lie_keep_our_calendar() -> None:
    with engine().begin() as connection:
        connection.execute(text("update school_details set la_name = null"))
    marks = page().stood.now.marks
    assert (marks.left_out, marks.daily_expected > 0) == (0, True)


NARROWINGS: dict[str, tuple[dict[str, str], Callable[[Any], bool]]] = {
    "out of county": ({"county": "Out of county"}, lambda row: row.in_county is False),
    "placement": ({"placement": "Other foster care"}, lambda row: row.placement in ("U4", "U5", "U6")),
    "two at once": ({"phase": "Primary", "sen": "SEN support"}, lambda row: (row.phase, row.sen) == ("primary", "K")),
}


@pytest.mark.parametrize("name", NARROWINGS)
def test_a_choice_in_the_address_has_the_figures_of_its_rows(small: Open, name: str) -> None:
    query, is_chosen = NARROWINGS[name]
    of = printed()
    keys = {row.child_key for row in of.rows["children"].itertuples() if is_chosen(row)}
    part = narrowed(of, keys)
    assert 0 < len(part.rows["children"]) < len(of.rows["children"])
    found = shown(small("attendance", **query))
    assert {label: found[label] for label in values(part)} == values(part)


def test_a_school_is_in_the_address_by_its_number_and_said_by_its_name(small: Open) -> None:
    rows = printed().rows["children"]
    urn = rows["urn"].value_counts().index[0]
    own = rows[rows["urn"] == urn]
    test = small("attendance", school=urn)
    assert f"at {own['school'].iloc[0]}" in said(test)
    assert test.query_params["school"] in (urn, [urn])
    assert shown(test)["Children with attendance"] == str((own["possible_sessions"] > 0).sum())
    next(button for button in test.button if button.label == "Clear").click().run()
    assert "school" not in test.query_params
    assert shown(test)["Children with attendance"] == values(printed())["Children with attendance"]


def test_an_unknown_school_is_every_school(small: Open) -> None:
    test = small("attendance", school="999999")
    assert "school" not in test.query_params
    assert shown(test)["Children with attendance"] == values(printed())["Children with attendance"]


def test_hidden_children_are_left_out_of_what_would_tell_of_them_and_counted(small: Open) -> None:
    for role in ("headteacher", "inclusion"):
        test = small("attendance", role, county="In county")
        with engine().connect() as connection:
            known = children.of_cohort(connection, FRAME, scope(viewer(role)), FRAME.start, FRAME.end)
        hidden = int((~known["is_listed"].astype(bool)).sum())
        inside = set(known.loc[holds(known, Narrowing(in_county=True), FRAME.as_at), "child_key"])
        with_sessions = printed().rows["children"].query("possible_sessions > 0")["child_key"]
        assert shown(test)["Children with attendance"] == str(int(with_sessions.isin(inside).sum()))
        assert (f"{hidden} child" in said(test)) == bool(hidden) == (role == "inclusion")


@pytest.mark.parametrize(("days", "stated"), [(6, False), (7, True)])
def test_persistent_and_severe_absence_are_never_stated_for_a_week(small: Open, days: int, stated: bool) -> None:
    first = SMALL_AUTHORITY_AS_AT - timedelta(days)
    test = small("attendance", period="Other dates", **{"from": first.isoformat()})
    for label in ("Persistently absent", "Severely absent"):
        assert (shown(test)[label] != "not stated") is stated
    assert ("Not stated for a week or a day" in said(test)) is not stated
    assert ("became persistently absent" in said(test)) is stated
    offered = next(box for box in test.selectbox if box.label == "Show the children behind").options
    assert ("Persistently absent" in offered) is stated


def test_a_week_is_held_against_the_week_before_it(small: Open) -> None:
    first = SMALL_AUTHORITY_AS_AT - timedelta(SMALL_AUTHORITY_AS_AT.weekday())
    earlier = SMALL_AUTHORITY_AS_AT - timedelta(7)
    now = printed(Frame(SMALL_AUTHORITY_AS_AT, None, first, SMALL_AUTHORITY_AS_AT))
    before = printed(Frame(earlier, earlier, first - timedelta(7), earlier))
    moved = words.change(now.figures["attendance_percent"], before.figures["attendance_percent"], "percent")
    tile = next(each for each in small("attendance", period="This week").metric if each.label == "Attendance")
    assert tile.delta == moved


def test_which_sessions_count_is_always_said(small: Open) -> None:
    assert "those before and after its time in care among them" in said(small("attendance"))
    assert "Only sessions on days while the child was in care count" in said(small("attendance", while_in_care="true"))
    assert "All sessions of each child in the period count." in said(small("attendance", cohort="All children known"))


def test_last_year_and_what_the_department_publishes_are_said(small: Open) -> None:
    with engine().connect() as connection:
        england = benchmarks.published(connection, "in care", "Westmere")[0]
        primary = benchmarks.published(connection, "in care", "Westmere", phase="State-funded primary")[0]
    assert f"England {england.value:.1f}%" in said(small("attendance"))
    assert "choose “In care a year”" in said(small("attendance"))
    assert f"England {primary.value:.1f}%" in said(small("attendance", phase="Primary"))
    chosen = said(small("attendance", in_care_a_year="At 31 March"))
    assert f"England {england.value:.1f}%" in chosen
    assert "choose “In care a year”" not in chosen
    assert "The department publishes no figures for this choice" in said(small("attendance", sen="SEN support"))


def test_few_sessions_are_marked_provisional_and_counted_on_the_tile(small: Open) -> None:
    first = SMALL_AUTHORITY_AS_AT - timedelta(9)
    test = small("attendance", period="Other dates", **{"from": first.isoformat()})
    of = printed(Frame(SMALL_AUTHORITY_AS_AT, None, first, SMALL_AUTHORITY_AS_AT))
    rows = of.rows["children"]
    few = int((rows["is_persistently_absent"].astype(bool) & (rows["possible_sessions"] < 20)).sum())
    assert few
    assert f"{few} provisional: under 20 possible sessions" in said(test)


def register_of_a_county(made: Engine) -> None:
    """The real register, taken in as a file."""
    prepare(made)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "sessions.csv"
        file.write_bytes(lzma.decompress((REAL / "sessions.csv.xz").read_bytes()))
        take_in(made, "attendance", file, known_on=date(2025, 7, 31), by="a test")


@pytest.fixture
def essex(over: Callable[[str], Open], sqlite_files: SqliteFiles, monkeypatch: pytest.MonkeyPatch) -> Open:
    opened = over(sqlite_files.copy_of("essex", register_of_a_county))
    monkeypatch.setattr(load, "today", lambda: date(2025, 7, 31))
    return opened


def test_the_register_of_a_county_has_the_published_figures_on_the_page(essex: Open) -> None:
    right = json.loads((REAL / "expected.json").read_text())
    test = essex("attendance", cohort="All children known", behind="Severely absent")
    frame = Frame.for_subject("attendance", date(2025, 7, 31), cohort="all")
    of, found = printed(frame), shown(test)
    assert found | values(of) == found
    assert found["Children with attendance"] == str(right["pupils"])
    assert found["Attendance"] == words.plain(f"{right['attendance_pct']:.1f}%")
    assert found["Persistently absent"] == str(right["persistent_absentees"])
    assert found["Severely absent"] == str(right["severe_absentees"])
    assert f"of {right['possible_sessions']:,} possible sessions" in said(test)
    assert f"{right['persistent_pct']:.1f}% of {right['pupils']} children" in said(test)
    severe = set(listed(test))
    persistent = set(listed(essex("attendance", cohort="All children known", behind="Persistently absent")))
    assert {name: (name in persistent, name in severe) for name in right["boundary_pupils"]} == {
        "ES0001": (True, True),
        "ES0002": (True, False),
        "ES0003": (False, False),
        "ES0004": (True, False),
    }

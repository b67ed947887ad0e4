"""Marks and suspensions on a day when the calendar says closed: taken in, listed, counted alike on the Data page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

import pytest
import streamlit as st
from sqlalchemy import Engine, select

from tests.intake.kind_files import FIRST, FULL, SECOND, csv_bytes, taken_in
from vs_core.access.viewer import Viewer
from vs_core.intake import Reconciliation, closed_days
from vs_core.intake.ledger import Counts
from vs_core.store import engine as engines
from vs_core.store import schema
from vs_core.store.engine import reading
from vs_core.ui.load import data

HEADTEACHER = Viewer(1, "head", "A Head", "headteacher", "session 1", sees_restricted=True)
OPEN, WEEKEND, INSET, OWN_INSET = "04/09/2026", "05/09/2026", "01/09/2026", "07/09/2026"
HOLIDAY, BANK_HOLIDAY = "26/10/2026", "31/05/2027"
HALVES = [
    ("01/09/2026", "23/10/2026"),
    ("02/11/2026", "18/12/2026"),
    ("04/01/2027", "12/02/2027"),
    ("22/02/2027", "25/03/2027"),
    ("12/04/2027", "31/05/2027"),
    ("07/06/2027", "21/07/2027"),
]


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


@pytest.fixture
def calendar(engine: Engine) -> Engine:
    """Westmere's year, an INSET day of all its schools, and one of school 990001 alone."""
    year = {"la": "Westmere", "academic_year": "2026/27"}
    rows = [
        {**year, "what": f"half term {number}", "start": start, "end": end, "urn": ""}
        for number, (start, end) in enumerate(HALVES, 1)
    ]
    inset = {**year, "what": "INSET (non-pupil day)"}
    rows += [{**inset, "start": INSET, "end": INSET, "urn": ""}]
    rows += [{**inset, "start": OWN_INSET, "end": OWN_INSET, "urn": "990001"}]
    taken_in(engine, "calendar", csv_bytes(rows))
    return engine


def mark(day: str, code: str = "/", urn: str = "990002", session: str = "AM", child: str = "1") -> dict[str, str]:
    return {"child_id": child, "date": day, "session": session, "code": code, "urn": urn}


def wide(day: str, am: str, pm: str) -> dict[str, str]:
    return {"child_id": "1", "date": day, "am": am, "pm": pm}


def notice(day: str, urn: str = "") -> dict[str, str]:
    return {"child_id": "1", "start_date": day, "sessions": "2", "category": "SUSP", "reason1": "PP", "urn": urn}


def listed(told: Reconciliation) -> list[tuple[int, str]]:
    assert {(one.rule, one.severity) for one in told.problems} <= {("closed day", "query")}
    return [(one.row_number, one.sentence.rpartition(": ")[2]) for one in told.problems]


def stored(engine: Engine, import_id: int | None) -> list[tuple[object, ...]]:
    row = schema.row_problem.c
    chosen = select(row.row_number, row.column_name, row.rule, row.sentence, row.severity, row.rejected_row_id)
    with reading(engine) as connection:
        return [tuple(one) for one in connection.execute(chosen.where(row.import_id == import_id).order_by(row.id))]


def test_a_mark_on_a_closed_day_is_taken_in_and_listed(calendar: Engine) -> None:
    days = [mark(day) for day in (OPEN, WEEKEND, INSET, HOLIDAY, BANK_HOLIDAY)]
    told = taken_in(calendar, "attendance", csv_bytes(days))
    assert told.counts == Counts(inserted=5)
    assert listed(told) == [(3, "weekend"), (4, "INSET (non-pupil day)"), (5, "school holiday"), (6, "bank holiday")]
    assert str(told.problems[0]) == (
        "Row 3, date: on Saturday 05/09/2026 the school was closed, by the calendar of Westmere: weekend [closed day]"
    )
    assert f"  {told.problems[0]}" in told.lines()
    assert stored(calendar, told.import_id) == [
        (one.row_number, one.column, one.rule, one.sentence, "query", None) for one in told.problems
    ]


def test_a_day_that_only_the_school_itself_closes(calendar: Engine) -> None:
    told = taken_in(calendar, "attendance", csv_bytes([mark(OWN_INSET), mark(OWN_INSET, urn="990001")]))
    assert listed(told) == [(3, "INSET (non-pupil day)")]
    assert "by the calendar of the school itself" in told.problems[0].sentence


def test_a_mark_without_a_school_is_asked_by_where_the_child_is_enrolled(calendar: Engine) -> None:
    taken_in(calendar, "enrolments", csv_bytes([{**FULL["enrolments"], "child_id": "1", "start": "01/09/2025"}]))
    told = taken_in(calendar, "attendance", csv_bytes([wide(OWN_INSET, "/", "/")]))
    assert listed(told) == [(2, "INSET (non-pupil day)")]


def test_a_school_in_an_authority_whose_calendar_is_loaded(calendar: Engine) -> None:
    taken_in(calendar, "schools", csv_bytes([{**FULL["schools"], "URN": "990003", "LA (name)": "Eastmere"}]))
    assert listed(taken_in(calendar, "attendance", csv_bytes([mark(HOLIDAY, urn="990003")]))) == [(2, "school holiday")]
    half = {"la": "Eastmere", "academic_year": "2026/27", "what": "half term 1", "start": "01/09/2026"}
    taken_in(calendar, "calendar", csv_bytes([{**half, "end": "30/10/2026"}]))
    assert listed(taken_in(calendar, "attendance", csv_bytes([mark(HOLIDAY, urn="990003")]))) == []


def test_a_planned_closure_is_not_worth_a_query(calendar: Engine) -> None:
    long = taken_in(calendar, "attendance", csv_bytes([mark(INSET, "#"), mark(WEEKEND, "#"), mark(WEEKEND, "Y4")]))
    assert listed(long) == [(4, "weekend")]
    rows = [wide(INSET, "#", "#"), wide(HOLIDAY, "#", "/"), wide(WEEKEND, "", "/"), wide(BANK_HOLIDAY, "#", "")]
    assert listed(taken_in(calendar, "attendance", csv_bytes(rows))) == [(3, "school holiday"), (4, "weekend")]


def test_refused_rows_are_not_listed_as_closed(calendar: Engine) -> None:
    told = taken_in(calendar, "attendance", csv_bytes([mark(WEEKEND, "?"), mark(WEEKEND)]))
    assert [(one.row_number, one.rule) for one in told.problems] == [(2, "list of codes"), (3, "closed day")]


def test_a_suspension_that_starts_on_a_closed_day(calendar: Engine) -> None:
    days = [notice(OPEN), notice(WEEKEND), notice(OWN_INSET, "990001"), notice(OWN_INSET), notice(HOLIDAY)]
    told = taken_in(calendar, "exclusions", csv_bytes(days))
    assert told.counts == Counts(inserted=5)
    assert listed(told) == [(3, "weekend"), (4, "INSET (non-pupil day)"), (6, "school holiday")]
    assert {one.column for one in told.problems} == {"start_date"}
    without_schools = [{name: cell for name, cell in row.items() if name != "urn"} | {"child_id": "2"} for row in days]
    assert listed(taken_in(calendar, "exclusions", csv_bytes(without_schools))) == [
        (3, "weekend"),
        (6, "school holiday"),
    ]


def test_a_look_lists_what_the_import_lists_and_keeps_nothing(calendar: Engine) -> None:
    file = csv_bytes([mark(WEEKEND), mark(OPEN)])
    looked = taken_in(calendar, "attendance", file, dry_run=True)
    assert stored(calendar, None) == []
    with reading(calendar) as connection:
        assert connection.execute(select(schema.row_problem)).all() == []
    taken = taken_in(calendar, "attendance", file)
    assert (looked.problems, looked.notes) == (taken.problems, taken.notes)
    assert len(taken.problems) == 1


def test_without_a_calendar_one_sentence_a_year_and_no_query(calendar: Engine) -> None:
    rows = [mark("05/09/2025"), mark("06/09/2025"), mark("07/09/2024"), mark(OPEN), mark("07/09/2024", "#", child="2")]
    told = taken_in(calendar, "attendance", csv_bytes(rows))
    sentences = (
        "The calendar of 2024/25 is not loaded: 1 mark could not be checked against it.",
        "The calendar of 2025/26 is not loaded: 2 marks could not be checked against it.",
    )
    assert (told.problems, told.notes) == ((), sentences)
    assert set(sentences) < set(told.lines())
    whole_days = taken_in(
        calendar, "attendance", csv_bytes([wide("05/09/2025", "/", "/"), wide("06/09/2025", "/", "")])
    )
    assert whole_days.notes == ("The calendar of 2025/26 is not loaded: 3 marks could not be checked against it.",)
    told = taken_in(calendar, "exclusions", csv_bytes([notice("06/09/2025")]))
    expected = "The calendar of 2025/26 is not loaded: 1 suspension or exclusion could not be checked against it."
    assert told.notes == (expected,)


def test_a_file_of_nothing_but_closed_days_does_not_flood(calendar: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closed_days, "MOST_LISTED", 60)
    told = taken_in(calendar, "attendance", csv_bytes([mark(WEEKEND, child=str(child)) for child in range(100)]))
    assert told.counts == Counts(inserted=100)
    assert len(told.problems) == len(stored(calendar, told.import_id)) == 60
    assert told.notes == ("100 rows are of days when the calendar says closed; the first 60 are listed.",)
    assert told.lines()[-1] == "  and 10 more, on the Data page."


def days_between(start: date, end: date) -> Iterable[date]:
    return (start + timedelta(number) for number in range((end - start).days + 1))


def test_the_data_page_counts_the_same_closed_days(calendar: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(1)
    marks = [
        mark(f"{day:%d/%m/%Y}", chance.choice(["/", "#", "I"]), urn, half, child)
        for day in days_between(date(2026, 9, 1), date(2026, 11, 8))
        for child, urn in (("1", "990001"), ("2", "990002"), ("3", ""))
        for half in ("AM", "PM")
        if chance.random() < 0.5
    ]
    told = taken_in(calendar, "attendance", csv_bytes(marks), FIRST)
    notices = taken_in(calendar, "exclusions", csv_bytes([notice(WEEKEND), notice(OWN_INSET, "990001")]), SECOND)
    monkeypatch.setattr(engines, "engine", lambda url=None: calendar)
    st.cache_data.clear()
    found = data.coverage(HEADTEACHER, date(2026, 12, 1)).closed
    assert found["marks"].sum() == len(told.problems) > 10
    assert found["notices"].sum() == len(notices.problems) == 2
    said = {one.sentence for one in (*told.problems, *notices.problems)}
    on_page = {
        f"on {row.day:%A %d/%m/%Y} the school was closed, by the calendar of {row.calendar}: {row.why}"
        for row in found.itertuples()
    }
    assert on_page == said
    assert any("the school itself" in sentence for sentence in said)

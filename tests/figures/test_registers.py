"""Register marks that came of those that were due: coverage, and the schools that sent none."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection

from tests.queries.written import Written, frame
from vs_core.access.viewer import EVERYTHING
from vs_core.figures import freshness, week
from vs_core.figures.attendance_sessions import by_cadence, cadence
from vs_core.figures.freshness import Coverage
from vs_core.rules.clocks import Clock


@pytest.fixture
def authority(written: Written) -> Written:
    """Two schools in Westmere, one in Kent, of which no term dates are loaded."""
    for number, (start, end) in enumerate((("2024-09-02", "2024-10-25"), ("2024-11-04", "2024-12-20")), start=1):
        what = f"half term {number}"
        written.row(
            "calendar_entry",
            la="Westmere",
            school="",
            academic_year="2024/25",
            what=what,
            started_on=start,
            ended_on=end,
        )
    for urn, la in (("100001", "Westmere"), ("100002", "Westmere"), ("900001", "Kent")):
        written.row("school_details", school=urn, name=f"School {urn}", la_name=la)
    return written


def pupil(
    written: Written, child: str, urn: str, start: str = "2023-09-01", end: str | None = None, **more: str
) -> None:
    written.care(child, "2020-01-01")
    written.child(child, born_on="2012-01-10")
    written.enrolled(child, urn, start, end, **more)


def asked(
    written: Written, start: str, end: str, cohort: str = "in care", authority: str = ""
) -> tuple[Coverage, list[str]]:
    with written.reading() as connection:
        of = frame("attendance", end, start=start, cohort=cohort)
        covered, missing = freshness.missing_registers(connection, of, authority)
        assert freshness.coverage(connection, of, authority) == covered
    return covered, sorted(missing["child_id"])


def test_marks_of_the_school_before_do_not_stand_for_those_of_the_new_one(authority: Written) -> None:
    pupil(authority, "A", "100001", end="2024-11-01")
    authority.enrolled("A", "100002", "2024-11-04")
    authority.marks("A", "2024-10-21", "//" * 5, "100001")
    pupil(authority, "B", "100002", "2024-11-04")
    covered, missing = asked(authority, "2024-10-21", "2024-11-08")
    assert (covered.received, covered.expected) == (10, 30)
    assert missing == ["A", "B"]


def test_a_second_register_adds_nothing_and_does_not_answer_for_the_school(authority: Written) -> None:
    pupil(authority, "A", "100001", status="main")
    authority.enrolled("A", "100002", "2024-10-07", status="subsidiary")
    authority.marks("A", "2024-11-04", "//" * 5, "100001")
    authority.marks("A", "2024-11-04", "DD" * 5, "100002")
    pupil(authority, "B", "100002")
    authority.marks("B", "2024-11-02", "//" * 2, "100002")
    covered, missing = asked(authority, "2024-11-02", "2024-11-08")
    assert (covered.received, covered.expected, covered.percent) == (10, 20, 50)
    assert missing == ["B"]


def test_a_register_from_elsewhere_is_a_mark_but_not_the_school_s(authority: Written) -> None:
    pupil(authority, "A", "100001", status="main")
    authority.marks("A", "2024-11-04", "//" * 5, "100002")
    covered, missing = asked(authority, "2024-11-04", "2024-11-08")
    assert (covered.percent, missing) == (100, ["A"])


def test_a_mark_without_a_school_is_taken_for_the_school_s(authority: Written) -> None:
    pupil(authority, "A", "100001")
    authority.marks("A", "2024-11-04", "//" * 5, "")
    assert asked(authority, "2024-11-04", "2024-11-08")[1] == []


def test_a_pupil_of_a_school_without_term_dates_is_left_out_of_both_sides(authority: Written) -> None:
    pupil(authority, "A", "100001")
    pupil(authority, "K", "900001")
    for child, urn in (("A", "100001"), ("K", "900001")):
        authority.marks(child, "2024-11-04", "//" * 4, urn)
    covered, missing = asked(authority, "2024-11-04", "2024-11-08")
    assert (covered.received, covered.expected, missing) == (8, 10, [])
    assert covered.without == "1 pupil left out (the term dates of Kent for 2024/25 are not loaded)"


def test_where_no_term_dates_are_loaded_nothing_is_said(authority: Written) -> None:
    pupil(authority, "K", "900001")
    covered, _ = asked(authority, "2024-11-04", "2024-11-08")
    assert (covered.percent, covered.why_not) == (None, "The term dates of Kent for 2024/25 are not loaded.")


def test_days_outside_care_are_not_due_but_for_everybody(authority: Written) -> None:
    authority.child("A", born_on="2012-01-10")
    authority.care("A", "2024-11-06", "2024-11-08")
    authority.enrolled("A", "100001", "2023-09-01")
    assert asked(authority, "2024-11-04", "2024-11-08")[0].expected == 4
    assert asked(authority, "2024-11-04", "2024-11-08", cohort="all")[0].expected == 10


def test_every_page_counts_the_marks_due_by_our_own_calendar(authority: Written) -> None:
    """Where several authorities' term dates are loaded, schools of which nobody says where they lie keep ours."""
    half = {"academic_year": "2024/25", "what": "half term 1", "started_on": "2024-09-02", "ended_on": "2024-10-04"}
    authority.row("calendar_entry", la="Kent", school="", **half)
    pupil(authority, "A", "100001")
    pupil(authority, "N", "555555")
    authority.marks("A", "2024-10-14", "//" * 5, "100001")
    as_at = date(2024, 10, 21)
    year = frame("attendance", as_at.isoformat(), start="2024-10-14", end="2024-10-18")
    with authority.reading() as connection:
        tile = cadence(by_cadence(connection, year, EVERYTHING, "Westmere").rows, {}, 1, 1)
        review = week.registers(connection, frame("attendance", as_at.isoformat()), clock(connection))
    assert (tile.daily_received, tile.daily_expected) == (10, 20)
    assert (review.coverage.received, review.coverage.expected) == (10, 20)
    assert list(review.missing["child_id"]) == ["N"]


def clock(connection: Connection) -> Clock:
    return week.clock(connection, None, "Westmere")

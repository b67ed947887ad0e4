"""What needs a decision, what changed, and the cheaper figures of children in care: over rows in the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.queries.written import Written, frame
from vs_core import figures
from vs_core.access.viewer import EVERYTHING
from vs_core.figures import attention, fetch, freshness, out_of_school
from vs_core.figures.attention import Matter, Week
from vs_core.figures.changes import Changes, changes, week_before
from vs_core.figures.provision import not_full_time
from vs_core.figures.since_last_week import since_last_week
from vs_core.rules.clocks import Clock
from vs_core.rules.frame import Frame

LA, MONDAY = "Norfolk", "2024-10-14"
SUBJECTS = ("attendance", "exclusions", "provision", "pep", "pp-plus", "post-16")
KINDS = ("timetables", "enrolments", "exclusions", "peps", "attendance", "destinations", "pp-requests", "pp-payments")


@pytest.fixture
def authority(written: Written) -> Written:
    """A calendar, and a child of ten at school."""
    written.row(
        "calendar_entry",
        la=LA,
        academic_year="2024/25",
        what="half term 1",
        started_on="2024-09-02",
        ended_on="2024-10-25",
        school="",
    )
    written.row(
        "calendar_entry",
        la=LA,
        academic_year="2024/25",
        what="half term 2",
        started_on="2024-11-04",
        ended_on="2024-12-20",
        school="",
    )
    for kind in KINDS:
        written.arrive(kind)
    child(written, "AT SCHOOL")
    written.enrolled("AT SCHOOL", "100001", "2023-09-01")
    written.row("school_details", school="100001", la_name=LA, name="One")
    return written


def child(written: Written, child_id: str, born_on: str = "2014-05-01") -> None:
    written.child(child_id, born_on=born_on)
    written.care(child_id, "2023-01-01")


@contextmanager
def week(written: Written, on: str = MONDAY) -> Iterator[tuple[Week, Clock]]:
    with written.reading() as connection:
        own = {subject: changes(connection, subject, frame(subject, on)) for subject in SUBJECTS}
        care = frame("cohort", on)
        then = week_before(care)
        assert then is not None
        own["cohort"] = Changes(figures.in_care(connection, care), figures.in_care(connection, then))
        today = date.fromisoformat(on)
        school_week = Frame(today, None, today - timedelta(days=7), today - timedelta(days=3))
        without = out_of_school.since(
            own["provision"].now, out_of_school.places(connection, own["provision"].now.frame)
        )
        clock = Clock(fetch.school_calendar(connection, None), fetch.thresholds(connection), LA)
        yield Week(today, own, without, freshness.missing_registers(connection, school_week, LA)[1]), clock


def found(written: Written, key: str, on: str = MONDAY) -> Matter | None:
    with week(written, on) as (seen, clock):
        matters, notes = attention.matters(seen, clock)
    assert notes == []
    return next((each for each in matters if each.key == key), None)


def marks(written: Written) -> None:
    written.marks("AT SCHOOL", "2024-10-07", "//" * 5)


def test_nothing_to_decide(authority: Written) -> None:
    marks(authority)
    with week(authority) as (seen, clock):
        assert attention.matters(seen, clock) == ([], [])


@pytest.mark.parametrize(("left_on", "is_over"), [("2024-09-15", False), ("2024-09-12", True)])
def test_a_child_without_a_school_for_over_20_school_days(authority: Written, left_on: str, is_over: bool) -> None:
    """The day after the last roll does not count itself: 16 September to 14 October is exactly 20 school days."""
    child(authority, "OUT")
    authority.enrolled("OUT", "100001", "2023-09-01", left_on)
    matter = found(authority, "without-school")
    assert (matter is not None) == is_over
    if matter:
        assert list(matter.rows["child_id"]) == ["OUT"]
        assert matter.headline == "1 child without a school for over 20 school days"
        assert matter.detail == "Longest: 21 school days."
        assert not matter.is_answered(date(2024, 10, 11))
        assert matter.is_answered(date(2024, 10, 14))


def test_a_search_for_a_place_says_since_when(authority: Written) -> None:
    child(authority, "OUT")
    authority.enrolled("OUT", "100001", "2023-09-01", "2024-07-20")
    authority.row("admission", child="OUT", school="", needed_on="2024-10-01")
    assert found(authority, "without-school") is None


def exclusion(written: Written, on: str, category: str = "PERM", **more: object) -> None:
    own = {"child": "AT SCHOOL", "school": "100001", "notice_key": on}
    written.row("exclusion", started_on=on, category=category, **own, **more)


def test_a_permanent_exclusion_of_the_week(authority: Written) -> None:
    told = {"status": "issued", "notified_on": "2024-10-10", "consulted_virtual_school": False}
    exclusion(authority, "2024-10-10", sessions=1, reason1="PP", known_from="2024-10-11", **told)
    matter = found(authority, "permanent-exclusion")
    assert matter is not None
    assert matter.headline == "1 permanent exclusion issued"
    assert matter.detail == (
        "Year 6, Thursday 10 October 2024. The school did not consult us first. Governors meet by 7 November 2024."
    )
    assert (matter.role, matter.children) == ("inclusion", 1)


@pytest.mark.parametrize(("status", "is_open"), [("issued", True), ("upheld", False)])
def test_an_earlier_one_waits_for_its_governors(authority: Written, status: str, is_open: bool) -> None:
    exclusion(authority, "2024-10-01", sessions=1, reason1="PP", status=status)
    assert (found(authority, "permanent-exclusion") is not None) == is_open


@pytest.mark.parametrize(("sessions", "is_over"), [(30, False), (31, True)])
def test_more_than_15_days_in_a_term(authority: Written, sessions: int, is_over: bool) -> None:
    exclusion(authority, "2024-09-10", "SUSP", sessions=sessions, reason1="PP")
    assert (found(authority, "suspended-over-limit") is not None) == is_over


def test_severe_since_last_week_and_provisional_on_few_sessions(authority: Written) -> None:
    authority.marks("AT SCHOOL", "2024-10-07", "OO" * 5, known_from="2024-10-11")
    matter = found(authority, "newly-severe")
    assert matter is not None
    assert matter.headline == "1 child became severely absent since last week"
    assert matter.detail.endswith("1 on fewer than 20 possible sessions: provisional.")


@pytest.mark.parametrize(("due", "is_late"), [("2024-10-14", False), ("2024-10-11", True)])
def test_a_review_that_is_overdue(authority: Written, due: str, is_late: bool) -> None:
    authority.row("timetable", child="AT SCHOOL", kind="part-time", started_on="2024-09-16", review_due=due)
    matter = found(authority, "reviews-overdue")
    assert (matter is not None) == is_late
    if matter:
        assert matter.detail == "1 part-time. It was due on 11 October 2024, 1 school day ago."


def test_money_at_risk_with_the_children_who_have_none(authority: Written) -> None:
    authority.row(
        "pp_allocation", financial_year="2024-25", fund="PP+", stage="final", children=1, amount_pence=1_000_00,
        notified_on="2024-06-01",
    )  # fmt: skip
    matter = found(authority, "money-at-risk")
    assert matter is not None
    assert matter.headline == "£800 at risk on 31 March"
    assert matter.detail.startswith(
        "Forecast spend is 0% of £800; 1 eligible child has nothing requested. The last of 6"
    )
    assert list(matter.rows["child_id"]) == ["AT SCHOOL"]


@pytest.mark.parametrize(("on", "is_due"), [("2025-01-31", False), ("2025-02-03", True)])
def test_year_11_without_an_offer_after_january(authority: Written, on: str, is_due: bool) -> None:
    child(authority, "ELEVEN", "2009-05-01")
    authority.enrolled("ELEVEN", "100001", "2023-09-01")
    with week(authority, on) as (seen, clock):
        matters, _ = attention.matters(seen, clock)
    assert ("year-11-without-offer" in {each.key for each in matters}) == is_due


def test_a_school_that_sent_no_register(authority: Written) -> None:
    matter = found(authority, "registers-missing")
    assert matter is not None
    assert (matter.headline, matter.children) == ("1 school sent no register last week", 1)
    marks(authority)
    assert found(authority, "registers-missing") is None


def test_plans_overdue_come_last_and_say_how_old(authority: Written) -> None:
    authority.row("pep", child="AT SCHOOL", term="2024/25 autumn", kind="initial", due_on="2024-10-07")
    with week(authority) as (seen, clock):
        matters, _ = attention.matters(seen, clock)
    assert matters[-1].headline == "1 education plan overdue"
    assert matters[-1].detail == "It was due on 7 October 2024, 5 school days ago. 1 first plan among them."


def test_without_a_calendar_what_cannot_be_counted_is_said(written: Written) -> None:
    child(written, "OUT")
    notice = {"child": "OUT", "school": "100001", "started_on": "2024-10-10", "category": "PERM", "notice_key": "1"}
    written.row("exclusion", sessions=1, reason1="PP", **notice)
    for kind in KINDS:
        written.arrive(kind)
    with week(written) as (seen, clock):
        _, notes = attention.matters(seen, clock)
    assert any("term dates" in note for note in notes)


def test_what_changed_counts_exactly_its_rows(authority: Written) -> None:
    marks(authority)
    child(authority, "NEW", "2010-05-01")
    authority.enrolled("NEW", "100001", "2023-09-01")
    authority.care("JOINED", "2024-10-09", known_from="2024-10-10")
    exclusion(authority, "2024-10-09", "SUSP", sessions=3, reason1="PP", known_from="2024-10-10")
    authority.row("pep", child="AT SCHOOL", term="2024/25 autumn", kind="review", due_on="2024-10-09")
    with week(authority) as (seen, _):
        said = {each.key: (each.what, each.children) for each in since_last_week(seen.changes)}
    assert said["joined"] == ("1 child came into care", 1)
    assert said["suspensions"] == ("1 suspension at 1 school, 1.5 days", 1)
    assert said["plans-overdue"] == ("1 plan fell overdue", 1)


def test_a_second_plan_of_the_same_child_is_a_change(written: Written) -> None:
    """Rows of plans are told apart by child, term and kind, not by child alone."""
    child(written, "A")
    plan = {"child": "A", "term": "2024/25 autumn", "quality": "green"}
    written.row("pep", kind="initial", due_on="2024-09-20", quality_assured_on="2024-09-20", **plan)
    done = {"due_on": "2024-10-10", "quality_assured_on": "2024-10-10", "known_from": "2024-10-11"}
    written.row("pep", kind="review", **plan, **done)
    with written.reading() as connection:
        moved = changes(connection, "pep", frame("pep", MONDAY)).moved_in("completed")
    assert list(moved["kind"]) == ["review"]


def test_a_change_of_school(authority: Written) -> None:
    authority.enrolled("AT SCHOOL", "100002", "2024-10-10", known_from="2024-10-11")
    with week(authority) as (seen, _):
        (moved,) = [each for each in since_last_week(seen.changes) if each.key == "moved-school"]
    assert moved.what == "1 child changed school"


@pytest.mark.parametrize("as_at", ["2024-10-14", "2024-09-01", "2025-03-01"])
def test_figures_of_children_in_care_are_those_of_the_cohort(written: Written, as_at: str) -> None:
    written.care("STAYS", "2020-01-01")
    written.care("LEFT THAT DAY", "2020-01-01", "2024-09-01")
    written.care("CAME", "2024-09-01", "2024-10-01")
    written.care("SHORT BREAK", "2024-01-01", status="V3")
    written.member("NEVER", "kinship", "2020-01-01")
    with written.reading() as connection:
        whole = figures.compute(connection, "cohort", frame("cohort", as_at)).figures
        own = figures.in_care(connection, frame("cohort", as_at)).figures
    assert own == {key: whole[key] for key in own}
    assert own["joined"] == 1


def test_a_child_not_in_school_full_time_is_counted_once(authority: Written) -> None:
    child(authority, "OUT")
    for kind in ("part-time", "alternative provision"):
        authority.row("timetable", child="AT SCHOOL", kind=kind, started_on="2024-09-16", review_due="2024-10-25")
    with week(authority) as (seen, _):
        rows = not_full_time(seen.changes["provision"].now)
    assert dict(zip(rows["child_id"], rows["how"], strict=True)) == {
        "AT SCHOOL": "part-time timetable, alternative provision",
        "OUT": "on no roll",
    }


def test_coverage_is_that_of_all_whoever_looks(authority: Written) -> None:
    """A restricted child's school is hidden from most; its calendar still counts."""
    marks(authority)
    authority.child("HIDDEN", born_on="2014-05-01", restricted=True)
    authority.care("HIDDEN", "2023-01-01")
    authority.enrolled("HIDDEN", "100001", "2023-09-01")
    scope = replace(EVERYTHING, restricted=False)
    school_week = Frame(date(2024, 10, 14), None, date(2024, 10, 7), date(2024, 10, 11))
    with authority.reading() as connection:
        seen, missing = freshness.missing_registers(connection, school_week, LA, scope)
    assert (seen.received, seen.expected, len(missing)) == (10, 20, 0)


def test_of_one_child_who_may_not_be_listed_nothing_is_said_but_the_headline(authority: Written) -> None:
    authority.child("HIDDEN", born_on="2014-05-01", restricted=True)
    authority.care("HIDDEN", "2023-01-01")
    notice = {"notice_key": "N", "category": "PERM", "started_on": "2024-10-10", "status": "issued"}
    authority.row("exclusion", child="HIDDEN", school="100001", **notice)
    found = {}
    for named in (True, False):
        with authority.reading() as connection:
            scope = replace(EVERYTHING, restricted=named)
            rows = changes(connection, "exclusions", frame("exclusions", MONDAY), scope)
            clock = Clock(fetch.school_calendar(connection, None), fetch.thresholds(connection), LA)
        nobody, others = rows.now.rows["notices"].iloc[:0], _nothing_else(authority)
        seen = Week(date.fromisoformat(MONDAY), {**others, "exclusions": rows}, nobody, nobody, nobody)
        ((found[named],), _) = attention.matters(seen, clock)
    assert found[True].headline == found[False].headline == "1 permanent exclusion issued"
    assert found[True].detail.startswith("Year 6, Thursday 10 October 2024.")
    assert found[False].detail == "1 child whose whereabouts are restricted is counted and not listed."


def _nothing_else(authority: Written) -> dict[str, Changes]:
    with authority.reading() as connection:
        return {subject: changes(connection, subject, frame(subject, MONDAY)) for subject in SUBJECTS}


def test_the_term_of_a_notice_is_that_of_its_school_whoever_looks(authority: Written) -> None:
    """Where the school of a restricted child is in another authority, whose terms are others."""
    halves = ("2024-09-02", "2024-10-25"), ("2024-11-04", "2025-01-10")
    for number, (start, end) in enumerate(halves, start=1):
        of = {"academic_year": "2024/25", "what": f"half term {number}", "started_on": start, "ended_on": end}
        authority.row("calendar_entry", la="Elsewhere", school="", **of)
    authority.row("school_details", school="100002", la_name="Elsewhere", name="Two")
    authority.child("HIDDEN", born_on="2014-05-01", restricted=True)
    authority.care("HIDDEN", "2023-01-01")
    notice = {"notice_key": "N", "category": "SUSP", "started_on": "2025-01-06", "sessions": 4, "status": "issued"}
    authority.row("exclusion", child="HIDDEN", school="100002", **notice)
    seen = {}
    with authority.reading() as connection:
        for named in (True, False):
            scope = replace(EVERYTHING, restricted=named)
            seen[named] = figures.compute(connection, "exclusions", frame("exclusions", "2025-02-03"), scope)
    terms_of = {named: list(of.rows["notices"]["term"]) for named, of in seen.items()}
    assert terms_of == {True: ["2024/25 autumn"], False: ["2024/25 autumn"]}
    assert [list(of.rows["notices"]["urn"]) for of in seen.values()] == [["100002"], [None]]

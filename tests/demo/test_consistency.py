"""The files agree with each other: marks with rolls, care, notices and custody; payments with requests and plans."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from tests.demo.conftest import AS_AT
from tests.demo.files import Authority, on
from vs_core.demo import mismatches, terms

Spans = dict[str, list[tuple[date, date]]]


@pytest.fixture(params=["small", "county"])
def authority(request: pytest.FixtureRequest) -> Authority:
    found: Authority = request.getfixturevalue(request.param)
    return found


def _spans(authority: Authority, kind: str, child: str, start: str, end: str) -> Spans:
    found: Spans = defaultdict(list)
    for row in authority.rows(kind):
        found[row[child]].append((on(row[start]), on(row[end]) if row[end] else date.max))
    return found


def _running_marks(authority: Authority) -> list[tuple[str, date, str, str]]:
    known = (row for row in authority.rows("attendance") if row["child_id"] != "000417" and row["date"] >= "2026-09-01")
    return [(row["child_id"], date.fromisoformat(row["date"]), row["urn"], row["code"]) for row in known]


def test_no_mark_on_a_day_that_the_calendar_closes(authority: Authority) -> None:
    open_days = {day.isoformat() for year in range(2023, 2027) for day in terms.school_days(year)}
    assert {row["date"] for row in authority.rows("attendance")} <= open_days


def test_every_mark_lies_within_a_stay_at_that_school(authority: Authority) -> None:
    stays: Spans = defaultdict(list)
    for row in authority.rows("enrolments"):
        stays[row["child_id"] + row["urn"]].append((on(row["start"]), on(row["end"]) if row["end"] else date.max))
    for child_id, day, urn, _ in _running_marks(authority):
        assert any(start <= day <= end for start, end in stays[child_id + urn]), (child_id, day, urn)


def test_every_mark_lies_within_care(authority: Authority) -> None:
    care = _spans(authority, "ssda903-episodes", "CHILD", "DECOM", "DEC")
    for child_id, day, _, _ in _running_marks(authority):
        assert any(start <= day < end for start, end in care[child_id]), (child_id, day)


MISMATCHES = mismatches.HOW_MANY.values()


def test_excluded_sessions_have_a_notice_but_for_a_few(authority: Authority) -> None:
    notices = {row["child_id"] for row in authority.rows("exclusions") if row["category"] in ("SUSP", "PERM")}
    assert len({child for child, _, _, code in _running_marks(authority) if code == "E"} - notices) in MISMATCHES


def test_custody_and_part_time_marks_have_their_rows_but_for_a_few(authority: Authority) -> None:
    marks = _running_marks(authority)
    custody = {row["child_id"] for row in authority.rows("custody")}
    assert len({child for child, _, _, code in marks if code == "Y5"} - custody) in MISMATCHES
    part_time = {row["child_id"] for row in authority.rows("timetables") if row["kind"] == "part-time"}
    assert {child for child, _, _, code in marks if code == "C2"} <= part_time


def test_episodes_follow_each_other_without_overlap(authority: Authority) -> None:
    for spans in _spans(authority, "ssda903-episodes", "CHILD", "DECOM", "DEC").values():
        ordered = sorted(spans)
        assert all(start < end for start, end in ordered)
        assert all(before[1] <= after[0] for before, after in zip(ordered, ordered[1:], strict=False))


def test_one_main_school_at_a_time(authority: Authority) -> None:
    stays: Spans = defaultdict(list)
    for row in authority.rows("enrolments"):
        if row["status"] == "main":
            stays[row["child_id"]].append((on(row["start"]), on(row["end"]) if row["end"] else date.max))
    for spans in stays.values():
        ordered = sorted(spans)
        assert all(before[1] < after[0] for before, after in zip(ordered, ordered[1:], strict=False))


def test_one_date_of_birth_a_child(authority: Authority) -> None:
    ours = {row["child_id"]: on(row["dob"]) for row in authority.rows("children")}
    for row in authority.rows("ssda903-header"):
        assert ours[row["CHILD"]] == on(row["DOB"])


def test_only_what_was_approved_is_paid_and_no_more(authority: Authority) -> None:
    requests = {row["request_id"]: row for row in authority.rows("pp-requests")}
    paid: dict[str, float] = defaultdict(float)
    for row in authority.rows("pp-payments"):
        request = requests[row["request_id"]]
        assert request["status"] in ("approved", "part-approved")
        if row["status"] == "paid":
            assert on(row["paid_on"]) >= on(request["decided_on"])
            paid[row["request_id"]] += float(row["amount"])
    assert all(total <= float(requests[number]["approved_amount"]) for number, total in paid.items())


def test_nothing_is_paid_without_a_signed_plan(authority: Authority) -> None:
    signed = {(row["child_id"], row["term"]) for row in authority.rows("peps") if row["quality_assured_on"]}
    requests = {row["request_id"]: (row["child_id"], row["term"]) for row in authority.rows("pp-requests")}
    paid = {row["request_id"] for row in authority.rows("pp-payments") if row["status"] == "paid"}
    assert {requests[number] for number in paid} <= signed


def test_a_term_over_its_limit_is_marked_exceptional(authority: Authority) -> None:
    asked: dict[tuple[str, str], float] = defaultdict(float)
    for row in authority.rows("pp-requests"):
        if row["fund"] == "PP+" and row["exceptional"] == "N":
            asked[row["child_id"], row["term"]] += float(row["amount"])
    assert max(asked.values()) <= 700


def test_a_recovery_is_a_row_of_its_own(county: Authority) -> None:
    recovered = [row for row in county.rows("pp-payments") if row["status"] == "recovered"]
    paid = {row["payment_id"] for row in county.rows("pp-payments") if row["status"] == "paid"}
    assert recovered
    assert {row["payment_id"].removesuffix("-R") for row in recovered} <= paid


def test_no_session_of_a_course_has_more_seats_taken_than_it_has(authority: Authority) -> None:
    seats = {row["session_id"]: int(row["capacity"]) for row in authority.rows("courses")}
    taken: dict[str, int] = defaultdict(int)
    for row in authority.rows("bookings"):
        taken[row["session_id"]] += row["status"] in ("booked", "attended", "did not attend")
    assert set(taken) <= set(seats)
    assert all(count <= seats[session] for session, count in taken.items())
    assert any(row["status"] == "waiting" for row in authority.rows("bookings"))


def test_late_changes_reach_an_earlier_mark(county: Authority) -> None:
    first: dict[tuple[str, ...], str] = {}
    changed = 0
    for delivery in county.delivered:
        if delivery.kind == "attendance" and delivery.known_on > AS_AT.replace(month=9, day=10):
            for line in delivery.path.read_text(encoding="utf-8").splitlines()[1:]:
                child_id, day, session, code, urn, *_ = line.split(",")
                before = first.setdefault((child_id, day, session, urn), code)
                changed += before != code
    assert 0.005 < changed / len(first) < 0.05

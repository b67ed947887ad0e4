"""Each of the named cast shows its situation, worked out plainly from the files."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.demo.conftest import AS_AT
from tests.demo.files import Authority, Row, on
from vs_core.demo.cast import BY_KEY, CAST

NOT_POSSIBLE = {"D", "Q", "X", "Y", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Z", "#"}
ABSENT = {"C", "C1", "C2", "E", "I", "M", "J1", "R", "S", "T", "G", "N", "O", "U"}
YEAR_START, TERM = date(2026, 9, 1), "2026/27 autumn"


@pytest.fixture(params=["small", "county"])
def authority(request: pytest.FixtureRequest) -> Authority:
    """The cast is the same in both authorities."""
    found: Authority = request.getfixturevalue(request.param)
    return found


def _marks(authority: Authority, key: str) -> list[Row]:
    return [row for row in authority.of("attendance", BY_KEY[key].child_id) if on(row["date"]) >= YEAR_START]


def _absent_of_possible(authority: Authority, key: str) -> tuple[int, int]:
    codes = [row["code"] for row in _marks(authority, key)]
    return sum(code in ABSENT for code in codes), sum(code not in NOT_POSSIBLE for code in codes)


def _in_care(authority: Authority, key: str, short_breaks: bool = False) -> bool:
    return any(
        on(row["DECOM"]) <= AS_AT
        and (not row["DEC"] or on(row["DEC"]) > AS_AT)
        and (short_breaks or row["LS"] not in ("V3", "V4"))
        for row in authority.of("ssda903-episodes", BY_KEY[key].child_id)
    )


def _on_roll(authority: Authority, key: str) -> set[str]:
    rows = authority.of("enrolments", BY_KEY[key].child_id)
    return {row["urn"] for row in rows if on(row["start"]) <= AS_AT and (not row["end"] or on(row["end"]) >= AS_AT)}


def _days_suspended(authority: Authority, key: str, start: date, end: date) -> float:
    rows = authority.of("exclusions", BY_KEY[key].child_id)
    return sum(
        int(row["sessions"]) / 2 for row in rows if row["category"] == "SUSP" and start <= on(row["start_date"]) <= end
    )


def test_there_are_about_25_of_them_each_with_a_situation() -> None:
    assert 25 <= len(CAST) <= 30
    assert len({member.situation for member in CAST}) == len({member.child_id for member in CAST}) == len(CAST)


def test_all_but_one_are_on_the_list_of_children(authority: Authority) -> None:
    listed = {row["child_id"]: row for row in authority.rows("children")}
    for member in CAST:
        if member.key != "attendance_only":
            assert (listed[member.child_id]["forename"], listed[member.child_id]["surname"]) == (
                member.forename,
                member.surname,
            )


@pytest.mark.parametrize("member", [m for m in CAST if m.key != "attendance_only"], ids=lambda m: m.key)
def test_in_care_as_it_says(authority: Authority, member) -> None:
    assert _in_care(authority, member.key) == member.in_care


def test_exactly_ten_percent(authority: Authority) -> None:
    absent, possible = _absent_of_possible(authority, "ten_percent")
    assert possible > 0
    assert absent * 10 == possible


def test_one_session_under_ten_percent(authority: Authority) -> None:
    absent, possible = _absent_of_possible(authority, "under_ten")
    assert (absent + 1) * 10 == possible


def test_exactly_half(authority: Authority) -> None:
    absent, possible = _absent_of_possible(authority, "exactly_half")
    assert absent * 2 == possible > 0


def test_moved_school_in_the_middle_of_term(authority: Authority) -> None:
    rows = authority.of("enrolments", BY_KEY["moved_school"].child_id)
    ended = [on(row["end"]) for row in rows if row["end"] and on(row["end"]) >= YEAR_START]
    assert len(ended) == 1
    assert YEAR_START + timedelta(days=14) < ended[0] < AS_AT
    assert len({row["urn"] for row in _marks(authority, "moved_school")}) == 2


@pytest.mark.parametrize(("key", "days"), [("days_44", 44), ("days_45", 45)])
def test_days_of_the_last_academic_year(authority: Authority, key: str, days: int) -> None:
    terms = (
        (date(2025, 9, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 4, 5)),
        (date(2026, 4, 6), date(2026, 8, 31)),
    )
    in_terms = [_days_suspended(authority, key, start, end) for start, end in terms]
    assert sum(in_terms) == days
    assert max(in_terms) <= 15


def test_sixteen_days_in_this_term(authority: Authority) -> None:
    assert _days_suspended(authority, "days_16", YEAR_START, AS_AT) == 16
    assert sum(row["code"] == "E" for row in _marks(authority, "days_16")) == 32


def test_permanently_excluded_and_taught_from_the_sixth_day(authority: Authority) -> None:
    (notice,) = authority.of("exclusions", BY_KEY["permanently_excluded"].child_id)
    assert (notice["category"], notice["status"]) == ("PERM", "issued")
    after = [
        row["code"] for row in _marks(authority, "permanently_excluded") if on(row["date"]) >= on(notice["start_date"])
    ]
    assert after[:10] == ["E"] * 10
    assert set(after[10:]) == {"K"}


def test_no_pep_at_all(authority: Authority) -> None:
    assert authority.of("peps", BY_KEY["no_pep"].child_id) == []


def test_pep_overdue(authority: Authority) -> None:
    (plan,) = [row for row in authority.of("peps", BY_KEY["pep_overdue"].child_id) if row["term"] == TERM]
    assert on(plan["due_on"]) < AS_AT
    assert plan["meeting_on"]
    assert not plan["quality_assured_on"]


def test_in_custody_with_y5_marks(authority: Authority) -> None:
    (spell,) = authority.of("custody", BY_KEY["custody"].child_id)
    assert not spell["end"]
    assert on(spell["expected_release"]) <= AS_AT + timedelta(days=30)
    inside = [row["code"] for row in _marks(authority, "custody") if on(row["date"]) >= on(spell["start"])]
    assert inside
    assert set(inside) == {"Y5"}


def test_year_11_without_an_offer(authority: Authority) -> None:
    rows = authority.of("destinations", BY_KEY["no_offer"].child_id)
    assert rows
    assert all(row["offer"] in ("", "N") for row in rows)


def test_restricted_address(authority: Authority) -> None:
    (row,) = authority.of("children", BY_KEY["restricted"].child_id)
    assert row["restricted"] == "Y"


def test_two_schools_at_once(authority: Authority) -> None:
    assert len(_on_roll(authority, "two_schools")) == 2
    by_session: dict[tuple[str, str], set[str]] = {}
    for row in _marks(authority, "two_schools"):
        by_session.setdefault((row["date"], row["session"]), set()).add("D" if row["code"] == "D" else "mark")
    assert by_session
    assert all(codes == {"D", "mark"} for codes in by_session.values())


def test_newly_arrived_without_a_school(authority: Authority) -> None:
    assert authority.of("ssda903-uasc", BY_KEY["arrived"].child_id)
    assert _on_roll(authority, "arrived") == set()
    assert not authority.of("attendance", BY_KEY["arrived"].child_id)


def test_part_time_review_overdue(authority: Authority) -> None:
    (row,) = authority.of("timetables", BY_KEY["part_time"].child_id)
    assert not row["end"]
    assert on(row["review_due"]) < AS_AT
    assert not row["reviewed_on"]
    assert "C2" in {mark["code"] for mark in _marks(authority, "part_time")}


def test_absences_without_a_reason_for_over_five_school_days(authority: Authority) -> None:
    days = {on(row["date"]) for row in _marks(authority, "old_n") if row["code"] == "N"}
    assert len(days) == 4
    assert max(days) < AS_AT - timedelta(days=7)


def test_turned_18_and_left(authority: Authority) -> None:
    child_id = BY_KEY["turned_18"].child_id
    (row,) = authority.of("children", child_id)
    last = max(on(row["DEC"]) for row in authority.of("ssda903-episodes", child_id))
    born = on(row["dob"])
    assert last == born.replace(year=born.year + 18)
    assert AS_AT - timedelta(days=7) <= last < AS_AT


def test_entered_within_a_week_and_left_this_term(authority: Authority) -> None:
    (entered,) = authority.of("ssda903-episodes", BY_KEY["entered"].child_id)
    assert AS_AT - timedelta(days=7) < on(entered["DECOM"]) <= AS_AT
    left = [row for row in authority.of("ssda903-episodes", BY_KEY["left"].child_id) if row["DEC"]]
    assert max(on(row["DEC"]) for row in left) >= YEAR_START
    assert authority.of("cohorts", BY_KEY["left"].child_id)[0]["cohort"] == "previously looked after"


def test_short_breaks_only(authority: Authority) -> None:
    assert _in_care(authority, "short_breaks", short_breaks=True)
    assert {row["LS"] for row in authority.of("ssda903-episodes", BY_KEY["short_breaks"].child_id)} == {"V4"}


def test_approved_and_unpaid_for_want_of_a_plan(authority: Authority) -> None:
    requests = [row for row in authority.of("pp-requests", BY_KEY["unpaid"].child_id) if row["term"] == TERM]
    paid = {row["request_id"] for row in authority.rows("pp-payments")}
    assert [row["status"] for row in requests] == ["approved"]
    assert not {row["request_id"] for row in requests} & paid
    (plan,) = [row for row in authority.of("peps", BY_KEY["unpaid"].child_id) if row["term"] == TERM]
    assert not plan["quality_assured_on"]


def test_nothing_requested(authority: Authority) -> None:
    assert _in_care(authority, "nothing_requested")
    assert authority.of("pp-requests", BY_KEY["nothing_requested"].child_id) == []


def test_not_in_education_or_employment(authority: Authority) -> None:
    latest = max(authority.of("destinations", BY_KEY["neet"].child_id), key=lambda row: on(row["on"]))
    assert latest["status"] == "neet"


def test_names_that_break_things_stand_as_they_are(authority: Authority) -> None:
    names = {row["child_id"]: (row["forename"], row["surname"]) for row in authority.rows("children")}
    assert names[BY_KEY["null"].child_id][1] == "Null"
    assert names[BY_KEY["apostrophe"].child_id] == ("Siân", "O'Brien-Smith")
    assert names[BY_KEY["formula"].child_id] == ("=SUM(A1:A9)", "Zed <b>Bold</b>, Esq")


def test_one_child_is_known_from_marks_alone(authority: Authority) -> None:
    child_id = BY_KEY["attendance_only"].child_id
    assert child_id == "000417"
    assert authority.of("attendance", child_id)
    for kind in ("children", "ssda903-header", "ssda903-episodes", "enrolments", "peps"):
        assert not authority.of(kind, child_id)


def test_the_nursery_child_comes_three_days_a_week(authority: Authority) -> None:
    codes = {(on(row["date"]).weekday(), row["code"] == "X") for row in _marks(authority, "early_years")}
    assert codes == {(0, True), (4, True), (1, False), (2, False), (3, False)}

"""The other subjects on rows in the database: edges of the definitions, and the rows behind each figure."""

from __future__ import annotations

from typing import Any

import pytest

from tests.queries.written import Written, frame
from vs_core.figures import behind, compute
from vs_core.figures.subject import SubjectFigures
from vs_core.queries.scope import Scope

AS_AT = "2025-03-31"


def figures(
    written: Written, subject: str, as_at: str = AS_AT, scope: Scope | None = None, **more: Any
) -> SubjectFigures:
    with written.reading() as connection:
        answer = compute(connection, subject, frame(subject, as_at, **more), *([scope] if scope else []))
    _behind_agrees(answer)
    return answer


def _behind_agrees(answer: SubjectFigures) -> None:
    for key, value in answer.figures.items():
        if type(value) is int and not key.endswith(("_pence", "_sessions", "places")):
            assert len(behind(answer, key)) == value, key


def notice(written: Written, child: str, start: str, sessions: int = 2, category: str = "SUSP", **more: Any) -> None:
    key = f"{child} {start} {category}"
    written.row(
        "exclusion", child=child, notice_key=key, started_on=start, sessions=sessions, category=category, **more
    )


def test_exclusions_count_what_counts(written: Written) -> None:
    notice(written, "A", "2024-09-10", 5, reason1="PP")
    notice(written, "A", "2024-09-20", 3, status="withdrawn")
    notice(written, "B", "2024-09-10", category="LNCH")
    notice(written, "B", "2024-09-11", category="PERM", status="reinstated")
    notice(written, "C", "2024-09-11", category="PERM")
    notice(written, "C", "2024-08-31")
    answer = figures(written, "exclusions", cohort="all")
    assert answer.figures["suspensions"] == answer.figures["suspended_children"] == 1
    assert (answer.figures["suspension_days"], answer.figures["lunchtime_days"], answer.figures["days_lost"]) == (
        2.5,
        0.5,
        3,
    )
    assert answer.figures["permanent_exclusions"] == 1
    assert answer.figures["by_reason"] == {"PP": 1}
    assert len(behind(answer, "by_reason.PP")) == 1


def test_over_fifteen_days_by_the_term_of_the_school(written: Written) -> None:
    written.row("school_details", school="100001", name="Lake School", la_name="Essex")
    for number, (start, end) in enumerate((("2024-09-02", "2024-10-25"), ("2024-11-04", "2024-12-20")), start=1):
        written.row(
            "calendar_entry",
            la="Essex",
            school="",
            academic_year="2024/25",
            what=f"half term {number}",
            started_on=start,
            ended_on=end,
        )
    notice(written, "A", "2024-09-10", 30)
    notice(written, "B", "2024-09-10", 30, school="100001")
    notice(written, "B", "2024-12-20", 1, school="100001")
    answer = figures(written, "exclusions", cohort="all")
    assert list(behind(answer, "over_15_days_in_term")["child_id"]) == ["B"]
    assert answer.figures["over_45_days_in_year"] == 0


def request(written: Written, number: str, child: str, pence: int, status: str, **more: Any) -> None:
    dated = {"term": "2024/25 autumn", "financial_year": "2024-25", "requested_on": "2024-10-01"} | more
    written.row("pp_request", request_id=number, child=child, amount_pence=pence, status=status, **dated)


def payment(written: Written, number: str, of: str | None, pence: int, status: str, on: str) -> None:
    written.row("pp_payment", payment_id=number, request_id=of, amount_pence=pence, status=status, paid_on=on)


def allocation(written: Written, stage: str, pence: int, on: str) -> None:
    written.row("pp_allocation", financial_year="2024-25", fund="PP+", stage=stage, amount_pence=pence, notified_on=on)


def test_money_of_the_financial_year(written: Written) -> None:
    allocation(written, "provisional", 100_000, "2024-06-01")
    allocation(written, "final", 120_000, "2024-12-01")
    written.child("A", born_on="2014-05-05", adviser="P. Dale")
    written.child("B", born_on="2014-05-05")
    for child in ("A", "B"):
        written.care(child, "2023-01-01")
    request(written, "1", "A", 10_000, "approved", decided_on="2024-10-10")
    request(written, "2", "A", 20_000, "part-approved", decided_on="2024-10-10", approved_amount_pence=5_000)
    request(written, "3", "A", 7_000, "approved", decided_on="2025-04-02")
    request(
        written, "4", "A", 3_000, "approved", term="2024/25 summer", financial_year="2025-26", decided_on="2024-10-10"
    )
    payment(written, "p1", "1", 4_000, "paid", "2024-11-20")
    payment(written, "p2", "1", 1_000, "recovered", "2025-01-20")
    payment(written, "p3", "unheard of", 500, "paid", "2024-11-20")
    payment(written, "p4", "4", 900, "paid", "2024-11-20")
    answer = figures(written, "pp-plus")
    expected = {
        "allocation_pence": 120_000,
        "retained_pence": 24_000,
        "requested_pence": 7_000,
        "approved_pence": 15_000,
        "paid_pence": 4_500,
        "committed_pence": 11_000,
        "recovered_pence": 1_000,
        "remaining_pence": 120_000 - 24_000 - 4_500 - 11_000 + 1_000,
        "forecast_pence": 4_500 - 1_000,
        "at_risk_pence": 120_000 - 24_000 - 3_500,
        "children_without_spend": 1,
    }
    assert {key: answer.figures[key] for key in expected} == expected
    assert behind(answer, "committed_pence")["committed_pence"].sum() == 11_000
    assert figures(written, "pp-plus", "2025-03-14").figures["forecast_pence"] == 3_500
    before = figures(written, "pp-plus", "2025-03-13").figures
    assert before["forecast_pence"] == 3_500 + 11_000 + round(7_000 * 18_000 / 33_000)
    assert before["at_risk_pence"] == 96_000 - before["forecast_pence"]
    assert list(behind(answer, "children_without_spend")["child_id"]) == ["B"]
    caseload = figures(written, "pp-plus", scope=Scope(True, "P. Dale", True))
    assert caseload.figures["allocation_pence"] is None
    assert "caseload" in caseload.notes["remaining_pence"]
    assert caseload.figures["paid_pence"] == 4_000


def test_the_provisional_notice_until_the_final_one(written: Written) -> None:
    allocation(written, "provisional", 100_000, "2024-06-01")
    allocation(written, "final", 120_000, "2024-12-01")
    for as_at, amount, final in (("2024-11-30", 100_000, False), ("2024-12-01", 120_000, True)):
        answer = figures(written, "pp-plus", as_at)
        assert (answer.figures["allocation_pence"], answer.figures["allocation_is_final"]) == (amount, final)


def test_training_leaves_out_cancelled_sessions(written: Written) -> None:
    for number, status in (("s1", None), ("s2", "cancelled")):
        written.row(
            "course_session", session_id=number, course="Role", held_on="2024-10-10", capacity=20, status=status
        )
    for number, session, status, on in (
        ("b1", "s1", "attended", "2024-09-10"),
        ("b2", "s1", "waiting", None),
        ("b3", "s1", "booked", "2025-04-01"),
        ("b4", "s2", "booked", "2024-09-10"),
    ):
        written.row("booking", booking_id=number, session_id=session, status=status, booked_on=on)
    answer = figures(written, "training")
    counts = {"courses": 1, "sessions": 1, "places": 20, "booked": 1, "attended": 1, "did_not_attend": 0, "waiting": 1}
    assert answer.figures == counts


def test_projects_by_year_group_and_use(written: Written) -> None:
    for child, born in (("A", "2016-05-05"), ("B", "2009-05-05")):
        written.child(child, born_on=born)
        written.care(child, "2023-01-01")
        written.row("project_place", project="Letterbox", child=child, started_on="2024-10-01", status="enrolled")
    written.row("project_place", project="Letterbox", child="C", started_on="2024-10-01", status="declined")
    answer = figures(written, "projects")
    own = answer.figures["Letterbox"]
    assert (own["offered"], own["enrolled"]) == (2, 2)
    for key in ("eligible", "offered", "enrolled", "active"):
        assert len(behind(answer, f"Letterbox.{key}")) == (own[key] or 0)


def test_projects_are_for_their_own_cohorts(written: Written) -> None:
    for child in ("Care", "Need", "Both"):
        written.child(child, born_on="2016-05-05")
        written.row("project_place", project="Laptops", child=child, started_on="2024-10-01", status="enrolled")
    for child in ("Care", "Both"):
        written.care(child, "2023-01-01")
    for child in ("Need", "Both"):
        written.member(child, "child in need", "2023-01-01", "2025-01-31" if child == "Both" else None)
    written.row("project_usage", child="Care", project="Maths-Whizz", week="2025-03-24", minutes=60)
    asked = {
        name: figures(written, "projects", as_at, cohort=cohort)
        for name, as_at, cohort in (
            ("in care", AS_AT, "in care"),
            ("everybody", AS_AT, "all"),
            ("in need", AS_AT, "child in need"),
            ("before", "2025-01-31", "child in need"),
        )
    }
    counted = {
        name: [each.figures["Laptops"][key] for key in ("eligible", "offered", "enrolled", "active", "take_up_percent")]
        for name, each in asked.items()
    }
    assert counted == {
        "in care": [2, 2, 2, 2, 100.0],
        "everybody": [2, 3, 3, 3, 100.0],
        "in need": [0, 2, 2, 2, None],
        "before": [1, 2, 2, 2, 100.0],
    }
    assert asked["in need"].figures["Britannica"]["eligible"] == 1
    assert "in care" in asked["in need"].notes["Laptops.take_up_percent"]
    for each in asked.values():
        for project, own in each.figures.items():
            for key in ("eligible", "offered", "enrolled", "active"):
                assert len(behind(each, f"{project}.{key}")) == (own[key] or 0)


def test_plans(written: Written) -> None:
    written.care("A", "2023-01-01")
    for kind, due, assured, quality in (
        ("initial", "2024-10-01", "2024-10-01", "green"),
        ("review", AS_AT, None, None),
    ):
        written.row(
            "pep", child="A", term="2024/25 autumn", kind=kind, due_on=due, quality_assured_on=assured, quality=quality
        )
    written.row(
        "pep", child="A", term="2024/25 spring", kind="review", due_on="2025-03-30", quality_assured_on="2025-04-01"
    )
    counts = {"due": 3, "completed": 1, "completed_on_time": 1, "overdue": 1, "quality_green_percent": 100}
    assert figures(written, "pep").figures == counts


def test_provision_on_the_day(written: Written) -> None:
    for child in ("A", "B"):
        written.child(child, born_on="2012-05-05")
        written.care(child, "2023-01-01")
    written.enrolled("A", "100001", "2024-09-01", AS_AT)
    written.row(
        "timetable", child="A", kind="part-time", started_on="2025-01-06", ended_on=AS_AT, review_due="2025-03-30"
    )
    written.row("timetable", child="B", kind="alternative provision", started_on="2025-04-01", review_due="2025-05-01")
    answer = figures(written, "provision")
    assert answer.figures == {"part_time": 1, "alternative_provision": 0, "not_on_roll": 1, "reviews_overdue": 1}
    assert list(behind(answer, "not_on_roll")["child_id"]) == ["B"]


def calendar(written: Written, *halves: tuple[str, int, str, str], la: str = "Westmere") -> None:
    for year, number, start, end in halves:
        what = f"half term {number}"
        written.row("calendar_entry", la=la, school="", academic_year=year, what=what, started_on=start, ended_on=end)


@pytest.mark.parametrize(
    ("as_at", "without"),
    [
        ("2025-06-27", set()),
        ("2025-06-28", set()),
        ("2025-07-22", {"Early"}),
        ("2025-07-23", {"Early", "Away"}),
        ("2025-08-31", {"Early", "Away"}),
        ("2025-09-02", {"Early", "Away"}),
        ("2025-09-03", {"Away", "Late"}),
    ],
)
def test_in_summer_who_left_for_good_or_moves_is_not_without_a_school(
    written: Written, as_at: str, without: set[str]
) -> None:
    calendar(
        written,
        ("2024/25", 5, "2025-04-22", "2025-05-23"),
        ("2024/25", 6, "2025-06-02", "2025-07-22"),
        ("2025/26", 1, "2025-09-03", "2025-10-24"),
        ("2025/26", 2, "2025-11-03", "2025-12-19"),
    )
    written.row("school_details", school="100001", name="Lake School", la_name="Westmere")
    written.arrive("timetables")
    rolls = {
        "Leaver": [("2024-09-02", "2025-06-27")],
        "Moves": [("2024-09-02", "2025-07-22"), ("2025-09-03", None)],
        "Late": [("2024-09-02", "2025-08-31"), ("2025-09-08", None)],
        "Early": [("2024-09-02", "2025-07-21"), ("2025-09-03", None)],
        "Away": [("2024-09-02", "2025-07-22")],
    }
    for child, own in rolls.items():
        written.care(child, "2020-01-01")
        written.child(child, born_on="2009-05-05" if child == "Leaver" else "2012-05-05")
        for start, end in own:
            written.enrolled(child, "100001", start, end)
    answer = figures(written, "provision", as_at)
    assert set(behind(answer, "not_on_roll")["child_id"]) == without
    assert answer.figures["not_on_roll"] == len(without)


def test_without_a_calendar_nobody_is_between_schools(written: Written) -> None:
    written.care("A", "2020-01-01")
    written.child("A", born_on="2012-05-05")
    written.enrolled("A", "100001", "2024-09-02", "2025-07-22")
    written.enrolled("A", "100002", "2025-09-03")
    assert figures(written, "provision", "2025-08-01").figures["not_on_roll"] == 1


def test_a_review_counts_from_the_day_it_was_held(written: Written) -> None:
    written.care("A", "2023-01-01")
    written.row(
        "timetable",
        child="A",
        kind="part-time",
        started_on="2024-09-02",
        review_due="2024-10-10",
        reviewed_on="2024-10-20",
    )
    for as_at, overdue in (("2024-10-10", 0), ("2024-10-11", 1), ("2024-10-19", 1), ("2024-10-20", 0)):
        answer = figures(written, "provision", as_at)
        assert answer.figures["reviews_overdue"] == overdue
        shown = answer.rows["timetables"]["reviewed_on"]
        assert bool(shown.notna().all()) is (as_at == "2024-10-20")


def test_destinations_by_the_latest_record(written: Written) -> None:
    for child, born in (("A", "2007-10-05"), ("B", "2007-10-05"), ("C", "2009-05-05")):
        written.child(child, born_on=born)
        written.care(child, "2023-01-01")
    written.row("destination", child="A", on="2024-10-01", status="neet")
    written.row("destination", child="A", on="2025-01-01", status="employment without training")
    written.row("destination", child="B", on="2025-04-01", status="education")
    written.row("destination", child="C", on="2025-01-01", status="not known", offer="No")
    answer = figures(written, "post-16")
    assert answer.figures == {
        "in_education_employment_training": 1,
        "neet": 0,
        "not_known": 1,
        "year_11_without_offer": 1,
    }


def test_actions_are_nought_without_any(written: Written) -> None:
    answer = figures(written, "actions")
    assert answer.figures == {"open": 0, "overdue": 0}
    assert answer.notes == {}


def test_projects_of_the_list_are_not_known_before_a_file_has_arrived(written: Written) -> None:
    answer = figures(written, "projects")
    assert answer.figures
    for project, own in answer.figures.items():
        assert set(own.values()) == {None}
        assert {f"{project}.{key}" for key in own} <= set(answer.notes)


@pytest.mark.parametrize("subject", ["exclusions", "pp-plus", "training", "pep", "provision", "post-16"])
def test_nothing_has_arrived(written: Written, subject: str) -> None:
    answer = figures(written, subject)
    known = {key for key, value in answer.figures.items() if value is not None}
    assert known <= {"financial_year"}
    assert set(answer.figures) - known <= set(answer.notes)

"""The second opinion on plans, provision, projects, training and destinations: cases worked out by hand."""

from datetime import date
from typing import Any

from tests.naive import Delivery, figures

AS_AT = date(2025, 3, 31)
IN_CARE = {"in care"}
PROJECTS = {"Maths": ({"1", "2", "3", "4", "5", "6"}, 45, IN_CARE), "Laptops": ({"1", "11", "12"}, None, IN_CARE)}


def given(kind: str, *rows: dict[str, str]) -> Delivery:
    return Delivery(kind, date(2024, 9, 1), list(rows))


def ask(subject: str, *deliveries: Delivery, cohort: str = "all") -> dict[str, Any]:
    period = {"known_on": None, "start": date(2024, 9, 1), "end": AS_AT, "cohort": cohort}
    return figures(deliveries, subject, AS_AT, **period, reference={"projects": PROJECTS})  # type: ignore[arg-type]


def enrolled(child: str, year: str, start: str = "2024-09-01", end: str = "", status: str = "main") -> dict[str, str]:
    return {"child_id": child, "urn": "1", "start": start, "end": end, "nc_year": year, "status": status}


def test_a_plan_assured_on_its_day_is_on_time_and_one_due_today_is_not_overdue() -> None:
    def plan(child: str, due_on: str, assured_on: str = "", quality: str = "") -> dict[str, str]:
        return {"child_id": child, "term": "2024/25 spring", "kind": "review", "due_on": due_on,
                "quality_assured_on": assured_on, "quality": quality}  # fmt: skip

    plans = given(
        "peps",
        plan("a", "2025-03-30", "2025-03-30", "green"),
        plan("b", "2025-03-30", "2025-03-31", "amber"),
        plan("c", "2025-03-30", "2025-04-01", "green"),
        plan("d", "2025-03-31"),
        plan("e", "2025-04-01"),
        plan("f", "2024-09-01", "2024-08-01"),
    )
    assert ask("pep", plans) == {
        "due": 5, "completed": 3, "completed_on_time": 2, "overdue": 1, "quality_green_percent": 50.0}  # fmt: skip


def test_a_timetable_ends_after_its_last_day_and_its_review_is_overdue_after_the_day() -> None:
    def timetable(child: str, kind: str, end: str, due: str, reviewed_on: str = "") -> dict[str, str]:
        return {"child_id": child, "kind": kind, "start": "2025-01-06", "end": end, "review_due": due,
                "reviewed_on": reviewed_on}  # fmt: skip

    timetables = given(
        "timetables",
        timetable("a", "part-time", "2025-03-31", "2025-03-30"),
        timetable("b", "part-time", "2025-03-30", "2025-02-01"),
        timetable("c", "part-time", "", "2025-03-31"),
        timetable("d", "alternative provision", "", "2025-02-14", "2025-02-14"),
        timetable("e", "alternative provision", "", "2025-02-14", "2025-02-13"),
        timetable("f", "part-time", "2025-03-31", "2025-03-01", "2025-04-01"),
        timetable("g", "part-time", "2025-03-31", "2025-03-01", "2025-03-31"),
    )
    found = ask("provision", timetables)
    assert (found["part_time"], found["alternative_provision"], found["reviews_overdue"]) == (4, 2, 3)
    assert found["not_on_roll"] is None


def test_a_child_is_on_roll_up_to_the_last_day() -> None:
    born = given("children", {"child_id": "a", "dob": "2015-01-01"}, {"child_id": "b", "dob": "2015-01-01"},
                 {"child_id": "c", "dob": "2006-01-01"})  # fmt: skip
    rolls = given("enrolments", enrolled("a", "", end="2025-03-31"), enrolled("b", "", end="2025-03-30"))
    assert ask("provision", born, rolls)["not_on_roll"] == 1


def test_in_summer_leavers_and_those_who_move_are_not_without_a_school() -> None:
    born = given("children", *[{"child_id": child, "dob": "2012-01-01"} for child in "abcd"],
                 {"child_id": "e", "dob": "2009-01-01"})  # fmt: skip
    rolls = given(
        "enrolments",
        enrolled("a", "", end="2025-07-22"),
        enrolled("a", "", "2025-09-03"),
        enrolled("b", "", end="2025-07-21"),
        enrolled("b", "", "2025-09-03"),
        enrolled("c", "", end="2025-08-31"),
        enrolled("d", ""),
        enrolled("e", "", end="2025-06-27"),
    )
    terms = [{"la": "Westmere", "academic_year": year, "what": f"half term {number}", "start": start, "end": end}
             for year, number, start, end in (
                 ("2024/25", 5, "2025-04-22", "2025-05-23"), ("2024/25", 6, "2025-06-02", "2025-07-22"),
                 ("2025/26", 1, "2025-09-03", "2025-10-24"), ("2025/26", 2, "2025-11-03", "2025-12-19"))]  # fmt: skip
    found = {}
    for on in (date(2025, 6, 27), date(2025, 6, 28), date(2025, 7, 23), date(2025, 9, 2), date(2025, 9, 3)):
        files = [born, rolls, given("calendar", *terms)]
        found[on] = figures(files, "provision", on, None, date(2024, 9, 1), on, "all")["not_on_roll"]
    assert list(found.values()) == [0, 0, 1, 2, 1]


def test_a_main_roll_says_the_year_and_where_it_is_silent_another() -> None:
    care = given("ssda903-episodes", {"CHILD": "a", "DECOM": "2024-01-01", "LS": "C2", "DEC": ""},
                 {"CHILD": "b", "DECOM": "2024-01-01", "LS": "C2", "DEC": ""})  # fmt: skip
    rolls = given(
        "enrolments",
        enrolled("a", "7", "2024-09-01"),
        enrolled("a", "8", "2025-01-06", status="guest") | {"urn": "2"},
        enrolled("b", "", "2024-09-01"),
        enrolled("b", "9", "2024-09-01", status="subsidiary") | {"urn": "2"},
    )
    assert ask("cohort", care, rolls)["by_year_group"] == {"7": 1, "9": 1}


def test_take_up_counts_the_eligible_and_active_children_of_the_last_four_weeks() -> None:
    def place(child: str, project: str, status: str = "enrolled", end: str = "") -> dict[str, str]:
        return {"project": project, "child_id": child, "start": "2024-10-01", "status": status, "end": end}

    def minutes(child: str, week: str, spent: str) -> dict[str, str]:
        return {"project": "Maths", "child_id": child, "week": week, "minutes": spent}

    rolls = given(
        "enrolments", *[enrolled(child, year) for child, year in zip("abcden", "1 6 7 12 2 3".split(), strict=True)]
    )
    care = given(
        "ssda903-episodes", *[{"CHILD": child, "DECOM": "2024-01-01", "LS": "C2", "DEC": ""} for child in "abcde"]
    )
    needs = given("cohorts", {"child_id": "n", "cohort": "child in need", "start": "2024-01-01", "end": ""})
    places = given(
        "project-places",
        place("a", "Maths"),
        place("b", "Maths", "declined"),
        place("c", "Maths", "left", "2024-10-31"),
        place("e", "Maths", "left", "2025-03-30"),
        place("n", "Maths"),
        place("d", "Laptops", "completed", "2025-03-31"),
        place("a", "Laptops", end="2025-03-30"),
    )
    weeks = given("project-usage", minutes("a", "2025-03-10", "45"), minutes("c", "2025-03-03", "99"),
                  minutes("b", "2025-03-31", "99"), minutes("e", "2025-03-24", "99"))  # fmt: skip
    files = [rolls, care, needs, places, weeks]
    found = ask("projects", *files)
    assert found["Maths"] == {"eligible": 3, "offered": 5, "enrolled": 4, "active": 1, "take_up_percent": 200 / 3}
    assert found["Laptops"] == {"eligible": 2, "offered": 2, "enrolled": 2, "active": 1, "take_up_percent": 100.0}
    assert ask("projects", *files, cohort="in care")["Maths"]["enrolled"] == 3
    nobody = {"eligible": 0, "offered": 1, "enrolled": 1, "active": 0, "take_up_percent": None}
    assert ask("projects", *files, cohort="child in need")["Maths"] == nobody
    assert ask("projects", rolls, needs, places, weeks, cohort="child in need")["Maths"]["eligible"] is None


def test_a_booking_counts_once_it_is_made_and_only_for_sessions_that_are_held() -> None:
    def session(number: str, status: str = "") -> dict[str, str]:
        return {"session_id": number, "course": "Attachment", "audience": "schools", "date": "2025-03-31",
                "capacity": "12", "status": status}  # fmt: skip

    def booking(number: str, on: str, status: str, booked_on: str = "") -> dict[str, str]:
        return {"booking_id": number, "session_id": on, "role": "DT", "status": status, "booked_on": booked_on}

    bookings = given(
        "bookings",
        booking("1", "1", "booked", "2025-03-31"),
        booking("2", "1", "booked", "2025-04-01"),
        booking("3", "1", "did not attend"),
        booking("4", "1", "waiting"),
        booking("5", "2", "attended"),
        booking("6", "1", "cancelled"),
    )
    courses = given("courses", session("1"), session("2", "cancelled"), session("3"))
    assert ask("training", courses, bookings) == {
        "courses": 1, "sessions": 2, "places": 24, "booked": 2, "attended": 0, "did_not_attend": 1,
        "waiting": 1}  # fmt: skip
    assert ask("training", courses)["booked"] is None


def test_the_latest_destination_by_the_day_counts() -> None:
    def destination(child: str, on: str, status: str, offer: str = "") -> dict[str, str]:
        return {"child_id": child, "on": on, "status": status, "offer": offer}

    rolls = given("enrolments", *[enrolled(child, "12") for child in "abc"], *[enrolled(child, "11") for child in "de"])
    where = given(
        "destinations",
        destination("a", "2025-01-01", "neet"),
        destination("a", "2025-03-31", "employment without training"),
        destination("b", "2025-03-31", "neet"),
        destination("b", "2025-04-01", "education"),
        destination("d", "2025-01-01", "education", "No"),
    )
    assert ask("post-16", rolls, where) == {
        "in_education_employment_training": 1, "neet": 1, "not_known": 1, "year_11_without_offer": 2}  # fmt: skip

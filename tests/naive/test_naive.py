"""The second opinion itself, on cases worked out by hand."""

from datetime import date

import pytest

from tests.naive import Delivery, figures
from tests.naive.years import easter_sunday, financial_year_of_term, year_from_dob

DAY = date(2025, 9, 1)


def given(kind: str, *rows: dict[str, str], known_on: date = DAY) -> Delivery:
    return Delivery(kind, known_on, list(rows))


def episode(child: str, start: str, end: str = "", legal_status: str = "C2") -> dict[str, str]:
    return {"CHILD": child, "DECOM": start, "RNE": "S", "LS": legal_status, "PLACE": "U4", "DEC": end}


def ask(deliveries: list[Delivery], subject: str, as_at: date, **frame: object) -> dict:
    settled = {"known_on": None, "start": date(2024, 9, 1), "end": as_at, "cohort": "all"} | frame
    return figures(deliveries, subject, as_at, **settled)  # type: ignore[arg-type]


def marks(child: str, codes: str, month: str = "2024-10") -> list[dict[str, str]]:
    return [
        {"child_id": child, "date": f"{month}-{number // 2 + 1:02d}", "session": "AM" if number % 2 == 0 else "PM",
         "urn": "1", "code": code}
        for number, code in enumerate(codes)
    ]  # fmt: skip


def test_exactly_ten_percent_missed_is_persistent_and_exactly_half_is_severe() -> None:
    register = marks("ten", "/" * 18 + "IO") + marks("nine", "/" * 19 + "I") + marks("half", "//OO")
    found = ask([given("attendance", *register)], "attendance", date(2025, 7, 31))
    assert found["children"] == 3
    assert found["possible_sessions"] == 44
    assert found["persistently_absent"] == 2
    assert found["severely_absent"] == 1
    assert found["attendance_percent"] == pytest.approx(100 * 39 / 44)


def test_a_child_with_nothing_but_closures_has_no_possible_session() -> None:
    found = ask([given("attendance", *marks("a", "#Z"))], "attendance", date(2025, 7, 31))
    assert found["children"] == 0
    assert found["attendance_percent"] is None


def test_the_old_codes_count_by_the_old_list() -> None:
    register = marks("a", "HFJY/", month="2024-07")
    found = ask([given("attendance", *register)], "attendance", date(2025, 7, 31), start=date(2024, 7, 1))
    assert (found["authorised_absence_sessions"], found["attended_sessions"], found["possible_sessions"]) == (2, 2, 4)


def test_a_correction_counts_from_the_day_it_is_known_and_an_older_file_only_until_then() -> None:
    first = given("attendance", *marks("a", "O"), known_on=date(2024, 10, 8))
    late = given("attendance", *marks("a", "/"), known_on=date(2024, 10, 15))
    older = given("attendance", *marks("a", "I"), known_on=date(2024, 10, 4))
    seen = {
        day: ask([first, late, older], "attendance", date(2024, 10, 31), known_on=date(2024, 10, day))
        for day in (3, 4, 8, 15)
    }
    assert seen[3]["children"] is None
    assert seen[4]["authorised_absence_sessions"] == 1
    assert seen[8]["unauthorised_absence_sessions"] == 1
    assert seen[15]["attended_sessions"] == 1


def test_an_absent_column_keeps_what_is_held_and_an_empty_cell_overwrites_it() -> None:
    held = {"child_id": "a", "urn": "1", "start": "2024-09-01", "nc_year": "7", "end": "2025-07-31"}
    without = {"child_id": "a", "urn": "1", "start": "2024-09-01", "end": ""}
    care = given("ssda903-episodes", episode("a", "2024-09-01"))
    found = ask([care, given("enrolments", held), given("enrolments", without)], "cohort", date(2025, 9, 1))
    assert found["by_year_group"] == {"7": 1}


def test_the_day_of_leaving_is_not_in_care_and_an_episode_of_no_days_counts_for_none() -> None:
    care = given(
        "ssda903-episodes",
        episode("left", "2025-01-01", "2025-03-31"),
        episode("still", "2025-03-31"),
        episode("never", "2025-03-31", "2025-03-31"),
        episode("break", "2025-03-01", legal_status="V4"),
        episode("within", "2025-01-01"),
        episode("within", "2025-03-01", "2025-03-10", "V3"),
    )
    found = ask([care], "cohort", date(2025, 3, 31))
    assert (found["in_care"], found["in_care_with_short_breaks"]) == (2, 3)
    assert (found["joined"], found["left"]) == (3, 2)
    assert found["uasc"] is None
    assert found["kinship"] is None
    assert found["all"] == 5


def test_coming_back_on_the_day_of_leaving_is_neither_joining_nor_leaving() -> None:
    care = given("ssda903-episodes", episode("a", "2024-01-01", "2025-01-10"), episode("a", "2025-01-10"))
    found = ask([care], "cohort", date(2025, 3, 31))
    assert (found["joined"], found["left"]) == (0, 0)


@pytest.mark.parametrize(
    ("born", "as_at", "year"),
    [
        (date(2020, 8, 31), date(2025, 9, 1), "1"),
        (date(2020, 9, 1), date(2025, 9, 1), "R"),
        (date(2020, 2, 29), date(2025, 8, 31), "R"),
        (date(2020, 2, 29), date(2025, 9, 1), "1"),
        (date(2007, 8, 31), date(2025, 9, 1), "over 18"),
        (date(2007, 9, 1), date(2025, 9, 1), "13"),
        (date(2023, 9, 1), date(2025, 9, 1), "under 2"),
        (None, date(2025, 9, 1), "not known"),
    ],
)
def test_year_groups_turn_on_the_first_of_september(born: date | None, as_at: date, year: str) -> None:
    assert year_from_dob(born, as_at) == year


def test_one_day_in_care_in_the_financial_year_is_enough_and_ages_are_those_of_august() -> None:
    born = {"four": "2020-08-31", "three": "2020-09-01", "fifteen": "2008-09-01", "sixteen": "2008-08-31"}
    care = given("ssda903-episodes", *[episode(child, "2024-01-01", "2024-04-02") for child in born])
    ended = given("ssda903-episodes", episode("early", "2024-01-01", "2024-04-01"))
    header = given("ssda903-header", *[{"CHILD": child, "SEX": "1", "DOB": dob} for child, dob in born.items()],
                   {"CHILD": "early", "SEX": "1", "DOB": "2015-01-01"})  # fmt: skip
    assert ask([care, ended, header], "cohort", date(2025, 3, 31))["pp_plus_eligible"] == 2
    assert ask([care, ended, header], "cohort", date(2025, 4, 1))["pp_plus_eligible"] == 0


def test_sixteen_days_in_a_term_are_over_fifteen_and_days_of_withdrawn_notices_stay() -> None:
    def notice(child: str, on: str, sessions: int, status: str = "issued", category: str = "SUSP") -> dict[str, str]:
        return {"child_id": child, "start_date": on, "sessions": str(sessions), "category": category,
                "reason1": "PP", "status": status}  # fmt: skip

    notices = given(
        "exclusions",
        notice("fifteen", "2024-10-01", 30),
        notice("over", "2024-10-01", 30),
        notice("over", "2024-11-01", 0, category="LNCH"),
        notice("two terms", "2024-12-31", 20),
        notice("two terms", "2025-01-01", 20),
        notice("year", "2024-10-01", 46, "withdrawn"),
        notice("year", "2025-02-01", 45),
        notice("gone", "2025-02-01", 0, "reinstated", "PERM"),
        notice("gone", "2025-02-01", 0, category="PERM"),
    )
    found = ask([notices], "exclusions", date(2025, 8, 31))
    assert (found["suspensions"], found["suspended_children"], found["suspension_days"]) == (5, 4, 72.5)
    assert (found["lunchtime_days"], found["days_lost"], found["permanent_exclusions"]) == (0.5, 73.0, 1)
    assert (found["over_15_days_in_term"], found["over_45_days_in_year"]) == (2, 1)


def test_easter_and_the_year_of_a_term() -> None:
    assert [easter_sunday(year) for year in (2024, 2025, 2026)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5)]  # fmt: skip
    assert financial_year_of_term("2025/26 summer") == "2026-27"
    assert financial_year_of_term("2026/27 autumn") == "2026-27"
    assert financial_year_of_term("2026/27 spring") == "2026-27"


def test_the_premium_up_to_the_last_day_of_march() -> None:
    def request(number: str, term: str, amount: str, status: str, decided_on: str = "") -> dict[str, str]:
        return {"request_id": number, "child_id": "a", "term": term, "amount": amount, "area": "wider strategies",
                "status": status, "requested_on": "2025-03-31", "decided_on": decided_on}  # fmt: skip

    def payment(number: str, asked: str, amount: str, on: str, status: str = "paid") -> dict[str, str]:
        return {"payment_id": number, "request_id": asked, "amount": amount, "status": status, "paid_on": on}

    given_out = {"financial_year": "2024-25", "fund": "PP+", "stage": "provisional", "children": "1",
                 "amount": "1000.01", "notified_on": "2024-06-01"}  # fmt: skip
    deliveries = [
        given("pp-allocations", given_out, given_out | {"stage": "final", "notified_on": "2025-04-01"}),
        given(
            "pp-requests",
            request("1", "2024/25 autumn", "100", "approved", "2025-03-31"),
            request("2", "2023/24 summer", "60", "part-approved", "2025-04-01"),
            request("3", "2024/25 summer", "999", "requested"),
            request("4", "2024/25 spring", "100", "rejected", "2025-03-31"),
        ),
        given(
            "pp-payments",
            payment("1", "1", "70", "2025-03-31"),
            payment("2", "1", "30", "2025-04-01"),
            payment("3", "unheard of", "5", "2025-03-31"),
            payment("4", "1", "10", "2025-03-31", "recovered"),
            payment("5", "1", "10", "2025-03-31", "returned"),
        ),
    ]
    found = ask(deliveries, "pp-plus", date(2025, 8, 1), start=date(2024, 4, 1), end=date(2025, 3, 31))
    assert found == {
        "financial_year": "2024-25",
        "allocation_pence": 100_001,
        "allocation_is_final": False,
        "retained_pence": 20_000,
        "requested_pence": 6_000,
        "approved_pence": 10_000,
        "paid_pence": 7_500,
        "committed_pence": 3_000,
        "recovered_pence": 1_000,
        "remaining_pence": 100_001 - 20_000 - 7_500 - 3_000 + 1_000,
        "forecast_pence": 7_500 - 1_000,
        "at_risk_pence": 80_001 - 6_500,
        "children_without_spend": None,
    }


def test_nothing_is_forecast_from_the_last_payment_run_on() -> None:
    asked = {"request_id": "1", "child_id": "a", "term": "2024/25 autumn", "amount": "100", "area": "wider strategies",
             "status": "approved", "requested_on": "2024-10-01", "decided_on": "2024-10-01"}  # fmt: skip
    paid = {"payment_id": "1", "request_id": "1", "amount": "30", "status": "paid", "paid_on": "2024-11-20"}
    deliveries = [given("pp-requests", asked), given("pp-payments", paid)]
    ends = (date(2025, 3, 13), date(2025, 3, 14), date(2025, 3, 31))
    found = [ask(deliveries, "pp-plus", date(2025, 6, 1), start=date(2024, 4, 1), end=end) for end in ends]
    assert [each["forecast_pence"] for each in found] == [10_000, 3_000, 3_000]

from datetime import date, timedelta

import pandas as pd
import pytest

from vs_core.rules.cohorts import YEAR_GROUPS, Enrolment
from vs_core.rules.expected_marks import CADENCES, DAILY, WEEKLY, Pupil, by_week, expected, is_stale, received
from vs_core.rules.school_calendar import CalendarNotLoaded

MONDAY = date(2026, 9, 7)
FRIDAY = MONDAY + timedelta(days=4)
ALWAYS = [(date.min, date.max)]
BORN = date(2014, 1, 1)
START = date(2026, 11, 9)


def weekdays(urn: str, first: date, last: date) -> list[date]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]


def pupil(*enrolments: tuple[str, date, date | None], spans=ALWAYS, born=BORN) -> Pupil:
    return Pupil(born, list(spans), [Enrolment("1", urn, start, end) for urn, start, end in enrolments])


def days_of(one: Pupil, start: date = MONDAY, end: date = FRIDAY) -> list[tuple[str, date]]:
    rows, _ = expected({1: one}, start, end, weekdays)
    return list(zip(rows["urn"], rows["day"], strict=True))


def test_a_pupil_is_due_at_the_school_of_the_day():
    moved = pupil(("A", date(2025, 9, 1), MONDAY), ("B", FRIDAY, None))
    assert days_of(moved) == [("A", MONDAY), ("B", FRIDAY)]


def test_nobody_is_due_outside_the_cohort_or_the_school_years():
    joined = pupil(("A", date(2025, 9, 1), None), spans=[(FRIDAY, date.max)])
    assert days_of(joined) == [("A", FRIDAY)]
    assert days_of(pupil(("A", date(2025, 9, 1), None), born=date(2009, 1, 1))) == []


@pytest.mark.parametrize(("born", "days"), [(date(2010, 5, 5), 5), (date(2011, 5, 5), 10)])
def test_year_11_is_due_until_the_last_friday_of_june(born, days):
    found = days_of(pupil(("A", date(2020, 9, 1), None), born=born), date(2026, 6, 22), date(2026, 7, 3))
    assert len(found) == days


def test_a_pupil_whose_school_has_no_calendar_is_left_out_alone():
    def days(urn: str, first: date, last: date) -> list[date]:
        if urn == "K":
            raise CalendarNotLoaded("Kent", "2026/27")
        return weekdays(urn, first, last)

    known = {1: pupil(("A", MONDAY, None)), 2: pupil(("A", MONDAY, MONDAY), ("K", FRIDAY, None))}
    rows, left_out = expected(known, MONDAY, FRIDAY, days)
    assert set(rows["child_key"]) == {1}
    assert left_out == {2: "The term dates of Kent for 2026/27 are not loaded."}


def test_a_half_day_has_one_mark_from_whichever_register():
    due, _ = expected({1: pupil(("A", date(2025, 9, 1), None))}, MONDAY, MONDAY + timedelta(days=2), weekdays)
    marks = pd.DataFrame(
        [
            (1, MONDAY, "A", 1, 1),
            (1, MONDAY, "B", 1, 1),
            (1, MONDAY + timedelta(days=1), "B", 1, 0),
            (1, MONDAY + timedelta(days=2), "", 0, 1),
            (1, MONDAY + timedelta(days=2), "B", 0, 1),
            (1, FRIDAY, "A", 1, 1),
            (2, MONDAY, "A", 1, 1),
        ],
        columns=["child_key", "day", "urn", "am", "pm"],
    )
    found = received(due, marks)
    assert list(found["received"]) == [2, 1, 1]
    assert list(found["from_school"]) == [2, 0, 1]


def test_nothing_is_due_and_nothing_came():
    due, _ = expected({}, MONDAY, FRIDAY, weekdays)
    marks = pd.DataFrame(columns=["child_key", "day", "urn", "am", "pm"])
    assert received(due, marks).empty


def due(*rows: tuple[int, date, str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [(key, day, "100001", cadence, came) for key, day, cadence, came in rows],
        columns=["child_key", "day", "urn", "cadence", "received"],
    )


def test_daily_counts_half_days_and_weekly_weeks() -> None:
    days = [START + timedelta(count) for count in (0, 1, 7)]
    rows = due(*((1, day, DAILY, 1) for day in days), *((2, day, WEEKLY, 2 * (day == days[0])) for day in days))
    found = by_week(rows, START + timedelta(11)).set_index(["child_key", "week"])
    second = START + timedelta(7)
    assert found.loc[(1, START), ["expected", "received"]].tolist() == [4, 2]
    assert found.loc[(1, second), ["expected", "received"]].tolist() == [2, 1]
    assert found.loc[(2, START), ["expected", "received"]].tolist() == [1, 1]
    assert found.loc[(2, second), ["expected", "received"]].tolist() == [1, 0]


def test_a_week_that_is_not_over_is_not_due_weekly() -> None:
    rows = due((1, START, DAILY, 0), (2, START, WEEKLY, 0))
    assert by_week(rows, START + timedelta(3))["child_key"].tolist() == [1]
    assert by_week(rows, START + timedelta(4))["child_key"].tolist() == [1, 2]


def test_stale_is_longer_without_a_mark_than_the_cadence_allows() -> None:
    days = [START + timedelta(count) for count in (0, 1, 2, 3, 4, 7, 8)]
    unmarked = {1: 1, 2: 2, 3: 5, 4: 6, 5: 7}
    rows = due(
        *(
            (key, day, DAILY if key < 3 else WEEKLY, 2 * (number < len(days) - missing))
            for key, missing in unmarked.items()
            for number, day in enumerate(days)
        )
    )
    found = by_week(rows, days[-1] + timedelta(3))
    assert found.groupby("child_key")["unmarked_days"].max().to_dict() == unmarked
    stale = set(found.loc[is_stale(found, daily_days=1, weekly_days=5), "child_key"])
    assert stale == {2, 4, 5}


def test_every_year_group_has_one_cadence() -> None:
    both = [*CADENCES[DAILY], *CADENCES[WEEKLY]]
    assert sorted([*both, "not known"]) == sorted(YEAR_GROUPS)


def test_nothing_due_is_no_row_and_nobody_stale() -> None:
    found = by_week(due(), START)
    assert found.empty
    assert is_stale(found, 1, 5).sum() == 0

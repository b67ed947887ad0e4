import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.rules.cohorts import (
    Enrolment,
    Episode,
    Membership,
    Spell,
    age_on,
    belongs,
    belongs_within,
    care_spans,
    governing_enrolment,
    is_in_care,
    is_in_care_within,
    is_pp_plus_eligible,
    joined_within,
    left_within,
    normal_year,
    phase,
    spells,
    year_group,
    year_group_of_age,
)
from vs_core.rules.frame import Frame
from vs_core.rules.measures import cohort
from vs_core.rules.roll import ROLL_COLUMNS, in_cohort_as_at, roll

RETURN = Path(__file__).parents[1] / "real_data" / "ssda903_2025"
D = date(2026, 11, 23)


def episode(start: date, end: date | None = None, status: str | None = "C2", child: str = "A") -> Episode:
    return Episode(child, start, end, status)


def test_the_last_day_of_an_episode_is_the_day_before_its_end():
    spans = care_spans([episode(date(2026, 9, 1), D)])
    assert not is_in_care(spans, date(2026, 8, 31))
    assert is_in_care(spans, date(2026, 9, 1))
    assert is_in_care(spans, date(2026, 11, 22))
    assert not is_in_care(spans, D)


def test_an_episode_left_open_by_mistake_does_not_end_with_a_later_one():
    spans = care_spans([episode(date(2023, 12, 2)), episode(date(2024, 5, 16), date(2024, 9, 26), "V4")])
    assert is_in_care(spans, date(2024, 5, 15))
    assert not is_in_care(spans, date(2024, 5, 16))
    assert is_in_care(spans, date(2024, 5, 16), short_breaks=True)
    assert is_in_care(spans, date(2024, 9, 26))


@pytest.mark.parametrize("end", [date(2026, 9, 1), date(2026, 8, 1)])
def test_an_episode_without_a_day_counts_for_no_day(end):
    assert care_spans([episode(date(2026, 9, 1), end)]) == []
    assert care_spans([]) == []


def test_an_episode_without_legal_status_is_care_and_a_short_break_is_not():
    assert is_in_care(care_spans([episode(D, None, None)]), D)
    assert not is_in_care(care_spans([episode(D, None, "V3")]), D)


def test_a_period_needs_one_day_in_care():
    spans = care_spans([episode(date(2026, 3, 1), date(2026, 4, 1)), episode(date(2026, 9, 1))])
    assert not is_in_care_within(spans, date(2026, 4, 1), date(2026, 8, 31))
    assert is_in_care_within(spans, date(2026, 3, 31), date(2026, 3, 31))
    assert is_in_care_within(spans, date(2026, 4, 1), date(2026, 9, 1))


def test_a_move_neither_joins_nor_leaves():
    own = spells(
        care_spans([episode(date(2026, 1, 1), date(2026, 5, 1)), episode(date(2026, 5, 1), D), episode(D, None, "V4")])
    )
    assert own == [Spell(date(2026, 1, 1), D)]
    assert joined_within(own, date(2026, 1, 1), D)
    assert not joined_within(own, date(2026, 1, 2), D)
    assert left_within(own, D, D)
    assert not left_within(own, date(2026, 1, 1), date(2026, 11, 22))


DAYS = st.dates(date(2024, 1, 1), date(2024, 3, 31))
EPISODES = st.lists(
    st.builds(episode, DAYS, st.one_of(st.none(), DAYS), st.sampled_from(["C2", "V3", "V4", None])),
    max_size=5,
    unique_by=lambda each: each.decom,
)


@given(EPISODES, DAYS)
def test_in_care_is_what_the_latest_running_episode_says(episodes, on):
    running = [each for each in episodes if each.decom <= on and (each.dec is None or each.dec > on)]
    latest = max(running, key=lambda each: each.decom, default=None)
    spans = care_spans(episodes)
    assert is_in_care(spans, on, short_breaks=True) == (latest is not None)
    assert is_in_care(spans, on) == (latest is not None and latest.legal_status not in ("V3", "V4"))


@given(EPISODES, DAYS, st.integers(0, 60))
def test_a_period_is_the_sum_of_its_days(episodes, start, length):
    spans = care_spans(episodes)
    days = [start + timedelta(days=number) for number in range(length + 1)]
    assert is_in_care_within(spans, days[0], days[-1]) == any(is_in_care(spans, day) for day in days)


@given(EPISODES, DAYS)
def test_spells_hold_the_same_days_as_spans(episodes, on):
    spans = care_spans(episodes)
    own = spells(spans)
    assert is_in_care(spans, on) == any(s.start <= on and (s.end is None or s.end > on) for s in own)
    assert all(one.end is not None and one.end < other.start for one, other in zip(own, own[1:], strict=False))


def test_a_cohort_holds_its_last_day():
    row = Membership("A", "kinship", date(2026, 9, 1), D)
    assert belongs(row, D)
    assert not belongs(row, D + timedelta(days=1))
    assert belongs(Membership("A", "kinship", D, None), date(2099, 1, 1))
    assert not belongs_within(Membership("A", "kinship", D, D - timedelta(days=1)), date(2026, 1, 1), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("dob", "on", "age"),
    [
        (date(2010, 8, 31), date(2026, 8, 31), 16),
        (date(2010, 9, 1), date(2026, 8, 31), 15),
        (date(2012, 2, 29), date(2027, 2, 28), 14),
        (date(2012, 2, 29), date(2027, 3, 1), 15),
    ],
)
def test_age(dob, on, age):
    assert age_on(dob, on) == age


@pytest.mark.parametrize(
    ("dob", "group"),
    [
        (None, "not known"),
        (date(2024, 9, 1), "under 2"),
        (date(2024, 8, 31), "N1"),
        (date(2023, 8, 31), "N2"),
        (date(2022, 8, 31), "R"),
        (date(2021, 8, 31), "1"),
        (date(2010, 9, 1), "11"),
        (date(2010, 8, 31), "12"),
        (date(2009, 8, 31), "13"),
        (date(2008, 8, 31), "over 18"),
    ],
)
def test_the_year_group_turns_with_the_31_august_before_the_academic_year(dob, group):
    assert year_group_of_age(dob, D) == group


def test_the_year_group_does_not_change_within_an_academic_year():
    dob = date(2015, 8, 31)
    assert year_group_of_age(dob, date(2026, 9, 1)) == year_group_of_age(dob, date(2027, 8, 31)) == "7"
    assert year_group_of_age(dob, date(2026, 8, 31)) == "6"


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Year 7", "7"),
        ("7", "7"),
        ("07", "7"),
        ("Y7", "7"),
        ("yr 10", "10"),
        ("7.0", "7"),
        ("R", "R"),
        ("Reception", "R"),
        ("0", "R"),
        ("n1", "N1"),
        ("Nursery 2", "N2"),
        ("13", "13"),
        ("14", "over 18"),
        ("15", None),
        ("", None),
        (None, None),
        ("seven", None),
    ],
)
def test_years_are_written_in_many_ways(text, group):
    assert normal_year(text) == group


def test_a_main_enrolment_gives_the_year_and_of_two_the_one_that_started_last():
    dob = date(2014, 1, 1)
    enrolments = [
        Enrolment("A", "1", date(2025, 9, 1), None, "8", "main"),
        Enrolment("A", "2", date(2026, 9, 1), None, "9", "guest"),
        Enrolment("A", "3", date(2026, 9, 1), D, "Year 10", "main"),
    ]
    assert year_group(enrolments, dob, D) == "10"
    assert year_group(enrolments, dob, D + timedelta(days=1)) == "8"
    assert governing_enrolment(enrolments, D + timedelta(days=1)) == enrolments[0]
    assert year_group(enrolments[1:2], dob, D) == "9"
    assert year_group([Enrolment("A", "1", D, None)], dob, D) == "8"
    assert year_group([], dob, D) == "8"


def test_a_year_that_the_governing_enrolment_does_not_state_is_that_of_the_next_one():
    silent = Enrolment("A", "1", date(2026, 9, 1), None, "", "main")
    guest = Enrolment("A", "2", date(2026, 10, 1), None, "7", "guest")
    assert governing_enrolment([guest, silent], D) == silent
    assert year_group([guest, silent], date(2014, 1, 1), D) == "7"
    assert year_group([guest, silent], date(2014, 1, 1), date(2026, 9, 30)) == "8"


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ("under 2", "early years"),
        ("N2", "early years"),
        ("R", "primary"),
        ("6", "primary"),
        ("7", "secondary"),
        ("11", "secondary"),
        ("12", "post-16"),
        ("over 18", "post-16"),
        ("not known", "not known"),
    ],
)
def test_phases(group, name):
    assert phase(group) == name


@pytest.mark.parametrize(
    ("dob", "end", "eligible"),
    [
        (date(2022, 8, 31), None, True),  # 4 on 31 August 2026
        (date(2022, 9, 1), None, False),
        (date(2010, 9, 1), None, True),  # 15 on 31 August 2026
        (date(2010, 8, 31), None, False),
        (date(2015, 1, 1), date(2026, 4, 2), True),  # in care on 1 April only
        (date(2015, 1, 1), date(2026, 4, 1), False),
        (None, None, False),
    ],
)
def test_who_is_eligible_for_pupil_premium_plus(dob, end, eligible):
    assert is_pp_plus_eligible(care_spans([episode(date(2026, 1, 1), end)]), dob, D) is eligible
    assert is_pp_plus_eligible(care_spans([episode(date(2026, 1, 1), end)]), dob, date(2027, 3, 31)) is eligible


def test_the_roll_and_its_figures():
    frame = Frame.for_subject("cohort", D)
    rows = roll(
        frame,
        {"A": date(2015, 8, 31), "B": None, "C": None},
        [episode(date(2026, 9, 1)), episode(date(2026, 1, 1), date(2026, 9, 1), "C2", "B")],
        {"A": D, "B": None},
        [Membership("C", "child in need", date(2026, 9, 1), date(2026, 9, 30))],
        [Enrolment("A", "100001", date(2026, 9, 1), None)],
    )
    assert list(in_cohort_as_at(rows, "in care")) == [True, False, False]
    assert list(in_cohort_as_at(rows, "child in need")) == [False, False, False]
    assert list(in_cohort_as_at(rows, "all")) == [True, True, True]
    assert cohort(rows) == {
        "in_care": 1,
        "in_care_with_short_breaks": 1,
        "uasc": 0,
        "pp_plus_eligible": 1,
        "pp_plus_eligible_with_short_breaks": 1,
        "joined": 1,
        "left": 1,
        "by_year_group": {"7": 1},
        "previously_looked_after": 0,
        "child_in_need": 0,
        "child_protection": 0,
        "kinship": 0,
        "all": 3,
    }


def test_nobody_is_known():
    rows = roll(Frame.for_subject("cohort", D), {})
    assert list(rows.columns) == list(ROLL_COLUMNS)
    assert cohort(rows) == dict.fromkeys(cohort(rows), 0) | {"by_year_group": {}}


def _file(name: str) -> list[dict[str, str]]:
    with (RETURN / f"SSDA903_2025_{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%d/%m/%Y").date() if text else None


def test_the_faulty_return_gives_its_expected_figures():
    rows = [row for row in _file("episodes") if row["CHILD"] and row["DECOM"]]
    starts = [(row, _day(row["DECOM"])) for row in rows]
    by_key = {
        (row["CHILD"], start): Episode(row["CHILD"], start, _day(row["DEC"]), row["LS"] or None)
        for row, start in starts
        if start
    }
    dobs = {child: None for child, _ in by_key} | {r["CHILD"]: _day(r["DOB"]) for r in _file("header") if r["CHILD"]}
    uasc = {row["CHILD"]: _day(row["DUC"]) for row in _file("uasc")}
    expected = json.loads((RETURN / "expected.json").read_text(encoding="utf-8"))
    found = cohort(roll(Frame.for_subject("cohort", date(2025, 3, 31)), dobs, by_key.values(), uasc))
    keys = ("in_care", "in_care_with_short_breaks", "pp_plus_eligible", "pp_plus_eligible_with_short_breaks", "uasc")
    assert {key: found[key] for key in keys} == {key: expected[key] for key in keys}

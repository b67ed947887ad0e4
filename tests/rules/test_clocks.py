from datetime import date

import pytest

from vs_core.rules import clocks
from vs_core.rules.clocks import Clock, DayKind
from vs_core.rules.dated import NotInForce, Thresholds
from vs_core.rules.school_calendar import CalendarNotLoaded


@pytest.mark.parametrize(
    ("suspended_on", "day_1", "day_6"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 30)),  # Monday: the Monday after
        (date(2026, 10, 21), date(2026, 10, 21), date(2026, 11, 4)),  # over half term
        (date(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 30)),  # a Saturday starts on Monday
        (date(2027, 3, 24), date(2027, 3, 24), date(2027, 4, 15)),  # over Easter
        (date(2026, 9, 2), date(2026, 9, 2), date(2026, 9, 9)),  # first day of term
    ],
)
def test_education_during_a_suspension(essex, suspended_on, day_1, day_6):
    assert clocks.education_from_day_1(suspended_on, essex).on == day_1
    assert clocks.education_from_day_6(suspended_on, essex).on == day_6


def test_a_deadline_says_itself(essex):
    sentence = clocks.education_from_day_6(date(2026, 11, 23), essex).sentence
    assert sentence == "Education is provided from school day 6 of the suspension: 30 November 2026."
    due = clocks.place_due(date(2026, 11, 23), essex)
    assert due.sentence == "A school place is found by 4 January 2027 (20 school days)."
    assert (due.kind, due.days) == (DayKind.SCHOOL, 20)


@pytest.mark.parametrize(
    ("deadline", "start", "on"),
    [
        (clocks.school_decision_due, date(2026, 11, 23), date(2026, 12, 14)),
        (clocks.initial_pep_started_due, date(2026, 12, 21), date(2027, 1, 7)),
        (clocks.initial_pep_due, date(2026, 12, 21), date(2027, 1, 21)),
        (clocks.pep_finish_due, date(2026, 10, 22), date(2026, 11, 5)),
        (clocks.reason_due, date(2026, 11, 23), date(2026, 11, 30)),
    ],
)
def test_deadlines_count_from_the_day_after(essex, deadline, start, on):
    assert deadline(start, essex).on == on


def test_governors_have_15_school_days_when_they_must_meet_and_50_when_asked(essex):
    assert clocks.governors_meeting_due(date(2026, 9, 2), essex, must_meet=True).on == date(2026, 9, 23)
    assert clocks.governors_meeting_due(date(2026, 9, 2), essex, must_meet=False).on == date(2026, 11, 18)


def test_a_deadline_is_overdue_from_the_day_after(essex):
    due = clocks.reason_due(date(2026, 11, 16), essex)
    assert due.on == date(2026, 11, 23)
    assert not due.is_overdue(date(2026, 11, 23))
    assert due.is_overdue(date(2026, 11, 24))
    assert essex.days_left(due, date(2026, 11, 20)) == 1
    assert essex.days_left(due, date(2026, 11, 23)) == essex.days_left(due, date(2026, 12, 1)) == 0
    assert essex.school_days_ago(date(2026, 11, 16), date(2026, 11, 23)) == 5


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2026, 9, 10), date(2027, 1, 10)),  # four months come before the end of spring
        (date(2026, 11, 30), date(2027, 3, 25)),  # end of spring comes before four months
        (date(2026, 10, 31), date(2027, 2, 28)),  # no 31 February
    ],
)
def test_the_next_plan_is_due_by_the_end_of_next_term_and_within_four_months(essex, last, due):
    assert clocks.next_pep_due(last, essex).on == due


def test_four_months_before_a_leap_day():
    assert clocks.months_after(date(2027, 10, 31), 4) == date(2028, 2, 29)
    assert clocks.months_after(date(2027, 12, 15), 1) == date(2028, 1, 15)


@pytest.mark.parametrize(
    ("start", "first", "following"),
    [
        (date(2026, 9, 2), date(2026, 10, 23), date(2026, 12, 18)),
        (date(2026, 10, 23), date(2026, 10, 23), date(2026, 12, 18)),
        (date(2026, 10, 26), date(2026, 12, 18), date(2027, 2, 12)),
    ],
)
def test_provision_is_reviewed_every_half_term(essex, start, first, following):
    assert clocks.first_review_due(start, essex).on == first
    assert clocks.next_review_due(start, essex).on == following


def test_limits_of_exclusion_come_from_the_thresholds(essex):
    limits = clocks.exclusion_limits(essex.thresholds, date(2026, 11, 23))
    assert (limits.governors_may_meet_over_days, limits.governors_must_meet_over_days, limits.year_limit_days) == (
        5,
        15,
        45,
    )


def test_what_is_missing_is_said(calendar, thresholds):
    with pytest.raises(CalendarNotLoaded, match="Suffolk for 2026/27"):
        clocks.place_due(date(2026, 11, 23), Clock(calendar, thresholds, "Suffolk"))
    with pytest.raises(NotInForce, match="school_place_school_days"):
        clocks.place_due(date(2026, 11, 23), Clock(calendar, Thresholds([]), "Essex"))

"""What is said of a child on the worklist, and how much it weighs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from vs_core.rules import rolling_attendance
from vs_core.rules.absence_runs import Mark, Run, half_days, missed_run, unexplained_run
from vs_core.rules.dated import Thresholds
from vs_core.rules.effect import NOT_YET, TOO_FEW, Windows, state
from vs_core.rules.triage import (
    KEYS,
    Fall,
    Review,
    Sessions,
    Situation,
    Snooze,
    Told,
    crossings,
    first_on,
    parts,
    score,
)
from vs_core.rules.triage_limits import Limits, limits

TODAY, MONDAY, LONG_AGO = date(2026, 11, 23), date(2026, 11, 2), date(2026, 11, 9)
WELL = Situation(
    as_at=TODAY, year=Sessions(100, 2), before=Sessions(80, 2), before_on=LONG_AGO, crossed_on={}, fall=None,
    missed=None, unexplained=None, absent_today=(), unmarked=None, reviews=(), suspended=None, notices=(), custody=None,
    is_out=False, out_from=None, out_school_days=None, contact_school_days=2, open_from=MONDAY, overdue=None,
)  # fmt: skip
SEVERE = replace(WELL, year=Sessions(100, 60), before=Sessions(80, 45))


@pytest.fixture
def own(thresholds: Thresholds) -> Limits:
    return limits(thresholds, TODAY)


def said(of: Situation, own: Limits) -> str:
    return ", ".join(each.sentence for each in parts(of, own))


def test_sentences(own: Limits) -> None:
    assert said(replace(SEVERE, contact_school_days=11), own) == "severe, no contact for 11 school days"
    assert said(replace(WELL, fall=Fall(14, MONDAY)), own) == "fell 14 points in four weeks"
    assert said(replace(WELL, unmarked=(3, MONDAY)), own) == "no code for 3 school days"
    run = Run(6, 3, MONDAY, ("N", "O"))
    assert said(replace(WELL, unexplained=run), own) == "absence not explained for 3 school days (N, O)"
    assert said(replace(WELL, unexplained=replace(run, codes=("N",))), own) == "no reason yet for 3 school days (N)"
    assert said(replace(WELL, missed=Run(6, 3, MONDAY, ("I",))), own) == "missed the last 6 sessions in a row"
    assert said(replace(WELL, suspended=("SUSP", date(2026, 11, 20))), own) == "suspended on Friday 20 Nov"
    assert said(replace(WELL, suspended=("PERM", TODAY)), own) == "permanently excluded on Monday 23 Nov"
    late = Review("part-time", MONDAY, 15)
    assert said(replace(WELL, reviews=(late,)), own) == "part-time timetable review overdue by 15 school days"
    assert (
        said(replace(WELL, custody=Told("custody", MONDAY, MONDAY)), own)
        == "in custody since 2 Nov, education not assessed"
    )
    assert said(replace(WELL, is_out=True, out_school_days=9), own) == "on no school's roll for 9 school days"
    assert said(replace(WELL, is_out=True), own) == "on no school's roll"
    assert said(replace(WELL, absent_today=("I",)), own) == "absent today (I)"
    assert said(WELL, own) == "a next step is open"
    assert said(replace(WELL, overdue=(4, LONG_AGO)), own) == "action overdue by 4 school days"


def test_what_is_open_alone_is_new_once(own: Limits) -> None:
    assert first_on(parts(WELL, own)) == MONDAY
    assert first_on(parts(replace(WELL, overdue=(4, LONG_AGO)), own)) == LONG_AGO + timedelta(days=1)


def test_who_needs_nothing_and_has_no_action_is_not_on_the_list(own: Limits) -> None:
    assert parts(replace(WELL, open_from=None, contact_school_days=None), own) == []


def test_that_nobody_acts_lifts_who_needs_something(own: Limits) -> None:
    alone = replace(SEVERE, open_from=None, contact_school_days=None, overdue=None)
    assert score(parts(alone, own)) == score(parts(SEVERE, own)) + own.weight_no_contact + own.weight_no_action
    ill_today = replace(WELL, absent_today=("I",), open_from=None, contact_school_days=None)
    assert said(ill_today, own) == "absent today (I)"


def test_severe_children_count_once_and_new_ones_more(own: Limits) -> None:
    new = replace(SEVERE, before=Sessions(80, 39), crossed_on={"severe": date(2026, 11, 18)})
    assert [(each.key, each.points) for each in parts(new, own)] == [("newly_severe", own.weight_newly_severe)]
    assert first_on(parts(new, own)) == date(2026, 11, 18)
    few = replace(SEVERE, year=Sessions(19, 19), before=Sessions())
    assert said(few, own) == "newly severe (provisional: 19 sessions)"
    assert said(replace(WELL, year=Sessions(100, 10)), own) == "newly persistently absent"
    assert said(replace(WELL, year=Sessions(101, 10)), own) == "a next step is open"


def test_absence_of_a_few_sessions_outranks_no_real_worry(own: Limits) -> None:
    """In the first days of a school year one missed day is half of everything."""
    first_days = replace(WELL, year=Sessions(4, 2), before=Sessions(), open_from=None, contact_school_days=None)
    standing = replace(WELL, open_from=None, contact_school_days=None)
    worries = (
        replace(standing, is_out=True),
        replace(standing, suspended=("SUSP", TODAY)),
        replace(standing, unmarked=(3, MONDAY)),
        replace(standing, custody=Told("custody", MONDAY, MONDAY)),
        replace(standing, fall=Fall(10, MONDAY)),
        replace(standing, reviews=(Review("part-time", MONDAY, 5),)),
    )
    assert said(first_days, own).startswith("newly severe (provisional: 4 sessions)")
    for each in worries:
        assert score(parts(first_days, own)) < score(parts(each, own))
    for sessions in (Sessions(own.provisional_possible_sessions - 1, 19), Sessions(19, 2)):
        assert parts(replace(WELL, year=sessions), own)[0].points == own.most_points_provisional
    enough = Sessions(own.provisional_possible_sessions, 20)
    assert parts(replace(WELL, year=enough), own)[0].points == own.weight_newly_severe


ASLEEP = replace(WELL, snooze=Snooze(date(2026, 11, 20), date(2026, 12, 4)))


def test_a_suspension_since_a_snooze_brings_the_child_back_until_it_is_put_off_again(own: Limits) -> None:
    suspended = Told("SUSP", TODAY, TODAY)
    back = replace(ASLEEP, notices=(suspended,))
    assert said(back, own) == "snoozed until 4 Dec, but suspended on Monday 23 Nov"
    assert [each.key for each in parts(back, own)] == ["woken"]
    days_later = replace(back, as_at=date(2026, 12, 1))
    assert said(days_later, own) == said(back, own)
    again = replace(back, snooze=Snooze(TODAY, date(2026, 12, 4)))
    assert "woken" not in [each.key for each in parts(again, own)]
    known_before = replace(back, notices=(Told("SUSP", date(2026, 11, 19), date(2026, 11, 19)),))
    assert "woken" not in [each.key for each in parts(known_before, own)]
    heard_of_since = replace(back, notices=(Told("SUSP", date(2026, 11, 19), TODAY),))
    assert said(heard_of_since, own) == "snoozed until 4 Dec, but suspended on Thursday 19 Nov"


def test_custody_and_whatever_else_is_heavy_and_new_brings_a_child_back(own: Limits) -> None:
    custody = Told("custody", date(2026, 11, 22), date(2026, 11, 22))
    assert "snoozed until 4 Dec, but in custody since 22 Nov" in said(replace(ASLEEP, custody=custody), own)
    off_roll = replace(ASLEEP, is_out=True, out_from=TODAY, out_school_days=0)
    assert "snoozed until 4 Dec, but on no school's roll" in said(off_roll, own)
    light = replace(ASLEEP, absent_today=("I",))
    assert said(light, own) == "absent today (I)"


def test_an_open_action_keeps_a_child_on_the_list_who_is_not_in_care(own: Limits) -> None:
    gone = replace(SEVERE, in_group=False, custody=Told("custody", MONDAY, MONDAY))
    assert said(gone, own) == "a next step is open, not in care"
    assert said(replace(gone, overdue=(4, LONG_AGO)), own) == "action overdue by 4 school days, not in care"
    assert parts(replace(gone, open_from=None), own) == []


def test_a_part_that_grows_has_an_end(own: Limits) -> None:
    found = parts(replace(WELL, missed=Run(400, 200, MONDAY, ("I",))), own)
    assert [each.points for each in found] == [own.most_points]


def test_since_when_is_that_of_the_last_unbroken_stretch() -> None:
    days = [(LONG_AGO + timedelta(days=number), 2, there) for number, there in enumerate((0, 2, 2, 0, 0))]
    assert crossings(Sessions(18, 0), days) == {"persistent": days[3][0]}
    assert crossings(Sessions(), days)["severe"] == days[3][0]


def test_every_part_has_a_short_name(own: Limits) -> None:
    everything = replace(
        WELL, fall=Fall(9, MONDAY), missed=Run(9, 5, MONDAY, ("N",)), unexplained=Run(9, 5, MONDAY, ("N",)),
        absent_today=("N",), unmarked=(9, MONDAY), reviews=(Review("part-time", MONDAY, 2),), open_from=None,
        suspended=("SUSP", TODAY), custody=Told("custody", MONDAY, MONDAY), is_out=True, contact_school_days=30,
        overdue=(2, LONG_AGO),
        year=Sessions(100, 60),
    )  # fmt: skip
    found = [each.key for each in parts(everything, own)]
    assert len(found) == 13
    assert set(found) <= set(KEYS)


WEEK = [Mark(date(2026, 11, 16) + timedelta(days=day), half, "/", True) for day in range(5) for half in (0, 1)]


def changed(**codes: str) -> list[Mark]:
    """WEEK with the codes of some half days, by `mon_am`."""
    names = [f"{day}_{half}" for day in ("mon", "tue", "wed", "thu", "fri") for half in ("am", "pm")]
    return [
        mark._replace(code=codes[name], is_attended=codes[name] in "/DB") if name in codes else mark
        for name, mark in zip(names, WEEK, strict=True)
    ]


def test_a_run_ends_at_the_last_half_day_attended_in_any_register() -> None:
    halves = half_days(changed(wed_am="I", thu_am="I", thu_pm="I", fri_am="N", fri_pm="O"))
    assert missed_run(halves) == Run(4, 2, date(2026, 11, 19), ("I", "N", "O"))
    assert unexplained_run(halves) == Run(2, 1, date(2026, 11, 20), ("N", "O"))
    elsewhere = Mark(date(2026, 11, 20), 0, "/", True)
    assert missed_run(half_days([*changed(fri_am="I", fri_pm="I"), elsewhere])) == Run(1, 1, date(2026, 11, 20), ("I",))


def test_planned_absence_neither_lengthens_a_run_nor_ends_it() -> None:
    halves = half_days(changed(thu_am="O", thu_pm="C2", fri_am="O", fri_pm="S"))
    assert unexplained_run(halves) == Run(2, 2, date(2026, 11, 19), ("O",))
    assert missed_run(half_days(WEEK)) is None
    assert missed_run([]) is None


MONDAYS = [date(2026, 8, 31) + timedelta(weeks=number) for number in range(12)]


def test_a_fall_is_told_in_whole_points_and_since_its_first_week() -> None:
    weeks = [(10, 10)] * 8 + [(10, 8)] * 4
    assert rolling_attendance.change_points(weeks) == pytest.approx(80 - 1120 / 12)
    assert rolling_attendance.fall(weeks, MONDAYS, 5) == Fall(13, MONDAYS[9])
    assert rolling_attendance.fall(weeks, MONDAYS, 14) is None
    assert rolling_attendance.fall([(10, 10)] * 12, MONDAYS, 0) is None


def test_too_few_sessions_say_nothing_of_a_fall() -> None:
    few = [(10, 10)] * 8 + [(2, 0)] * 4
    assert rolling_attendance.change_points(few) is None
    assert rolling_attendance.points_fallen(few) == 0
    assert rolling_attendance.points_fallen([*few[:11], (4, 0)]) > 0


@pytest.mark.parametrize(("as_at", "expected"), [(TODAY, NOT_YET), (TODAY + timedelta(days=1), TOO_FEW)])
def test_an_effect_is_known_once_the_last_day_is_over(as_at: date, expected: str) -> None:
    days = Windows((MONDAY, LONG_AGO), (LONG_AGO + timedelta(days=1), TODAY))
    assert state(days, 20, 9, as_at, 10) == expected
    assert state(days, 20, 10, as_at, 10) != TOO_FEW

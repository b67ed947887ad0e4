"""Deadlines: from which day, how many days of which kind, and a plain sentence.

How many days each one gives is a threshold (`data/reference/thresholds.csv`), read on the day the clock starts.
Every function may raise CalendarNotLoaded, whose text can be shown, and NotInForce for a missing threshold.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import Enum

from vs_core.rules.dated import Thresholds
from vs_core.rules.exclusions import ExclusionLimits
from vs_core.rules.school_calendar import SchoolCalendar, calendar_day_after, working_day_after


class DayKind(Enum):
    """How the days of a deadline are counted."""

    SCHOOL = "school day"
    WORKING = "working day"
    CALENDAR = "calendar day"


@dataclass(frozen=True)
class Deadline:
    """A day by which something has to be done; `days` is None where a term or half term sets it."""

    on: date
    kind: DayKind
    days: int | None
    sentence: str

    def is_overdue(self, as_at: date) -> bool:
        """Overdue from the day after."""
        return as_at > self.on


@dataclass(frozen=True)
class Clock:
    """The calendar and the limits of one authority, or of one school in it."""

    calendar: SchoolCalendar
    thresholds: Thresholds
    la: str
    urn: str | None = None

    def after(self, start: date, threshold: str, kind: DayKind, what: str) -> Deadline:
        """`what` has to be done within the days of a threshold after `start`, which itself does not count."""
        days = self.thresholds.whole(threshold, start)
        return _deadline(self.day_after(start, days, kind), kind, days, what)

    def day_after(self, start: date, days: int, kind: DayKind) -> date:
        """The last of so many days after `start`."""
        if kind is DayKind.SCHOOL:
            return self.calendar.school_day_after(start, days, self.la, self.urn)
        return working_day_after(start, days) if kind is DayKind.WORKING else calendar_day_after(start, days)

    def days_left(self, deadline: Deadline, as_at: date) -> int:
        """School days still to come up to and with the deadline's day; 0 on that day and after."""
        return self.calendar.school_days_since(as_at, deadline.on, self.la, self.urn)

    def school_days_ago(self, day: date, as_at: date) -> int:
        return self.calendar.school_days_since(day, as_at, self.la, self.urn)


def education_from_day_1(suspended_on: date, clock: Clock) -> Deadline:
    """A child in care is expected to be taught from the first school day of a suspension.

    Source: DfE, Suspension and permanent exclusion guidance (children with a social worker).
    """
    return _school_day_of_suspension(suspended_on, "first_day_provision_school_day", clock)


def education_from_day_6(suspended_on: date, clock: Clock) -> Deadline:
    """Education has to be provided from the sixth school day, the first day of the suspension counted as day 1.

    Source: DfE, Suspension and permanent exclusion guidance. By the school for a suspension, else by the authority.
    """
    return _school_day_of_suspension(suspended_on, "sixth_day_provision_school_day", clock)


def governors_meeting_due(notified_on: date, clock: Clock, must_meet: bool) -> Deadline:
    """Governors have to meet, or to meet if the parent asks, within school days of being told."""
    threshold = "governors_must_meet_school_days" if must_meet else "governors_if_asked_school_days"
    return clock.after(notified_on, threshold, DayKind.SCHOOL, "Governors meet")


def exclusion_limits(thresholds: Thresholds, on: date) -> ExclusionLimits:
    """The limits of 5, 15 and 45 school days as they stand on a day."""
    return ExclusionLimits(
        thresholds.whole("governors_may_meet_over_days_in_term", on),
        thresholds.whole("governors_must_meet_over_days_in_term", on),
        thresholds.whole("suspension_days_in_year", on),
    )


def place_due(needed_on: date, clock: Clock) -> Deadline:
    """A child without a school has a place within school days of needing one (20 by default)."""
    return clock.after(needed_on, "school_place_school_days", DayKind.SCHOOL, "A school place is found")


def school_decision_due(applied_on: date, clock: Clock) -> Deadline:
    """A school says yes or no in writing within school days of being asked (15 by default)."""
    return clock.after(applied_on, "school_decision_school_days", DayKind.SCHOOL, "The school decides in writing")


def initial_pep_started_due(entered_care_on: date, clock: Clock) -> Deadline:
    """The social worker starts the first plan within working days of the child entering care (10 by default)."""
    return clock.after(entered_care_on, "pep_initiated_working_days", DayKind.WORKING, "The first plan is started")


def initial_pep_due(entered_care_on: date, clock: Clock) -> Deadline:
    """The first plan is complete for the first review, within working days of entering care (20 by default)."""
    return clock.after(entered_care_on, "pep_complete_working_days", DayKind.WORKING, "The first plan is complete")


def pep_finish_due(meeting_on: date, clock: Clock) -> Deadline:
    """The designated teacher finishes the plan within days of the meeting (5 school days by default)."""
    return clock.after(meeting_on, "pep_finish_school_days", DayKind.SCHOOL, "The designated teacher finishes the plan")


def next_pep_due(last_meeting_on: date, clock: Clock) -> Deadline:
    """A plan every term: by the end of the next term, and no more months after the last one than the threshold says."""
    months = clock.thresholds.whole("pep_interval_months", last_meeting_on)
    term = clock.calendar.term_on(last_meeting_on, clock.la, clock.urn)
    _, last_day = clock.calendar.term_bounds(term.following, clock.la, clock.urn)
    limit = months_after(last_meeting_on, months)
    kind = DayKind.SCHOOL if last_day <= limit else DayKind.CALENDAR
    return _deadline(min(last_day, limit), kind, None, "The next plan is complete")


def first_review_due(started_on: date, clock: Clock) -> Deadline:
    """A part-time timetable or alternative provision is first reviewed by the end of the half term it starts in."""
    last = clock.calendar.half_term_end_from(started_on, 0, clock.la, clock.urn)
    return _deadline(last, DayKind.SCHOOL, None, "The provision is reviewed")


def next_review_due(reviewed_on: date, clock: Clock) -> Deadline:
    """After a review, the next one is due by the end of the following half term."""
    last = clock.calendar.half_term_end_from(reviewed_on, 1, clock.la, clock.urn)
    return _deadline(last, DayKind.SCHOOL, None, "The provision is reviewed")


def reason_due(marked_on: date, clock: Clock) -> Deadline:
    """A mark without a reason (code N) is replaced within school days (5 by default).

    Source: DfE, Working together to improve school attendance, 2024.
    """
    return clock.after(
        marked_on, "no_reason_code_school_days", DayKind.SCHOOL, "The reason for the absence is recorded"
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def long_date(day: date) -> str:
    """`23 November 2026`."""
    return f"{day.day} {day:%B %Y}"


def _school_day_of_suspension(suspended_on: date, threshold: str, clock: Clock) -> Deadline:
    number = clock.thresholds.whole(threshold, suspended_on)
    day = clock.calendar.nth_school_day_from(suspended_on, number, clock.la, clock.urn)
    sentence = f"Education is provided from school day {number} of the suspension: {long_date(day)}."
    return Deadline(day, DayKind.SCHOOL, number, sentence)


def _deadline(on: date, kind: DayKind, days: int | None, what: str) -> Deadline:
    within = "" if days is None else f" ({days} {kind.value}{'' if days == 1 else 's'})"
    return Deadline(on, kind, days, f"{what} by {long_date(on)}{within}.")

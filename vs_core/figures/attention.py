"""What needs somebody's decision this week: sentences over the rows of the figures, the most serious first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from vs_core.figures import behind
from vs_core.figures.changes import Changes
from vs_core.figures.out_of_school import with_school_days
from vs_core.rules.clocks import Clock, DayKind, governors_meeting_due, initial_pep_due, long_date
from vs_core.rules.dated import NotInForce
from vs_core.rules.day_columns import as_days
from vs_core.rules.listed import is_one_unlisted, left_out, listed
from vs_core.rules.pp_plus import payment_runs, runs_left
from vs_core.rules.school_calendar import CalendarNotLoaded

INCLUSION, OPERATIONS, ADVISER = "inclusion", "operations", "adviser"
UNDECIDED = ("issued", "review")
"""States of a permanent exclusion that governors have not decided on."""


@dataclass(frozen=True)
class Matter:
    """What is to be decided.

    key: the same every week; about: what an action on it is about; headline: with the number; detail: how old, what
    follows; role: who acts (`access.roles`); next_step: what an action on it says at the start; rows: those counted;
    newest_on: from when the last of them is a matter, so that an action from before does not answer it (None: any
    does); severe: somebody's education stops or money is lost."""

    key: str
    about: str
    headline: str
    detail: str
    role: str
    next_step: str
    rows: pd.DataFrame
    newest_on: date | None = None
    severe: bool = True

    @property
    def children(self) -> int:
        """Children behind it."""
        return int(self.rows["child_key"].nunique()) if "child_key" in self.rows else 0

    def is_answered(self, opened_on: date) -> bool:
        """Whether an action opened on a day is about all that the matter is about now."""
        return self.newest_on is None or opened_on >= self.newest_on

    def latest_action(self, open_actions: pd.DataFrame) -> pd.Series | None:
        """The latest of the open actions (rows of `actions.open`) that is about it and may be listed."""
        shown = listed(open_actions)
        own = shown[shown["subject"] == self.about]
        return None if own.empty else own.sort_values(["opened_on", "action_id"]).iloc[-1]


@dataclass(frozen=True)
class Week:
    """What the matters are read from. changes: by subject, now and a week before; without_school: rows of
    `out_of_school.since`; without_register: pupils of the schools that sent none in the last school week
    (`freshness.missing_registers`); without_plan: rows of `first_plans.without`."""

    as_at: date
    changes: Mapping[str, Changes]
    without_school: pd.DataFrame
    without_register: pd.DataFrame
    without_plan: pd.DataFrame = field(default_factory=pd.DataFrame)


def matters(week: Week, clock: Clock) -> tuple[list[Matter], list[str]]:
    """The matters of a week, the most serious first, and sentences for what could not be worked out."""
    found: list[Matter] = []
    notes: list[str] = []
    for rule in _RULES:
        try:
            matter = rule(week, clock)
        except (CalendarNotLoaded, NotInForce) as error:
            notes.append(str(error))
            continue
        found += [_told(matter)] if matter else []
    return found, list(dict.fromkeys(notes))


def _told(matter: Matter) -> Matter:
    """A matter of one child alone who may not be listed has no more to it than its headline."""
    return replace(matter, detail=left_out(matter.rows)) if is_one_unlisted(matter.rows) else matter


def _permanent_exclusions(week: Week, clock: Clock) -> Matter | None:
    """Those that came to be known this week, and those whose governors have still to meet."""
    compared = week.changes["exclusions"]
    every = behind(compared.now, "permanent_exclusions")
    new = every if compared.before is None else compared.moved_in("permanent_exclusions")
    due = pd.Series([_governors_meet(row, clock) for row in every.itertuples()], every.index, dtype=object)
    open_still = every["status"].isna() | every["status"].isin(UNDECIDED)
    rows = every.assign(governors_by=due)[
        every["notice_key"].isin(new["notice_key"]) | (open_still & (due >= week.as_at if len(due) else False))
    ]
    if rows.empty:
        return None
    fresh = rows["notice_key"].isin(new["notice_key"])
    said = f"{_counted(len(rows), 'permanent exclusion')}" + (" issued" if fresh.any() else " before governors")
    return Matter(
        "permanent-exclusion",
        "Permanent exclusion",
        said,
        f"{_who(rows)}, {_days_of(rows['start_date'])}. {_consulted(rows)}{_first_meeting(rows)}",
        INCLUSION,
        "Speak to the head; prepare what the governors are told",
        rows,
        max(rows["start_date"]),
    )


def _governors_meet(row: Any, clock: Clock) -> date:
    told = row.start_date if pd.isna(row.notified_on) else row.notified_on
    return governors_meeting_due(told, clock, must_meet=True).on


def _consulted(rows: pd.DataFrame) -> str:
    asked = rows["consulted_virtual_school"]
    without = int((asked.notna() & ~asked.fillna(False).astype(bool)).sum())
    if not without:
        return ""
    return "The school did not consult us first. " if len(rows) == 1 else f"{without} without asking us first. "


def _first_meeting(rows: pd.DataFrame) -> str:
    return f"Governors meet by {long_date(min(rows['governors_by']))}."


def _without_school(week: Week, clock: Clock) -> Matter | None:
    if week.without_school.empty:
        return None
    limit = clock.thresholds.whole("school_place_school_days", week.as_at)
    counted = with_school_days(week.without_school, clock.calendar, clock.la, week.as_at)
    rows = counted[(counted["school_days"].fillna(0) > limit) | counted["is_longer"]]
    if rows.empty:
        return None
    known = rows["school_days"].dropna()
    longest = f"Longest: {int(known.max())} school days. " if len(known) else ""
    directed = int(rows["directed_on"].notna().sum())
    last = max(known.index, key=lambda place: rows.loc[place, "out_since"], default=None)
    newest = clock.day_after(rows.loc[last, "out_since"], limit + 1, DayKind.SCHOOL) if last is not None else None
    return Matter(
        "without-school",
        "Without a school",
        f"{_counted(len(rows), 'child', 'children')} without a school for over {limit} school days",
        f"{longest}{_part(_unaccompanied(rows), len(rows), 'unaccompanied')}"
        f"{_of_years(rows)}{_part(directed, len(rows), 'with a direction')}".rstrip(),
        ADVISER,
        "Agree a school with the admissions team, or direct one",
        rows.sort_values("out_since", kind="stable"),
        newest,
    )


def _unaccompanied(rows: pd.DataFrame) -> int:
    return int(rows["is_unaccompanied_from_file"].fillna(False).astype(bool).sum())


def _of_years(rows: pd.DataFrame) -> str:
    return _part(int((rows["year_group"] == "11").sum()), len(rows), "in Year 11")


def _long_suspensions(week: Week, clock: Clock) -> Matter | None:
    compared = week.changes["exclusions"]
    rows = behind(compared.now, "over_15_days_in_term")
    if rows.empty:
        return None
    limit = clock.thresholds.whole("governors_must_meet_over_days_in_term", week.as_at)
    count = _counted(len(rows), "child", "children")
    return Matter(
        "suspended-over-limit",
        "Long suspensions",
        f"{count} suspended for more than {limit} days this term",
        f"{_who(rows)}; most: {_number(rows['days'].max())} days. Governors must meet on each further suspension.",
        INCLUSION,
        "Check that governors have met; ask for another plan than suspension",
        rows,
        week.as_at - timedelta(days=6) if len(compared.moved_in("over_15_days_in_term")) else None,
    )


def _newly_severe(week: Week, clock: Clock) -> Matter | None:
    compared = week.changes["attendance"]
    rows = compared.moved_in("severely_absent")
    if rows.empty:
        return None
    fewest = clock.thresholds.whole("provisional_possible_sessions", week.as_at)
    few = int((rows["possible_sessions"] < fewest).sum())
    early = f" {few} on fewer than {fewest} possible sessions: provisional." if few else ""
    return Matter(
        "newly-severe",
        "Severe absence",
        f"{_counted(len(rows), 'child', 'children')} became severely absent since last week",
        f"Half or more of their sessions missed since {long_date(compared.now.frame.start)}.{early}",
        INCLUSION,
        "Call the school and the carer; agree what brings the child back",
        rows.sort_values("attendance_percent", kind="stable"),
        week.as_at - timedelta(days=6),
    )


def _reviews(week: Week, clock: Clock) -> Matter | None:
    rows = behind(week.changes["provision"].now, "reviews_overdue")
    if rows.empty:
        return None
    first = min(rows["review_due"])
    return Matter(
        "reviews-overdue",
        "Reviews overdue",
        f"{_counted(len(rows), 'part-time timetable or placement', 'part-time timetables or placements')}"
        " past the half-term review",
        f"{_kinds(rows)}. {'The oldest was' if len(rows) > 1 else 'It was'} due on {long_date(first)}"
        f"{_school_days_ago(first, week, clock)}.",
        INCLUSION,
        "Ask the school for the review, or for the day on which full time starts",
        rows,
        max(rows["review_due"]) + timedelta(days=1),
    )


def _kinds(rows: pd.DataFrame) -> str:
    words = {"part-time": "part-time", "alternative provision": "in alternative provision"}
    counts = rows["kind"].value_counts()
    return ", ".join(f"{counts[kind]} {said}" for kind, said in words.items() if kind in counts)


def _money_at_risk(week: Week, clock: Clock) -> Matter | None:
    money = week.changes["pp-plus"].now if "pp-plus" in week.changes else None
    if money is None or not money.figures["at_risk_pence"]:
        return None
    figures = money.figures
    spendable = figures["allocation_pence"] - figures["retained_pence"]
    rows = behind(money, "children_without_spend")
    return Matter(
        "money-at-risk",
        "Pupil Premium Plus at risk",
        f"{_pounds(figures['at_risk_pence'])} at risk on 31 March",
        f"Forecast spend is {figures['forecast_pence'] * 100 / spendable:.0f}% of {_pounds(spendable)}; "
        f"{_counted(len(rows), 'eligible child', 'eligible children')} "
        f"{'has' if len(rows) == 1 else 'have'} nothing requested. {_last_run(week, clock)}",
        OPERATIONS,
        "Ask schools for requests for the children without any; plan what else the money does",
        rows,
    )


def _last_run(week: Week, clock: Clock) -> str:
    year = week.changes["pp-plus"].now.frame.financial_year
    day, last = (
        clock.thresholds.whole(name, week.as_at) for name in ("payment_run_day", "last_payment_run_day_in_march")
    )
    left = runs_left(payment_runs(year, day, last), week.as_at)
    return (
        f"The last of {_counted(len(left), 'payment run')} is on {long_date(left[-1])}." if left else "No run is left."
    )


def _without_offer(week: Week, clock: Clock) -> Matter | None:
    """From the month after the one by which every pupil of Year 11 should have an offer, until the summer."""
    month = clock.thresholds.whole("year_11_offer_month", week.as_at)
    young = week.changes["post-16"].now
    rows = behind(young, "year_11_without_offer")
    if rows.empty or not month < week.as_at.month < 9:
        return None
    return Matter(
        "year-11-without-offer",
        "Year 11 without an offer",
        f"{_counted(len(rows), 'pupil')} in Year 11 without an offer for September",
        f"Of {int((young.rows['children']['year_group'] == '11').sum())} in the year.",
        ADVISER,
        "Agree two applications with each young person and the social worker",
        rows,
        severe=False,
    )


def _plans_overdue(week: Week, clock: Clock) -> Matter | None:
    rows = behind(week.changes["pep"].now, "overdue")
    if rows.empty:
        return None
    first = min(rows["due_on"])
    initial = int((rows["kind"] == "initial").sum())
    return Matter(
        "plans-overdue",
        "Plans overdue",
        f"{_counted(len(rows), 'education plan')} overdue",
        f"{'The oldest was' if len(rows) > 1 else 'It was'} due on {long_date(first)}"
        f"{_school_days_ago(first, week, clock)}."
        + (f" {_counted(initial, 'first plan')} among them." if initial else ""),
        ADVISER,
        "Chase the meetings that have not been held; sign off the rest",
        rows.sort_values("due_on", kind="stable"),
        severe=False,
    )


def _without_first_plan(week: Week, clock: Clock) -> Matter | None:
    """Children whose first plan should be complete and of whom no plan is known at all."""
    if week.without_plan.empty:
        return None
    due = [initial_pep_due(day, clock) for day in week.without_plan["entered_on"]]
    late = [each.is_overdue(week.as_at) for each in due]
    rows = week.without_plan.assign(due_on=[each.on for each in due])[late]
    if rows.empty:
        return None
    first = min(rows["due_on"])
    return Matter(
        "no-first-plan",
        "First plan",
        f"{_counted(len(rows), 'child', 'children')} without a first plan",
        f"In no file of plans. {'The oldest was' if len(rows) > 1 else 'It was'} due on {long_date(first)}, "
        f"{due[0].days} working days after coming into care.",
        ADVISER,
        "Ask the social worker who starts the plan, and when the meeting is",
        rows.sort_values("due_on", kind="stable"),
        max(rows["due_on"]) + timedelta(days=1),
        severe=False,
    )


def _registers(week: Week, _clock: Clock) -> Matter | None:
    rows = week.without_register
    if rows.empty:
        return None
    schools = rows["school_number"].nunique()
    return Matter(
        "registers-missing",
        "Registers not received",
        f"{_counted(schools, 'school')} sent no register last week",
        f"For {_counted(len(rows), 'child', 'children')}: nobody has said whether they were there.",
        INCLUSION,
        "Ring the schools; check with the collecting company",
        rows.sort_values("school", kind="stable"),
        week.as_at - timedelta(days=6),
    )


_RULES: tuple[Callable[[Week, Clock], Matter | None], ...] = (
    _permanent_exclusions,
    _without_school,
    _long_suspensions,
    _newly_severe,
    _reviews,
    _money_at_risk,
    _registers,
    _without_offer,
    _without_first_plan,
    _plans_overdue,
)
"""In the order of seriousness."""


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}" if count else f"No {many or one + 's'}"


def _pounds(pence: int) -> str:
    return f"£{pence / 100:,.0f}"


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _part(count: int, whole: int, said: str) -> str:
    return f"{'All' if count == whole and whole > 1 else count} {said}. " if count else ""


def _who(rows: pd.DataFrame) -> str:
    """`Year 9`, `Years 9 and 10`."""
    numbered = sorted({group for group in rows["year_group"].dropna() if group.isdigit()}, key=int)
    if not numbered or len(numbered) > 3:
        return _counted(rows["child_key"].nunique(), "child", "children")
    return f"Year{'s' if len(numbered) > 1 else ''} {_listed(numbered)}"


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _days_of(column: pd.Series) -> str:
    days = sorted(set(as_days(column).dt.date))
    return f"{days[0]:%A} {long_date(days[0])}" if len(days) == 1 else f"{long_date(days[0])} to {long_date(days[-1])}"


def _school_days_ago(day: date, week: Week, clock: Clock) -> str:
    if not clock.calendar.is_loaded(day, clock.la):
        return ""
    return f", {_counted(clock.school_days_ago(day, week.as_at), 'school day')} ago"

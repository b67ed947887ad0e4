"""What of one child needs somebody's decision, in the rules of the weekly review: a sentence each, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.figures import behind
from vs_core.figures.attention import UNDECIDED
from vs_core.figures.child import Child, in_custody
from vs_core.rules.provision import PART_TIME
from vs_core.ui import words
from vs_core.ui.load import child as read
from vs_core.ui.parts import attention
from vs_core.ui.parts.attention import Point
from vs_core.ui.parts.child_timeline import hours_of

NOTHING = "Nothing about this child waits for a decision by the rules of the weekly review."
DAYS_LEFT_TOLD = 5
"""Days before the limit of a year from which it is told: a school week."""


def draw(viewer: Viewer, of: Child) -> None:
    """The points in one box."""
    rules = (*_RULES, *([_money] if viewer.may(roles.SEE_MONEY) else []))
    attention.draw([point for rule in rules for point in rule(of)], nothing=NOTHING)


def _permanent_exclusion(of: Child) -> Iterator[Point]:
    rows = behind(of.subjects["exclusions"], "permanent_exclusions")
    this_year = rows[pd.to_datetime(rows["start_date"]) >= pd.Timestamp(of.frame.start)]
    for row in _each(this_year):
        undecided = pd.isna(row.status) or row.status in UNDECIDED
        stands = "Governors have not decided." if undecided else f"{row.status.capitalize()}."
        yield Point("Permanently excluded", f"on {words.long_day(row.start_date)}. {stands}")


def _custody(of: Child) -> Iterator[Point]:
    stay = in_custody(of)
    if stay is None:
        return
    release = stay["expected_release"]
    said = f"Release expected on {words.long_day(release)}. " if _is(release) else "No day of release is known. "
    steps = (
        ("education_assessed_on", "Education not assessed. "),
        ("pep_shared_on", "PEP not shared with the setting."),
    )
    undone = "".join(missing for name, missing in steps if not _is(stay[name]))
    yield Point("In custody", f"since {words.long_day(stay['started_on'])}. {said}{undone}")


def _without_school(of: Child) -> Iterator[Point]:
    for row in _each(of.without_school):
        days = "" if pd.isna(row.school_days) else f" for {words.counted(int(row.school_days), 'school day')}"
        since = f" since {words.long_day(row.out_since)}" if _is(row.out_since) else ""
        steps = [
            f"{label} on {words.long_day(day)}"
            for label, day in (("applied", row.applied_on), ("directed", row.directed_on))
            if _is(day)
        ]
        yield Point(
            f"On no school's roll{days}", f"{since.strip()}{'; ' if since and steps else ''}{', '.join(steps)}."
        )


def _absence(of: Child) -> Iterator[Point]:
    for row in _each(of.subjects["attendance"].rows["children"]):
        if not row.is_persistently_absent:
            continue
        share = f"{row.absent_sessions:,} of {row.possible_sessions:,} possible sessions missed this year"
        unauthorised = f"{row.unauthorised_absence_sessions:,} without leave"
        since: Any = None if of.course.empty else of.course["persistent_from"].iloc[0]
        from_when = f" Persistent since the week of {words.long_day(since)}." if _is(since) else ""
        word = "Severely absent" if row.is_severely_absent else "Persistently absent"
        few = row.possible_sessions < read.provisional_under(of.frame.as_at)
        yield Point(word, f"{share}, {unauthorised}.{from_when}{' On few sessions: provisional.' if few else ''}")


def _suspensions(of: Child) -> Iterator[Point]:
    days, limits = of.days, of.days.limits
    term, year = (words.figure(count, "days") for count in (days.in_term, days.in_year))
    if days.in_term > limits.governors_must_meet_over_days:
        most = limits.governors_must_meet_over_days
        yield Point(f"Suspended for {term} days this term", f"Over {most}: governors must meet.")
    if days.in_year > limits.year_limit_days:
        yield Point(f"Suspended for {year} days this year", f"Over the {limits.year_limit_days} that the law allows.")
    elif days.in_year >= limits.year_limit_days - DAYS_LEFT_TOLD:
        left = words.figure(limits.year_limit_days - days.in_year, "days")
        yield Point(f"Suspended for {year} days this year", f"{left} left of the {limits.year_limit_days} in a year.")


def _timetables(of: Child) -> Iterator[Point]:
    for row in _each(of.subjects["provision"].rows["timetables"]):
        what = "On a part-time timetable" if row.kind == PART_TIME else "In alternative provision"
        late = ", review overdue" if row.review_overdue else ""
        place = f"at {row.provider}" if _is(row.provider) and row.provider else ""
        said = [f"since {words.long_day(row.start)}", hours_of(row), place]
        due = f" The review was due on {words.long_day(row.review_due)}." if row.review_overdue else ""
        yield Point(f"{what}{late}", f"{', '.join(filter(None, said))}.{due}")


def _plans(of: Child) -> Iterator[Point]:
    for row in _each(behind(of.subjects["pep"], "overdue")):
        yield Point(
            "Education plan overdue", f"{row.kind.capitalize()} of {row.term}, due on {words.long_day(row.due_on)}."
        )
    if of.first_plan_due and of.first_plan_due < of.frame.as_at:
        yield Point(
            "No education plan", f"In no file of plans; the first was due on {words.long_day(of.first_plan_due)}."
        )


def _after_16(of: Child) -> Iterator[Point]:
    young = of.subjects["post-16"]
    if young.figures["neet"]:
        yield Point("Not in education, employment or training", "Agree the next step with the young person.")
    if young.figures["year_11_without_offer"] and read.offers_are_due(of.frame.as_at):
        yield Point("No offer for September", "In Year 11.")


def _money(of: Child) -> Iterator[Point]:
    money = of.subjects["pp-plus"]
    if len(behind(money, "children_without_spend")):
        year = money.frame.financial_year
        yield Point("Nothing asked for", f"Eligible for Pupil Premium Plus, and no request in {year}.")


def _each(rows: pd.DataFrame) -> Iterator[Any]:
    yield from rows.itertuples()


def _is(value: Any) -> bool:
    return value is not None and not pd.isna(value)


_RULES: tuple[Callable[[Child], Iterator[Point]], ...] = (
    _permanent_exclusion,
    _custody,
    _without_school,
    _absence,
    _suspensions,
    _timetables,
    _plans,
    _after_16,
)
"""In the order of seriousness."""

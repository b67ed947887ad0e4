"""Projects for children: who may take part, who does, and the figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from vs_core.rules.cohorts import YEAR_GROUPS
from vs_core.rules.day_columns import as_days, covers, empty_or_from, on_or_before
from vs_core.rules.frame import Frame
from vs_core.rules.measure import COHORT_FILE, Figures, Measure
from vs_core.rules.register import percent_of

ENROLLED = frozenset({"enrolled", "completed", "left"})
"""Statuses of a place that was taken up."""
ACTIVE_WEEKS = 4
_AGREED = "The project's own agreement with the virtual school"


@dataclass(frozen=True)
class Project:
    """One row of `data/reference/projects.csv`. Empty years: every year group; no minutes: no usage rule."""

    name: str
    years_from: str | None = None
    years_to: str | None = None
    cohorts: tuple[str, ...] = ()
    minutes_per_week: int | None = None
    target: str | None = None
    unit_cost_pence: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


MEASURES = (
    Measure(
        "eligible",
        "projects",
        "Eligible",
        "Children of the group who on the day are in a school year that the project is for.",
        "Year group from the project's first to its last year.",
        _AGREED,
        "count",
        None,
        (COHORT_FILE,),
    ),
    Measure(
        "offered",
        "projects",
        "Offered a place",
        "Children who were offered a place, whatever came of it.",
        "A place of any status, offered (or begun) by the end of the period and not ended before it began.",
        _AGREED,
        "count",
        "up",
        ("project-places",),
    ),
    Measure(
        "enrolled",
        "projects",
        "Took a place",
        "Children who took a place up within the period, eligible or not.",
        "A place that is enrolled, completed or left, begun by the end of the period and not ended before it began.",
        _AGREED,
        "count",
        "up",
        ("project-places",),
    ),
    Measure(
        "active",
        "projects",
        "Taking part",
        "Children who really take part just now.",
        "Where the project has a weekly target: enrolled, and reached it in one of the last four weeks. "
        "Else: enrolled and not ended on the day.",
        _AGREED,
        "count",
        "up",
        ("project-places",),
    ),
    Measure(
        "take_up_percent",
        "projects",
        "Take-up",
        "The share of eligible children who took a place up.",
        "Children both enrolled and eligible of eligible children.",
        _AGREED,
        "percent",
        "up",
        ("project-places", COHORT_FILE),
    ),
)


def projects(
    each: Iterable[Project], children: pd.DataFrame, places: pd.DataFrame, usage: pd.DataFrame, frame: Frame
) -> dict[str, Figures]:
    """The figures of every project, by its name.

    `children`: one row a child of the cohort on `as_at`: `child_id`, `year_group`.
    `places`: `project`, `child_id` (empty: a school's place), `status`, `start`, `end`, `offered_on`.
    `usage`: `project`, `child_id`, `week` (a Monday), `minutes`.
    """
    return {project.name: project_figures(project, children, places, usage, frame) for project in each}


def project_figures(
    project: Project, children: pd.DataFrame, places: pd.DataFrame, usage: pd.DataFrame, frame: Frame
) -> Figures:
    """One project's figures; frames as in `projects`."""
    eligible = eligible_children(project, children)
    own = places[(places["project"] == project.name) & places["child_id"].notna()]
    enrolled = enrolled_children(own, frame)
    return {
        "eligible": len(eligible),
        "offered": len(offered_children(own, frame)),
        "enrolled": len(enrolled),
        "active": len(active_children(project, own, usage, frame)),
        "take_up_percent": percent_of(len(enrolled & eligible), len(eligible)),
    }


def is_eligible_year(project: Project, year_group: str) -> bool:
    """Whether a year group lies within the project's; `not known` only where the project takes every year."""
    if not project.years_from and not project.years_to:
        return True
    if year_group == "not known":
        return False
    first = YEAR_GROUPS.index(project.years_from or YEAR_GROUPS[0])
    last = YEAR_GROUPS.index(project.years_to or "over 18")
    return first <= YEAR_GROUPS.index(year_group) <= last


def eligible_children(project: Project, children: pd.DataFrame) -> set[str]:
    fits = {group for group in YEAR_GROUPS if is_eligible_year(project, group)}
    return set(children.loc[children["year_group"].isin(fits), "child_id"])


def offered_children(places: pd.DataFrame, frame: Frame) -> set[str]:
    """Children with a place of any status, offered or begun by the period's end and not ended before its start."""
    offered = as_days(places["offered_on"]).fillna(as_days(places["start"]))
    current = (offered <= pd.Timestamp(frame.end)) & empty_or_from(places["end"], frame.start)
    return set(places.loc[current, "child_id"])


def enrolled_children(places: pd.DataFrame, frame: Frame) -> set[str]:
    return set(_enrolled(places, frame)["child_id"])


def active_children(project: Project, places: pd.DataFrame, usage: pd.DataFrame, frame: Frame) -> set[str]:
    """Enrolled children who reach the weekly minutes in one of the last four weeks, or whose place has not ended."""
    enrolled = _enrolled(places, frame)
    if project.minutes_per_week is None:
        return set(enrolled.loc[covers(enrolled["start"], enrolled["end"], frame.as_at), "child_id"])
    weeks = [pd.Timestamp(week) for week in last_weeks(frame.as_at)]
    own = usage[(usage["project"] == project.name) & as_days(usage["week"]).isin(weeks)]
    reached = own[pd.to_numeric(own["minutes"]) >= project.minutes_per_week]
    return set(enrolled["child_id"]) & set(reached["child_id"])


def last_weeks(as_at: date, weeks: int = ACTIVE_WEEKS) -> list[date]:
    """The Mondays of the last weeks up to a day, the latest first; the week of the day itself is the first."""
    monday = as_at - timedelta(days=as_at.weekday())
    return [monday - timedelta(weeks=back) for back in range(weeks)]


def _enrolled(places: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    begun = on_or_before(places["start"], frame.end) & empty_or_from(places["end"], frame.start)
    return places[places["status"].isin(ENROLLED) & begun]

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
        "Children of the group who on the day are in a cohort and in a school year that the project is for.",
        "On the day of the group and of one of the project's cohorts, year group from its first to its last year.",
        _AGREED,
        "count",
        None,
        (COHORT_FILE,),
    ),
    Measure(
        "offered",
        "projects",
        "Offered a place",
        "Children of the group who were offered a place, whatever came of it.",
        "Of the group on a day of the period, with a place of any status, offered (or begun) by the end of the period "
        "and not ended before it began.",
        _AGREED,
        "count",
        "up",
        ("project-places", COHORT_FILE),
    ),
    Measure(
        "enrolled",
        "projects",
        "Took a place",
        "Children of the group who took a place up within the period, eligible or not.",
        "Of the group on a day of the period, with a place that is enrolled, completed or left, begun by the end of "
        "the period and not ended before it began.",
        _AGREED,
        "count",
        "up",
        ("project-places", COHORT_FILE),
    ),
    Measure(
        "active",
        "projects",
        "Taking part",
        "Children of the group who really take part just now.",
        "Enrolled and not ended on the day. Where the project has a weekly target, also: reached it in one of the "
        "last four weeks.",
        _AGREED,
        "count",
        "up",
        ("project-places", COHORT_FILE),
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


FLAGS = ("is_eligible", "is_offered", "is_enrolled", "is_active")


def standing(
    each: Iterable[Project], children: pd.DataFrame, places: pd.DataFrame, usage: pd.DataFrame, frame: Frame
) -> pd.DataFrame:
    """One row a project and child that is at least one of FLAGS: `project`, `child_id` and FLAGS.

    `children`: one row a child of the frame's cohort on the day or in the period: `child_id`, `year_group`,
    `on_the_day` and `in_period` (of the frame's cohort then), `cohorts` (those it belongs to on the day).
    `places`: `project`, `child_id` (empty: a school's place), `status`, `start`, `end`, `offered_on`.
    `usage`: `project`, `child_id`, `week` (a Monday), `minutes`.
    """
    counted = set(children.loc[children["in_period"].astype(bool), "child_id"])
    ours = places[places["child_id"].isin(counted)]
    found = [
        (project.name, child_id, *(child_id in group for group in groups))
        for project in each
        for groups in [_groups(project, children, ours[ours["project"] == project.name], usage, frame)]
        for child_id in sorted(set().union(*groups))
    ]
    return pd.DataFrame(found, columns=["project", "child_id", *FLAGS])


def _groups(
    project: Project, children: pd.DataFrame, places: pd.DataFrame, usage: pd.DataFrame, frame: Frame
) -> tuple[set[str], set[str], set[str], set[str]]:
    return (
        eligible_children(project, children),
        offered_children(places, frame),
        enrolled_children(places, frame),
        active_children(project, places, usage, frame),
    )


def projects(each: Iterable[Project], standings: pd.DataFrame) -> dict[str, Figures]:
    """The figures of every project, by its name. `standings`: rows of `standing`."""
    return {project.name: _figures(standings[standings["project"] == project.name]) for project in each}


def _figures(own: pd.DataFrame) -> Figures:
    eligible, offered, enrolled, active = (own[flag].astype(bool) for flag in FLAGS)
    return {
        "eligible": int(eligible.sum()),
        "offered": int(offered.sum()),
        "enrolled": int(enrolled.sum()),
        "active": int(active.sum()),
        "take_up_percent": percent_of(int((enrolled & eligible).sum()), int(eligible.sum())),
    }


def is_for(project: Project, cohort: str) -> bool:
    """Whether a project is for everybody in a cohort, as far as its cohorts say; without any it is for all."""
    return not project.cohorts or not {"all", cohort}.isdisjoint(project.cohorts)


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
    """Children of the cohort on the day who are in one of the project's cohorts and years; frame as in `standing`."""
    fits = {group for group in YEAR_GROUPS if is_eligible_year(project, group)}
    belongs = [not project.cohorts or any(is_for(project, name) for name in own) for own in children["cohorts"]]
    chosen = children["on_the_day"].astype(bool) & pd.Series(belongs, children.index, dtype=bool)
    return set(children.loc[chosen & children["year_group"].isin(fits), "child_id"])


def offered_children(places: pd.DataFrame, frame: Frame) -> set[str]:
    """Children with a place of any status, offered or begun by the period's end and not ended before its start."""
    offered = as_days(places["offered_on"]).fillna(as_days(places["start"]))
    current = (offered <= pd.Timestamp(frame.end)) & empty_or_from(places["end"], frame.start)
    return set(places.loc[current, "child_id"])


def enrolled_children(places: pd.DataFrame, frame: Frame) -> set[str]:
    return set(_enrolled(places, frame)["child_id"])


def active_children(project: Project, places: pd.DataFrame, usage: pd.DataFrame, frame: Frame) -> set[str]:
    """Enrolled children whose place has not ended and who reach the weekly minutes, where the project has a target, in
    one of the last four weeks."""
    enrolled = _enrolled(places, frame)
    current = set(enrolled.loc[covers(enrolled["start"], enrolled["end"], frame.as_at), "child_id"])
    if project.minutes_per_week is None:
        return current
    weeks = [pd.Timestamp(week) for week in last_weeks(frame.as_at)]
    own = usage[(usage["project"] == project.name) & as_days(usage["week"]).isin(weeks)]
    reached = own[pd.to_numeric(own["minutes"]) >= project.minutes_per_week]
    return current & set(reached["child_id"])


def last_weeks(as_at: date, weeks: int = ACTIVE_WEEKS) -> list[date]:
    """The Mondays of the last weeks up to a day, the latest first; the week of the day itself is the first."""
    monday = as_at - timedelta(days=as_at.weekday())
    return [monday - timedelta(weeks=back) for back in range(weeks)]


def _enrolled(places: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    begun = on_or_before(places["start"], frame.end) & empty_or_from(places["end"], frame.start)
    return places[places["status"].isin(ENROLLED) & begun]

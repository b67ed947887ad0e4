"""Projects: the figures of each, and the children behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

from vs_core.figures import children, fetch
from vs_core.figures.subject import Answer, Behind, SubjectFigures
from vs_core.queries import care, projects
from vs_core.queries.scope import Scope
from vs_core.rules import measures
from vs_core.rules.frame import COHORTS, Frame
from vs_core.rules.projects import Project, is_for, last_weeks, standing


def answer(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """rows: `children` (of the cohort on `as_at`), `places`, `usage` (last four weeks), `standing`: one row a project
    and child of the cohort with `is_eligible`, `is_offered`, `is_enrolled`, `is_active` and the child's details."""
    each = fetch.projects(connection, frame.as_at, frame.known_on)
    known = children.of_cohort(connection, frame, scope, frame.start, frame.as_at)
    belonging = _belonging(connection, frame, scope, known, each)
    places = fetch.rows(connection, projects.places(frame.known_on, scope))
    mondays = last_weeks(frame.as_at)
    usage = fetch.rows(connection, projects.usage(mondays[-1], mondays[0], frame.known_on, scope))
    found = standing(each, belonging, places, usage, frame)
    keys = found["child_id"].map(dict(zip(known["child_id"], known["child_key"], strict=True)))
    found.insert(1, "child_key", keys.astype("int64"))
    figures = measures.projects(each, found)
    rows = {"children": known[belonging["on_the_day"]], "places": places, "usage": usage}
    rows["standing"] = children.with_identity(found, known)
    return Answer(figures, rows, _notes(figures, each, frame), projects=each)


def _belonging(
    connection: Connection, frame: Frame, scope: Scope, known: pd.DataFrame, each: list[Project]
) -> pd.DataFrame:
    """The rows of `known` with `on_the_day`, `in_period` and `cohorts` (`rules.projects.standing`)."""
    named = sorted({name for project in each for name in project.cohorts if name in COHORTS} - {frame.cohort, "all"})
    days = {name: _keys(connection, frame, scope, name, frame.as_at, frame.as_at) for name in (*named, frame.cohort)}
    in_period = _keys(connection, frame, scope, frame.cohort, frame.start, frame.end)
    cohorts = [tuple(name for name, keys in days.items() if key in keys) for key in known["child_key"]]
    return known[["child_id", "year_group"]].assign(
        on_the_day=known["child_key"].isin(days[frame.cohort]),
        in_period=known["child_key"].isin(in_period),
        cohorts=pd.Series(cohorts, known.index, dtype=object),
    )


def _keys(connection: Connection, frame: Frame, scope: Scope, cohort: str, start: date, end: date) -> set[int]:
    member = care.members(cohort, start, end, frame.known_on, scope)
    return set(connection.execute(select(member.c.child_key)).scalars())


def _notes(figures: Mapping[str, Any], each: list[Project], frame: Frame) -> dict[str, str]:
    """Why a project that is for others has no take-up in the frame's cohort."""
    return {
        f"{project.name}.take_up_percent": f"Take-up: the project is for {' and '.join(project.cohorts)}, and of this"
        " group nobody of its years is."
        for project in each
        if not is_for(project, frame.cohort) and not figures[project.name]["eligible"]
    }


def _flagged(flag: str) -> Callable[[str], Behind]:
    def of_project(project: str) -> Behind:
        def rows(of: SubjectFigures) -> pd.DataFrame:
            standing = of.rows["standing"]
            return standing[(standing["project"] == project) & standing[flag].astype(bool)]

        return rows

    return of_project


OF_PROJECT: Mapping[str, Callable[[str], Behind]] = {
    "eligible": _flagged("is_eligible"),
    "offered": _flagged("is_offered"),
    "enrolled": _flagged("is_enrolled"),
    "active": _flagged("is_active"),
    "take_up_percent": _flagged("is_eligible"),
}
"""The children behind a figure of a project, by key, then by the project's name."""

BEHIND: Mapping[str, Behind] = {}

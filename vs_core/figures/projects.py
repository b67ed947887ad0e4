"""Projects: the figures of each, and the children behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch
from vs_core.figures.subject import Answer, Behind, SubjectFigures
from vs_core.queries import care, projects
from vs_core.queries.scope import Scope
from vs_core.rules import measures
from vs_core.rules.frame import Frame
from vs_core.rules.projects import (
    Project,
    active_children,
    eligible_children,
    enrolled_children,
    last_weeks,
    offered_children,
)


def answer(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """rows: `children` (of the cohort on `as_at`), `places`, `usage` (last four weeks), `standing`: one row a project
    and child with `is_eligible`, `is_offered`, `is_enrolled`, `is_active` and the child's details."""
    known = children.of_cohort(connection, frame, scope, frame.as_at, frame.as_at)
    places = fetch.rows(connection, projects.places(frame.known_on, scope))
    mondays = last_weeks(frame.as_at)
    usage = fetch.rows(connection, projects.usage(mondays[-1], mondays[0], frame.known_on, scope))
    each = fetch.projects(connection, frame.as_at, frame.known_on)
    standing = _standing(each, known, places, usage, frame)
    others = _of_others(connection, frame, scope, standing, known)
    rows = {"children": known, "places": places, "usage": usage}
    return Answer(
        measures.projects(each, known, places, usage, frame),
        rows | {"standing": children.with_identity(standing, pd.concat([known, others]) if len(others) else known)},
        projects=each,
    )


def _standing(
    each: list[Project], known: pd.DataFrame, places: pd.DataFrame, usage: pd.DataFrame, frame: Frame
) -> pd.DataFrame:
    keys = dict(zip(known["child_id"], known["child_key"], strict=True))
    held = places[places["child_key"].notna()]
    keys |= dict(zip(held["child_id"], held["child_key"].astype("int64"), strict=True))
    found = [
        (project.name, keys[child_id], child_id, *(child_id in group for group in groups))
        for project in each
        for groups in [_groups(project, known, places, usage, frame)]
        for child_id in sorted(set().union(*groups))
    ]
    flags = ("is_eligible", "is_offered", "is_enrolled", "is_active")
    return pd.DataFrame(found, columns=["project", "child_key", "child_id", *flags])


def _groups(
    project: Project, known: pd.DataFrame, places: pd.DataFrame, usage: pd.DataFrame, frame: Frame
) -> tuple[set[str], set[str], set[str], set[str]]:
    own = places[(places["project"] == project.name) & places["child_id"].notna()]
    return (
        eligible_children(project, known),
        offered_children(own, frame),
        enrolled_children(own, frame),
        active_children(project, own, usage, frame),
    )


def _of_others(
    connection: Connection, frame: Frame, scope: Scope, standing: pd.DataFrame, known: pd.DataFrame
) -> pd.DataFrame:
    """Details of children who hold a place without being of the cohort on the day."""
    missing = set(standing["child_key"]) - set(known["child_key"])
    if not missing:
        return known.iloc[:0]
    return children.details(connection, frame, scope, care.listed(sorted(missing)))


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

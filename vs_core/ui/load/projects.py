"""What the projects page reads."""

from __future__ import annotations

from datetime import date

import pandas as pd

from vs_core.access.viewer import Viewer, scope
from vs_core.figures import SubjectFigures, fetch
from vs_core.figures.changes import Changes, week_before
from vs_core.queries import projects
from vs_core.rules import measures
from vs_core.rules.day_columns import covers
from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import Narrowing
from vs_core.rules.projects import Project
from vs_core.store.engine import retried
from vs_core.ui import load
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, narrowing, version


def compared(viewer: Viewer, chosen: Chosen) -> Changes:
    """The figures of every project for the choice, with one row a project and child in `standing`, and the same as
    they were seen a week before."""
    now, then = _of_choice(viewer, chosen.frame, chosen.only), week_before(chosen.frame)
    if then is None:
        return Changes(now, None, "The period began less than a week before.")
    return Changes(now, _of_choice(viewer, then, chosen.only))


def rules_of(frame: Frame) -> dict[str, Project]:
    """The projects of the frame's day by name: years, target, minutes a week."""
    found: list[Project] = _projects(version(), frame.as_at, frame.known_on)
    return {project.name: project for project in found}


def licences(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """Licences that run on `as_at`: `project`, `start`, `end`, `places`, `cost_pence`, `renewal_on`; the latest of each
    project. None for some children or one caseload: their places are the whole authority's, and so is their cost."""
    frame = chosen.frame
    found: pd.DataFrame = _licences(version(), frame.as_at, frame.known_on)
    is_whole = not chosen.only and scope(viewer).adviser is None
    return found if is_whole else found.iloc[:0]


def _of_choice(viewer: Viewer, frame: Frame, only: Narrowing) -> SubjectFigures:
    """The figures of the chosen children."""
    of = load.of_subject(viewer, "projects", frame)
    if not only:
        return of
    keys = narrowing.chosen_among_all(scope(viewer), version(), frame, only)
    standing, known = (of.rows[name][of.rows[name]["child_key"].isin(keys)] for name in ("standing", "children"))
    inside = set(standing["child_id"]) | set(known["child_id"])
    places, usage = (of.rows[name][of.rows[name]["child_id"].isin(inside)] for name in ("places", "usage"))
    each = [project for name, project in rules_of(of.frame).items() if name in of.figures]
    again = measures.projects(each, standing)
    figures = {
        name: {key: None if value is None else again[name][key] for key, value in own.items()}
        for name, own in of.figures.items()
    }
    rows = {"standing": standing, "children": known, "places": places, "usage": usage}
    return SubjectFigures(of.subject, of.frame, figures, of.notes, rows)


@kept
def _projects(at: Version, as_at: date, known_on: date | None) -> list[Project]:
    return retried(lambda connection: fetch.projects(connection, as_at, known_on))


@kept
def _licences(at: Version, as_at: date, known_on: date | None) -> pd.DataFrame:
    held = retried(lambda connection: fetch.rows(connection, projects.licences(known_on)))
    running = held[covers(held["start"], held["end"], as_at)].sort_values("start", kind="stable")
    return running.drop_duplicates("project", keep="last").reset_index(drop=True)

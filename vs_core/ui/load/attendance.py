"""What the attendance page reads."""

from __future__ import annotations

from datetime import date

import pandas as pd

from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import attendance as figures
from vs_core.figures import benchmarks, fetch
from vs_core.figures.benchmarks import Published
from vs_core.figures.changes import Changes
from vs_core.queries.attendance import HEADLINE
from vs_core.rules import attendance_course
from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import Narrowing
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, narrowing, version


def compared(viewer: Viewer, chosen: Chosen) -> Changes:
    """The figures of the choice with one row a child, and the same as they were seen a week before."""
    return narrowing.compared(viewer, "attendance", chosen)


def weeks(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """One row a child of the choice and week: `child_key`, `week` (a Monday) and its sessions."""
    found: pd.DataFrame = _weeks(scope(viewer), version(), chosen.frame, chosen.only)
    return found


def to_date(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """The figures as they stood at the end of each week (`rules.attendance_course.to_date`)."""
    found: pd.DataFrame = _to_date(scope(viewer), version(), chosen.frame, chosen.only)
    return found


def courses(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """How each child moved (`rules.attendance_course.of_children`)."""
    found: pd.DataFrame = _courses(scope(viewer), version(), chosen.frame, chosen.only)
    return found


@kept
def _weeks(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    rows = retried(lambda connection: figures.weeks_by_child(connection, frame, seen))[["child_key", "week", *HEADLINE]]
    return rows[rows["child_key"].isin(narrowing.keys_of(seen, at, frame, only))] if only else rows


@kept
def _to_date(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    return attendance_course.to_date(_weeks(seen, at, frame, only))


@kept
def _courses(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    return attendance_course.of_children(_weeks(seen, at, frame, only))


def provisional_under(on: date) -> int:
    """Possible sessions under which a child's absence is marked provisional."""
    found: int = _provisional_under(version(), on)
    return found


@kept
def _provisional_under(at: Version, on: date) -> int:
    return retried(fetch.thresholds).whole("provisional_possible_sessions", on)


def published(chosen: Chosen) -> list[Published]:
    """The department's latest figures for the chosen group: England, the region, the authority. None for some of its
    children, because they are for all of them together."""
    if chosen.only:
        return []
    found: list[Published] = _published(version(), chosen.frame.cohort, chosen.frame.known_on)
    return found


@kept
def _published(at: Version, cohort: str, known_on: date | None) -> list[Published]:
    own = settings().authority or None
    return retried(lambda connection: benchmarks.published(connection, cohort, own, known_on))

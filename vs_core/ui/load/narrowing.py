"""Figures of one phase: the same measures over the rows of the children in it; how they changed; out of how many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import SubjectFigures, children
from vs_core.figures.changes import Changes, week_before
from vs_core.figures.subject import Rows
from vs_core.rules import measures
from vs_core.rules.frame import Frame
from vs_core.rules.measure import Figures
from vs_core.store.engine import retried
from vs_core.ui import load, words
from vs_core.ui.filters import Chosen
from vs_core.ui.load import Version, kept, version


def compared(viewer: Viewer, subject: str, chosen: Chosen) -> Changes:
    """A subject's figures of the choice, and the same as they were seen a week before."""
    now = narrowed(load.of_subject(viewer, subject, chosen.frame), chosen.phase)
    earlier = week_before(chosen.frame)
    if earlier is None:
        return Changes(now, None, f"The period began on {words.long_day(chosen.frame.start)}: no week before it.")
    return Changes(now, narrowed(load.of_subject(viewer, subject, earlier), chosen.phase))


def narrowed(of: SubjectFigures, phase: str | None) -> SubjectFigures:
    """The figures of the children whose `phase` on the day is this one, with their rows; None for every phase.

    A figure that is not known stays unknown. Raises KeyError for a subject whose rows are not children's.
    """
    if phase is None:
        return of
    rows = {name: frame[frame["phase"] == phase] for name, frame in of.rows.items()}
    again: Figures = _AGAIN[of.subject](rows, of.frame)
    figures = {key: None if key in of.notes else again[key] for key in of.figures}
    return SubjectFigures(of.subject, of.frame, figures, of.notes, rows)


_AGAIN: dict[str, Callable[[Rows, Frame], Any]] = {
    "cohort": lambda rows, _: measures.cohort(rows["roll"]),
    "attendance": lambda rows, _: measures.attendance(rows["children"]),
    "exclusions": lambda rows, _: measures.exclusions(rows["notices"], rows["days_by_term"], rows["days_by_year"]),
}


def children_of(viewer: Viewer, chosen: Chosen) -> int:
    """How many children belong to the chosen group on a day of the period: what its figures are out of."""
    return len(keys_of(scope(viewer), version(), chosen.frame, chosen.phase))


def keys_of(seen: Scope, at: Version, frame: Frame, phase: str | None) -> set[int]:
    """`child_key` of the children that belong to the frame's cohort on a day of the period, of one phase or of all."""
    found: pd.DataFrame = _phases(seen, at, frame)
    return set(found["child_key"] if phase is None else found.loc[found["phase"] == phase, "child_key"])


@kept
def _phases(seen: Scope, at: Version, frame: Frame) -> pd.DataFrame:
    known = retried(lambda connection: children.of_cohort(connection, frame, seen, frame.start, frame.end))
    return known[["child_key", "phase"]]

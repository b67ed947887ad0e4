"""What a child's page reads, and the search: for a viewer who may open children's pages, refused to any other."""

from __future__ import annotations

from datetime import date

import pandas as pd

from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import child as figures
from vs_core.figures.child import Child
from vs_core.queries import search as queries
from vs_core.rules.frame import Frame
from vs_core.store.engine import retried
from vs_core.ui.load import Version, attendance, kept, version_with_actions, weekly_review

MOST_FOUND = 50


def may_open(viewer: Viewer, child_key: int) -> bool:
    """May this person open this child's page? Asked at every run, for whoever may today may not tomorrow."""
    _require(viewer)
    query = queries.openable(child_key, scope(viewer))
    return retried(lambda connection: connection.execute(query).first() is not None)


def child(viewer: Viewer, child_key: int, as_at: date, known_on: date | None) -> Child | None:
    """The child on a day (`figures.child.Child`); None where this person may not open it or there is none."""
    _require(viewer)
    frame = Frame.for_subject("cohort", as_at, known_on, cohort="all")
    found: Child | None = _child(scope(viewer), version_with_actions(), child_key, frame)
    return found


def found(viewer: Viewer, way: str, typed: str, on: date) -> pd.DataFrame:
    """The children that a search finds among those that this person may open (`figures.child.found`), one more than
    MOST_FOUND at most. Nothing that was typed is kept."""
    _require(viewer)
    return retried(lambda connection: figures.found(connection, way, typed, on, MOST_FOUND + 1, scope(viewer)))


def provisional_under(on: date) -> int:
    """Possible sessions under which absence is marked provisional (`ui.load.attendance`)."""
    return attendance.provisional_under(on)


def offers_are_due(on: date) -> bool:
    """Whether every pupil of Year 11 should have an offer by now, as the weekly review has it."""
    month: int = weekly_review.clock(Frame(on, None, on, on)).thresholds.whole("year_11_offer_month", on)
    return month < on.month < 9


def _require(viewer: Viewer) -> None:
    if not viewer.may(roles.SEE_CHILD):
        raise PermissionError("This role may not open a child's page.")


@kept
def _child(seen: Scope, at: Version, child_key: int, frame: Frame) -> Child | None:
    by = weekly_review.clock(frame)
    return retried(lambda connection: figures.of_child(connection, child_key, frame, seen, by))

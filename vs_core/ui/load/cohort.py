"""What the cohort page reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures.changes import Changes
from vs_core.figures.week import Spans, care_spans, weeks_back
from vs_core.rules import care_flow
from vs_core.rules.frame import Frame
from vs_core.store.engine import retried
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, narrowing, version

MONTHS_SHOWN = 12


def compared(viewer: Viewer, chosen: Chosen) -> Changes:
    """The figures with one row a child known, and the same as they were seen a week before. They count every group
    whichever is chosen, so that all choices share one answer."""
    everybody = replace(chosen, frame=replace(chosen.frame, cohort="in care", while_in_care=False))
    return narrowing.compared(viewer, "cohort", everybody)


def joined_and_left(viewer: Viewer, chosen: Chosen, roll: pd.DataFrame) -> pd.DataFrame:
    """Children of the roll who joined and left, by month (`rules.care_flow.by_month`): the period, and no less than the
    last twelve months."""
    frame = chosen.frame
    own = _own(viewer, chosen, roll)
    return care_flow.by_month(care_flow.moves(own), min(frame.start, _months_before(frame.end)), frame.end)


def recent_weeks(viewer: Viewer, chosen: Chosen, roll: pd.DataFrame) -> dict[str, list[float]]:
    """Children of the roll `in_care` on days a week apart, the last `as_at`, and `joined` and `left` in the weeks that
    end on them; as known in the frame."""
    return care_flow.by_week(_own(viewer, chosen, roll), weeks_back(chosen.frame.as_at))


def spans(viewer: Viewer, frame: Frame) -> Spans:
    """The spans in care of every child that the viewer may see, by `child_key`, as known in the frame."""
    found: Spans = _spans(scope(viewer), version(), frame.known_on)
    return found


def _own(viewer: Viewer, chosen: Chosen, roll: pd.DataFrame) -> Spans:
    wanted = set(roll["child_key"])
    return {child_key: own for child_key, own in spans(viewer, chosen.frame).items() if child_key in wanted}


@kept
def _spans(seen: Scope, at: Version, known_on: date | None) -> Spans:
    return retried(lambda connection: care_spans(connection, known_on, seen))


def _months_before(day: date) -> date:
    """The first of the month from which twelve months are shown, that of `day` among them."""
    return date(day.year - (day.month < MONTHS_SHOWN), day.month % MONTHS_SHOWN + 1, 1)

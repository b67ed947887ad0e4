"""What the exclusions page reads."""

from __future__ import annotations

from datetime import date

from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures, fetch
from vs_core.figures.changes import Changes
from vs_core.rules.clocks import exclusion_limits
from vs_core.rules.exclusions import ExclusionLimits
from vs_core.rules.frame import Frame, academic_year_bounds
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, narrowing, version

YEARS_OF_TERMS = 3


def compared(viewer: Viewer, chosen: Chosen) -> Changes:
    """The figures of the choice with one row a notice, and the same as they were seen a week before."""
    return narrowing.compared(viewer, "exclusions", chosen)


def this_year(viewer: Viewer, chosen: Chosen) -> SubjectFigures:
    """The figures of the whole academic year so far, which the limits are counted in whatever the period."""
    return _of_year(viewer, chosen, chosen.frame.end)


def years(viewer: Viewer, chosen: Chosen) -> list[SubjectFigures]:
    """The figures of the last academic years, oldest first, each about the children of the group in that year."""
    last_day = academic_year_bounds(chosen.frame.end)[1]
    earlier = [last_day.replace(year=last_day.year - back) for back in reversed(range(1, YEARS_OF_TERMS))]
    return [_of_year(viewer, chosen, end) for end in (*earlier, chosen.frame.end)]


def _of_year(viewer: Viewer, chosen: Chosen, end: date) -> SubjectFigures:
    frame = chosen.frame
    year = Frame(frame.as_at, frame.known_on, academic_year_bounds(end)[0], end, frame.cohort, frame.while_in_care)
    return narrowing.of_choice(viewer, "exclusions", year, chosen.only)


def limits(on: date) -> ExclusionLimits:
    """The limits in days that hold on a day."""
    found: ExclusionLimits = _limits(version(), on)
    return found


@kept
def _limits(at: Version, on: date) -> ExclusionLimits:
    return exclusion_limits(retried(fetch.thresholds), on)


def term_now(frame: Frame) -> str:
    """The term of the period's last day, by the authority's calendar, else by season: `2026/27 autumn`."""
    found: str = _term(version(), frame.end, frame.known_on)
    return found


@kept
def _term(at: Version, on: date, known_on: date | None) -> str:
    calendar = retried(lambda connection: fetch.school_calendar(connection, known_on))
    return str(calendar.term_or_season(on, settings().authority))

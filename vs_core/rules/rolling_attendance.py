"""Attendance of the last four school weeks against that of the last twelve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from vs_core.rules.triage import Fall

RECENT_WEEKS, LONG_WEEKS, EARLIER_WEEKS, SHOWN_WEEKS = 4, 12, 3, 6
"""Weeks compared, the twelve with the four; how many weeks further back a fall is looked for; weeks that are drawn."""
WEEKS_READ = LONG_WEEKS + EARLIER_WEEKS
FEWEST_SESSIONS = 10
"""Possible sessions on either side under which nothing is said: one school week."""
Weeks = Sequence[tuple[int, int]]
"""A child's sessions in each of the last school weeks, earliest first: possible and attended."""


def percent(weeks: Weeks) -> float | None:
    """Attendance of some weeks together; None without a possible session."""
    possible, attended = _sums(weeks)
    return attended * 100 / possible if possible else None


def change_points(weeks: Weeks) -> float | None:
    """Percentage points of the last four weeks over those of the last twelve; None where either has too few
    sessions."""
    recent, longer = _sums(weeks[-RECENT_WEEKS:]), _sums(weeks[-LONG_WEEKS:])
    if min(recent[0], longer[0]) < FEWEST_SESSIONS:
        return None
    return recent[1] * 100 / recent[0] - longer[1] * 100 / longer[0]


def points_fallen(weeks: Weeks) -> int:
    """Whole points by which the last four weeks are under the last twelve, in integers; 0 where they are not, or have
    too few sessions."""
    (recent, there), (longer, there_then) = _sums(weeks[-RECENT_WEEKS:]), _sums(weeks[-LONG_WEEKS:])
    if min(recent, longer) < FEWEST_SESSIONS:
        return 0
    return max(0, (there_then * recent - there * longer) * 100 // (recent * longer))


def fall(weeks: Weeks, mondays: Sequence[date], from_points: int) -> Fall | None:
    """The fall at the end of the last week, if it is `from_points` or more; `since` the Monday of the earliest of the
    weeks without a break, EARLIER_WEEKS back at most, at whose end it was so. mondays: of `weeks`."""
    points = points_fallen(weeks)
    if points < max(from_points, 1):
        return None
    held = 0
    while held < min(EARLIER_WEEKS, len(weeks) - 1) and points_fallen(weeks[: -(held + 1)]) >= from_points:
        held += 1
    return Fall(points, mondays[-1 - held])


def _sums(weeks: Weeks) -> tuple[int, int]:
    return sum(possible for possible, _ in weeks), sum(attended for _, attended in weeks)

"""What the attendance page reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import SubjectFigures, benchmarks, children, fetch
from vs_core.figures import attendance as figures
from vs_core.figures import attendance_sessions as further
from vs_core.figures.attendance_sessions import Cadence
from vs_core.figures.benchmarks import Published
from vs_core.figures.changes import WEEK, Changes, week_before
from vs_core.figures.registers import Due
from vs_core.queries.attendance import COUNTS, HEADLINE
from vs_core.rules import attendance_course, measures_sessions
from vs_core.rules.dated import Thresholds
from vs_core.rules.frame import Frame
from vs_core.rules.listed import MARK
from vs_core.rules.measure import Figures
from vs_core.rules.measures_sessions import LATE
from vs_core.rules.narrowing import Narrowing
from vs_core.rules.school_weeks import a_year_before
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui import load, words
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, narrowing, version

PROVISIONAL, STALE_DAILY, STALE_WEEKLY = (
    "provisional_possible_sessions",
    "stale_daily_school_days",
    "stale_weekly_school_days",
)

LINES = ("persistently_absent", "severely_absent")


@dataclass(frozen=True)
class Standing:
    """Where attendance stands in a frame. figures: the headline ones and those of `rules.measures_sessions`, None where
    not known (notes: why, by key); provisional: of the persistently and severely absent children those with few
    sessions; marks: what came of the registers."""

    frame: Frame
    figures: Figures
    notes: dict[str, str]
    provisional: dict[str, int]
    marks: Cadence

    @property
    def is_known(self) -> bool:
        """Whether any child had a possible session."""
        return bool(self.figures["possible_sessions"])


@dataclass(frozen=True)
class Stood:
    """Now; a week before as it was known then (None: a longer period had not begun); in the same period of the year
    before, up to the same school week (`rules.school_weeks`), as known in the frame."""

    now: Standing
    week_before: Standing | None
    year_before: Standing


@dataclass(frozen=True)
class Moved:
    """How many children came over a line within a week, by figure, and how many came back. why_not: where there is
    nothing to compare."""

    came: dict[str, int]
    went: dict[str, int]
    why_not: str = ""


@dataclass(frozen=True)
class Page:
    """What is drawn of a choice, all of it small. weekly: each week by itself; to_date: the figures as they stood at
    the end of each (`rules.attendance_course`); coverage: percent of the half days collected daily that have a mark,
    week by week; with_marks: children with any mark; members: children of the group; few: possible sessions under
    which absence is provisional."""

    stood: Stood
    moved: Moved
    weekly: pd.DataFrame
    to_date: pd.DataFrame
    coverage: list[float]
    published: list[Published]
    with_marks: int
    members: int
    few: int


WHO = ("child_key", "child_id", "forename", "surname", MARK, "year_group", "school", "social_worker", "adviser")
"""What the page says of a child, beside its sessions."""
_OF_SESSIONS = ("absent_sessions", "attendance_percent", "band", "is_persistently_absent", "is_severely_absent")


def weeks(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """One row a child of the choice and week: `child_key`, `week` (a Monday) and its sessions."""
    found: pd.DataFrame = _weeks(scope(viewer), version(), chosen.frame, chosen.only)
    return found


def to_date(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """The figures as they stood at the end of each week (`rules.attendance_course.to_date`)."""
    found: pd.DataFrame = _to_date(scope(viewer), version(), chosen.frame, chosen.only)
    return found


@kept
def now_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> SubjectFigures:
    """The figures of the choice with one row a child, of which `WHO`, sessions and shares."""
    of = narrowing.figures_of(seen, at, "attendance", frame, only)
    return replace(of, rows={"children": of.rows["children"][[*WHO, *COUNTS, *_OF_SESSIONS]]})


def rows_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    """One row a child with marks, of `WHO`, sessions and shares."""
    found: SubjectFigures = now_of(seen, at, frame, only)
    return found.rows["children"]


@kept
def page_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> Page:
    """What stands on the page of attendance, kept as one answer."""
    weeks = _weeks(seen, at, frame, only)
    return Page(
        _stood(seen, at, frame, only),
        _moved(seen, at, frame, only),
        attendance_course.by_week(weeks),
        attendance_course.to_date(weeks),
        further.daily_by_week(_due_of(seen, at, frame, only).rows),
        published(Chosen(frame, only)),
        len(rows_of(seen, at, frame, only)),
        len(narrowing.keys_of(seen, at, frame, only)),
        provisional_under(frame.as_at),
    )


def _stood(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> Stood:
    earlier = week_before(frame) or _week_earlier(frame)
    return Stood(
        _standing(seen, at, frame, only),
        None if earlier is None else _standing(seen, at, earlier, only),
        _standing(seen, at, a_year_before(frame, load.half_terms()), only),
    )


def _week_earlier(frame: Frame) -> Frame | None:
    """A period of a week or less, a week earlier, as it was known then; None for a longer one."""
    if not measures_sessions.is_too_short(frame.start, frame.end):
        return None
    as_at = frame.as_at - WEEK
    known_on = as_at if frame.known_on is None else min(frame.known_on, as_at)
    return replace(frame, as_at=as_at, known_on=known_on, start=frame.start - WEEK, end=frame.end - WEEK)


def _moved(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> Moved:
    earlier = week_before(frame)
    if earlier is None:
        return Moved({}, {}, f"The period began on {words.long_day(frame.start)}: no week before it.")
    of, before = (narrowing.figures_of(seen, at, "attendance", each, only) for each in (frame, earlier))
    both = Changes(of, before)
    keys = [key for key in LINES if key not in of.notes and key not in before.notes]
    return Moved({key: len(both.moved_in(key)) for key in keys}, {key: len(both.moved_out(key)) for key in keys})


def _standing(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> Standing:
    of, limits = narrowing.figures_of(seen, at, "attendance", frame, only), _limits(at)
    few = limits.whole(PROVISIONAL, frame.as_at)
    among = measures_sessions.provisional_among(of.rows["children"], few)
    return Standing(frame, of.figures | further.further(of), of.notes, among, _cadence(seen, at, frame, only, limits))


def _cadence(seen: Scope, at: Version, frame: Frame, only: Narrowing, limits: Thresholds) -> Cadence:
    due = _due_of(seen, at, frame, only)
    days = (limits.whole(name, frame.as_at) for name in (STALE_DAILY, STALE_WEEKLY))
    return further.cadence(due.rows, due.left_out, *days)


def _due_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> Due:
    due: Due = _due(seen, at, frame)
    if not only:
        return due
    keys = narrowing.keys_of(seen, at, frame, only)
    left_out = {key: why for key, why in due.left_out.items() if key in keys}
    return Due(due.rows[due.rows["child_key"].isin(keys)], left_out)


@kept
def _due(seen: Scope, at: Version, frame: Frame) -> Due:
    authority = settings().authority or ""
    return retried(lambda connection: further.by_cadence(connection, frame, seen, authority))


@kept
def unmarked_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    """The children with marks that have not come (`figures.attendance_sessions.unmarked`)."""
    known = retried(lambda connection: children.of_cohort(connection, frame, seen, frame.start, frame.end))
    return further.unmarked(_due_of(seen, at, frame, only).rows, known)


@kept
def apart_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    """Sessions that are in no figure, by child and code (`figures.attendance.apart`)."""
    rows = retried(lambda connection: figures.apart(connection, frame, seen))
    return rows[rows["child_key"].isin(narrowing.keys_of(seen, at, frame, only))] if only else rows


@kept
def _weeks(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    counts = [*HEADLINE, *LATE]
    rows = retried(lambda connection: figures.weeks_by_child(connection, frame, seen, counts))
    own = rows[["child_key", "week", *counts]]
    return own[own["child_key"].isin(narrowing.keys_of(seen, at, frame, only))] if only else own


@kept
def _to_date(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    return attendance_course.to_date(_weeks(seen, at, frame, only))


@kept
def courses_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> pd.DataFrame:
    """How each child moved (`rules.attendance_course.of_children`)."""
    return attendance_course.of_children(_weeks(seen, at, frame, only))


def provisional_under(on: date) -> int:
    """Possible sessions under which a child's absence is marked provisional."""
    return _limits(version()).whole(PROVISIONAL, on)


@kept
def _limits(at: Version) -> Thresholds:
    return retried(fetch.thresholds)


def published(chosen: Chosen) -> list[Published]:
    """The department's latest figures for the chosen group: England, the region, the authority; for primary or
    secondary alone England's of that phase. None for any other choice, for which it publishes none."""
    only, frame = chosen.only, chosen.frame
    if only != Narrowing(only.phase, looked_after_12_months=only.looked_after_12_months):
        return []
    phase = benchmarks.PHASES.get(only.phase)
    if phase is None:
        return []
    found: list[Published] = _published(version(), frame.cohort, frame.known_on, phase)
    return found


@kept
def _published(at: Version, cohort: str, known_on: date | None, phase: str) -> list[Published]:
    own = settings().authority or None
    return retried(lambda connection: benchmarks.published(connection, cohort, own, known_on, phase))

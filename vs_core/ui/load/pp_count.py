"""Our own count beside the department's notices. For who may see money and has the whole authority's children."""

from __future__ import annotations

from datetime import date

from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import fetch, pp_count
from vs_core.rules.dated import Threshold
from vs_core.rules.frame import Frame
from vs_core.rules.pp_count import LIMITS, Count, CountYear, expected, named
from vs_core.rules.pp_income import Notice
from vs_core.store.engine import retried
from vs_core.ui.load import Version, kept, version


def of_notice(viewer: Viewer, frame: Frame, notice: Notice) -> Count | None:
    """Our own count by the count year of a notice; None for one caseload, or where that year is not over by the day."""
    own = named(notice.count_year)
    return _count(viewer, frame, notice.stage, own, notice.children)


def to_come(viewer: Viewer, frame: Frame) -> Count | None:
    """Our own count for the final notice of the year, before it has come."""
    return _count(viewer, frame, "final", None, None)


def _count(viewer: Viewer, frame: Frame, stage: str, own: CountYear | None, counted: int | None) -> Count | None:
    if not viewer.may(roles.SEE_MONEY):
        raise PermissionError("This role may not see money.")
    limit = _limit(version(), LIMITS[stage], frame.end, frame.known_on)
    of = own or expected(frame.financial_year, int(limit.value))
    if scope(viewer).adviser is not None or of.ends_on > frame.end:
        return None
    source = f"{limit.source}{' (not confirmed)' if limit.unconfirmed else ''}"
    number: int = _children(scope(viewer), version(), of.ends_on, frame.known_on)
    return Count(of, own is not None, number, "" if own else source, counted)


@kept
def _children(seen: Scope, at: Version, on: date, known_on: date | None) -> int:
    return len(retried(lambda connection: pp_count.counted(connection, on, known_on, seen)))


@kept
def _limit(at: Version, name: str, on: date, known_on: date | None) -> Threshold:
    return retried(lambda connection: fetch.thresholds(connection, known_on)).row(name, on)

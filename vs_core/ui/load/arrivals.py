"""How fresh and how complete a subject's data is, and what its codes mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import freshness
from vs_core.figures.freshness import Coverage, Freshness
from vs_core.queries import reference
from vs_core.rules.dated import in_force
from vs_core.rules.frame import Frame
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui.load import Version, kept, version


def of_subject(subject: str, frame: Frame) -> Freshness:
    """What came last, and what never came."""
    found: Freshness = _of_subject(version(), subject, frame)
    return found


@kept
def _of_subject(at: Version, subject: str, frame: Frame) -> Freshness:
    return retried(lambda connection: freshness.freshness(connection, subject, frame))


def of_marks(viewer: Viewer, frame: Frame) -> Coverage:
    """Register marks received of those that the viewer's children should have, and why some are not counted."""
    found: Coverage = _of_marks(replace(scope(viewer), names=False), version(), frame)
    return found


@kept
def _of_marks(seen: Scope, at: Version, frame: Frame) -> Coverage:
    authority = settings().authority or ""
    return retried(lambda connection: freshness.coverage(connection, frame, authority, seen))


def meanings(of: str, on: date) -> dict[str, str]:
    """Meaning by code of a list (`legal_status`, `placement`, `sen`...; `suspension_reason`), as it holds on a day."""
    found: dict[str, str] = _meanings(version(), of, on)
    return found


@kept
def _meanings(at: Version, of: str, on: date) -> dict[str, str]:
    query = reference.suspension_reasons() if of == "suspension_reason" else reference.code_values([of])
    rows = retried(lambda connection: connection.execute(query).all())
    return {row.code: row.meaning for row in sorted(rows, key=lambda row: in_force(row, on))}

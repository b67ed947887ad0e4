"""Who a report is for: whose children it counts, and which subjects it may speak of."""

from __future__ import annotations

from dataclasses import dataclass

from vs_core.access import roles
from vs_core.access.viewer import EVERYTHING, Scope, Viewer, scope
from vs_core.rules.frame import SUBJECTS

_PAGE = {"pp-plus": "pp_plus", "pep": "weekly_review", "provision": "weekly_review", "post-16": "weekly_review"} | {
    "actions": "weekly_review"
}
"""The page of each subject that is not the subject's own name."""
MONEY = "pp-plus"


@dataclass(frozen=True)
class Reader:
    """scope: whose children; subjects: those that the reader's pages show, money only with the right to see it."""

    scope: Scope
    subjects: tuple[str, ...]

    @property
    def sees_money(self) -> bool:
        return MONEY in self.subjects


COMMAND_LINE = Reader(EVERYTHING, SUBJECTS)


def of_viewer(viewer: Viewer) -> Reader:
    """The reader that a person is. Raises PermissionError without the right to export."""
    if not viewer.may(roles.EXPORT):
        raise PermissionError("This role may not export.")
    return Reader(scope(viewer), tuple(subject for subject in SUBJECTS if _shows(viewer, subject)))


def _shows(viewer: Viewer, subject: str) -> bool:
    if subject == MONEY and not viewer.may(roles.SEE_MONEY):
        return False
    return viewer.may_open(_PAGE.get(subject, subject))

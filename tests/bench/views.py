"""The views that are measured, and what is clicked to come to each."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from vs_core.rules import worklist_views
from vs_core.ui.parts import attendance_views, triage


@dataclass(frozen=True)
class View:
    """A view of a page.

    page, asked: its address; to: what is clicked to come to it, of a row of buttons; off: what is clicked to leave it.
    """

    page: str
    asked: tuple[tuple[str, str], ...]
    to: str
    off: str

    @property
    def query(self) -> str:
        return urlencode(self.asked)

    @property
    def name(self) -> str:
        return f"{self.page}?{self.query}" if self.asked else self.page


def _of(page: str, name: str, views: tuple[str, ...]) -> tuple[View, ...]:
    """Each view of a page, by the parameter that chooses it; the first is the one without."""
    first = views[0]
    return tuple(
        View(page, ((name, view),) if view != first else (), view, views[1] if view == first else first)
        for view in views
    )


VIEWS = (
    *_of("attendance", "view", tuple(attendance_views.VIEWS)),
    *_of("triage", triage.VIEW, tuple(worklist_views.VIEWS)),
    *_of("triage", "part", triage.PARTS)[1:],
)
"""A new view of either page is measured as soon as the page offers it."""

"""What every subject's figures look like, and how a subject is told to the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd
from sqlalchemy import Connection

from vs_core.queries.scope import Scope
from vs_core.rules.frame import Frame
from vs_core.rules.projects import Project

Rows = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Answer:
    """Figures (for projects by project) with the rows that they were computed from; `notes`: sentences by key for what
    is not known; `projects`: those that the figures are about."""

    figures: Any
    rows: Rows
    notes: dict[str, str] = field(default_factory=dict)
    projects: Sequence[Project] = ()


@dataclass(frozen=True)
class SubjectFigures:
    """figures: by key (for projects by project, then key), None where not known; notes: a sentence by key (`key`, or
    `project.key`) saying why; rows: the frames that the figures were computed from, by name."""

    subject: str
    frame: Frame
    figures: dict[str, Any]
    notes: dict[str, str]
    rows: Rows

    @property
    def flat(self) -> dict[str, Any]:
        """Figures by key; those of a project or a group by `project.key` and `key.group`."""
        return dict(_flat(self.figures))


def _flat(figures: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, value


Behind = Callable[[SubjectFigures], pd.DataFrame]


class Subject(Protocol):
    """A module of this room. BEHIND: for each figure the rows that it counts."""

    BEHIND: Mapping[str, Behind]

    def answer(self, connection: Connection, frame: Frame, scope: Scope) -> Answer: ...

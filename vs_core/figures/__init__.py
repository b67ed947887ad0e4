"""Every figure that pages show and the command prints, with the rows behind it: one module a subject."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import (
    actions,
    attendance,
    cohort,
    exclusions,
    pep,
    post_16,
    pp_plus,
    projects,
    provision,
    training,
)
from vs_core.figures.subject import Answer, SubjectFigures
from vs_core.queries import knowledge
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import measures
from vs_core.rules.frame import COHORTS, SUBJECTS, Frame
from vs_core.rules.measure import Measure

__all__ = ["EVERYTHING", "SUBJECTS", "SubjectFigures", "behind", "compute", "in_care", "measure"]

MODULES: Mapping[str, ModuleType] = {
    "cohort": cohort,
    "attendance": attendance,
    "exclusions": exclusions,
    "pp-plus": pp_plus,
    "training": training,
    "projects": projects,
    "pep": pep,
    "provision": provision,
    "post-16": post_16,
    "actions": actions,
}


def compute(connection: Connection, subject: str, frame: Frame, scope: Scope = EVERYTHING) -> SubjectFigures:
    """The figures of a subject with the rows behind them. A figure whose source has not arrived is None, with a note.

    Raises KeyError for a subject that is none of SUBJECTS."""
    return _finished(connection, subject, frame, MODULES[subject].answer(connection, frame, scope))


def in_care(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> SubjectFigures:
    """Of the cohort's figures those about children in care alone (`figures.cohort.IN_CARE`), far cheaper than all."""
    return _finished(connection, "cohort", frame, cohort.in_care(connection, frame, scope))


def _finished(connection: Connection, subject: str, frame: Frame, answer: Answer) -> SubjectFigures:
    arrived = _arrived(connection, subject, frame)
    figures: dict[str, Any]
    if subject == "projects":
        figures, named = measures.projects_with_unknown(answer.figures, answer.projects, arrived, frame.cohort)
    else:
        figures, named = measures.with_unknown(subject, answer.figures, arrived, frame.cohort)
    notes = answer.notes | {name.removeprefix(f"{subject}."): sentence for name, sentence in named.items()}
    return SubjectFigures(subject, frame, figures, notes, answer.rows)


def behind(of: SubjectFigures, key: str) -> pd.DataFrame:
    """Exactly the rows that a figure counts: children, notices, plans, requests, payments, bookings.

    `key` as in `figures`; `by_reason.PP` and `by_year_group.7` for one group, `Letterbox.enrolled` for one project.
    Empty where the figure is not known. Raises KeyError for a figure that counts no rows."""
    if of.subject == "projects":
        project, _, own = key.rpartition(".")
        return projects.OF_PROJECT[own](project)(of)
    if of.subject == "exclusions" and key.startswith("by_reason."):
        return exclusions.of_reason(of, key.removeprefix("by_reason."))
    rows = MODULES[of.subject].BEHIND[key](of)
    return rows.iloc[:0] if of.figures.get(key, 0) is None and key in of.notes else rows


def measure(subject: str, key: str) -> Measure:
    """What a figure means. For a project's figure the part after the project's name counts."""
    return measures.MEASURES[f"{subject}.{key.rpartition('.')[2] if subject == 'projects' else key}"]


def _arrived(connection: Connection, subject: str, frame: Frame) -> set[str]:
    """Of the kinds that a subject's figures may need, those of which a file had arrived."""
    kinds = kinds_of(subject, frame.cohort)
    if subject == "projects":
        kinds += [kind for cohort in COHORTS for kind in measures.kinds_of_cohort(cohort)]
    return {row.kind for row in connection.execute(knowledge.arrived(kinds, frame.known_on))} if kinds else set()


def kinds_of(subject: str, cohort: str = "in care") -> list[str]:
    """The incoming kinds that a subject's figures about a cohort are made of."""
    kinds = {kind for each in measures.of_subject(subject) for kind in measures.kinds_needed(each, cohort)}
    return sorted(kinds | ({"project-usage"} if subject == "projects" else set()))

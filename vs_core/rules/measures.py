"""The catalogue of figures, and the functions that compute them, one a subject."""

from __future__ import annotations

from collections.abc import Iterable

from vs_core.rules import destinations as _destinations
from vs_core.rules import measures_attendance, measures_cohort, measures_exclusions, measures_pp_plus
from vs_core.rules import pep as _pep
from vs_core.rules import projects as _projects
from vs_core.rules import provision as _provision
from vs_core.rules import training as _training
from vs_core.rules import worklist as _worklist
from vs_core.rules.measure import Figures, Measure

_SUBJECTS: tuple[tuple[Measure, ...], ...] = (
    measures_cohort.MEASURES,
    measures_attendance.MEASURES,
    measures_exclusions.MEASURES,
    measures_pp_plus.MEASURES,
    _training.MEASURES,
    _projects.MEASURES,
    _pep.MEASURES,
    _provision.MEASURES,
    _destinations.MEASURES,
    _worklist.MEASURES,
)
MEASURES: dict[str, Measure] = {measure.name: measure for own in _SUBJECTS for measure in own}
"""Every figure by its name (`attendance.persistently_absent`), in the order of the pages."""

attendance = measures_attendance.attendance
cohort = measures_cohort.cohort
exclusions = measures_exclusions.exclusions
pp_plus = measures_pp_plus.pp_plus
training = _training.training
projects = _projects.projects
pep = _pep.pep
provision = _provision.provision
post_16 = _destinations.post_16
actions = _worklist.actions


def of_subject(subject: str) -> tuple[Measure, ...]:
    """The measures of a subject, in order; empty for a subject that is none."""
    return tuple(measure for measure in MEASURES.values() if measure.subject == subject)


def missing_kinds(measure: Measure, arrived: Iterable[str]) -> tuple[str, ...]:
    """The kinds that a measure needs and that have never arrived."""
    known = set(arrived)
    return tuple(kind for kind in measure.needs if kind not in known)


def not_arrived(measure: Measure, missing: Iterable[str]) -> str:
    """Why a figure is empty, as a sentence for `notes`."""
    files = " and ".join(missing)
    return f"{measure.label}: not known, because no file of {files} has arrived yet."


def with_unknown(subject: str, figures: Figures, arrived: Iterable[str]) -> tuple[Figures, dict[str, str]]:
    """Figures with those set to None whose kinds never arrived, and the sentences by figure name."""
    known, notes, shown = list(arrived), dict[str, str](), dict(figures)
    for measure in of_subject(subject):
        missing = missing_kinds(measure, known)
        if missing and measure.key in shown:
            shown[measure.key] = None
            notes[measure.name] = not_arrived(measure, missing)
    return shown, notes

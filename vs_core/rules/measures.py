"""The catalogue of figures, and the functions that compute them, one a subject."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from vs_core.rules import destinations as _destinations
from vs_core.rules import measures_attendance, measures_cohort, measures_exclusions, measures_pp_plus
from vs_core.rules import pep as _pep
from vs_core.rules import projects as _projects
from vs_core.rules import provision as _provision
from vs_core.rules import training as _training
from vs_core.rules import worklist as _worklist
from vs_core.rules.measure import COHORT_FILE, Figures, Measure
from vs_core.rules.projects import Project

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


def kinds_needed(measure: Measure, cohort: str) -> tuple[str, ...]:
    """The incoming kinds without which a figure about a cohort (`frame.COHORTS`) is unknown."""
    own = kinds_of_cohort(cohort)
    kinds = [kind for need in measure.needs for kind in (own if need == COHORT_FILE else (need,))]
    return tuple(dict.fromkeys(kinds))


def kinds_of_cohort(cohort: str) -> tuple[str, ...]:
    """The incoming kinds that say who belongs to a cohort."""
    return {"in care": ("ssda903-episodes",), "all": ()}.get(cohort, ("cohorts",))


def with_unknown(
    subject: str, figures: Figures, arrived: Collection[str], cohort: str = "in care"
) -> tuple[Figures, dict[str, str]]:
    """Figures with those set to None whose kinds never arrived, and why, as sentences by figure name."""
    shown, notes = dict(figures), dict[str, str]()
    for measure in of_subject(subject):
        missing = [kind for kind in kinds_needed(measure, cohort) if kind not in arrived]
        if missing and measure.key in shown:
            shown[measure.key] = None
            notes[measure.name] = not_arrived(measure, missing)
    return shown, notes


def projects_with_unknown(
    figures: Mapping[str, Figures], each: Iterable[Project], arrived: Collection[str], cohort: str = "in care"
) -> tuple[dict[str, Figures], dict[str, str]]:
    """`with_unknown` for every project: one with a weekly target also needs `project-usage` for `active`, and one for
    other cohorts than this also the files that say who is in those, for `eligible` and `take_up_percent`."""
    shown, notes = dict[str, Figures](), dict[str, str]()
    for project in each:
        own, why = with_unknown("projects", figures[project.name], arrived, cohort)
        for key, kinds in _kinds_of_project(project, cohort).items():
            missing = [kind for kind in kinds if kind not in arrived]
            if missing and key in own:
                own[key] = None
                why.setdefault(f"projects.{key}", not_arrived(MEASURES[f"projects.{key}"], missing))
        shown[project.name] = own
        notes |= {f"projects.{project.name}.{name.split('.')[1]}": sentence for name, sentence in why.items()}
    return shown, notes


def _kinds_of_project(project: Project, cohort: str) -> dict[str, list[str]]:
    others = () if _projects.is_for(project, cohort) else project.cohorts
    of_cohorts = list(dict.fromkeys(kind for name in others for kind in kinds_of_cohort(name)))
    use = [] if project.minutes_per_week is None else ["project-usage"]
    return {"active": use, "eligible": of_cohorts, "take_up_percent": of_cohorts}


def not_arrived(measure: Measure, missing: Iterable[str]) -> str:
    """Why a figure is empty, as a sentence."""
    return f"{measure.label}: not known, because no file of {' and '.join(missing)} has arrived yet."

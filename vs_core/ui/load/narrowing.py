"""Figures of some of a group's children: the same measures over their rows; how they changed; out of how many; and what
there is to choose from."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import SubjectFigures, children, week
from vs_core.figures.changes import Changes, week_before
from vs_core.figures.subject import Rows
from vs_core.rules import measures, narrowing
from vs_core.rules.frame import Frame
from vs_core.rules.listed import listed
from vs_core.rules.measure import Figures
from vs_core.rules.narrowing import TRAITS, Narrowing
from vs_core.rules.placements import KINDS, PLACEMENTS
from vs_core.store.engine import retried
from vs_core.ui import load, words
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, version


@dataclass(frozen=True)
class Offer:
    """What the viewer's own children of a group can be narrowed to. schools: name by URN; the others in order."""

    schools: dict[str, str]
    authorities: tuple[str, ...]
    placements: tuple[str, ...]
    areas: tuple[str, ...]


def offer(viewer: Viewer, frame: Frame) -> Offer:
    """The schools, authorities, kinds of placement and areas of the children of the frame's group who may be listed."""
    found: Offer = _offer(scope(viewer), version(), frame)
    return found


def left_out(viewer: Viewer, frame: Frame, only: Narrowing) -> int:
    """Children of the group of whom it is not told whether they are chosen (`rules.narrowing.left_out`)."""
    number: int = _left_out(scope(viewer), version(), frame, only) if only.tells else 0
    return number


def compared(viewer: Viewer, subject: str, chosen: Chosen) -> Changes:
    """A subject's figures of the choice, and the same as they were seen a week before."""
    now = of_choice(viewer, subject, chosen.frame, chosen.only)
    earlier = week_before(chosen.frame)
    if earlier is None:
        return Changes(now, None, f"The period began on {words.long_day(chosen.frame.start)}: no week before it.")
    return Changes(now, of_choice(viewer, subject, earlier, chosen.only))


def of_choice(viewer: Viewer, subject: str, frame: Frame, only: Narrowing) -> SubjectFigures:
    """A subject's figures in a frame, of the chosen children."""
    return figures_of(scope(viewer), version(), subject, frame, only)


def figures_of(seen: Scope, at: Version, subject: str, frame: Frame, only: Narrowing) -> SubjectFigures:
    """The same for a viewer's scope and a version of the data."""
    whole: SubjectFigures = load.figures_of(seen, at, subject, frame)
    if not only:
        return whole
    chosen = chosen_among_all if subject == "cohort" else keys_of
    return narrowed(whole, chosen(seen, at, frame, only))


def narrowed(of: SubjectFigures, keys: Collection[int]) -> SubjectFigures:
    """The figures of these children (`child_key`), with their rows.

    A figure that is not known stays unknown. Raises KeyError for a subject whose rows are not children's.
    """
    rows = {name: frame[frame["child_key"].isin(keys)] for name, frame in of.rows.items()}
    again: Figures = _AGAIN[of.subject](rows, of.frame)
    figures = {key: None if key in of.notes else again[key] for key in of.figures}
    return SubjectFigures(of.subject, of.frame, figures, of.notes, rows)


_AGAIN: dict[str, Callable[[Rows, Frame], Any]] = {
    "cohort": lambda rows, _: measures.cohort(rows["roll"]),
    "attendance": lambda rows, _: measures.attendance(rows["children"]),
    "exclusions": lambda rows, _: measures.exclusions(rows["notices"], rows["days_by_term"], rows["days_by_year"]),
}


def children_of(viewer: Viewer, chosen: Chosen) -> int:
    """How many children belong to the chosen group on a day of the period: what its figures are out of."""
    return len(keys_of(scope(viewer), version(), chosen.frame, chosen.only))


def keys_of(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> frozenset[int]:
    """`child_key` of the chosen children that belong to the frame's cohort on a day of the period."""
    found: frozenset[int] = _keys(seen, at, frame, only)
    return found


def chosen_among_all(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> frozenset[int]:
    """`child_key` of the chosen ones of all children known, of whatever group."""
    found: frozenset[int] = _keys(seen, at, replace(frame, cohort="all", while_in_care=False), only)
    return found


@kept
def _keys(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> frozenset[int]:
    group: pd.DataFrame = _group(seen, at, frame)
    inside = narrowing.holds(group, only, frame.as_at, _a_year(seen, at, frame, only))
    return frozenset(int(key) for key in group.loc[inside, "child_key"])


@kept
def _group(seen: Scope, at: Version, frame: Frame) -> pd.DataFrame:
    """The children of the frame's cohort in the period, with what can be chosen of them."""
    found = retried(lambda connection: children.of_cohort(connection, frame, seen, frame.start, frame.end))
    return found[list(TRAITS)]


@kept
def _offer(seen: Scope, at: Version, frame: Frame) -> Offer:
    group: pd.DataFrame = _group(seen, at, frame)
    rows = listed(group)
    named = rows.dropna(subset=["urn"]).sort_values(["school", "urn"], kind="stable").drop_duplicates("urn")
    kinds = set(rows["placement"].map(KINDS))
    names = named["school"].fillna(named["urn"]).astype(str)
    return Offer(
        dict(zip(named["urn"].astype(str), names, strict=True)),
        _present(rows["school_la"]),
        tuple(kind for kind in PLACEMENTS if kind in kinds),
        _present(rows["area"]),
    )


def _present(values: pd.Series[str]) -> tuple[str, ...]:
    return tuple(sorted({str(value) for value in values.dropna() if value}))


@kept
def _left_out(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> int:
    return narrowing.left_out(_group(seen, at, frame), only, frame.as_at, _a_year(seen, at, frame, only))


def _a_year(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> frozenset[int]:
    if only.looked_after_12_months is None:
        return frozenset()
    on = narrowing.day_of(only.looked_after_12_months, frame.end)
    found: frozenset[int] = _a_year_to(seen, at, on, frame.known_on)
    return found


@kept
def _a_year_to(seen: Scope, at: Version, on: date, known_on: date | None) -> frozenset[int]:
    spans = retried(lambda connection: week.care_spans(connection, known_on, seen))
    return frozenset(narrowing.a_year_in_care(spans, on))

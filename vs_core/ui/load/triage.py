"""What the triage page reads: the worklist, what the team did about one child, and when the reader last looked."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from vs_core.access import last_look, roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import casebook as books
from vs_core.figures import effects as effect_figures
from vs_core.figures import reconciling, triage_letter
from vs_core.figures.casebook import Casebook
from vs_core.figures.triage import Facts
from vs_core.rules.clocks import Clock
from vs_core.rules.frame import Frame
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui import words
from vs_core.ui.load import Version, kept, version, version_with_actions, weekly_review

PAGE = "triage"


def worklist(viewer: Viewer, as_at: date, known_on: date | None) -> pd.DataFrame:
    """Every child that needs something, ranked (`figures.triage.worklist`)."""
    found: pd.DataFrame = worklist_of(scope_of(viewer), version_with_actions(), as_at, known_on)
    return found


def of_letter(viewer: Viewer, rows: pd.DataFrame, urn: str, as_at: date, known_on: date | None) -> pd.DataFrame:
    """The rows of children of a school as its own register tells them (`figures.triage_letter`)."""
    seen = scope_of(viewer)
    facts: Facts = _facts(seen, version(), as_at, known_on)
    return retried(lambda connection: triage_letter.at_school(connection, facts, rows, urn, seen))


def casebook(viewer: Viewer, child_key: int, as_at: date, known_on: date | None) -> Casebook | None:
    """What the team did about one child (`figures.casebook`); None where this person may not open it or there is
    none."""
    found: Casebook | None = _casebook(scope_of(viewer), version_with_actions(), child_key, as_at, known_on)
    return found


def effects(viewer: Viewer, as_at: date, known_on: date | None) -> pd.DataFrame:
    """What was done, with attendance before and after (`figures.effects`)."""
    found: pd.DataFrame = effects_of(scope_of(viewer), version_with_actions(), as_at, known_on)
    return found


def last_looked_on(viewer: Viewer, now: datetime) -> date | None:
    """The day on which this person last looked at the page before today; None: never."""
    before = last_look.looking(viewer, PAGE, now)
    return None if before is None else before.astimezone(words.ENGLAND).date()


def clock(as_at: date, known_on: date | None) -> Clock:
    """The authority's calendar and the limits."""
    return weekly_review.clock(Frame(as_at, known_on, as_at, as_at))


def scope_of(viewer: Viewer) -> Scope:
    """What the viewer may see of the page. Raises PermissionError for a role that may not open it."""
    if not viewer.may(roles.SEE_CHILD):
        raise PermissionError("This role may not open the worklist.")
    return scope(viewer)


@kept
def worklist_of(seen: Scope, at: Version, as_at: date, known_on: date | None) -> pd.DataFrame:
    """The same for a viewer's scope and a version of the data and of what the team did."""
    facts: Facts = _facts(seen, version(), as_at, known_on)
    return retried(lambda connection: facts.worklist(connection, seen))


@kept
def _facts(seen: Scope, at: Version, as_at: date, known_on: date | None) -> Facts:
    return retried(lambda connection: Facts.read(connection, as_at, known_on, seen, settings().authority))


@kept
def _casebook(seen: Scope, at: Version, child_key: int, as_at: date, known_on: date | None) -> Casebook | None:
    return retried(lambda connection: books.of_child(connection, child_key, as_at, known_on, seen))


@kept
def effects_of(seen: Scope, at: Version, as_at: date, known_on: date | None) -> pd.DataFrame:
    """The same as `effects`, for a viewer's scope and a version of the data and of what the team did."""
    return retried(lambda connection: effect_figures.effects(connection, as_at, known_on, seen, settings().authority))


@kept
def cases_of(seen: Scope, at: Version, as_at: date, known_on: date | None) -> pd.DataFrame:
    """The same rows, with who the child is (`figures.effects.with_children`)."""
    rows = effects_of(seen, at, as_at, known_on)
    return retried(lambda connection: effect_figures.with_children(connection, rows, as_at, known_on, seen))


@kept
def reconciliations_of(seen: Scope, at: Version, as_at: date, known_on: date | None) -> pd.DataFrame:
    """Register codes that do not agree with what else is known (`figures.reconciling`)."""
    return retried(
        lambda connection: reconciling.reconciliations(connection, as_at, known_on, seen, settings().authority)
    )

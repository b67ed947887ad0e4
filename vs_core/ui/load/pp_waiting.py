"""What the requests of the Pupil Premium Plus page are made of. Refused to a viewer who may not see money."""

from __future__ import annotations

import pandas as pd

from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import pp_add_ons, pp_waiting
from vs_core.rules.frame import Frame
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, narrowing, pp_plus, version, version_of_payments


def requests(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """`figures.pp_waiting.requests` of the chosen children. Raises PermissionError for a viewer without `see money`."""
    if not viewer.may(roles.SEE_MONEY):
        raise PermissionError("This role may not see money.")
    rows: pd.DataFrame = _requests(scope(viewer), version(), version_of_payments(), chosen.frame)
    if not chosen.only:
        return rows
    keys = narrowing.chosen_among_all(scope(viewer), version(), chosen.frame, chosen.only)
    return rows[rows["child_key"].isin(keys)].reset_index(drop=True)


def add_ons(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """`figures.pp_add_ons.at_fault` of the chosen children. Raises PermissionError for a viewer without `see money`."""
    if not viewer.may(roles.SEE_MONEY):
        raise PermissionError("This role may not see money.")
    rows: pd.DataFrame = _add_ons(scope(viewer), version(), chosen.frame)
    if not chosen.only:
        return rows
    keys = narrowing.chosen_among_all(scope(viewer), version(), chosen.frame, chosen.only)
    return rows[rows["child_key"].isin(keys)].reset_index(drop=True)


@kept
def _add_ons(seen: Scope, at: Version, frame: Frame) -> pd.DataFrame:
    return retried(lambda connection: pp_add_ons.at_fault(connection, frame, settings().authority, seen))


@kept
def _requests(seen: Scope, at: Version, written: Version, frame: Frame) -> pd.DataFrame:
    of = pp_plus.of_scope(seen, at, frame)
    return retried(lambda connection: pp_waiting.requests(connection, frame, settings().authority, seen, of))

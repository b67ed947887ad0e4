"""Where the money of the Pupil Premium Plus page goes. Refused to a viewer who may not see money."""

from __future__ import annotations

import pandas as pd

from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import pp_spend
from vs_core.rules import pp_spend as rules
from vs_core.rules.frame import Frame
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, narrowing, pp_plus, version


def lines(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """`rules.pp_spend.lines` of the chosen children: they add up to the page's figures."""
    require(viewer)
    rows: pd.DataFrame = _lines(scope(viewer), version(), chosen.frame)
    keys = keys_of(viewer, chosen)
    return rows if keys is None else rows[rows["child_key"].isin(keys)].reset_index(drop=True)


def keys_of(viewer: Viewer, chosen: Chosen) -> frozenset[int] | None:
    """The chosen children, by `child_key`; None where all of them are."""
    if not chosen.only:
        return None
    return frozenset(narrowing.chosen_among_all(scope(viewer), version(), chosen.frame, chosen.only))


def require(viewer: Viewer) -> None:
    """Raises PermissionError for a viewer without `see money`."""
    if not viewer.may(roles.SEE_MONEY):
        raise PermissionError("This role may not see money.")


@kept
def _lines(seen: Scope, at: Version, frame: Frame) -> pd.DataFrame:
    of = pp_plus.of_scope(seen, at, frame)
    facts = retried(lambda connection: pp_spend.facts(connection, frame, settings().authority, seen))
    found = facts.drop(columns=["child_key", "is_listed"])
    return rules.lines(of.rows["requests"], of.rows["payments"], found)

"""The funds beside Pupil Premium Plus. Refused to a viewer who may not see money."""

from __future__ import annotations

import pandas as pd

from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import pp_funds
from vs_core.rules.frame import Frame
from vs_core.store.engine import retried
from vs_core.ui.load import Version, kept, pp_spend, version


def other_funds(viewer: Viewer, frame: Frame) -> pd.DataFrame:
    """`figures.pp_funds.other_funds` of all children. Raises PermissionError for a viewer without `see money`."""
    pp_spend.require(viewer)
    rows: pd.DataFrame = _rows(scope(viewer), version(), frame)
    return rows


@kept
def _rows(seen: Scope, at: Version, frame: Frame) -> pd.DataFrame:
    return retried(lambda connection: pp_funds.other_funds(connection, frame, seen))

"""What the burn-down of Pupil Premium Plus is drawn from. Refused to a viewer who may not see money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from vs_core import charts
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import SubjectFigures, burn_down_behind
from vs_core.figures.burn_down import LEFT, burn_down
from vs_core.figures.burn_down_behind import BehindPoint
from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import Narrowing
from vs_core.ui import chart
from vs_core.ui.chart import Finished
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, finished, pp_plus, version


@dataclass(frozen=True)
class Burn:
    """lines: of `figures.burn_down`; table: of `figures.burn_down_behind`; plan_says: how the runs are planned."""

    lines: pd.DataFrame
    table: pd.DataFrame
    plan_says: str


def burn(viewer: Viewer, chosen: Chosen, form: str) -> Burn:
    """The burn-down of the choice in a form. Raises PermissionError for a viewer without `see money`."""
    pp_plus.refuse_without_money(viewer)
    found: Burn = _burn(scope(viewer), version(), chosen.frame, chosen.only, form)
    return found


def drawn(viewer: Viewer, chosen: Chosen, form: str, marked: tuple[str, str]) -> Finished:
    """Its chart. marked: the line and day that were chosen, each empty for none."""
    pp_plus.refuse_without_money(viewer)
    seen, at = scope(viewer), version()
    found: Finished = _drawn(seen, at, chosen.frame, chosen.only, form, *marked, chart.is_dark())
    return found


def behind(viewer: Viewer, chosen: Chosen, line: str, on: date | None) -> BehindPoint:
    """The rows behind a line and day of it."""
    pp_plus.refuse_without_money(viewer)
    return burn_down_behind.behind(_figures(scope(viewer), version(), chosen.frame, chosen.only), line, on)


def _figures(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> SubjectFigures:
    return pp_plus.of_choice(seen, at, frame, only)


@finished
def _burn(seen: Scope, at: Version, frame: Frame, only: Narrowing, form: str) -> Burn:
    of = _figures(seen, at, frame, only)
    return Burn(burn_down(of, form), burn_down_behind.table(of), str(of.rows["runs"]["says"].iloc[0]))


@finished
def _drawn(
    seen: Scope, at: Version, frame: Frame, only: Narrowing, form: str, line: str, day: str, dark: bool
) -> Finished:
    drawing = charts.pp_left if form == LEFT else charts.pp_burn_down
    return chart.finish(
        drawing, _burn(seen, at, frame, only, form).lines, dark=dark, choose=True, chosen=(line, day) if line else None
    )

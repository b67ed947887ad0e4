"""What the burn-down of Pupil Premium Plus is drawn from. Refused to a viewer who may not see money."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date

import pandas as pd

from vs_core import charts
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import SubjectFigures, burn_down_behind, pp_forecast
from vs_core.figures.burn_down import LEFT, WhatIf, burn_down
from vs_core.figures.burn_down_behind import BehindPoint
from vs_core.figures.pp_forecast import Changes, Forecast
from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import Narrowing
from vs_core.rules.pp_forecast import NOTHING_CHANGES
from vs_core.store.engine import retried
from vs_core.ui import chart
from vs_core.ui.chart import Finished
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, finished, kept, pp_plus, version


@dataclass(frozen=True)
class Burn:
    """lines: of `figures.burn_down`; table: of `figures.burn_down_behind`; plan_says: how the runs are planned."""

    lines: pd.DataFrame
    table: pd.DataFrame
    plan_says: str


def forecast(viewer: Viewer, chosen: Chosen, changes: Changes = NOTHING_CHANGES) -> Forecast | None:
    """The forecast of the year with changes; None where there is none, as for some of the children only, or where a run
    cannot be moved as asked. Raises PermissionError for a viewer without `see money`."""
    pp_plus.refuse_without_money(viewer)
    return None if chosen.only else _asked(scope(viewer), version(), chosen.frame, changes)


def burn(viewer: Viewer, chosen: Chosen, form: str, changes: Changes = NOTHING_CHANGES) -> Burn:
    """The burn-down of the choice in a form, with changes of the forecast beside it. Refuses as `forecast` does."""
    pp_plus.refuse_without_money(viewer)
    found: Burn = _burn(scope(viewer), version(), chosen.frame, chosen.only, form, *astuple(changes))
    return found


def drawn(
    viewer: Viewer, chosen: Chosen, form: str, marked: tuple[str, str], changes: Changes = NOTHING_CHANGES
) -> Finished:
    """Its chart. marked: the line and day that were chosen, each empty for none."""
    pp_plus.refuse_without_money(viewer)
    asked = (scope(viewer), version(), chosen.frame, chosen.only, form)
    found: Finished = _drawn(*asked, *marked, chart.is_dark(), *astuple(changes))
    return found


def behind(viewer: Viewer, chosen: Chosen, line: str, on: date | None) -> BehindPoint:
    """The rows behind a line and day of it."""
    pp_plus.refuse_without_money(viewer)
    return burn_down_behind.behind(_figures(scope(viewer), version(), chosen.frame, chosen.only), line, on)


def _figures(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> SubjectFigures:
    return pp_plus.of_choice(seen, at, frame, only)


def _asked(seen: Scope, at: Version, frame: Frame, changes: Changes) -> Forecast | None:
    found: Forecast | None = _forecast(seen, at, frame, *astuple(changes))
    return found


@kept
def _forecast(
    seen: Scope,
    at: Version,
    frame: Frame,
    approve_all: bool,
    run: date | None,
    to: date | None,
    release: bool,
    rush: bool,
) -> Forecast | None:
    changes = Changes(approve_all, run, to, release, rush)
    try:
        return retried(lambda connection: pp_forecast.forecast(connection, frame, seen, changes))
    except ValueError:
        return None


@finished
def _burn(
    seen: Scope,
    at: Version,
    frame: Frame,
    only: Narrowing,
    form: str,
    approve_all: bool,
    run: date | None,
    to: date | None,
    release: bool,
    rush: bool,
) -> Burn:
    of, asked = _figures(seen, at, frame, only), Changes(approve_all, run, to, release, rush)
    plain = None if only else _asked(seen, at, frame, NOTHING_CHANGES)
    other = None if only or asked == NOTHING_CHANGES else _asked(seen, at, frame, asked)
    released = int(of.figures["retained_pence"] or 0) if asked.release_retained else 0
    what_if = WhatIf(other.by_run, released) if other else None
    ahead = plain.by_run if plain else ()
    lines = burn_down(of, form, ahead, what_if)
    return Burn(lines, burn_down_behind.table(of, ahead), str(of.rows["runs"]["says"].iloc[0]))


@finished
def _drawn(
    seen: Scope,
    at: Version,
    frame: Frame,
    only: Narrowing,
    form: str,
    line: str,
    day: str,
    dark: bool,
    approve_all: bool,
    run: date | None,
    to: date | None,
    release: bool,
    rush: bool,
) -> Finished:
    drawing = charts.pp_left if form == LEFT else charts.pp_burn_down
    lines = _burn(seen, at, frame, only, form, approve_all, run, to, release, rush).lines
    return chart.finish(drawing, lines, dark=dark, choose=True, chosen=(line, day) if line else None)

"""What became of requests for Pupil Premium Plus. Refused to a viewer who may not see money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection

from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import children, fetch, pp_waiting
from vs_core.figures import pp_history as figures
from vs_core.rules.frame import Frame, financial_year
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, pp_spend, version

LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Limits:
    """school_days: on either side of a beginning; small: counts from the first to the second tell too much."""

    school_days: int
    small: tuple[int, int]


@dataclass(frozen=True)
class ChildMoney:
    """Of one child: requests: `figures.pp_history.requests`, the latest first, with `why` (why it is not paid, for
    those of the year); seen: `figures.pp_history.before_and_after` of them; steps: `figures.pp_history.steps`."""

    requests: pd.DataFrame
    seen: pd.DataFrame
    steps: pd.DataFrame


def paid_in_ended_terms(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """Paid requests of the financial year and of the one before whose term is over, of the chosen children, with the
    child's `forename`, `surname`, `year_group`; `owes_impact` of those of which nobody recorded what came of it."""
    pp_spend.require(viewer)
    rows: pd.DataFrame = _paid(scope(viewer), version(), chosen.frame)
    return _of_chosen(viewer, chosen, rows)


def before_and_after(viewer: Viewer, chosen: Chosen) -> pd.DataFrame:
    """`figures.pp_history.before_and_after` of what began in the year up to the day, for the chosen children."""
    pp_spend.require(viewer)
    rows: pd.DataFrame = _seen(scope(viewer), version(), chosen.frame)
    return _of_chosen(viewer, chosen, rows)


def limits(on: date) -> Limits:
    """The limits of what is shown before and after."""
    found: Limits = _limits(version(), on)
    return found


def of_child(viewer: Viewer, child_key: int, frame: Frame) -> ChildMoney | None:
    """All that was asked for one child, as of the day of the frame; None for a viewer who may not see money or not open
    the child's page."""
    if not (viewer.may(roles.SEE_MONEY) and viewer.may(roles.SEE_CHILD)):
        return None
    own = replace(scope(viewer), child=child_key)
    return retried(lambda connection: _of_child(connection, own, frame))


def _of_child(connection: Connection, own: Scope, frame: Frame) -> ChildMoney:
    day, authority = (frame.as_at, frame.known_on), settings().authority
    made = figures.requests(connection, *day, own, authority)
    year = Frame.for_subject("pp-plus", *day)
    waiting = pp_waiting.requests(connection, year, authority, own)
    whys = dict(zip(waiting["request_id"], waiting["why"], strict=True))
    told = made.assign(why=pd.Series([whys.get(number, "") for number in made["request_id"]], made.index, dtype=object))
    return ChildMoney(
        told.iloc[::-1].reset_index(drop=True),
        figures.before_and_after(connection, *day, date.min, own, authority),
        figures.steps(connection, *day, own, authority),
    )


def _of_chosen(viewer: Viewer, chosen: Chosen, rows: pd.DataFrame) -> pd.DataFrame:
    keys = pp_spend.keys_of(viewer, chosen)
    return rows if keys is None else rows[rows["child_key"].isin(keys)].reset_index(drop=True)


@kept
def _paid(seen: Scope, at: Version, frame: Frame) -> pd.DataFrame:
    return retried(lambda connection: _paid_rows(connection, seen, frame))


def _paid_rows(connection: Connection, seen: Scope, frame: Frame) -> pd.DataFrame:
    made = figures.requests(connection, frame.end, frame.known_on, seen, settings().authority)
    years = (frame.financial_year, financial_year(frame.end - LOOKED_BACK))
    ended = [not pd.isna(on) and on < frame.end for on in made["term_ends_on"]]
    own = made[made["financial_year"].isin(years) & (made["paid_pence"] > 0) & pd.Series(ended, made.index, dtype=bool)]
    only = sorted({int(key) for key in own["child_key"]})
    who = children.details(connection, replace(frame, as_at=frame.end), seen, only)
    names = ["child_key", "forename", "surname", "year_group"]
    return own.merge(who[names], on="child_key", how="left").sort_values("term_ends_on", kind="stable")


@kept
def _seen(seen: Scope, at: Version, frame: Frame) -> pd.DataFrame:
    start = frame.end - LOOKED_BACK + timedelta(days=1)
    return retried(
        lambda connection: figures.before_and_after(
            connection, frame.end, frame.known_on, start, seen, settings().authority
        )
    )


@kept
def _limits(at: Version, on: date) -> Limits:
    found = retried(fetch.thresholds)
    small = (found.whole("suppress_from", on), found.whole("suppress_to", on))
    return Limits(found.whole("effect_school_days", on), small)

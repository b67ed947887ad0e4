"""The forecast of Pupil Premium Plus to 31 March, from requests and payments of every year as they were known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import fetch
from vs_core.queries import knowledge, pp_forecast, pp_plus
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules.dated import Thresholds
from vs_core.rules.frame import Frame
from vs_core.rules.measures_pp_plus import notice_at
from vs_core.rules.pp_forecast import NOTHING_CHANGES, Changes, Known
from vs_core.rules.pp_forecast_answer import Forecast, RunForecast, StageShare
from vs_core.rules.pp_forecast_answer import forecast as forecast_of
from vs_core.rules.pp_forecast_band import best
from vs_core.rules.pp_forecast_history import Books, RunDays, Year, books
from vs_core.rules.pp_plus import (
    APPROVAL_WINDOW_DAYS,
    approval_share,
    approved_amount,
    decided_lately,
    state_at,
)

__all__ = ["Changes", "Forecast", "RunForecast", "StageShare", "forecast", "known"]

KINDS = ("pp-requests", "pp-payments")


def forecast(
    connection: Connection, frame: Frame, scope: Scope = EVERYTHING, changes: Changes = NOTHING_CHANGES
) -> Forecast | None:
    """The forecast of the financial year of `frame.end` from that day. None for one caseload, which has no allocation,
    and where requests or payments had not arrived. Raises ValueError for a run that can't be moved as asked."""
    if scope.adviser is not None or not _cuts(connection, frame):
        return None
    return forecast_of(known(connection, frame, scope), changes)


def expected_pence(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> int | None:
    """What earlier years let expect by 31 March; None as in `forecast`, and where no earlier year is known."""
    if scope.adviser is not None or not _cuts(connection, frame):
        return None
    of, _ = best(known(connection, frame, scope))
    return None if of.method == "plain" else of.expected_pence


def known(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> Known:
    """What the forecast of a frame rests on. What has not arrived counts as known up to the day itself: nothing."""
    limits = fetch.thresholds(connection, frame.known_on)
    allocations = fetch.rows(connection, pp_plus.allocations(frame.known_on))
    share, cuts = limits.value("top_slice_percent", frame.end), _cuts(connection, frame)
    return known_of(_books(connection, frame, scope), cuts, frame, allocations, share, runs(limits, frame.end))


def known_of(
    years: Books,
    cuts: Mapping[str, date],
    frame: Frame,
    allocations: pd.DataFrame,
    top_slice_percent: Decimal,
    run_days: RunDays,
) -> Known:
    """The same from its parts. cuts: the latest delivery of each kind by the frame's knowledge."""
    asked_to, paid_to = (min(frame.end, cuts.get(kind, frame.end)) for kind in KINDS)
    year, end = frame.financial_year, frame.end
    notices = {of: notice_at(allocations, of, end) for of in {year, *years}}
    pence = {of: int(notice["amount_pence"]) for of, notice in notices.items() if notice is not None}
    return Known(year, end, years, asked_to, paid_to, run_days, pence, top_slice_percent, _open_share(years, end))


def runs(limits: Thresholds, on: date) -> RunDays:
    """On which days payments leave, as the limits of a day say."""
    return RunDays(limits.whole("payment_run_day", on), limits.whole("last_payment_run_day_in_march", on))


def _books(connection: Connection, frame: Frame, scope: Scope) -> Books:
    requests = connection.execute(pp_forecast.requests(frame.known_on, scope)).all()
    payments = connection.execute(pp_forecast.payments(frame.known_on, scope)).all()
    return books(requests, payments)


def has_arrived(connection: Connection, frame: Frame) -> bool:
    """Whether requests and payments had both come by the frame's knowledge."""
    return bool(_cuts(connection, frame))


def _cuts(connection: Connection, frame: Frame) -> dict[str, date]:
    """The latest delivery of each kind; empty unless both have arrived."""
    found: dict[str, Any] = {
        row.kind: row.known_on for row in connection.execute(knowledge.arrived(KINDS, frame.known_on))
    }
    return found if len(found) == len(KINDS) else {}


def _open_share(years: Mapping[str, Year], end: date) -> Fraction:
    """Of what was asked for in requests decided in the 365 days up to the day, the part approved (`pp_plus`)."""
    since = end - timedelta(days=APPROVAL_WINDOW_DAYS)
    lately = [
        each
        for of in years.values()
        for each in of.requests
        if each.decided_on is not None
        and since < each.decided_on
        and decided_lately(each.decided_on, end)
        and each.requested_on <= end
    ]
    approved = sum(
        approved_amount(state_at(each.status, each.decided_on, end), each.amount_pence, each.approved_pence)
        for each in lately
    )
    return approval_share(approved, sum(each.amount_pence for each in lately))

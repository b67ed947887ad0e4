"""Funds beside Pupil Premium Plus: early years pupil premium and the post-16 grant, each with money of its own."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import fetch
from vs_core.queries import pp_plus
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import measures
from vs_core.rules.frame import Frame
from vs_core.rules.measures_pp_plus import staged
from vs_core.rules.pp_plus import APPROVAL_WINDOW_DAYS, FUND, FUNDS

AMOUNTS = ("allocation_pence", "paid_pence", "committed_pence", "requested_pence", "recovered_pence", "left_pence")


def other_funds(connection: Connection, frame: Frame, scope: Scope = EVERYTHING) -> pd.DataFrame:
    """One row a fund other than Pupil Premium Plus, for the financial year of `frame.end` at its end: `fund`, AMOUNTS,
    `allocation_is_final`, `requests`. Nothing is retained of it: left is allocation less paid and committed, with
    recovered added. Allocation and left are empty without a notice, and for one caseload.

    No figure of Pupil Premium Plus counts any of this money."""
    known_on, year = frame.known_on, frame.financial_year
    allocations = fetch.rows(connection, pp_plus.allocations(known_on))
    since = frame.end - timedelta(days=APPROVAL_WINDOW_DAYS)
    requests = fetch.rows(connection, pp_plus.requests(known_on, year, since, scope))
    payments = fetch.rows(connection, pp_plus.payments(known_on, year, scope))
    found = [_of_fund(fund, frame, allocations, requests, payments) for fund in FUNDS if fund != FUND]
    rows = pd.DataFrame(found)
    if scope.adviser is not None:
        rows = rows.assign(allocation_pence=None, left_pence=None)
    return rows.astype(dict.fromkeys(AMOUNTS, "Int64"))


def _of_fund(
    fund: str, frame: Frame, allocations: pd.DataFrame, requests: pd.DataFrame, payments: pd.DataFrame
) -> dict[str, Any]:
    made, moved = staged(requests, payments, frame.financial_year, frame.end, fund)
    nobody = pd.DataFrame({"has_request": pd.Series(dtype=bool)})
    figures = measures.pp_plus(frame, allocations, made, moved, nobody, Decimal(0), date.max, fund)
    return {
        "fund": fund,
        **{name: figures[name] for name in AMOUNTS if name != "left_pence"},
        "left_pence": figures["remaining_pence"],
        "allocation_is_final": figures["allocation_is_final"],
        "requests": int((made["financial_year"] == frame.financial_year).sum()),
    }

"""Pupil premium plus: the figures and what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from vs_core.rules.day_columns import on_or_before
from vs_core.rules.frame import Frame, financial_year, financial_year_of_label
from vs_core.rules.measure import Better, Figures, Measure, Unit
from vs_core.rules.pp_plus import (
    FUND,
    OPEN_STATES,
    approval_share,
    approved_amount,
    decided_lately,
    money,
    retained,
    state_at,
    year_of_request,
)

_GRANT = "DfE, pupil premium conditions of grant: money for children in care is managed by the virtual school head"
_LOCAL = "The virtual school's own pupil premium policy"
_NOTICES, _REQUESTS, _PAYMENTS = ("pp-allocations",), ("pp-requests",), ("pp-payments",)
_ALL = (*_NOTICES, *_REQUESTS, *_PAYMENTS)


def _measure(
    key: str,
    label: str,
    meaning: str,
    rule: str,
    needs: tuple[str, ...],
    better: Better | None = None,
    unit: Unit = "pence",
    source: str = _GRANT,
) -> Measure:
    return Measure(key, "pp-plus", label, meaning, rule, source, unit, better, needs)


MEASURES = (
    _measure(
        "financial_year",
        "Financial year",
        "The year that the money belongs to: summer, autumn and spring term.",
        "1 April to 31 March around the last day of the period.",
        (),
        unit="text",
    ),
    _measure(
        "allocation_pence",
        "Allocation",
        "What the department gives the authority for its children in care this year.",
        "The final notice where it has come by the day, else the latest provisional one.",
        _NOTICES,
    ),
    _measure(
        "allocation_is_final",
        "Allocation is final",
        "Whether the department has confirmed the amount; before that it can still change.",
        "A final notice of the year is dated on or before the day.",
        _NOTICES,
        unit="boolean",
    ),
    _measure(
        "retained_pence",
        "Retained",
        "The part that the virtual school keeps for support to all its children.",
        "Top-slice percentage of the allocation, rounded half up to the penny.",
        _NOTICES,
        source=_LOCAL,
    ),
    _measure(
        "requested_pence",
        "Requested",
        "What schools have asked for and nobody has decided yet.",
        "Amounts of requests of the year that are requested or queried on the day.",
        _REQUESTS,
    ),
    _measure(
        "approved_pence",
        "Approved",
        "What has been agreed so far this year, paid or not.",
        "Approved amounts of requests of the year that are approved or part-approved on the day.",
        _REQUESTS,
    ),
    _measure(
        "paid_pence",
        "Paid",
        "What has left the account for schools and providers this year.",
        "Payments with status paid, dated on or before the day, for requests of the year.",
        _PAYMENTS,
        "up",
    ),
    _measure(
        "committed_pence",
        "Committed",
        "What has been agreed but not paid yet.",
        "For each approved request the approved amount less what is paid on it, not below nothing.",
        (*_REQUESTS, *_PAYMENTS),
    ),
    _measure(
        "recovered_pence",
        "Recovered",
        "What schools have paid back, to be used again this year.",
        "Payments with status recovered, dated on or before the day, for requests of the year.",
        _PAYMENTS,
    ),
    _measure(
        "remaining_pence",
        "Remaining",
        "What nobody has been promised yet.",
        "Allocation less retained, paid and committed, with recovered added.",
        _ALL,
        "down",
    ),
    _measure(
        "forecast_pence",
        "Forecast to 31 March",
        "What is expected to be paid by the end of the financial year.",
        "Paid less recovered, and what up to three earlier years, each known whole from the same day on, paid by their "
        "31 March: of what was then open and of what was approved and not paid the same share, and on requests made "
        "later as much, scaled by the allocation and no more than it leaves. Without such a year: paid less recovered, "
        "committed, and open requests at the share approved in the last 365 days, and nothing but paid less recovered "
        "from the last payment run on. Of the two the one that missed less on the years tried (bench --forecast).",
        (*_REQUESTS, *_PAYMENTS),
        "up",
        source=_LOCAL,
    ),
    _measure(
        "at_risk_pence",
        "At risk",
        "What is expected to go back to the department on 31 March.",
        "Allocation less retained and forecast, not below nothing. Unspent money is recovered and not carried forward; "
        "what is agreed but not paid by then is part of it.",
        _ALL,
        "down",
    ),
    _measure(
        "children_without_spend",
        "Children with nothing requested",
        "Children eligible for pupil premium plus for whom nobody has asked for anything this year.",
        "Eligible on the day and no request of the year, in any state, made on or before it.",
        ("pp-requests", "ssda903-episodes"),
        "down",
        "count",
    ),
)


OF_THE_ALLOCATION = ("allocation_pence", "allocation_is_final", "retained_pence", "remaining_pence", "at_risk_pence")


def pp_plus(
    frame: Frame,
    allocations: pd.DataFrame,
    requests: pd.DataFrame,
    payments: pd.DataFrame,
    children: pd.DataFrame,
    top_slice_percent: Decimal,
    last_run: date,
    fund: str = FUND,
    expected_pence: int | None = None,
) -> Figures:
    """The figures of a fund's financial year (that of `frame.end`) at `frame.end`. Money in integer pence.

    `allocations`: `financial_year`, `fund`, `stage` (provisional, final), `amount_pence`, `notified_on`; an empty fund
    is PP+. `requests`, `payments`: both of `staged`; requests of other years say what share is approved. `children`:
    those eligible for pupil premium plus on the day, with `has_request`. `last_run`: the year's last payment run.
    `expected_pence`: what earlier years let expect by 31 March (`rules.pp_forecast`), None where none is known.
    Without a notice for the year the figures that rest on the allocation are None.
    """
    notice = notice_at(allocations, frame.financial_year, frame.end, fund)
    own = requests[requests["financial_year"] == frame.financial_year]
    paid, recovered = (_sum(payments[payments["status"] == status], "amount_pence") for status in ("paid", "recovered"))
    year_money = money(
        allocation=0 if notice is None else int(notice["amount_pence"]),
        top_slice_percent=top_slice_percent,
        requested=_sum(own[own["state"].isin(OPEN_STATES)], "amount_pence"),
        approved=_sum(own, "approved_pence"),
        paid=paid,
        committed=_sum(own, "committed_pence"),
        recovered=recovered,
        share=share_approved(requests, frame.end),
        is_run_left=frame.end < last_run,
        expected_pence=expected_pence,
    )
    figures: Figures = {
        "financial_year": frame.financial_year,
        "allocation_is_final": notice is not None and bool(notice["stage"] == "final"),
        **asdict(year_money),
        "children_without_spend": int((~children["has_request"].astype(bool)).sum()),
    }
    return figures if notice is not None else figures | dict.fromkeys(OF_THE_ALLOCATION)


def staged(
    requests: pd.DataFrame, payments: pd.DataFrame, year: str, end: date, fund: str = FUND
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Requests and payments of a fund as they stood on a day: what every figure sums and every list shows.

    `requests`: `request_id`, `child_id`, `term`, `amount_pence`, `approved_amount_pence`, `status`, `requested_on`,
    `decided_on`, `fund`. `payments`: `request_id`, `amount_pence`, `status`, `paid_on`, `fund`. An empty fund is PP+.
    All requests and payments are wanted, of other years too: payments are placed by their request. Answers the
    requests made by the day (`requests_at`, with `paid_pence` and `committed_pence`) and the payments of the year."""
    moved = payments_at(payments, requests, year, end, fund)
    return _with_committed(requests_at(requests, end, fund), moved), moved


def notice_at(allocations: pd.DataFrame, year: str, end: date, fund: str = FUND) -> dict[Any, Any] | None:
    """The notice that holds on a day: the final one if it has come, else the latest provisional one; None without."""
    due = allocations[(allocations["financial_year"] == year) & of_fund(allocations, fund)]
    due = due[on_or_before(due["notified_on"], end)].sort_values("notified_on", kind="stable")
    final = due[due["stage"] == "final"]
    known = due if final.empty else final
    return None if known.empty else known.iloc[-1].to_dict()


def to_spend(
    allocations: pd.DataFrame, year: str, end: date, top_slice_percent: Callable[[date], Decimal], fund: str = FUND
) -> pd.DataFrame:
    """What there was to spend in turn up to a day of a year: one row for each day from which the notice or the share
    kept back was another, `on`, `stage` (of the notice), `allocation_pence`, `retained_pence`.

    top_slice_percent: the share kept back on a day. Before the first notice nothing is known to spend; of several
    notices of a day the last holds, a final one before any other."""
    first = financial_year_of_label(year)[0]
    due = allocations[(allocations["financial_year"] == year) & of_fund(allocations, fund)]
    told = {day for day in map(_day, due["notified_on"]) if day is not None and day <= end}
    shares = {day: top_slice_percent(day) for day in (first + timedelta(days=n) for n in range((end - first).days + 1))}
    changed = {day for day, share in shares.items() if shares.get(day - timedelta(days=1), share) != share}
    steps: list[tuple[date, str, int, int]] = []
    for day in sorted({max(day, first) for day in told} | {day for day in changed if told and day > min(told)}):
        notice = notice_at(due, year, day, fund) or {}
        pence = int(notice["amount_pence"])
        step = (day, str(notice["stage"]), pence, retained(pence, shares[day]))
        if not steps or steps[-1][1:] != step[1:]:
            steps.append(step)
    return pd.DataFrame(steps, columns=["on", "stage", "allocation_pence", "retained_pence"])


def requests_at(requests: pd.DataFrame, end: date, fund: str = FUND) -> pd.DataFrame:
    """Requests made by a day, with `financial_year`, their `state` on it and `approved_pence` (0 unless approved)."""
    made = requests[on_or_before(requests["requested_on"], end) & of_fund(requests, fund)].copy()
    made["financial_year"] = _years(made)
    states = [state_at(str(row.status), _day(row.decided_on), end) for row in made.itertuples()]
    made["state"] = pd.Series(states, made.index, dtype=object)
    made["approved_pence"] = _approved(made, states)
    return made


def payments_at(payments: pd.DataFrame, requests: pd.DataFrame, year: str, end: date, fund: str = FUND) -> pd.DataFrame:
    """Payments dated by a day that belong to a year and fund.

    A payment belongs to the year and fund of its request; one of an unknown request to the year of its own date. Its
    own fund, where it names one, has to be the same.
    """
    moved = payments[on_or_before(payments["paid_on"], end)]
    funds = map(_fund, requests["fund"])
    of_request = dict(zip(requests["request_id"], zip(_years(requests), funds, strict=True), strict=True))
    belongs = [
        _place(of_request.get(request_id), _day(paid_on) or end, own_fund) == (year, fund)
        for request_id, paid_on, own_fund in zip(moved["request_id"], moved["paid_on"], moved["fund"], strict=True)
    ]
    return moved[pd.Series(belongs, moved.index, dtype=bool)]


def _place(of_request: tuple[Any, str] | None, paid_on: date, own_fund: Any) -> tuple[Any, str]:
    """The year and fund of a payment; a fund of its own that differs from its request's makes it nobody's."""
    if of_request is None:
        return financial_year(paid_on), _fund(own_fund)
    is_named = not pd.isna(own_fund) and own_fund != ""
    return of_request if not is_named or own_fund == of_request[1] else ("", "")


def _with_committed(requests: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    """Requests of `requests_at` with `paid_pence` and `committed_pence` (approved, not paid)."""
    paid = payments[payments["status"] == "paid"].groupby("request_id")["amount_pence"].sum()
    own = requests["request_id"].map(paid).fillna(0).astype("int64")
    return requests.assign(paid_pence=own, committed_pence=(requests["approved_pence"] - own).clip(lower=0))


def share_approved(requests: pd.DataFrame, end: date) -> Fraction:
    """The share of asked money approved among rows of `requests_at` decided in the 365 days to `end`."""
    lately = pd.Series([decided_lately(_day(day), end) for day in requests["decided_on"]], requests.index, dtype=bool)
    decided = requests[lately]
    return approval_share(_sum(decided, "approved_pence"), _sum(decided, "amount_pence"))


def of_fund(rows: pd.DataFrame, fund: str) -> pd.Series[bool]:
    """Rows of a fund; an empty fund is PP+."""
    return pd.Series([_fund(each) == fund for each in rows["fund"]], rows.index, dtype=bool)


def _fund(text: Any) -> str:
    return FUND if pd.isna(text) or not text else str(text)


def _years(requests: pd.DataFrame) -> pd.Series[Any]:
    years = [
        year_of_request(None if pd.isna(term) else str(term), _day(day))
        for term, day in zip(requests["term"], requests["requested_on"], strict=True)
    ]
    return pd.Series(years, requests.index, dtype=object)


def _approved(rows: pd.DataFrame, states: list[str]) -> pd.Series[int]:
    amounts = [
        approved_amount(state, int(asked), None if pd.isna(approved) else int(approved))
        for state, asked, approved in zip(states, _pence(rows), rows["approved_amount_pence"], strict=True)
    ]
    return pd.Series(amounts, rows.index, dtype="int64")


def _pence(rows: pd.DataFrame) -> list[int]:
    return [0 if pd.isna(amount) else int(amount) for amount in rows["amount_pence"]]


def _sum(rows: pd.DataFrame, column: str) -> int:
    return int(pd.to_numeric(rows[column]).fillna(0).sum())


def _day(value: Any) -> date | None:
    if value is None or pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value

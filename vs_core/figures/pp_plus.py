"""Pupil Premium Plus: figures, and the notices, requests, payments and children behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch, pp_forecast
from vs_core.figures.subject import Answer, Behind, SubjectFigures
from vs_core.queries import care, pp_plus
from vs_core.queries.scope import Scope
from vs_core.rules import measures
from vs_core.rules.dated import Thresholds
from vs_core.rules.frame import Frame, financial_year_bounds
from vs_core.rules.measures_pp_plus import of_fund, staged, to_spend
from vs_core.rules.pp_plan import plan_of, planned
from vs_core.rules.pp_plus import APPROVAL_WINDOW_DAYS, APPROVED_STATES, FUND, OPEN_STATES, last_run, payment_runs

OF_THE_AUTHORITY = (
    "allocation_pence",
    "allocation_is_final",
    "retained_pence",
    "remaining_pence",
    "forecast_pence",
    "at_risk_pence",
)
"""Figures that rest on the whole authority's money: one caseload has none."""


def answer(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """rows: `allocations`, `requests` (of the year, made by `frame.end`, with `state`, `approved_pence`,
    `paid_pence`, `committed_pence`), `payments` (of the year, dated by `frame.end`), `children` (eligible, with
    `has_request`), `to_spend` (`measures_pp_plus.to_spend`) and `runs` (of the year: `on`, `planned_pence`, empty
    without a notice, and `says`, how that is planned)."""
    known_on = frame.known_on
    allocations = fetch.rows(connection, pp_plus.allocations(known_on))
    since = frame.end - timedelta(days=APPROVAL_WINDOW_DAYS)
    requests = fetch.rows(connection, pp_plus.requests(known_on, frame.financial_year, since, scope))
    payments = fetch.rows(connection, pp_plus.payments(known_on, frame.financial_year, scope))
    limits = fetch.thresholds(connection, known_on)
    made, moved = staged(requests, payments, frame.financial_year, frame.end)
    own = made[made["financial_year"] == frame.financial_year]
    eligible = _eligible(connection, frame, scope)
    eligible["has_request"] = eligible["child_id"].isin(own["child_id"])
    share = limits.value("top_slice_percent", frame.end)
    steps = _to_spend(allocations, frame, limits)
    run = last_run(frame.financial_year, limits.whole("last_payment_run_day_in_march", frame.end))
    expected = pp_forecast.expected_pence(connection, frame, scope)
    figures = measures.pp_plus(frame, allocations, made, moved, eligible, share, run, expected_pence=expected)
    if scope.adviser is not None:
        figures |= dict.fromkeys(OF_THE_AUTHORITY)
    rows = {"allocations": allocations, "requests": own, "payments": moved, "children": eligible}
    rows |= {"to_spend": steps, "runs": _runs(connection, frame, limits, steps)}
    return Answer(figures, rows, _notes(figures, scope))


def _to_spend(allocations: pd.DataFrame, frame: Frame, limits: Thresholds) -> pd.DataFrame:
    return to_spend(allocations, frame.financial_year, frame.end, lambda on: limits.value("top_slice_percent", on))


def _runs(connection: Connection, frame: Frame, limits: Thresholds, steps: pd.DataFrame) -> pd.DataFrame:
    days = (limits.whole(name, frame.end) for name in ("payment_run_day", "last_payment_run_day_in_march"))
    runs = payment_runs(frame.financial_year, *days)
    plan = plan_of(fetch.policy(connection, frame.end, frame.known_on))
    pence: list[int | None] = [None] * len(runs)
    if len(steps):
        holds = steps.iloc[-1]
        pence = [*planned(plan, runs, int(holds["allocation_pence"] - holds["retained_pence"]))]
    return pd.DataFrame({"on": runs, "planned_pence": pd.array(pence, dtype="Int64")}).assign(says=plan.says)


def _notes(figures: Mapping[str, object], scope: Scope) -> dict[str, str]:
    if scope.adviser is not None:
        return dict.fromkeys(OF_THE_AUTHORITY, "The allocation is the whole authority's: one caseload has none.")
    missing = [key for key in OF_THE_AUTHORITY if key in figures and figures[key] is None]
    return dict.fromkeys(missing, f"No notice of an allocation for {figures['financial_year']} is dated by this day.")


def _eligible(connection: Connection, frame: Frame, scope: Scope) -> pd.DataFrame:
    """Children eligible on the last day of the period: of those in care since 1 April, the ones of the age."""
    at_the_end = replace(frame, as_at=frame.end)
    first = financial_year_bounds(frame.end)[0]
    looked_after = care.members("in care", first, frame.end, frame.known_on, scope)
    roll = children.roll(connection, at_the_end, scope, looked_after)
    return roll[roll["pp_plus_eligible"].astype(bool)].copy()


def _in_states(states: frozenset[str]) -> Behind:
    def rows(of: SubjectFigures) -> pd.DataFrame:
        return of.rows["requests"][of.rows["requests"]["state"].isin(states)]

    return rows


def _moved(status: str) -> Behind:
    def rows(of: SubjectFigures) -> pd.DataFrame:
        return of.rows["payments"][of.rows["payments"]["status"] == status]

    return rows


def _committed(of: SubjectFigures) -> pd.DataFrame:
    return of.rows["requests"][of.rows["requests"]["committed_pence"] > 0]


def _notices(of: SubjectFigures) -> pd.DataFrame:
    known = of.rows["allocations"]
    dated = pd.to_datetime(known["notified_on"]) <= pd.Timestamp(_end(of))
    return known[(known["financial_year"] == of.frame.financial_year) & of_fund(known, FUND) & dated]


def _end(of: SubjectFigures) -> date:
    return of.frame.end


def _without_spend(of: SubjectFigures) -> pd.DataFrame:
    return of.rows["children"][~of.rows["children"]["has_request"].astype(bool)]


BEHIND: Mapping[str, Behind] = {
    **dict.fromkeys(("allocation_pence", "allocation_is_final", "retained_pence"), _notices),
    "requested_pence": _in_states(OPEN_STATES),
    "approved_pence": _in_states(APPROVED_STATES),
    "paid_pence": _moved("paid"),
    "committed_pence": _committed,
    "recovered_pence": _moved("recovered"),
    **dict.fromkeys(("remaining_pence", "forecast_pence", "at_risk_pence"), lambda of: of.rows["requests"]),
    "children_without_spend": _without_spend,
}

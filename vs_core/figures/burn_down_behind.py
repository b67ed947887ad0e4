"""What stands behind the burn-down: the payments, requests or notices of a point, a payment run or a line, and the same
lines as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import pandas as pd

from vs_core import figures
from vs_core.figures.burn_down import LEFT, Ahead, burn_down, by_day
from vs_core.figures.subject import SubjectFigures
from vs_core.rules.day_columns import as_days, on_or_before
from vs_core.rules.frame import financial_year_bounds
from vs_core.rules.pp_plus import APPROVED_STATES, OPEN_STATES
from vs_core.rules.words import long_day

Kind = Literal["payments", "requests", "notices"]
MOVED = ("paid", "recovered")
NOTICES, PROMISED, COMING = ("allocation", "notice"), ("remaining", "promised"), ("forecast", "what_if")
OF_RUNS = ("plan", "run")


@dataclass(frozen=True)
class BehindPoint:
    """title: what is listed; kind: which rows of the figures they are; rows: those of `figures.with_children`."""

    title: str
    kind: Kind
    rows: pd.DataFrame


def behind(of: SubjectFigures, line: str, on: date | None) -> BehindPoint:
    """The rows behind a line of the burn-down (`figures.burn_down`; `run`: a payment run; empty: any) on a day; without
    a day behind all of it, up to the frame's last day."""
    end = of.frame.end
    if line in NOTICES:
        return _notices(of, on)
    if line in COMING or (on is not None and on > end):
        return _pipeline(of)
    if line in PROMISED:
        return _promised(of, min(on or end, end))
    if line in OF_RUNS and on is not None:
        return _of_run(of, on)
    return _moved(of, on, on) if on is not None else _moved(of, None, end)


def _notices(of: SubjectFigures, on: date | None) -> BehindPoint:
    rows = figures.behind(of, "allocation_pence")
    own = rows if on is None else rows[on_or_before(rows["notified_on"], on)]
    return BehindPoint(f"Notices{_until(on)}", "notices", own)


def _pipeline(of: SubjectFigures) -> BehindPoint:
    rows = of.rows["requests"]
    own = rows[(rows["committed_pence"] > 0) | rows["state"].isin(OPEN_STATES)]
    return BehindPoint("Requests that the forecast counts: open, or approved and not paid", "requests", own)


def _promised(of: SubjectFigures, on: date) -> BehindPoint:
    """Requests approved by a day with what of them was not paid on it."""
    rows, payments = of.rows["requests"], of.rows["payments"]
    decided = as_days(rows["decided_on"]).fillna(as_days(rows["requested_on"]))
    agreed = rows[rows["state"].isin(APPROVED_STATES) & (decided <= pd.Timestamp(on))]
    made = payments[(payments["status"] == "paid") & on_or_before(payments["paid_on"], on)]
    paid = agreed["request_id"].map(made.groupby("request_id")["amount_pence"].sum()).fillna(0).astype("int64")
    open_pence = (agreed["approved_pence"] - paid).clip(lower=0)
    own = agreed.assign(paid_pence=paid, committed_pence=open_pence)
    return BehindPoint(f"Requests approved and not paid on {long_day(on)}", "requests", own[open_pence > 0])


def _of_run(of: SubjectFigures, on: date) -> BehindPoint:
    """What was paid since the run before."""
    earlier = [day for day in of.rows["runs"]["on"] if day < on]
    return _moved(of, earlier[-1] + timedelta(days=1) if earlier else None, on)


def _moved(of: SubjectFigures, first: date | None, last: date) -> BehindPoint:
    rows = of.rows["payments"]
    own = rows[rows["status"].isin(MOVED) & on_or_before(rows["paid_on"], last)]
    if first is not None:
        own = own[as_days(own["paid_on"]) >= pd.Timestamp(first)]
    when = f" on {long_day(last)}" if first == last else _since(first, last)
    return BehindPoint(f"Payments and recoveries{when}", "payments", own)


def _since(first: date | None, last: date) -> str:
    return f" from {long_day(first)} to {long_day(last)}" if first else _until(last)


def _until(on: date | None) -> str:
    return f" up to {long_day(on)}" if on else ""


TABLE = (
    "allocation_pence",
    "retained_pence",
    "approved_pence",
    "committed_pence",
    "paid_pence",
    "recovered_pence",
    "left_pence",
    "remaining_pence",
)


def table(of: SubjectFigures, ahead: Sequence[Ahead] = ()) -> pd.DataFrame:
    """The burn-down as a table: one row for the first and last day of the year, each notice, payment run and the day
    shown, in order. `on`, `what` (words), the columns of TABLE (as they stood on the day; empty after the day shown),
    `planned_left_pence`, `forecast_left_pence`, `low_left_pence`, `high_left_pence` (empty where there is none)."""
    lines = burn_down(of, LEFT, ahead)
    what = _named_days(of, lines)
    known = by_day(of).set_index("on")[list(TABLE)]
    rows = known.reindex(list(what)).rename_axis("on").reset_index()
    plan, forecast = (lines[lines["line"] == name].drop_duplicates("on", keep="last") for name in ("plan", "forecast"))
    rows.insert(1, "what", list(what.values()))
    days = pd.DataFrame({"on": as_days(rows["on"]).astype("datetime64[us]")})
    rows["planned_left_pence"] = _held(days, plan, "pence")
    coming = as_days(rows["on"]) >= pd.Timestamp(of.frame.end)
    own = {"forecast_left_pence": "pence", "low_left_pence": "low_pence", "high_left_pence": "high_pence"}
    for name, column in own.items():
        rows[name] = _held(days, forecast, column).where(coming)
    return rows


def _held(days: pd.DataFrame, line: pd.DataFrame, column: str) -> pd.Series:
    """What a line stood at on each day."""
    own = line.assign(on=as_days(line["on"]).astype("datetime64[us]"))[["on", column]]
    return pd.to_numeric(pd.merge_asof(days, own, on="on")[column]).astype("Int64")


def _named_days(of: SubjectFigures, lines: pd.DataFrame) -> dict[date, str]:
    first, last = financial_year_bounds(of.frame.end)
    runs = list(of.rows["runs"]["on"])
    notices = lines[lines["line"] == "notice"]
    named = [(first, "The year begins"), *((run, "Payment run") for run in runs[:-1]), (runs[-1], "Last payment run")]
    named += [(row.on, f"{row.note} notice".capitalize()) for row in notices.itertuples()]
    named += [(of.frame.end, "Day shown"), (last, "The year ends")]
    days: dict[date, str] = {}
    for day, name in sorted(named, key=lambda each: each[0]):
        days[day] = f"{days[day]}; {name.lower()}" if day in days else name
    return days

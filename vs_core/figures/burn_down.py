"""Pupil Premium Plus over its financial year as lines: what was to be spent, what is, and where it will end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd

from vs_core.figures.subject import SubjectFigures
from vs_core.rules.day_columns import as_days
from vs_core.rules.frame import financial_year_bounds
from vs_core.rules.measures_pp_plus import notice_at
from vs_core.rules.pp_plus import APPROVED_STATES, half_up

Point = tuple[str, date, int, str]
COLUMNS = ["line", "on", "pence", "note"]


def burn_down(of: SubjectFigures) -> pd.DataFrame:
    """Cumulative lines of the financial year of `of.frame.end`, as they are known in that frame.

    `of`: the figures of `pp-plus`. Columns `line`, `on` (date), `pence` (integer), `note`. Lines:
    `allocation`: from its first notice to 31 March, a step where a later notice changed it; note `provisional` or
    `final`. `plan`: even from nothing on 1 April to allocation less retained on 31 March. `paid`, and `committed`
    (paid and committed together): each week from 1 April to the frame's last day, on which they are the headline
    figures. `forecast`: from paid to date to the forecast on 31 March. A line whose figure is not known is left out,
    and without a notice there is neither allocation nor plan.
    """
    notices = _notices(of)
    points = [*_allocation(notices, of), *(_plan(of) if notices else []), *_to_date(of), *_forecast(of)]
    return pd.DataFrame(points, columns=COLUMNS)


def planned_pence(of: SubjectFigures, on: date) -> int | None:
    """What the even plan would have paid by a day of the year; None without a notice of the allocation."""
    allocation, kept = of.figures["allocation_pence"], of.figures["retained_pence"]
    if allocation is None or kept is None or not _notices(of):
        return None
    first, last = financial_year_bounds(of.frame.end)
    return half_up(Fraction((allocation - kept) * (on - first).days, (last - first).days))


def _notices(of: SubjectFigures) -> list[tuple[date, int, str]]:
    """The notices that held in turn up to the frame's end: from when, pence, stage."""
    if of.figures["allocation_pence"] is None:
        return []
    known, year, end = of.rows["allocations"], of.frame.financial_year, of.frame.end
    days = sorted({day.date() for day in as_days(known["notified_on"]).dropna() if day.date() <= end})
    held = [(day, notice_at(known, year, day)) for day in days]
    steps = [(day, int(notice["amount_pence"]), str(notice["stage"])) for day, notice in held if notice is not None]
    return [step for place, step in enumerate(steps) if place == 0 or step[1:] != steps[place - 1][1:]]


def _allocation(notices: list[tuple[date, int, str]], of: SubjectFigures) -> Iterable[Point]:
    if not notices:
        return
    first, last = financial_year_bounds(of.frame.end)
    for (day, pence, stage), (following, _, _) in zip(notices, notices[1:], strict=False):
        yield from (("allocation", on, pence, stage) for on in (max(day, first), following - timedelta(days=1)))
    day, pence, stage = notices[-1]
    yield from (("allocation", on, pence, stage) for on in sorted({max(day, first), last}))


def _plan(of: SubjectFigures) -> Iterable[Point]:
    for day in financial_year_bounds(of.frame.end):
        yield "plan", day, planned_pence(of, day) or 0, ""


def _to_date(of: SubjectFigures) -> Iterable[Point]:
    """Paid, and paid and committed, on 1 April, every seventh day and the last day."""
    first, end = financial_year_bounds(of.frame.end)[0], of.frame.end
    if of.figures["paid_pence"] is None:
        return
    paid = _paid(of)
    agreed = None if of.figures["committed_pence"] is None else _agreed(of)
    days = [first + timedelta(days=number) for number in range(0, (end - first).days, 7)]
    for day in [*days, end]:
        by_now = paid[paid["on"] <= pd.Timestamp(day)]
        total = int(by_now["pence"].sum())
        yield "paid", day, total, ""
        if agreed is not None:
            yield "committed", day, total + _committed(agreed[agreed["on"] <= pd.Timestamp(day)], by_now), ""


def _paid(of: SubjectFigures) -> pd.DataFrame:
    """Payments made: `request_id`, `on`, `pence`."""
    rows = of.rows["payments"]
    made = rows[rows["status"] == "paid"]
    return pd.DataFrame(
        {"request_id": made["request_id"], "on": as_days(made["paid_on"]), "pence": _pence(made["amount_pence"])}
    )


def _agreed(of: SubjectFigures) -> pd.DataFrame:
    """Requests approved by the frame's end, with the day from which they were: `request_id`, `on`, `pence`."""
    rows = of.rows["requests"]
    approved = rows[rows["state"].isin(APPROVED_STATES)]
    asked, decided = as_days(approved["requested_on"]), as_days(approved["decided_on"])
    since = asked.where(decided.isna() | (asked > decided), decided)
    return pd.DataFrame(
        {"request_id": approved["request_id"], "on": since, "pence": _pence(approved["approved_pence"])}
    )


def _committed(agreed: pd.DataFrame, paid: pd.DataFrame) -> int:
    """For each agreed request what is not paid of it, never below nothing, added up."""
    done = agreed["request_id"].map(paid.groupby("request_id")["pence"].sum()).fillna(0).astype("int64")
    return int((agreed["pence"] - done).clip(lower=0).sum())


def _forecast(of: SubjectFigures) -> Iterable[Point]:
    paid, expected = of.figures["paid_pence"], of.figures["forecast_pence"]
    last = financial_year_bounds(of.frame.end)[1]
    if paid is None or expected is None:
        return
    if of.frame.end < last:
        yield "forecast", of.frame.end, paid, ""
    yield "forecast", last, expected, ""


def _pence(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column).fillna(0).astype("int64")

"""Pupil Premium Plus over its financial year, day by day: what there is to spend, what is left of it, and the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import pandas as pd

from vs_core.figures.subject import SubjectFigures
from vs_core.rules.day_columns import as_days
from vs_core.rules.frame import financial_year_bounds
from vs_core.rules.pp_plus import APPROVED_STATES
from vs_core.rules.words import long_day, pounds

LEFT, SPENT = "left", "spent"
FORMS = (LEFT, SPENT)
COLUMNS = ["line", "on", "pence", "low_pence", "high_pence", "note", "says"]
SUMS = ("approved_pence", "committed_pence", "paid_pence", "recovered_pence")
_OF_SPENDABLE = ("allocation_pence", "retained_pence", "left_pence", "remaining_pence")


class Ahead(Protocol):
    """What is expected to be paid less recovered by a coming day, cumulative, in pence."""

    @property
    def on(self) -> date: ...
    @property
    def low_pence(self) -> int: ...
    @property
    def expected_pence(self) -> int: ...
    @property
    def high_pence(self) -> int: ...


def by_day(of: SubjectFigures) -> pd.DataFrame:
    """One row a day from 1 April to the frame's last day, as the headline figures were on it.

    `on` (date), `stage` (of the notice that held), and in pence `allocation_pence`, `retained_pence`, `approved_pence`,
    `committed_pence`, `paid_pence`, `recovered_pence`, `left_pence` (allocation less retained and paid, with what was
    recovered) and `remaining_pence` (what is left less committed). Empty where nothing was known on the day."""
    first, end = financial_year_bounds(of.frame.end)[0], of.frame.end
    days = pd.DataFrame({"on": _days(pd.Series(pd.date_range(first, end)))})
    days = pd.merge_asof(days, _to_spend(of), on="on")
    for name, sums in _sums(of).items():
        days[name] = _cumulative(sums, days["on"]) if of.figures[name] is not None else pd.NA
    sums = days[[*SUMS, *_OF_SPENDABLE[:2]]].astype("Int64")
    left = sums["allocation_pence"] - sums["retained_pence"] - sums["paid_pence"] + sums["recovered_pence"]
    days = days.assign(**sums, left_pence=left, remaining_pence=left - sums["committed_pence"])
    return days.assign(on=days["on"].dt.date, stage=days["stage"].fillna(""))


def planned_pence(of: SubjectFigures, on: date) -> int | None:
    """What the runs up to a day of the year were planned to pay; None without a notice of the allocation."""
    runs = _runs(of)
    return None if runs is None else int(runs.loc[_days(runs["on"]) <= pd.Timestamp(on), "planned_pence"].sum())


@dataclass(frozen=True)
class WhatIf:
    """A forecast with changes, beside the plain one. released_pence: what is retained and would be given out too."""

    ahead: Sequence[Ahead]
    released_pence: int = 0


def burn_down(
    of: SubjectFigures, form: str = SPENT, ahead: Sequence[Ahead] = (), what_if: WhatIf | None = None
) -> pd.DataFrame:
    """Lines of the financial year of `of.frame.end`, as they are known in that frame; each is level up to its next row.

    of: the figures of `pp-plus`; ahead: the forecast by coming payment run, without it the headline forecast alone.
    Columns `line`, `on` (date), `pence` (integer), `low_pence` and `high_pence` (of the forecast, else empty), `note`
    and `says` (words). Lines of LEFT: `left`, `remaining`, `plan` (what would be left after each run), `forecast`. Of
    SPENT: `allocation`, `plan`, `spent` (paid less recovered), `promised` (the same and committed), `forecast`. Each
    has a row where it changes; `notice` has the days of the notices; `what_if` is the forecast with changes. A line
    whose figure is not known is left out."""
    days = by_day(of)
    own = _left(days) if form == LEFT else _spent(days)
    spendable = _spendable(of) if form == LEFT else 0
    points = [*own, *_notices(of, form), *_plan(of, spendable, form), *_forecast(of, spendable, form, ahead)]
    if what_if is not None:
        more = spendable + (what_if.released_pence if form == LEFT else 0)
        points += [("what_if", *point[1:]) for point in _forecast(of, more, form, what_if.ahead)]
    return pd.DataFrame(points, columns=COLUMNS)


Point = tuple[str, date, int, int | None, int | None, str, str]


def _left(days: pd.DataFrame) -> Iterable[Point]:
    yield from _changes(days, "left", days["left_pence"])
    yield from _changes(days, "remaining", days["remaining_pence"])


def _spent(days: pd.DataFrame) -> Iterable[Point]:
    spent = days["paid_pence"] - days["recovered_pence"]
    yield from _changes(days, "spent", spent)
    yield from _changes(days, "promised", spent + days["committed_pence"])


def _changes(days: pd.DataFrame, line: str, pence: pd.Series) -> Iterable[Point]:
    """The days on which a line changed, its first and the last one."""
    known = pence.notna()
    own, rows = pence[known], days[known]
    if rows.empty:
        return
    moved = own.diff().fillna(1) != 0
    moved.iloc[-1] = True
    for row, value in zip(_rows(rows[moved]), own[moved], strict=True):
        yield line, row.on, int(value), None, None, "", _told(row)


def _told(row: Any) -> str:
    """`Paid £618,650, recovered £3,400, committed £311,760`: what a point of the lines to date is made of."""
    named = (("paid", "paid_pence"), ("recovered", "recovered_pence"), ("committed", "committed_pence"))
    known = [(name, getattr(row, field)) for name, field in named]
    return ", ".join(f"{name} {pounds(int(pence))}" for name, pence in known if not pd.isna(pence)).capitalize()


def _to_spend(of: SubjectFigures) -> pd.DataFrame:
    """`to_spend` of the figures with `on` as a time; without rows where the whole is not known."""
    steps = of.rows["to_spend"]
    own = steps if of.figures["allocation_pence"] is not None else steps.iloc[:0]
    return own.assign(on=_days(own["on"]))


def _spendable(of: SubjectFigures) -> int:
    allocation, kept = of.figures["allocation_pence"], of.figures["retained_pence"]
    return int(allocation - kept) if allocation is not None and kept is not None else 0


def _sums(of: SubjectFigures) -> dict[str, pd.DataFrame]:
    """For each of SUMS what it changed by and when: `on`, `pence`."""
    payments, agreed = of.rows["payments"], _agreed(of)
    moved = pd.DataFrame({"on": as_days(payments["paid_on"]), "pence": _pence(payments["amount_pence"])})
    paid = moved[payments["status"] == "paid"].assign(request_id=payments["request_id"])
    committed = _committed(agreed, paid)
    return dict(zip(SUMS, (agreed, committed, paid, moved[payments["status"] == "recovered"]), strict=True))


def _agreed(of: SubjectFigures) -> pd.DataFrame:
    """Requests approved by the frame's end, with the day from which they were: `request_id`, `on`, `pence`."""
    rows = of.rows["requests"]
    approved = rows[rows["state"].isin(APPROVED_STATES)]
    asked, decided = as_days(approved["requested_on"]), as_days(approved["decided_on"])
    since = asked.where(decided.isna() | (asked > decided), decided)
    return pd.DataFrame(
        {"request_id": approved["request_id"], "on": since, "pence": _pence(approved["approved_pence"])}
    )


def _committed(agreed: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """By how much each approval and payment changed what is agreed and not paid of its request, never below nothing."""
    own = paid[paid["request_id"].isin(agreed["request_id"])]
    events = pd.concat([agreed.assign(paid=0), own.assign(paid=own["pence"], pence=0)], ignore_index=True)
    ordered = events.sort_values("on", kind="stable")
    so_far = ordered.groupby("request_id")[["pence", "paid"]].cumsum()
    open_pence = (so_far["pence"] - so_far["paid"]).clip(lower=0)
    before = open_pence.groupby(ordered["request_id"]).shift().fillna(0).astype("int64")
    return pd.DataFrame({"on": ordered["on"], "pence": open_pence - before})


def _cumulative(sums: pd.DataFrame, days: pd.Series) -> np.ndarray:
    """The sum of what came up to each day."""
    ordered = sums.sort_values("on", kind="stable")
    total = np.concatenate([[0], ordered["pence"].to_numpy(dtype="int64").cumsum()])
    return total[np.searchsorted(_days(ordered["on"]).to_numpy(), days.to_numpy(), side="right")]


def _notices(of: SubjectFigures, form: str) -> Iterable[Point]:
    """The days from which another notice, or another share kept back, held; in SPENT the allocation itself as well."""
    steps = list(_rows(_to_spend(of)))
    for row in steps:
        day, allocation, kept = row.on.date(), int(row.allocation_pence), int(row.retained_pence)
        says = f"{row.stage} notice {pounds(allocation)}, retained {pounds(kept)}".capitalize()
        if form == SPENT:
            yield "allocation", day, allocation, None, None, row.stage, says
        yield "notice", day, allocation - (kept if form == LEFT else 0), None, None, row.stage, says
    if steps and form == SPENT:
        last, row = financial_year_bounds(of.frame.end)[1], steps[-1]
        yield "allocation", last, int(row.allocation_pence), None, None, row.stage, ""


def _runs(of: SubjectFigures) -> pd.DataFrame | None:
    """The payment runs with what each is planned to pay; None where the whole is not known."""
    runs = of.rows["runs"]
    return runs if of.figures["allocation_pence"] is not None and runs["planned_pence"].notna().all() else None


def _plan(of: SubjectFigures, spendable: int, form: str) -> Iterable[Point]:
    first, last = financial_year_bounds(of.frame.end)
    runs = _runs(of)
    if runs is None:
        return
    yield "plan", first, spendable, None, None, "", "Nothing is planned to be paid yet"
    done = 0
    for row in _rows(runs):
        done += int(row.planned_pence)
        says = f"Run of {long_day(row.on)}: {pounds(int(row.planned_pence))} planned"
        yield "plan", row.on, spendable - done if form == LEFT else done, None, None, "", says
    yield "plan", last, spendable - done if form == LEFT else done, None, None, "", ""


def _forecast(of: SubjectFigures, spendable: int, form: str, ahead: Sequence[Ahead]) -> Iterable[Point]:
    paid, back, expected = (of.figures[key] for key in ("paid_pence", "recovered_pence", "forecast_pence"))
    end, last = of.frame.end, financial_year_bounds(of.frame.end)[1]
    if paid is None or expected is None or (form == LEFT and of.figures["allocation_pence"] is None):
        return
    spent = paid - back
    coming = [(each.on, each.low_pence, each.expected_pence, each.high_pence) for each in ahead if each.on > end]
    start = [] if end >= last else [(end, spent, spent, spent)]
    final = (last, *coming[-1][1:]) if coming else (last, expected, expected, expected)
    for on, low, middle, high in [*start, *[each for each in coming if each[0] < last], final]:
        least, most = (spendable - high, spendable - low) if form == LEFT else (low, high)
        says = f"Between {pounds(least)} and {pounds(most)}" if most != least else ""
        yield "forecast", on, spendable - middle if form == LEFT else middle, least, most, "", says


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return frame.itertuples()


def _days(column: pd.Series) -> pd.Series:
    """Days as times of one kind, so that they can be held against each other."""
    return pd.to_datetime(column).astype("datetime64[us]")


def _pence(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column).fillna(0).astype("int64")

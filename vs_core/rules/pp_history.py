"""What became of a request for Pupil Premium Plus: its steps with their days and amounts, whether its impact is owed,
and what was seen before and after it began. What was seen after is no proof that the money did it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import pandas as pd

from vs_core.rules.effect import KNOWN, NOT_YET, TOO_FEW
from vs_core.rules.frame import easter_sunday, parse_term
from vs_core.rules.pp_plus import APPROVED_STATES, OPEN_STATES
from vs_core.rules.pp_waits import NOT_IN_THE_FILE, VENDOR, WHOM, Needs, waits
from vs_core.rules.school_calendar import CalendarNotLoaded, SchoolCalendar
from vs_core.rules.suppression import is_small

NO_CLAIM = (
    "What was seen before and after, not what the money did: no claim of cause. Children are helped when things are "
    "worst, and some would have come back without it."
)
Row = Mapping[Any, Any]
QUALITIES = ("red", "amber", "green")
BETTER, SAME, WORSE = "better", "the same", "worse"


FINANCE = "Finance system"


@dataclass(frozen=True)
class Step:
    """on: its day; what: in words; by: who did it, or whom it waits for, NOT_IN_THE_FILE where no file says; pence: the
    amount that it is about, None where it is about none."""

    on: date
    what: str
    by: str | None = NOT_IN_THE_FILE
    pence: int | None = None


def steps(asked: Row, payments: Iterable[Row], lines: Iterable[Row], invoices: Iterable[Row], end: date) -> list[Step]:
    """What had happened to a request by a day, in order of time.

    asked: `state` and `approved_pence` of the day, `amount_pence`, `requested_on`, `queried_on`, `decided_on`,
    `decided_by`, `impact_on`, `approved_known_on` (first known as approved), `signed_on` (of its term's plan), of its
    school `has_vendor`, `sends_invoice`, `vendor_on` and `vendor_by` (where it was set up here first); payments:
    `status`, `amount_pence`, `paid_on`, `sent_on`, `has_invoice`; lines: of our own batches `amount_pence`, `built_on`,
    `built_by`, `released_on`, `released_by`; invoices: `received_on`, `invoice_by`. Who acted is empty for whom the
    viewer may not know."""
    asked_pence = int(asked["amount_pence"] or 0)
    told: list[tuple[Any, ...]] = [
        (asked["signed_on"], "plan signed off"),
        (asked["requested_on"], "asked for", NOT_IN_THE_FILE, asked_pence),
        (asked["queried_on"], "queried"),
        (asked["decided_on"], *_decided(asked)),
        (asked["impact_on"], "impact recorded"),
        *_waited(asked, payments := list(payments), lines := list(lines), invoices := list(invoices), end),
    ]
    for each in invoices:
        told.append((each["received_on"], "invoice received", each["invoice_by"]))
    for each in lines:
        told.append((each["built_on"], "put into our batch", each["built_by"], int(each["amount_pence"])))
        told.append((each["released_on"], "our batch released", each["released_by"], int(each["amount_pence"])))
    for each in payments:
        pence = int(each["amount_pence"] or 0)
        told.append((each["sent_on"], "in a batch", FINANCE, pence))
        if each["status"] != "in batch":
            told.append((each["paid_on"], str(each["status"]), FINANCE, pence))
    happened = (Step(*each) for each in told if each[0] is not None and each[0] <= end)
    return sorted(happened, key=lambda step: step.on)


def _decided(asked: Row) -> tuple[Any, ...]:
    state, by = str(asked["state"]), asked["decided_by"] or NOT_IN_THE_FILE
    if state in OPEN_STATES:
        return "decided", by
    return state, by, int(asked["approved_pence"]) if state in APPROVED_STATES else None


def _waited(
    asked: Row, payments: Sequence[Row], lines: Sequence[Row], invoices: Sequence[Row], end: date
) -> Iterator[tuple[Any, ...]]:
    if str(asked["state"]) not in APPROVED_STATES:
        return
    sent = [*(each["sent_on"] or each["paid_on"] for each in payments), *(each["built_on"] for each in lines)]
    needs = Needs(
        has_vendor=asked["vendor_on"] is not None or bool(asked["has_vendor"]),
        vendor_on=asked["vendor_on"],
        sends_invoice=bool(asked["sends_invoice"]),
        has_invoice=any(each["has_invoice"] for each in payments),
        invoice_on=_first(each["received_on"] for each in invoices),
        sent_on=_first(sent),
    )
    for wait in waits(asked["decided_on"] or asked["approved_known_on"], needs, end):
        yield wait.since, wait.what, WHOM[wait.what]
        if wait.what == VENDOR and wait.until is not None:
            yield wait.until, "vendor set up", asked["vendor_by"] or NOT_IN_THE_FILE


def _first(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def term_ends_on(term: str | None, calendar: SchoolCalendar, authority: str) -> date | None:
    """The last day of a term by the authority's calendar; without it 31 December, Easter Sunday, 31 August. None where
    a request names no term."""
    if not term:
        return None
    of = parse_term(term)
    try:
        return calendar.term_bounds(of, authority)[1]
    except CalendarNotLoaded:
        first = int(of.academic_year[:4])
        ends = {"autumn": date(first, 12, 31), "spring": easter_sunday(first + 1), "summer": date(first + 1, 8, 31)}
        return ends[of.season]


def owes_impact(paid_pence: int, has_impact: bool, ended_on: date | None, on: date) -> bool:
    """Paid, the term over, and nothing recorded of what came of it. On the term's last day it is not owed yet."""
    return paid_pence > 0 and not has_impact and ended_on is not None and ended_on < on


def qualities(plans: Sequence[tuple[date, str]], on: date) -> tuple[str, str]:
    """The quality of the last plan quality-assured by a day, and of the first one after it; empty where there is none.
    plans: day and quality, in order of time."""
    before = [quality for day, quality in plans if day <= on]
    after = [quality for day, quality in plans if day > on]
    return before[-1] if before else "", after[0] if after else ""


def quality_change(before: str, after: str) -> str:
    """BETTER, SAME or WORSE; empty where either is not known."""
    if before not in QUALITIES or after not in QUALITIES:
        return ""
    moved = QUALITIES.index(after) - QUALITIES.index(before)
    return BETTER if moved > 0 else WORSE if moved < 0 else SAME


def by_group(rows: pd.DataFrame, column: str, first: int, last: int) -> pd.DataFrame:
    """One row a group, the one with the most cases first: `group`, `cases` (attendance known on both sides),
    `children`, `median_points` (of the changes), `rose`, `fell`, `not_yet`, `too_few`, `plans` (quality known on
    both sides), `better`, `same`, `worse`.

    Of `first` to `last` cases or children, and of so many plans or children with them, only the number is told: what
    changed for so few is not. rows: `child_key`, `effect_state`, `change_points`, `quality_change` and the column."""
    found = [_of_group(str(group), own, (first, last)) for group, own in rows.groupby(column)]
    every = pd.DataFrame(found, columns=list(_COLUMNS))
    whole = dict.fromkeys(("rose", "fell", "better", "same", "worse"), "Int64")
    ordered = every.sort_values(["cases", "group"], ascending=[False, True], ignore_index=True)
    return ordered.astype({**whole, "median_points": "Float64"})


_COLUMNS = (
    *("group", "cases", "children", "median_points", "rose", "fell", "not_yet", "too_few"),
    *("plans", "better", "same", "worse"),
)


def _of_group(group: str, rows: pd.DataFrame, small: tuple[int, int]) -> dict[str, Any]:
    cases = rows[rows["effect_state"] == KNOWN]
    plans = rows[rows["quality_change"] != ""]
    changes = [float(each) for each in cases["change_points"]]
    told = bool(changes) and not _is_few(cases, small)
    moved = plans["quality_change"].value_counts()
    shown = len(plans) > 0 and not _is_few(plans, small)
    return {
        "group": group,
        "cases": len(cases),
        "children": int(cases["child_key"].nunique()),
        "median_points": median(changes) if told else None,
        "rose": sum(each > 0 for each in changes) if told else None,
        "fell": sum(each < 0 for each in changes) if told else None,
        "not_yet": int((rows["effect_state"] == NOT_YET).sum()),
        "too_few": int((rows["effect_state"] == TOO_FEW).sum()),
        "plans": len(plans),
        **{
            name: int(moved.get(said, 0)) if shown else None
            for name, said in (("better", BETTER), ("same", SAME), ("worse", WORSE))
        },
    }


def _is_few(rows: pd.DataFrame, small: tuple[int, int]) -> bool:
    return is_small(len(rows), *small) or is_small(int(rows["child_key"].nunique()), *small)

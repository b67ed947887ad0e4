"""What became of requests for Pupil Premium Plus, over every year and fund, as they stood on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import effects, fetch
from vs_core.queries import pp_history as queries
from vs_core.queries import pp_waiting
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import pp_history as rules
from vs_core.rules.measures_pp_plus import requests_at
from vs_core.rules.pp_plus import APPROVED_STATES, FUND, FUNDS


def requests(
    connection: Connection, as_at: date, known_on: date | None, scope: Scope = EVERYTHING, authority: str = ""
) -> pd.DataFrame:
    """One row a request made by the day, in order: the columns of `queries.pp_history.requests` and `financial_year`,
    `state`, `approved_pence`, `paid_pence`, `recovered_pence` as of the day, `term_ends_on`, `owes_impact`. An impact
    that was recorded later has not come."""
    known = fetch.rows(connection, queries.requests(known_on, scope))
    made = pd.concat([requests_at(known, as_at, fund) for fund in FUNDS], ignore_index=True)
    made = made.sort_values(["requested_on", "request_id"], kind="stable", ignore_index=True)
    moved = _paid_of_its_fund(fetch.rows(connection, queries.payments(known_on, scope)), made, as_at)
    sums = {
        f"{status}_pence": made["request_id"].map(moved[moved["status"] == status].groupby("request_id")["pence"].sum())
        for status in ("paid", "recovered")
    }
    made = made.assign(**{name: own.fillna(0).astype("int64") for name, own in sums.items()})
    return _with_impact(connection, made, as_at, known_on, authority)


def _paid_of_its_fund(payments: pd.DataFrame, made: pd.DataFrame, as_at: date) -> pd.DataFrame:
    """Payments dated by the day, `pence`; one whose own fund is not its request's is nobody's."""
    of = {number: fund or FUND for number, fund in zip(made["request_id"], _texts(made["fund"]), strict=True)}
    funds = zip(payments["request_id"], _texts(payments["fund"]), strict=True)
    same = [number in of and fund in ("", of[number]) for number, fund in funds]
    dated = [not pd.isna(on) and on <= as_at for on in payments["paid_on"]]
    both = [one and other for one, other in zip(same, dated, strict=True)]
    own = payments[pd.Series(both, payments.index, dtype=bool)]
    return own.assign(pence=own["amount_pence"].fillna(0).astype("int64"))


def _texts(values: Iterable[Any]) -> list[str]:
    return ["" if pd.isna(value) else str(value) for value in values]


def _with_impact(
    connection: Connection, made: pd.DataFrame, as_at: date, known_on: date | None, authority: str
) -> pd.DataFrame:
    calendar = fetch.school_calendar(connection, known_on)
    terms = {term: rules.term_ends_on(term, calendar, authority) for term in set(_texts(made["term"]))}
    ends = [terms[term] for term in _texts(made["term"])]
    came = [not pd.isna(on) and on <= as_at for on in made["impact_on"]]
    has = [bool(flag) and by_then for flag, by_then in zip(made["has_impact"], came, strict=True)]
    owed = zip(made["paid_pence"], has, ends, strict=True)
    impact = made["impact"].astype(object).where(pd.Series(has, made.index, dtype=bool), None)
    return made.assign(
        has_impact=pd.Series(has, made.index, dtype=bool),
        impact=impact,
        term_ends_on=pd.Series(ends, made.index, dtype=object),
        owes_impact=pd.Series([rules.owes_impact(*each, as_at) for each in owed], made.index, dtype=bool),
    )


def steps(
    connection: Connection, as_at: date, known_on: date | None, scope: Scope = EVERYTHING, authority: str = ""
) -> pd.DataFrame:
    """One row a step of a request that had happened by the day, each request's in order of time: `request_id`,
    `child_key`, `is_listed`, `on`, `what`, `by` (who did it or whom it waits for; empty for whom the viewer may not
    know), `pence` (empty where it is about no amount)."""
    made = requests(connection, as_at, known_on, scope, authority)
    payments = _by_request(connection, queries.payments(known_on, scope))
    lines = _by_request(connection, queries.lines(known_on, as_at, scope))
    invoices = _by_request(connection, queries.invoices(known_on, as_at, scope))
    made = _with_ways(connection, made, as_at, known_on, scope, authority)
    found = []
    for asked in made.astype(object).where(made.notna(), None).to_dict("records"):
        number = asked["request_id"]
        own = [each.get(number, []) for each in (payments, lines, invoices)]
        whose = {name: asked[name] for name in ("request_id", "child_key", "is_listed")}
        found += [{**whose, **vars(step)} for step in rules.steps(asked, own[0], own[1], own[2], as_at)]
    columns = ["request_id", "child_key", "is_listed", "on", "what", "by", "pence"]
    return pd.DataFrame(found, columns=columns).astype({"pence": "Int64", "is_listed": bool})


def _with_ways(
    connection: Connection, made: pd.DataFrame, as_at: date, known_on: date | None, scope: Scope, authority: str
) -> pd.DataFrame:
    """Requests with the columns of `queries.pp_history.ways` and `signed_on` of their term's plan."""
    ways = fetch.rows(connection, queries.ways(known_on, authority, scope)).drop(columns=["child_key", "is_listed"])
    plans = fetch.rows(connection, pp_waiting.plans(known_on, as_at, scope))
    return made.merge(ways, on="request_id", how="left").merge(plans, on=["child_key", "term"], how="left")


def _by_request(connection: Connection, query: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["request_id"], []).append(row)
    return found


def before_and_after(
    connection: Connection,
    as_at: date,
    known_on: date | None,
    start: date,
    scope: Scope = EVERYTHING,
    authority: str = "",
) -> pd.DataFrame:
    """One row an approved request whose intervention began from `start` to the day: the columns of `requests`; of
    attendance in the school days around the beginning those of `figures.effects`; `quality_before`, `quality_after` (of
    the plans) and `quality_change`. It says what was seen and not why (`rules.pp_history`)."""
    made = requests(connection, as_at, known_on, scope, authority)
    begun = [not pd.isna(on) and start <= on <= as_at for on in made["starts_on"]]
    own = made[made["state"].isin(sorted(APPROVED_STATES)) & pd.Series(begun, made.index, dtype=bool)]
    own = own.reset_index(drop=True)
    events = [(int(key), on) for key, on in zip(own["child_key"], own["starts_on"], strict=True)]
    seen = effects.before_and_after(connection, events, as_at, known_on, scope, authority)
    plans = _plans(connection, known_on, as_at, scope)
    pairs = [rules.qualities(plans.get(key, ()), on) for key, on in events]
    seen = seen.rename(columns={"state": "effect_state"})
    return pd.concat([own, seen], axis=1).assign(
        quality_before=[before for before, _ in pairs],
        quality_after=[after for _, after in pairs],
        quality_change=[rules.quality_change(*pair) for pair in pairs],
    )


def _plans(
    connection: Connection, known_on: date | None, as_at: date, scope: Scope
) -> dict[int, Sequence[tuple[date, str]]]:
    found: dict[int, list[tuple[date, str]]] = {}
    for row in connection.execute(queries.plans(known_on, as_at, scope)):
        if row.quality:
            found.setdefault(row.child_key, []).append((row.quality_assured_on, row.quality))
    return dict(found)

"""Requests of every fund that speak of one of the policy's add-ons and are not within its terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch
from vs_core.queries import children as who
from vs_core.queries import pp_plus, pp_waiting
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import pp_add_ons as rules
from vs_core.rules.cohorts import year_group_of_age
from vs_core.rules.frame import Frame, parse_term
from vs_core.rules.measures_pp_plus import requests_at
from vs_core.rules.pp_checks import STANDS
from vs_core.rules.pp_facts import says, words_of
from vs_core.rules.pp_plus import FUNDS
from vs_core.rules.pp_policy import Policy

WORDS = ("book_offer", "book", "recovery", "voucher")


def at_fault(connection: Connection, frame: Frame, authority: str, scope: Scope = EVERYTHING) -> pd.DataFrame:
    """One row a request of the year and any fund that stands at `frame.end` and is not within the terms of its add-on,
    the oldest first: the columns of `queries.pp_plus.requests`, `state`, `approved_pence`, `add_on` and `add_on_fault`
    (`rules.pp_add_ons`), the child's `forename`, `surname`, `year_group`. Nothing where no policy holds."""
    policy = fetch.policy(connection, frame.end, frame.known_on)
    speaking = _speaking(connection, frame, authority, policy, scope)
    made = with_group(speaking, lambda: births(connection, frame.known_on, scope))
    told = [_told(policy, row) for row in made.astype(object).where(made.notna(), None).to_dict("records")]
    rows = made.assign(add_on=[one for one, _ in told], add_on_fault=[other for _, other in told])
    own = rows[rows["add_on_fault"] != ""].drop(columns=["group_when_asked", *(f"says_{name}" for name in WORDS)])
    known = children.details(connection, frame, scope, {int(key) for key in own["child_key"]})
    names = known[["child_key", "forename", "surname", "year_group"]]
    return own.merge(names, on="child_key", how="left").reset_index(drop=True)


def with_group(rows: pd.DataFrame, births: Callable[[], Mapping[int, date | None]]) -> pd.DataFrame:
    """Requests with `group_when_asked`: the child's year group by age on the day a request for a voucher was made;
    empty for other requests. births: gives the days of birth by child; asked only where there is such a request."""
    vouchers = rows["says_voucher"].fillna(False).astype(bool)
    born = births() if vouchers.any() else {}
    each = zip(vouchers, rows["child_key"], rows["requested_on"], strict=True)
    groups = [year_group_of_age(born.get(key), on) if is_one else "" for is_one, key, on in each]
    return rows.assign(group_when_asked=pd.Series(groups, rows.index, dtype=object))


def births(connection: Connection, known_on: date | None, scope: Scope = EVERYTHING) -> dict[int, date | None]:
    """Days of birth by child, None where none is known."""
    return {row.child_key: row.born_on for row in connection.execute(who.births(known_on, scope))}


def _speaking(
    connection: Connection, frame: Frame, authority: str, policy: Policy | None, scope: Scope
) -> pd.DataFrame:
    """Requests of the year that have words of an add-on and stand, with `state` and `says_*` of WORDS."""
    known_on, year = frame.known_on, frame.financial_year
    every = fetch.rows(connection, pp_plus.requests(known_on, year, frame.end, scope))
    made = pd.concat([requests_at(every, frame.end, fund) for fund in FUNDS], ignore_index=True)
    facts = fetch.rows(connection, pp_waiting.asked(known_on, year, authority, words_of(policy), scope))
    flags = [f"says_{name}" for name in WORDS]
    merged = made.merge(facts[["request_id", *flags]], on="request_id", how="inner")
    speaks = merged[flags].fillna(False).astype(bool).any(axis=1)
    own = merged[speaks & merged["state"].isin(sorted(STANDS))]
    return own.sort_values(["requested_on", "request_id"], kind="stable", ignore_index=True)


def _told(policy: Policy | None, row: Mapping[Any, Any]) -> tuple[str, str]:
    if policy is None:
        return "", ""
    said, season = says(row), parse_term(row["term"]).season if row["term"] else ""
    amount, group = int(row["amount_pence"] or 0), row["group_when_asked"] or ""
    return rules.named(policy, said), rules.fault(policy, said, season, amount, group)

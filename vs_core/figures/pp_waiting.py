"""Requests for Pupil Premium Plus by where they stand and how old they are, each with why it is not paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import fetch, pp_add_ons, week, with_children
from vs_core.figures.subject import SubjectFigures
from vs_core.queries import pp_plus, pp_waiting
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import pp_checks as checks
from vs_core.rules.frame import Frame
from vs_core.rules.pp_facts import InHand, asked_of, in_hand, says, words_of
from vs_core.rules.pp_plus import OPEN_STATES, payment_runs
from vs_core.rules.pp_policy import Policy, limit_of_term
from vs_core.rules.pp_waiting import STAGES, Asked, Setting, Why, why_not_paid

PAID = "paid"
WHY = ("stage", "why", "rule", "age_days", "pence", "fault", "doubled", "counted_pence", "limit_pence")


def requests(
    connection: Connection,
    frame: Frame,
    authority: str,
    scope: Scope = EVERYTHING,
    of: SubjectFigures | None = None,
) -> pd.DataFrame:
    """One row a request of the year made by `frame.end`, the oldest first: `requests` of `figures.with_children` with
    `stage` (`rules.pp_waiting.STAGES`), `why` (empty when paid), `rule`, `age_days` (since it was asked for) and
    `pence` (what was asked, of an approved one what is not paid of it, of a paid one what was paid), `fault` (of an
    exception), `doubled` (why it may be paid for already), `counted_pence` and `limit_pence` (towards its term's
    limit; empty: none): `rules.pp_checks`. of: the figures of `figures.with_children`, where they are at hand."""
    by = setting(connection, frame, authority)
    of = of or with_children.pp_plus(connection, frame, scope)
    rows = _with_facts(connection, frame, authority, by.policy, of.rows["requests"], scope)
    before, moved = _asked_before(rows), _in_hand(connection, frame, scope)
    told = []
    for row in _records(rows):
        asked = asked_of(row, by.policy, moved.get(row["request_id"]))
        why = _told(asked, why_not_paid(asked, by), frame.end)
        told.append(why | _checked(asked, row, by, before.get(row["request_id"], "")))
    kept = of.rows["requests"].columns
    named = rows[kept].assign(**{name: [each[name] for each in told] for name in WHY})
    return named.sort_values(["requested_on", "request_id"], kind="stable", ignore_index=True)


def over_limit(rows: pd.DataFrame) -> pd.DataFrame:
    """`rules.pp_checks.over_limit` of rows of `requests`, with who the child is."""
    who = ["child_key", "child_id", "is_listed", "forename", "surname", "year_group"]
    return checks.over_limit(rows).merge(rows[who].drop_duplicates("child_key"), on="child_key", how="left")


def by_stage(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a stage that has requests, in the order of the way that they go: `stage`, `requests`, `pence`,
    `oldest_days`. `rows`: those of `requests`."""
    in_order = [stage for stage in STAGES if (rows["stage"] == stage).any()]
    grouped = rows.groupby("stage").agg(
        requests=("request_id", "size"), pence=("pence", "sum"), oldest_days=("age_days", "max")
    )
    return grouped.reindex(in_order).rename_axis("stage").reset_index()


def setting(connection: Connection, frame: Frame, authority: str) -> Setting:
    """What the rules are read against on the last day of the period, as it was known."""
    limits = fetch.thresholds(connection, frame.known_on)
    march = limits.whole("last_payment_run_day_in_march", frame.end)
    runs = payment_runs(frame.financial_year, limits.whole("payment_run_day", frame.end), march)
    exceptional = limits.whole("exceptional_request_pence", frame.end)
    policy = fetch.policy(connection, frame.end, frame.known_on)
    return Setting(frame.end, policy, tuple(runs), exceptional, week.half_terms(connection, authority))


def _with_facts(
    connection: Connection, frame: Frame, authority: str, policy: Policy | None, rows: pd.DataFrame, scope: Scope
) -> pd.DataFrame:
    """Requests with the columns of `queries.pp_waiting.asked`, `has_plan`, `signed_on` and
    `group_when_asked`."""
    known_on, year = frame.known_on, frame.financial_year
    query = pp_waiting.asked(known_on, year, authority, words_of(policy), scope)
    facts = fetch.rows(connection, query).drop(columns=["child_key", "is_listed"])
    plans = fetch.rows(connection, pp_waiting.plans(known_on, frame.end, scope)).assign(has_plan=True)
    merged = rows.merge(facts, on="request_id", how="left").merge(plans, on=["child_key", "term"], how="left")
    return pp_add_ons.with_group(merged, lambda: pp_add_ons.births(connection, known_on, scope))


def _in_hand(connection: Connection, frame: Frame, scope: Scope) -> Mapping[str, InHand]:
    known_on, end = frame.known_on, frame.end
    queries = (
        pp_plus.payments(known_on, frame.financial_year, scope),
        pp_waiting.batched(known_on, end, scope),
        pp_waiting.invoices(known_on, end, scope),
    )
    payments, batched, invoices = (connection.execute(query).mappings().all() for query in queries)
    return in_hand(payments, batched, invoices, end)


def _records(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    """Rows as plain values: None where nothing is known."""
    return rows.astype(object).where(rows.notna(), None).to_dict("records")


def _asked_before(rows: pd.DataFrame) -> dict[Any, str]:
    """By request the number of the first one for the same child, term and intervention that stands, where it is not
    the request itself."""
    standing = rows[rows["state"].isin(checks.STANDS) & rows["thing"].notna()]
    ordered = standing.sort_values(["requested_on", "request_id"], kind="stable")
    first = ordered.groupby("thing")["request_id"].transform("first")
    again = ordered["request_id"] != first
    return dict(zip(ordered.loc[again, "request_id"], first[again].astype(str), strict=True))


def _checked(asked: Asked, row: Mapping[Any, Any], by: Setting, before: str) -> dict[str, Any]:
    told = says(row)
    limit = limit_of_term(by.policy, asked.season, asked.fund) if by.policy else None
    dates = (asked.requested_on, asked.adviser_agreed_on, asked.starts_on)
    exception = (asked.state, asked.amount_pence, asked.exceptional, by.exceptional_pence)
    laptop, plan = ("laptop" in told, row["laptop_given_on"]), ("plan" in told, bool(row["has_plan_of_care"]))
    return {
        "fault": checks.exception_at_fault(*exception, *dates),
        "doubled": checks.doubled(asked.state, *laptop, *plan, asked.requested_on, before),
        "counted_pence": checks.counted(asked.state, asked.amount_pence, asked.approved_pence, asked.add_on),
        "limit_pence": limit,
    }


def _told(asked: Asked, why: Why | None, end: date) -> dict[str, Any]:
    age = (end - asked.requested_on).days if asked.requested_on else 0
    if why is None:
        return {"stage": PAID, "why": "", "rule": "", "age_days": age, "pence": asked.paid_pence}
    is_asked = asked.state in OPEN_STATES or not asked.approved_pence
    pence = asked.amount_pence if is_asked else asked.unpaid_pence
    return {"stage": why.stage, "why": why.sentence, "rule": why.rule, "age_days": age, "pence": pence}

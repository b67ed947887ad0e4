"""Requests for Pupil Premium Plus by where they stand and how old they are, each with why it is not paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, cast

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import fetch, week, with_children
from vs_core.queries import pp_plus, pp_waiting
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import pp_checks as checks
from vs_core.rules.frame import Frame, parse_term
from vs_core.rules.pp_plus import OPEN_STATES, payment_runs
from vs_core.rules.pp_policy import Policy, limit_of_term
from vs_core.rules.pp_policy_timing import add_on
from vs_core.rules.pp_waiting import STAGES, Asked, Setting, Why, why_not_paid

PAID = "paid"
WHY = ("stage", "why", "rule", "age_days", "pence", "fault", "doubled", "counted_pence", "limit_pence")
IN_HAND = ("batch", "batch_is", "returned_on", "has_invoice")
WORDS = ("book_offer", "recovery", "tuition", "laptop", "plan")
"""Sets of words that are looked for in what a request says."""


def requests(connection: Connection, frame: Frame, authority: str, scope: Scope = EVERYTHING) -> pd.DataFrame:
    """One row a request of the year made by `frame.end`, the oldest first: `requests` of `figures.with_children` with
    `stage` (`rules.pp_waiting.STAGES`), `why` (empty when paid), `rule`, `age_days` (since it was asked for) and
    `pence` (what was asked, of an approved one what is not paid of it, of a paid one what was paid), `fault` (of an
    exception), `doubled` (why it may be paid for already), `counted_pence` and `limit_pence` (towards its term's
    limit; empty: none): `rules.pp_checks`."""
    by = setting(connection, frame, authority)
    of = with_children.pp_plus(connection, frame, scope)
    rows = _with_facts(connection, frame, authority, by.policy, of.rows["requests"], scope)
    facts = [_asked(row, by.policy) for row in rows.to_dict("records")]
    before = _asked_before(rows)
    told = pd.DataFrame(
        [
            _told(each, why_not_paid(each, by), frame.end) | _checked(each, row, by, before.get(row["request_id"], ""))
            for each, row in zip(facts, rows.to_dict("records"), strict=True)
        ],
        rows.index,
    )
    kept = of.rows["requests"].columns
    named = rows[kept].assign(**{name: told[name] if len(told) else [] for name in WHY})
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
    """Requests with `queried_on`, `school_kind`, `out_of_county`, `says_*`, `has_plan`, `signed_on`, `batch`,
    `batch_is`, `returned_on`, `has_invoice`."""
    known_on, year = frame.known_on, frame.financial_year
    query = pp_waiting.asked(known_on, year, authority, words_of(policy), scope)
    facts = fetch.rows(connection, query).drop(columns=["child_key", "is_listed"])
    plans = fetch.rows(connection, pp_waiting.plans(known_on, frame.end, scope)).assign(has_plan=True)
    moved = in_hand(fetch.rows(connection, pp_plus.payments(known_on, year, scope)), frame.end)
    whole = rows.merge(facts, on="request_id", how="left").merge(plans, on=["child_key", "term"], how="left")
    return whole.merge(moved, on="request_id", how="left")


def words_of(policy: Policy | None) -> Mapping[str, tuple[str, ...]]:
    """What is looked for in requests, in small letters, by name (WORDS)."""
    if policy is None:
        return dict.fromkeys(WORDS, ())
    wording = policy.book_offer_wording.casefold()
    return {
        "book_offer": (wording,) if wording else (),
        "recovery": ("recovery",),
        "tuition": ("tuition",),
        "laptop": policy.laptop_words,
        "plan": policy.plan_duplicates_words,
    }


def in_hand(payments: pd.DataFrame, end: date) -> pd.DataFrame:
    """What is on its way to a request, one row each: `request_id`, `batch`, `batch_is`, `returned_on`, `has_invoice`.

    `payments`: rows of `queries.pp_plus.payments`. One that came back counts until another goes out."""
    found: dict[str, dict[str, Any]] = {}
    for row in payments.sort_values("paid_on", kind="stable").to_dict("records"):
        is_out, day = row["status"] == "in batch", _day(row["paid_on"])
        if not is_out and (day is None or day > end or row["status"] not in ("paid", "returned")):
            continue
        own = found.setdefault(row["request_id"], dict.fromkeys(IN_HAND) | {"request_id": row["request_id"]})
        own["has_invoice"] = own["has_invoice"] or bool(_text(row["invoice"]))
        if is_out:
            own |= {"batch": _text(row["batch"]), "batch_is": "sent"}
        else:
            own["returned_on"] = day if row["status"] == "returned" else None
    return pd.DataFrame(list(found.values()), columns=["request_id", *IN_HAND])


def _asked(row: Mapping[Any, Any], policy: Policy | None) -> Asked:
    season = parse_term(row["term"]).season if _text(row["term"]) else ""
    amount = int(row["amount_pence"]) if not pd.isna(row["amount_pence"]) else 0
    return Asked(
        state=str(row["state"]),
        amount_pence=amount,
        financial_year=str(row["financial_year"]),
        season=season,
        approved_pence=int(row["approved_pence"]),
        paid_pence=int(row["paid_pence"]),
        requested_on=_day(row["requested_on"]),
        queried_on=_day(row["queried_on"]),
        decided_on=_day(row["decided_on"]),
        exceptional=row["exceptional"] is True or row["exceptional"] == 1,
        adviser_agreed_on=_day(row["adviser_agreed_on"]),
        starts_on=_day(row["starts_on"]),
        year_group=_text(row["year_group"]),
        plan_exists=row["has_plan"] is True,
        plan_signed_on=_day(row["signed_on"]),
        school_kind=_text(row["school_kind"]) or "not known",
        out_of_county=None if pd.isna(row["out_of_county"]) else bool(row["out_of_county"]),
        add_on=add_on(policy, season, said(row), amount) if policy else "",
        has_invoice=row["has_invoice"] is True,
        batch=_text(row["batch"]),
        batch_is=cast(Literal["", "built", "released", "sent"], _text(row["batch_is"])),
        returned_on=_day(row["returned_on"]),
    )


def _asked_before(rows: pd.DataFrame) -> dict[Any, str]:
    """By request the number of the first one for the same child, term and intervention that stands, where it is not
    the request itself."""
    standing = rows[rows["state"].isin(checks.STANDS) & rows["thing"].notna()]
    ordered = standing.sort_values(["requested_on", "request_id"], kind="stable")
    first = ordered.groupby("thing")["request_id"].transform("first")
    again = ordered["request_id"] != first
    return dict(zip(ordered.loc[again, "request_id"], first[again].astype(str), strict=True))


def _checked(asked: Asked, row: Mapping[Any, Any], by: Setting, before: str) -> dict[str, Any]:
    says = said(row)
    limit = limit_of_term(by.policy, asked.season, asked.fund) if by.policy else None
    dates = (asked.requested_on, asked.adviser_agreed_on, asked.starts_on)
    exception = (asked.state, asked.amount_pence, asked.exceptional, by.exceptional_pence)
    laptop, plan = ("laptop" in says, _day(row["laptop_given_on"])), ("plan" in says, bool(row["has_plan_of_care"]))
    return {
        "fault": checks.exception_at_fault(*exception, *dates),
        "doubled": checks.doubled(asked.state, *laptop, *plan, asked.requested_on, before),
        "counted_pence": checks.counted(asked.state, asked.amount_pence, asked.approved_pence, asked.add_on),
        "limit_pence": limit,
    }


def said(row: Mapping[Any, Any]) -> frozenset[str]:
    """Which of WORDS a request has, told by flags because what it says is not for every viewer."""
    return frozenset(name for name in WORDS if row.get(f"{pp_waiting.SAYS}{name}") in (True, 1))


def _told(asked: Asked, why: Why | None, end: date) -> dict[str, Any]:
    age = (end - asked.requested_on).days if asked.requested_on else 0
    if why is None:
        return {"stage": PAID, "why": "", "rule": "", "age_days": age, "pence": asked.paid_pence}
    is_asked = asked.state in OPEN_STATES or not asked.approved_pence
    pence = asked.amount_pence if is_asked else asked.unpaid_pence
    return {"stage": why.stage, "why": why.sentence, "rule": why.rule, "age_days": age, "pence": pence}


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _day(value: Any) -> date | None:
    if value is None or pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else cast(date, value)

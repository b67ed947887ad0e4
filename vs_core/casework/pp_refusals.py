"""Why the authority's policy does not let an approved request be paid: what is asked of each one before it goes into a
batch and before a batch is released."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from vs_core.access.viewer import Scope
from vs_core.queries import pp_plus, pp_waiting, reference
from vs_core.rules import reference_changes
from vs_core.rules.dated import Threshold, Thresholds
from vs_core.rules.frame import financial_year
from vs_core.rules.periods import HalfTerm
from vs_core.rules.pp_facts import asked_of, in_hand, words_of
from vs_core.rules.pp_plus import approved_amount, payment_runs
from vs_core.rules.pp_policy import PolicyTerm, policy
from vs_core.rules.pp_waiting import Setting, refused
from vs_core.rules.reference_changes import Change
from vs_core.settings import settings

NOT_ASKED = {"year_group": "", "paid_pence": 0}
"""What no rule about an approved request reads."""


def refusals(connection: Connection, on: date, scope: Scope) -> Mapping[str, str]:
    """A sentence by the number of each approved request of this and the last financial year that may not be paid."""
    authority = settings().authority
    by = _setting(connection, on, authority)
    years = (financial_year(on.replace(year=on.year - 1, day=1)), financial_year(on))
    return {number: said for year in years for number, said in _of_year(connection, by, year, authority, scope)}


def _of_year(connection: Connection, by: Setting, year: str, authority: str, scope: Scope) -> list[tuple[str, str]]:
    query = pp_waiting.asked(None, year, authority, words_of(by.policy), scope)
    facts = {row["request_id"]: row for row in connection.execute(query).mappings()}
    plans = {(row.child_key, row.term): row for row in connection.execute(pp_waiting.plans(None, by.on, scope))}
    queries = pp_plus.payments(None, year, scope), pp_waiting.invoices(None, by.on, scope)
    payments, invoices = (connection.execute(query).mappings().all() for query in queries)
    moved = in_hand(payments, (), invoices, by.on)
    found = []
    for row in connection.execute(pp_plus.requests(None, year, date.max, scope)).mappings():
        number, plan = row["request_id"], plans.get((row["child_key"], row["term"]))
        known = {**row, **facts.get(number, {}), **NOT_ASKED, "state": row["status"], "financial_year": year}
        known |= {"has_plan": plan is not None, "signed_on": plan.signed_on if plan else None}
        known["approved_pence"] = approved_amount(row["status"], row["amount_pence"] or 0, row["approved_amount_pence"])
        if said := refused(asked_of(known, by.policy, moved.get(number)), by):
            found.append((number, said))
    return found


def _setting(connection: Connection, on: date, authority: str) -> Setting:
    changes = [Change(**row) for row in connection.execute(reference.changes(None)).mappings()]
    limits = _limits(connection, changes)
    chosen = reference_changes.in_force_on(changes, on)
    shipped = (PolicyTerm(*row) for row in connection.execute(reference.pp_policies()))
    terms = reference_changes.policy_terms(shipped, changes)
    march = limits.whole("last_payment_run_day_in_march", on)
    return Setting(
        on,
        policy(terms, chosen.value, on) if chosen else None,
        tuple(payment_runs(financial_year(on), limits.whole("payment_run_day", on), march)),
        limits.whole("exceptional_request_pence", on),
        _half_terms(connection, authority),
    )


def _limits(connection: Connection, changes: list[Change]) -> Thresholds:
    rows = (_limit(row) for row in connection.execute(reference.thresholds()))
    return Thresholds(reference_changes.limits(rows, changes))


def _limit(row: Any) -> Threshold:
    days = row.starts_on, row.ends_on
    return Threshold(row.name, Decimal(row.value), row.unit, row.meaning, *days, row.source, row.unconfirmed)


def _half_terms(connection: Connection, authority: str) -> list[HalfTerm]:
    rows = connection.execute(reference.calendar(None))
    own = (row for row in rows if row.what.startswith("half term") and not row.urn and row.la == authority)
    return [HalfTerm(int(row.what[-1]), row.started_on, row.ended_on) for row in own]

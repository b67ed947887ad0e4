"""Rates, policies and limits as people have changed them: what ships with the changes known by a day laid over it.

A change of a row that is there takes its place; one that holds from another day stands beside it, and what started last
holds. The last change of a row is the one that counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from vs_core.rules.dated import Threshold, in_force
from vs_core.rules.pp_policy import PolicyTerm

LISTS = RATES, POLICIES, LIMITS, IN_FORCE = ("pp_rate", "pp_policy", "threshold", "policy in force")
HOLDS = "policy"
"""The name under which it is kept which policy holds."""
Key = tuple[str, str, date | None]


@dataclass(frozen=True)
class Change:
    """One row of `reference_change`."""

    id: int
    list: str
    subject: str
    name: str
    value: str
    starts_on: date | None
    ends_on: date | None
    source: str
    unconfirmed: bool
    known_from: date
    written_at: datetime | None = None
    written_by: str = ""

    @property
    def key(self) -> Key:
        return self.subject, self.name, self.starts_on


@dataclass(frozen=True)
class Rate:
    """A fund's rate a child and financial year, pence; None: not published. unconfirmed: figures that rest on it are
    provisional."""

    financial_year: str
    fund: str
    pence: int | None
    source: str = ""
    unconfirmed: bool = False


def latest(changes: Iterable[Change], list_name: str) -> dict[Key, Change]:
    """The last change of each row of a list."""
    return {change.key: change for change in sorted(changes, key=_number) if change.list == list_name}


def rates(rows: Iterable[Rate], changes: Iterable[Change]) -> dict[tuple[str, str], Rate]:
    """Rates by financial year and fund."""
    known = {(row.financial_year, row.fund): row for row in rows}
    for change in latest(changes, RATES).values():
        pence = int(change.value)
        known[change.subject, change.name] = Rate(change.subject, change.name, pence, change.source, change.unconfirmed)
    return known


def policy_terms(rows: Iterable[PolicyTerm], changes: Iterable[Change]) -> list[PolicyTerm]:
    """The terms of every policy; a changed one keeps the unit and meaning that ship under its name."""
    known = {(row.policy, row.name, row.starts_on): row for row in rows}
    shape = {row.name: row for row in known.values()}
    for key, change in latest(changes, POLICIES).items():
        if change.name in shape:
            known[key] = replace(
                shape[change.name],
                policy=change.subject,
                value=change.value,
                starts_on=change.starts_on,
                ends_on=change.ends_on,
                source=change.source,
                unconfirmed=change.unconfirmed,
            )
    return list(known.values())


def limits(rows: Iterable[Threshold], changes: Iterable[Change]) -> list[Threshold]:
    """The limits that rules use; a changed one keeps the unit and meaning that ship under its name."""
    known = {(row.name, row.starts_on): row for row in rows}
    shape = {row.name: row for row in known.values()}
    for change in latest(changes, LIMITS).values():
        if change.name in shape:
            known[change.name, change.starts_on] = replace(
                shape[change.name],
                value=Decimal(change.value),
                starts_on=change.starts_on,
                ends_on=change.ends_on,
                source=change.source,
                unconfirmed=change.unconfirmed,
            )
    return list(known.values())


def in_force_on(changes: Iterable[Change], on: date) -> Change | None:
    """The choice of the policy that holds on a day: of those that have begun the one that began last; None: none."""
    own = [change for change in latest(changes, IN_FORCE).values() if in_force(change, on)]
    return max(own, key=lambda change: (change.starts_on or date.min, change.id), default=None)


def last_number(changes: Sequence[Change]) -> int:
    """The number of the last change, 0 without one: what a person had seen when the next is made."""
    return max(map(_number, changes), default=0)


def _number(change: Change) -> int:
    return change.id

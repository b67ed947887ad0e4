"""What an authority pays of its Pupil Premium Plus, for whom and when: dated terms, each with its source.

Two authorities' published policies ship as examples (`data/reference/pp_policies.csv`); which one holds is chosen, and
without a choice no term of a policy is taken to hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from vs_core.rules.dated import in_force
from vs_core.rules.pp_plus import FUND
from vs_core.rules.pp_policy_schools import ACADEMY, INDEPENDENT, MAINTAINED, SHORT_STAY

NO_POLICY = "No policy is chosen: what schools are paid, and when, is not checked against one."


@dataclass(frozen=True)
class PolicyTerm:
    """One row of `pp_policies.csv`: a term of a policy, its value as text, counted in `unit`."""

    policy: str
    name: str
    value: str
    unit: str
    meaning: str
    starts_on: date | None = None
    ends_on: date | None = None
    source: str = ""
    unconfirmed: bool = False


@dataclass(frozen=True)
class Policy:
    """The terms of a policy that hold on a day; None or empty: it says nothing of it.

    *_pence: integer pence; funds_*: who is paid; invoice_days: calendar days after the approval for a school of another
    authority; *_words: small letters; unconfirmed: names of the terms that nothing at hand confirms; terms: the rows.
    """

    key: str
    title: str = ""
    term_limit_pence: int | None = None
    autumn_claim_limit_pence: int | None = None
    early_years_limit_pence: int | None = None
    claims_in_autumn_only: bool = False
    funds_maintained: bool | None = None
    funds_academy: bool | None = None
    funds_independent: bool | None = None
    funds_short_stay: bool | None = None
    funds_out_of_county: bool | None = None
    needs_signed_plan: bool = True
    pays_next_half_term: bool = False
    no_late_summer_year_11: bool = False
    invoice_days: int | None = None
    book_offer_pence: int | None = None
    book_offer_wording: str = ""
    recovery_pence: int | None = None
    summer_tuition_hours: int | None = None
    post_16_voucher_pence: int | None = None
    plan_duplicates_words: tuple[str, ...] = ()
    laptop_words: tuple[str, ...] = ()
    separate_funds: tuple[str, ...] = ()
    terms: tuple[PolicyTerm, ...] = field(default=(), compare=False)

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        return tuple(term.name for term in self.terms if term.unconfirmed)

    def funds(self, kind: str) -> bool | None:
        """Whether schools of a kind (`pp_policy_schools.KINDS`) are paid; None where the policy does not say."""
        own = {
            MAINTAINED: self.funds_maintained,
            ACADEMY: self.funds_academy,
            INDEPENDENT: self.funds_independent,
            SHORT_STAY: self.funds_short_stay,
        }
        return own.get(kind)


NAMES = tuple(each.name for each in fields(Policy) if each.name not in ("key", "terms"))


def policy(terms: Iterable[PolicyTerm], key: str, on: date) -> Policy:
    """A policy as it holds on a day: of the rows of each term in force the one that started last.

    Raises ValueError for a value that is not in its unit; terms that the product does not know are left out."""
    held: dict[str, PolicyTerm] = {}
    for term in sorted(terms, key=lambda each: each.starts_on or date.min):
        if term.policy == key and term.name in NAMES and in_force(term, on):
            held[term.name] = term
    values = {name: parsed(term.value, term.unit) for name, term in held.items()}
    return Policy(key, **values, terms=tuple(held[name] for name in NAMES if name in held))


def parsed(value: str, unit: str) -> Any:
    """A term's value as the rules read it: pence, days and hours whole and not below 0, words in small letters.

    Raises ValueError with a plain sentence."""
    if unit == "yes or no":
        if value not in ("yes", "no"):
            raise ValueError(f"'{value}' is neither yes nor no.")
        return value == "yes"
    if unit == "words":
        return tuple(word.strip() if word.strip().isupper() else word.strip().lower() for word in _words(value))
    if unit == "text":
        return value
    if not (value.isascii() and value.isdigit()):
        raise ValueError(f"'{value}' is not a whole number of {unit}.")
    return int(value)


def _words(value: str) -> list[str]:
    return [word for word in value.split(";") if word.strip()]


def limit_of_term(policy: Policy, season: str, fund: str) -> int | None:
    """Most that is paid for a child in a term of a season, pence; None where the policy sets no limit."""
    if fund == "EYPP":
        return policy.early_years_limit_pence
    if fund != FUND:
        return None
    in_autumn = policy.autumn_claim_limit_pence if season == "autumn" else None
    return policy.term_limit_pence if in_autumn is None else in_autumn

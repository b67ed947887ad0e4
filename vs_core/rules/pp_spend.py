"""Where the year's Pupil Premium Plus goes: what is paid, committed and asked for, divided in five ways.

Every penny of the figures `paid_pence`, `committed_pence` and `requested_pence` is in exactly one group of each
division; what a division does not know of stands in a group of its own. Year group and phase are those of the day on
which the request was made: in the summer term money is asked for pupils of Year 11 who are in Year 12 by the autumn.
In or out of county is where the school lies that the money is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from vs_core.rules.cohorts import PHASES, YEAR_GROUPS
from vs_core.rules.listed import MARK
from vs_core.rules.pp_plus import OPEN_STATES, half_up
from vs_core.rules.words import year

AREA, SCHOOL, YEAR, PHASE, COUNTY = DIVISIONS = ("area", "school", "year", "phase", "county")
AREAS = ("High-quality teaching", "Targeted academic support", "Wider strategies")
"""The department's three areas of spending."""
IN_COUNTY, OUT_OF_COUNTY = "School in county", "School out of county"
NOT_KNOWN, NOT_SHOWN = "Not known", "Not shown: whereabouts restricted"
AMOUNTS = ("paid_pence", "committed_pence", "requested_pence")
ORDERS: dict[str, tuple[str, ...]] = {
    AREA: AREAS,
    SCHOOL: (),
    YEAR: tuple(map(year, YEAR_GROUPS[:-1])),
    PHASE: tuple(map(str.capitalize, PHASES[:-1])),
    COUNTY: (IN_COUNTY, OUT_OF_COUNTY),
}
"""Groups in their natural order; those of a division without one have the largest amount first."""
TOLD = (YEAR, PHASE)
"""Divisions of figures, in which restricted children are told too."""


def lines(requests: pd.DataFrame, payments: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """One row a request of the year, and one a payment without such a request: AMOUNTS, the group in each of DIVISIONS
    (`column`) and all columns of `requests`.

    `requests`, `payments`: those behind the figures, with the child's details (`figures.with_children`); `facts`: by
    `request_id` `year_then`, `phase_then`, `out_of_county`."""
    own = requests.merge(facts, on="request_id", how="left")
    waiting = own["amount_pence"].where(own["state"].isin(sorted(OPEN_STATES)), 0)
    own = own.assign(requested_pence=waiting.fillna(0).astype("int64"))
    every = pd.concat([own, _unasked(payments, set(requests["request_id"]))], ignore_index=True)
    every = every.assign(place=_places(every))
    groups = {column(name): _groups(every, name) for name in DIVISIONS}
    return every.assign(**groups).astype(dict.fromkeys(AMOUNTS, "int64"))


def column(division: str) -> str:
    """The column of a row's group in a division."""
    return f"by_{division}"


def _places(rows: pd.DataFrame) -> list[str]:
    """Each school's name; its number too where another has the same name, and alone where it has none."""
    urns, said = (["" if pd.isna(cell) else str(cell) for cell in rows[name]] for name in ("urn", "school"))
    names = {urn: name for urn, name in zip(urns, said, strict=True) if name}
    same = Counter(names.values())
    return [_place(urn, names.get(urn, ""), same) for urn in urns]


def _place(urn: str, name: str, same: Mapping[str, int]) -> str:
    if not name:
        return f"URN {urn}" if urn else ""
    return f"{name} ({urn})" if same[name] > 1 else name


def _unasked(payments: pd.DataFrame, asked: set[Any]) -> pd.DataFrame:
    """Payments of the year whose request is not among those that were made, as rows."""
    paid = payments[payments["status"] == "paid"]
    alone = paid[~paid["request_id"].isin(asked)]
    names = [name for name in ("request_id", MARK, "urn", "school", "payment_id") if name in alone]
    return alone[names].assign(
        paid_pence=alone["amount_pence"].astype("int64"), committed_pence=0, requested_pence=0, state="paid"
    )


def _groups(rows: pd.DataFrame, division: str) -> list[str]:
    of = {AREA: "area", SCHOOL: "place", YEAR: "year_then", PHASE: "phase_then", COUNTY: "out_of_county"}[division]
    listed = rows[MARK].eq(True)
    values = rows[of] if of in rows else pd.Series(None, rows.index, dtype=object)
    return [_group(division, value, bool(may)) for value, may in zip(values, listed, strict=True)]


def _group(division: str, value: Any, is_listed: bool) -> str:
    if not is_listed and division not in TOLD:
        return NOT_SHOWN
    if pd.isna(value) or value in ("", "not known"):
        return NOT_KNOWN
    if division == COUNTY:
        return OUT_OF_COUNTY if value else IN_COUNTY
    if division == YEAR:
        return year(str(value))
    return str(value) if division == SCHOOL else str(value).capitalize()


def by_group(rows: pd.DataFrame, division: str) -> pd.DataFrame:
    """One row a group in its order, what is not known last: `group`, `key` (of the group in an address: a school's
    number, else its words), AMOUNTS, `requests`, `children` (for whom something is paid or committed), `each_pence`
    (paid and committed for each of them, rounded half up; empty without one).

    rows: those of `lines`; the amounts add up to the figures."""
    found = [
        {"key": key_of(str(group), own, division), **_summed(str(group), own)}
        for group, own in rows.groupby(column(division), sort=False)
    ]
    columns = ["key", "group", *AMOUNTS, "requests", "children", "each_pence"]
    every = pd.DataFrame(found, columns=columns).set_index("group")
    return every.loc[_in_order(every, ORDERS[division])].reset_index().astype({"each_pence": "Int64"})


def key_of(group: str, rows: pd.DataFrame, division: str) -> str:
    """How a group stands in the address."""
    if division == SCHOOL and group not in (NOT_KNOWN, NOT_SHOWN):
        return str(rows["urn"].iloc[0])
    return slug(group)


def slug(words: str) -> str:
    """Words as they stand in an address: `wider-strategies`."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in words.lower()).split())


def _summed(group: str, rows: pd.DataFrame) -> dict[str, Any]:
    sums = {name: int(rows[name].sum()) for name in AMOUNTS}
    spent = sums["paid_pence"] + sums["committed_pence"]
    whom = rows.loc[rows["paid_pence"] + rows["committed_pence"] > 0]
    children = int(whom["child_key"].nunique()) if "child_key" in whom else 0
    each = half_up(Fraction(spent, children)) if children else None
    asked = int(rows["child_key"].notna().sum()) if "child_key" in rows else 0
    return {"group": group, **sums, "requests": asked, "children": children, "each_pence": each}


def _in_order(every: pd.DataFrame, order: Sequence[str]) -> list[str]:
    place = {name: number for number, name in enumerate(order)}
    whole = every[list(AMOUNTS)].sum(axis=1)
    last = {NOT_SHOWN: 1, NOT_KNOWN: 2}

    def rank(name: str) -> tuple[int, int, int, str]:
        return (last.get(name, 0), place.get(name, len(place)), -int(whole[name]), name)

    return sorted(every.index, key=rank)

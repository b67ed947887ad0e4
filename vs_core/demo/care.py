"""The case system's files: the children's list, the SSDA903 return, and the other cohorts."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pandas as pd

from vs_core.demo.plan import Plan
from vs_core.demo.world import Child, Row, age_on, birthday

MOVES_A_YEAR = 0.5
SUPPORTED_FROM, SUPPORTED_AGE = date(2025, 4, 1), 16
YOUNG_LEGAL = (("C2", 46), ("C1", 28), ("E1", 10), ("V2", 14), ("L2", 2))
OLDER_LEGAL = (("C2", 66), ("C1", 10), ("V2", 23), ("J1", 1))
YOUNG_PLACES = (("U6", 46), ("U4", 12), ("U3", 14), ("U1", 6), ("P1", 11), ("A3", 6), ("U5", 3), ("R1", 2))
OLDER_PLACES = (("U6", 44), ("U4", 12), ("U3", 11), ("K2", 20), ("P1", 6), ("S1", 3), ("R1", 1), ("U5", 3))
PROVIDERS = {"P": "PR0", "K": "PR4", "S": "PR5"}
AFTER_CARE_TYPES = {"E11": "adoption", "E46": "special guardianship order"}
KINSHIP = (
    "informal kinship care",
    "special guardianship order",
    "child arrangements order",
    "private fostering",
    "family and friends foster care",
    "adoption by kin",
)


def children_rows(plan: Plan, children: list[Child]) -> pd.DataFrame:
    """The authority's own list: a row when a child is first known, and again when its social worker changes."""
    chance = plan.chance("list")
    listed: list[Row] = []
    for child in children:
        row = {
            "_known": child.known,
            "child_id": child.child_id,
            "dob": child.dob,
            "upn": f"Z999{child.child_id[2:]:0>9}",
            "forename": child.forename,
            "surname": child.surname,
            "sex": child.sex,
            "ethnicity": child.ethnicity,
            "area": child.area,
            "in_county": "Y" if child.in_county else "N",
            "restricted": "Y" if child.restricted else "N",
            "social_worker": child.social_worker,
            "adviser": child.adviser,
        }
        days = (plan.as_at - child.known).days
        if child.spells and not child.cast and days > 60 and chance.random() < 0.3:
            changed = child.known + timedelta(days=chance.randint(30, days))
            listed.append({**row, "social_worker": "A. Duty"})
            listed.append({**row, "_known": changed})
        else:
            listed.append(row)
    return pd.DataFrame(listed)


def header_rows(plan: Plan, children: list[Child]) -> pd.DataFrame:
    """SSDA903 header, one row a child looked after."""
    listed = [
        {
            "_known": child.known,
            "CHILD": child.child_id,
            "SEX": "1" if child.sex == "M" else "2",
            "DOB": child.dob,
            "ETHNIC": child.ethnicity,
            "UPN": f"Z999{child.child_id[2:]:0>9}" if age_on(child.dob, plan.as_at) >= 4 else "UN1",
            "MOTHER": "",
            "MC_DOB": None,
        }
        for child in children
    ]
    return pd.DataFrame(listed)


def uasc_rows(children: list[Child]) -> pd.DataFrame:
    """SSDA903 UASC: those who arrived alone, until they are 18."""
    listed = [
        {
            "_known": child.known,
            "CHILD": child.child_id,
            "SEX": "1" if child.sex == "M" else "2",
            "DOB": child.dob,
            "DUC": birthday(child.dob, 18),
        }
        for child in children
        if child.arrived
    ]
    return pd.DataFrame(listed, columns=["_known", "CHILD", "SEX", "DOB", "DUC"])


def episode_rows(plan: Plan, children: list[Child]) -> pd.DataFrame:
    """SSDA903 episodes: a row when one starts, and again when it ends. No child's overlap."""
    chance = plan.chance("episodes")
    listed: list[Row] = []
    for child in children:
        for start, end in child.spells:
            last = end == child.left and start == child.joined
            listed += _spell(plan, chance, child, start, end, child.exit_code if last else "E4A")
    return pd.DataFrame(listed)


def _spell(plan: Plan, chance: Random, child: Child, start: date, end: date | None, code: str) -> Iterator[Row]:
    starts = _episode_starts(plan, chance, child, start, end)
    legal = _legal(chance, child, start)
    for n, begun in enumerate(starts):
        over = starts[n + 1] if n + 1 < len(starts) else end
        row = _episode(chance, child, begun, legal, first=n == 0)
        known = max(child.known, min(plan.as_at, begun + timedelta(days=chance.choice((0, 1, 1, 3)))))
        if over is None or over > plan.as_at:
            yield {**row, "_known": known}
            continue
        reason = "X1" if n + 1 < len(starts) else code
        told = min(plan.as_at, over + timedelta(days=chance.choice((0, 0, 1, 2))))
        yield {**row, "_known": known}
        yield {
            **row,
            "_known": max(known, told),
            "DEC": over,
            "REC": reason,
            "REASON_PLACE_CHANGE": "CARPL" if reason == "X1" else "",
        }
        if legal in ("C1", "L2") and chance.random() < 0.7:
            legal = "C2"


def _episode_starts(plan: Plan, chance: Random, child: Child, start: date, end: date | None) -> list[date]:
    """The first day, moves after it, and the day on which supported accommodation got its new code."""
    days = ((end or plan.as_at) - start).days
    moves = 0 if child.cast else min(8, int(chance.expovariate(1 / (MOVES_A_YEAR * days / 365.25 + 0.01))))
    starts = {start} | {start + timedelta(days=chance.randint(20, days - 3)) for _ in range(moves) if days > 30}
    sixteen = birthday(child.dob, SUPPORTED_AGE)
    if start < SUPPORTED_FROM < (end or plan.as_at) and sixteen < SUPPORTED_FROM:
        starts.add(SUPPORTED_FROM)
    return sorted(starts)


def _legal(chance: Random, child: Child, start: date) -> str:
    if child.short_breaks:
        return "V4"
    if child.arrived:
        return "V2"
    table = YOUNG_LEGAL if age_on(child.dob, start) < 6 else OLDER_LEGAL
    return chance.choices([code for code, _ in table], [weight for _, weight in table])[0]


def _place(chance: Random, child: Child, start: date) -> str:
    age = age_on(child.dob, start)
    if child.short_breaks:
        return "U6"
    if age >= SUPPORTED_AGE and chance.random() < (0.6 if child.arrived else 0.3):
        return "K3" if start >= SUPPORTED_FROM else "H5"
    table = YOUNG_PLACES if age < 8 else OLDER_PLACES
    return chance.choices([code for code, _ in table], [weight for _, weight in table])[0]


def _episode(chance: Random, child: Child, start: date, legal: str, first: bool) -> Row:
    place = _place(chance, child, start)
    return {
        "CHILD": child.child_id,
        "DECOM": start,
        "RNE": "S" if first else chance.choice("PPPLB"),
        "LS": legal,
        "CIN": "N5" if child.arrived else chance.choices(("N1", "N4", "N5", "N6", "N2"), (62, 12, 14, 8, 4))[0],
        "PLACE": place,
        "PLACE_PROVIDER": PROVIDERS.get(place[0], "PR4" if chance.random() < 0.4 else "PR1"),
        "DEC": None,
        "REC": "",
        "REASON_PLACE_CHANGE": "",
        "HOME_POST": f"ZZ{chance.randint(1, 29)} {chance.randint(1, 9)}AA",
        "PL_POST": f"ZZ{chance.randint(1, 29) if child.in_county else chance.randint(40, 69)} {chance.randint(1, 9)}BB",
        "URN": "",
    }


def cohort_rows(plan: Plan, looked_after: list[Child], others: list[Child]) -> pd.DataFrame:
    """Children in need, on plans, previously looked after and in kinship care: a row at the start, again at the end."""
    chance = plan.chance("cohorts")
    listed: list[Row] = []
    for child in others:
        assert child.span
        start, end = child.span
        kinds = {"kinship": KINSHIP, "previously looked after": tuple(AFTER_CARE_TYPES.values())}.get(
            child.cohort, ("",)
        )
        listed += _membership(child, child.cohort, start, end, chance.choice(kinds), child.known)
    for child in looked_after:
        if (
            child.left
            and child.left <= plan.as_at
            and child.exit_code in AFTER_CARE_TYPES
            and child.cast != "turned_18"
        ):
            told = max(child.known, min(plan.as_at, child.left + timedelta(days=chance.randint(0, 9))))
            listed += _membership(
                child, "previously looked after", child.left, None, AFTER_CARE_TYPES[child.exit_code], told
            )
        elif not child.cast and not child.arrived and (child.joined - child.dob).days > 400 and chance.random() < 0.4:
            begun = child.joined - timedelta(days=chance.randint(60, 390))
            listed += _membership(child, "child protection", begun, child.joined - timedelta(days=1), "", child.known)
    return pd.DataFrame(listed)


def _membership(child: Child, cohort: str, start: date, end: date | None, kind: str, known: date) -> Iterator[Row]:
    told = max(known, start)
    row = {"_known": told, "child_id": child.child_id, "cohort": cohort, "start": start, "end": None, "type": kind}
    yield row
    if end:
        yield {**row, "_known": max(told, end + timedelta(days=1)), "end": end}

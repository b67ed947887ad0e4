"""Personal education plans: one a term for every child in care from nursery to year 13, most in time, some never."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pandas as pd

from vs_core.demo import terms
from vs_core.demo.plan import Plan
from vs_core.demo.world import Child, Row

QUALITY = (("green", 71), ("amber", 23), ("red", 6))
NEVER_FINISHED, NEVER_MET = 0.035, 0.03
PHASES = ((-3, "early years"), (0, "primary"), (7, "secondary"), (12, "post-16"))
Signed = dict[tuple[str, str], date]


def phase(year_group: int) -> str:
    """The plan's form: early years, primary, secondary or post-16."""
    return [name for first, name in PHASES if first <= year_group][-1]


def rows(plan: Plan, children: list[Child]) -> tuple[pd.DataFrame, Signed]:
    """The ePEP export: a row at each step from due to quality-assured; and when each plan was signed off."""
    chance = plan.chance("plans")
    listed: list[Row] = []
    signed: Signed = {}
    for child in children:
        if child.short_breaks or child.cast in ("no_pep", "attendance_only"):
            continue
        for term, start, end in terms.terms_between(plan.first_day, plan.as_at):
            versions = list(_versions(plan, chance, child, term, start, end))
            listed += versions
            last = versions[-1]["quality_assured_on"] if versions else None
            if last and last <= plan.as_at:
                signed[child.child_id, term] = last
    return pd.DataFrame(listed), signed


def _versions(plan: Plan, chance: Random, child: Child, term: str, start: date, end: date) -> Iterator[Row]:
    group = child.year_group(terms.academic_year(start))
    if not -2 <= group <= 13 or not child.in_care_between(start, min(end, plan.as_at)):
        return
    first = start < child.joined <= end and terms.working_days_after(child.joined, 20) <= end + timedelta(days=30)
    if first:
        due = terms.working_days_after(child.joined, 20)
    else:
        due = min(max(start, child.joined) + timedelta(days=_days_to_plan(chance, term)), end)
    if child.cast == "pep_overdue" and start <= plan.as_at <= end + timedelta(days=40):
        due = max(start, plan.as_at - timedelta(days=9))
    if child.left and child.left < due:
        return
    row = _blank(child, term, due, first, group)
    row["_known"] = max(plan.first_day, child.known, min(start, plan.as_at))
    if row["_known"] > plan.as_at:
        return
    yield row
    yield from _steps(plan, chance, child, row)


def _days_to_plan(chance: Random, term: str) -> int:
    """Days from the beginning of a term; in the spring plans are due before the year's last payment run."""
    days = chance.randint(35, 88)
    return 30 + (days - 35) * 4 // 9 if term.endswith("spring") else days


def _blank(child: Child, term: str, due: date, first: bool, group: int) -> Row:
    return {
        "_known": due,
        "child_id": child.child_id,
        "term": term,
        "kind": "initial" if first else "review",
        "due_on": due,
        "initiated_on": None,
        "meeting_on": None,
        "finished_on": None,
        "quality_assured_on": None,
        "quality": "",
        "child_voice": "",
        "carer_voice": "",
        "smart_targets": "",
        "attendance_target": "",
        "phase": phase(group),
    }


def _steps(plan: Plan, chance: Random, child: Child, row: Row) -> Iterator[Row]:
    """Met on before it is due, finished within days, then quality-assured: late for one in eight."""
    due = row["due_on"]
    slip = chance.choices((-12, -8, -5, -1, 6, 16), (22, 28, 24, 14, 8, 4))[0]
    met = due + timedelta(days=slip - chance.randint(6, 9))
    started = met - timedelta(days=chance.randint(5, 14))
    finished, signed = met + timedelta(days=chance.randint(1, 5)), due + timedelta(days=slip)
    steps: list[tuple[date, Row]] = [(started, {"initiated_on": started}), (met, {"meeting_on": met})]
    draw = chance.random()
    stuck = child.cast in ("pep_overdue", "unpaid") and due >= terms.term_start(plan.as_at)
    if draw >= NEVER_FINISHED and not stuck:
        yes_no = {name: "Y" if chance.random() < share else "N" for name, share in _ANSWERS.items()}
        steps.append((finished, {"finished_on": finished, **yes_no}))
        quality = chance.choices([grade for grade, _ in QUALITY], [weight for _, weight in QUALITY])[0]
        steps.append((signed, {"quality_assured_on": signed, "quality": quality}))
    if draw < NEVER_MET and not stuck and not child.cast:
        steps = []
    for known, change in steps:
        if known <= plan.as_at:
            row = {**row, **change, "_known": max(known, row["_known"])}
            yield row


_ANSWERS = {"child_voice": 0.88, "carer_voice": 0.8, "smart_targets": 0.84, "attendance_target": 0.33}

"""Pupil premium: allocations, and schools' requests with their delays and refusals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pandas as pd

from vs_core.demo import terms
from vs_core.demo.payment_runs import ask_by, last_run
from vs_core.demo.plan import Plan
from vs_core.demo.world import Child, Row

# Pounds a child. The last published rate goes on until a later one is: demo figures only.
RATES = {2022: 2410, 2023: 2530, 2024: 2570, 2025: 2630}
LAST_RATE, EARLY_YEARS_RATE, POST_16_GRANT = 2630, 570, 96_000
TOP_SLICE, TERM_LIMIT = 0.2, 700
REQUESTED_SHARE = {"autumn": 0.93, "spring": 0.9, "summer": 0.84}
EXCEPTIONAL_SHARE = {"autumn": 0.2, "spring": 0.3, "summer": 0.2}
INTERVENTIONS = (
    ("targeted academic support", "One-to-one tuition in English"),
    ("targeted academic support", "One-to-one tuition in maths"),
    ("targeted academic support", "Small-group reading"),
    ("targeted academic support", "Speech and language support"),
    ("wider strategies", "Mentoring"),
    ("wider strategies", "Therapeutic play"),
    ("wider strategies", "Music lessons"),
    ("wider strategies", "Breakfast and homework club"),
    ("wider strategies", "Attendance mentor"),
    ("high-quality teaching", "Attachment training for staff"),
    ("high-quality teaching", "Learning resources"),
)
DECISIONS = (("approved", 83), ("part-approved", 8), ("rejected", 5), ("lapsed", 2), ("queried", 2))
NEVER = {"nothing_requested", "arrived", "entered", "attendance_only"}


@dataclass(frozen=True)
class Award:
    """An approved request on its way to payment."""

    request_id: str
    child_id: str
    term: str
    urn: str
    pounds: int
    decided: date
    fund: str
    cast: str


def allocation_rows(plan: Plan, children: list[Child]) -> pd.DataFrame:
    """The department's notices for each fund and year: provisional in May by the return of the 31 March before last,
    final in December by that of the last one (`rules.pp_count`), as far back as the invented children go."""
    listed = []
    for year in range(plan.first_day.year, terms.financial_year(plan.as_at) + 1):
        rate = RATES.get(year, LAST_RATE)
        for stage, ends, on in (("provisional", year - 1, date(year, 5, 14)), ("final", year, date(year, 12, 11))):
            base = min(max(ends - 1, plan.first_day.year + 1), terms.financial_year(plan.as_at))
            number = sum(_counts(child, date(base, 4, 1), date(base + 1, 3, 31)) for child in children)
            listed.append(_allocation(year, "PP+", stage, number, number * rate, on, rate))
        listed.append(
            _allocation(year, "EYPP", "final", 60, 60 * EARLY_YEARS_RATE, date(year, 6, 20), EARLY_YEARS_RATE)
        )
        listed.append(_allocation(year, "post-16", "final", 170, POST_16_GRANT, date(year, 7, 2), ""))
    return pd.DataFrame(
        [row for row in listed if row["_known"] <= plan.as_at], columns=list(_allocation(0, "", "", 0, 0, date.max, ""))
    )


def _counts(child: Child, start: date, end: date) -> bool:
    group = child.year_group(end.year - 1)
    return 0 <= group <= 11 and not child.short_breaks and child.in_care_between(start, end)


def _allocation(year: int, fund: str, stage: str, number: int, pounds: int, on: date, rate: object) -> Row:
    return {
        "_known": on,
        "financial_year": terms.year_label(year, "-"),
        "fund": fund,
        "stage": stage,
        "children": number,
        "amount": f"{pounds}.00",
        "notified_on": on,
        "rate": f"{rate}.00" if rate else "",
        "count_year": year - 1 if stage == "provisional" else year,
    }


def request_rows(plan: Plan, children: list[Child]) -> tuple[pd.DataFrame, list[Award]]:
    """Requests with every state they went through, and the awards. No child's term goes over its limit unagreed."""
    chance = plan.chance("requests")
    listed: list[Row] = []
    awards: list[Award] = []
    for term, first, end in terms.terms_between(plan.first_day, plan.as_at):
        for child in children:
            for pounds in _sums(chance, child, term, first, end):
                number = f"R{len(awards) + len(listed) + 10001}"
                versions = _request(plan, chance, child, number, term, first, end, pounds)
                listed += versions
                awards += _award(versions, child)
    return pd.DataFrame(listed), awards


def _fund(group: int) -> str:
    if group < 0:
        return "EYPP"
    return "PP+" if group <= 11 else "post-16"


def _sums(chance: Random, child: Child, term: str, first: date, end: date) -> list[int]:
    """Pounds asked for one child in one term: none, one sum, or two within the limit; seldom more, to be agreed."""
    group = child.year_group(terms.academic_year(first))
    if child.short_breaks or child.cast in NEVER or not -1 <= group <= 13 or not child.in_care_between(first, end):
        return []
    if child.cast == "unpaid":
        return [480]
    share = REQUESTED_SHARE[term.split()[1]]
    if chance.random() > (share if 0 <= group <= 11 else share * 0.3) or not child.at(max(first, child.joined)):
        return []
    if group < 0:
        return [125]
    if group > 11:
        return [chance.choice((150, 250, 400))]
    if chance.random() < EXCEPTIONAL_SHARE[term.split()[1]]:
        return [chance.randint(20, 66) * 50]
    if chance.random() < 0.3:
        return [chance.randint(12, 17) * 20, chance.randint(12, 18) * 20]
    return [chance.choice((520, 600, 650, 700, 700, 700, 700))]


def _request(
    plan: Plan, chance: Random, child: Child, number: str, term: str, first: date, end: date, pounds: int
) -> list[Row]:
    """One request's states in order, those that had come by the day."""
    area, what = chance.choice(INTERVENTIONS)
    asked = _asked_on(chance, child, term, first, end)
    stay = child.at(asked)
    exceptional = pounds > TERM_LIMIT
    if asked > min(end, plan.as_at) or not stay or not child.in_care(asked):
        return []
    row = {
        "_known": asked,
        "request_id": number,
        "child_id": child.child_id,
        "term": term,
        "amount": f"{pounds}.00",
        "area": area,
        "status": "requested",
        "requested_on": asked,
        "target": what.replace("One-to-one tuition in", "Progress in"),
        "intervention": what,
        "urn": stay.urn,
        "decided_on": None,
        "decided_by": "",
        "approved_amount": "",
        "exceptional": "Y" if exceptional else "N",
        "adviser_agreed_on": asked - timedelta(days=4) if exceptional and chance.random() < 0.9 else None,
        "starts_on": asked + timedelta(days=chance.randint(7, 28)),
        "fund": _fund(child.year_group(terms.academic_year(first))),
        "impact": "",
    }
    return [version for version in _states(chance, child, row, pounds) if version["_known"] <= plan.as_at]


def _asked_on(chance: Random, child: Child, term: str, first: date, end: date) -> date:
    """Around the plan meeting; in the spring before the year's last payment run, and many only just before it."""
    length = (end - first).days
    if child.cast == "unpaid":
        return first + timedelta(days=6)
    share = chance.betavariate(2.2, 2.6)
    if term.endswith("spring"):
        length = (ask_by(end) - first).days
        if chance.random() < 0.35:
            share = chance.uniform(0.75, 1.0)
    return max(first + timedelta(days=int(length * share)), child.joined + timedelta(days=5))


def _states(chance: Random, child: Child, row: Row, pounds: int) -> Iterator[Row]:
    yield row
    asked = row["requested_on"]
    if child.cast == "unpaid":
        yield _decided(row, asked + timedelta(days=8), "approved", pounds)
        return
    decided = asked + timedelta(days=3 + int(chance.lognormvariate(2.2, 0.6)))
    in_spring = asked.month in (2, 3)
    if in_spring:
        decided = min(decided, max(asked + timedelta(days=2), last_run(asked) - timedelta(days=9)))
    if chance.random() < 0.13:
        row = {**row, "_known": asked + timedelta(days=3), "status": "queried"}
        decided += timedelta(days=chance.randint(6, 30) // (4 if in_spring else 1))
        yield row
    outcome = chance.choices([name for name, _ in DECISIONS], [weight for _, weight in DECISIONS])[0]
    if outcome == "queried":
        yield {**row, "_known": max(decided, row["_known"]), "status": "queried"}
        return
    row = _decided(row, decided, outcome, pounds)
    yield row
    if row["approved_amount"] and chance.random() < 0.4:
        yield {
            **row,
            "_known": decided + timedelta(days=80),
            "impact": chance.choice(("improved", "some progress", "no change yet")),
        }


def _decided(row: Row, on: date, outcome: str, pounds: int) -> Row:
    given = {"approved": pounds, "part-approved": pounds // 20 * 10}.get(outcome)
    return {
        **row,
        "_known": on,
        "status": outcome,
        "decided_on": on,
        "decided_by": "Operations lead",
        "approved_amount": f"{given}.00" if given else "",
    }


def _award(versions: list[Row], child: Child) -> Iterator[Award]:
    approved = next((row for row in versions if row["approved_amount"]), None)
    if approved:
        pounds = int(approved["approved_amount"][:-3])
        yield Award(
            approved["request_id"],
            child.child_id,
            approved["term"],
            approved["urn"],
            pounds,
            approved["decided_on"],
            approved["fund"],
            child.cast,
        )

"""300 invented schools. Their reference numbers begin with 9 and have six digits: no real school has such a number."""

from datetime import date, timedelta
from random import Random

import pandas as pd

from vs_core.demo import names
from vs_core.demo.plan import AUTHORITY, AUTHORITY_CODE, Plan
from vs_core.demo.world import Row, School

SHARES = (("primary", 0.58), ("secondary", 0.23), ("special", 0.085), ("alternative", 0.03), ("nursery", 0.04))
PHASES = {
    "primary": ("Primary", ("Community school", "Academy converter", "Voluntary controlled school")),
    "secondary": ("Secondary", ("Academy sponsor led", "Academy converter", "Foundation school")),
    "special": (
        "Not applicable",
        ("Community special school", "Academy special converter", "Other independent special school"),
    ),
    "alternative": ("Not applicable", ("Pupil referral unit", "Academy alternative provision converter")),
    "nursery": ("Nursery", ("Local authority nursery school",)),
    "post-16": ("16 plus", ("Further education", "Academy 16-19 converter")),
}
ENDINGS = {
    "primary": (
        "Primary School",
        "Community Primary School",
        "C of E Primary School",
        "Primary Academy",
        "Junior School",
    ),
    "secondary": ("Academy", "High School", "School", "Community College"),
    "special": ("Grange School", "Lodge School", "House School"),
    "alternative": ("Pupil Referral Unit", "Alternative Provision Academy"),
    "nursery": ("Nursery School", "Early Years Centre"),
    "post-16": ("Sixth Form College", "College"),
}
OLD_RATINGS = (("Outstanding", 0.16), ("Good", 0.69), ("Requires improvement", 0.12), ("Inadequate", 0.03))
REPORT_CARDS = (
    ("Strong standard", 0.2),
    ("Expected standard", 0.57),
    ("Needs attention", 0.18),
    ("Urgent improvement", 0.05),
)
GRADES_END, REPORT_CARDS_FROM = date(2024, 9, 1), date(2025, 11, 10)


def schools(plan: Plan) -> list[School]:
    """Every school of the authority's list, about a quarter of them with its neighbours, a few of them closed."""
    chance = plan.chance("schools")
    kinds = [kind for kind, share in SHARES for _ in range(max(2, round(share * plan.schools)))]
    kinds += ["post-16"] * (plan.schools - len(kinds))
    used: set[str] = set()
    found = [_school(plan, chance, 900001 + n, kind, used) for n, kind in enumerate(kinds)]
    for school in found[7 :: plan.schools // 8 + 1]:
        school.closed = plan.as_at - timedelta(days=chance.randint(60, 900))
    return found


def _school(plan: Plan, chance: Random, urn: int, kind: str, used: set[str]) -> School:
    phase, types = PHASES[kind]
    place = chance.choice(names.PLACES)
    name = f"{place} {chance.choice(ENDINGS[kind])}"
    while name in used:
        place = chance.choice(names.PLACES)
        name = f"{chance.choice(names.SURNAMES)} {place} {chance.choice(ENDINGS[kind])}"
    used.add(name)
    home = urn % 4 != 0
    authority = AUTHORITY if home else chance.choice(list(names.NEIGHBOURS))
    postcode = f"ZZ{chance.randint(1, 29)} {chance.randint(1, 9)}{chance.choice('ABDEFG')}{chance.choice('HJLNPQ')}"
    school = School(str(urn), name, kind, phase, chance.choice(types), authority, place, postcode)
    _inspect(plan, chance, school)
    return school


def _inspect(plan: Plan, chance: Random, school: School) -> None:
    """No overall grade was given from September 2024 until report cards began in November 2025."""
    on = plan.as_at - timedelta(days=chance.randint(20, 1700))
    if GRADES_END <= on < REPORT_CARDS_FROM:
        on = GRADES_END - timedelta(days=chance.randint(40, 1200))
    regime = OLD_RATINGS if on < GRADES_END else REPORT_CARDS
    school.inspected = on
    school.rating = chance.choices([grade for grade, _ in regime], [weight for _, weight in regime])[0]
    if school.kind == "post-16" and on < GRADES_END and school.rating == "Inadequate":
        school.rating = "Good"


def rows(plan: Plan, found: list[School]) -> pd.DataFrame:
    """The schools extract: one row a school, and again when it closes. `_known` is the day the authority has it."""
    codes = {AUTHORITY: AUTHORITY_CODE, **names.NEIGHBOURS}
    listed = []
    for school in found:
        row = {
            "_known": plan.first_day,
            "URN": school.urn,
            "LA (code)": codes[school.authority],
            "LA (name)": school.authority,
            "EstablishmentName": school.name,
            "TypeOfEstablishment (name)": school.type,
            "EstablishmentStatus (name)": "Open",
            "OpenDate": school.opened,
            "CloseDate": None,
            "PhaseOfEducation (name)": school.phase,
            "Town": school.town,
            "Postcode": school.postcode,
            "OfstedLastInsp": school.inspected,
            "OfstedRating (name)": school.rating,
        }
        listed += _as_inspected(plan, school, row)
        if school.closed:
            closing = {"EstablishmentStatus (name)": "Closed", "CloseDate": school.closed}
            listed.append({**listed[-1], "_known": max(school.closed, listed[-1]["_known"]), **closing})
    return pd.DataFrame(listed)


def _as_inspected(plan: Plan, school: School, row: Row) -> list[Row]:
    """A school inspected within the demo's years was listed before with what was known of it then: nothing."""
    if school.inspected is None or school.inspected <= plan.first_day:
        return [row]
    before = {**row, "OfstedLastInsp": None, "OfstedRating (name)": ""}
    return [before, {**row, "_known": school.inspected + timedelta(days=18)}]

"""The authority's children: in care now and since the demo's first day, with a social worker, and after care."""

import math
from datetime import date, timedelta
from random import Random

from vs_core.demo import cast, names
from vs_core.demo.plan import Plan
from vs_core.demo.world import Child, birthday

# Children in care by whole year of age, 0 to 17: the shape of England's SSDA903 tables (a fifth are 16 or 17).
IN_CARE_AGES = (44, 40, 36, 34, 34, 36, 38, 42, 46, 50, 54, 60, 66, 72, 80, 90, 100, 112)
LEAVER_AGES = (60, 60, 44, 34, 28, 26, 24, 24, 22, 22, 22, 24, 26, 30, 34, 40, 60, 44)
SOCIAL_WORK_AGES = (60, 52, 50, 50, 52, 56, 56, 56, 56, 56, 58, 58, 60, 60, 60, 58, 50, 40)
ETHNICITIES = (
    ("WBRI", 73),
    ("WOTH", 4),
    ("MWBC", 4),
    ("MWBA", 3),
    ("MOTH", 3),
    ("BAFR", 4),
    ("BCRB", 2),
    ("APKN", 2),
    ("ABAN", 1),
    ("AOTH", 2),
    ("WIRT", 1),
    ("WROM", 1),
)
ARRIVED_SHARE, OUT_OF_COUNTY_SHARE, RESTRICTED_SHARE = 0.07, 0.34, 0.06
MEAN_DAYS_IN_CARE, LEAVERS_A_YEAR, RETURNED_SHARE = 950, 0.46, 0.04
OUTSIDE_DAYS = {"social work": 1000, "previously looked after": 2500, "kinship": 1800}
SOCIAL_WORK_TURNOVER, OTHER_TURNOVER = 0.36, 0.14
AFTER_CARE = (("E11", 22), ("E46", 30), ("E4A", 48))
AT_EIGHTEEN = (("E17", 45), ("E5", 30), ("E8", 25))


def in_care(plan: Plan) -> list[Child]:
    """The cast, then everybody in care on `as_at` or on a day since the first: exactly `plan.in_care` on `as_at`."""
    chance = plan.chance("in care")
    everybody = cast.members(plan.as_at)
    current = sum(member.in_care for member in cast.CAST)
    short_breaks = max(2, plan.in_care // 70)
    for n in range(plan.in_care - current + short_breaks):
        everybody.append(_current(plan, chance, n, short=n < short_breaks))
    years = (plan.as_at - plan.first_day).days / 365.25
    for n in range(max(3, round(plan.in_care * LEAVERS_A_YEAR * years))):
        everybody.append(_leaver(plan, chance, len(everybody) + n))
    return everybody


def _weighted(chance: Random, table: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([value for value, _ in table], [weight for _, weight in table])[0]


def _born(chance: Random, age: int, on: date) -> date:
    """A date of birth that makes `age` on `on`."""
    turned = on - timedelta(days=chance.randint(1, 360))
    return date(turned.year - age, turned.month, min(turned.day, 28))


def _person(chance: Random, number: int, dob: date, arrived: bool = False) -> Child:
    sex = "M" if chance.random() < (0.93 if arrived else 0.56) else "F"
    forename, surname = names.child_name(chance, sex, arrived)
    ethnicity = "OOTH" if arrived else _weighted(chance, ETHNICITIES)
    child = Child(f"WM{number:05d}", forename, surname, sex, dob, ethnicity, arrived=arrived)
    child.area = chance.choice(names.AREAS)
    child.sen = chance.choices("NKE", (47, 27, 26))[0]
    child.setting = _setting(chance, child)
    return child


def _setting(chance: Random, child: Child) -> str:
    """Half of those with an education, health and care plan go to a special school."""
    if child.sen == "E" and chance.random() < 0.5:
        return "special"
    return "alternative" if chance.random() < 0.028 else "mainstream"


def _current(plan: Plan, chance: Random, n: int, short: bool) -> Child:
    arrived = not short and chance.random() < ARRIVED_SHARE
    age = chance.randint(15, 17) if arrived else chance.choices(range(18), IN_CARE_AGES)[0]
    dob = _born(chance, max(age, 4) if short else age, plan.as_at)
    child = _person(chance, 10000 + n, dob, arrived)
    lived = (plan.as_at - dob).days
    mean = 500 if arrived else MEAN_DAYS_IN_CARE
    stayed = int(chance.expovariate(1 / mean)) + 1
    if stayed >= lived:
        stayed = max(1, int(lived * chance.random() ** 0.5))
    child.spells = [(plan.as_at - timedelta(days=stayed), None)]
    child.short_breaks = short
    return _settle(plan, chance, child)


def _leaver(plan: Plan, chance: Random, number: int) -> Child:
    left = min(
        plan.as_at, plan.first_day + timedelta(days=chance.randint(1, max(1, (plan.as_at - plan.first_day).days - 1)))
    )
    if chance.random() < 0.3:
        dob, code = _born(chance, 18, left), _weighted(chance, AT_EIGHTEEN)
        left = birthday(dob, 18)
    else:
        dob, code = _born(chance, chance.choices(range(18), LEAVER_AGES)[0], left), _weighted(chance, AFTER_CARE)
    child = _person(chance, 20000 + number, dob)
    stayed = int(chance.expovariate(1 / MEAN_DAYS_IN_CARE)) + 8
    lived = (left - dob).days
    child.spells = [(left - timedelta(days=min(stayed, max(1, lived - 1))), left)]
    child.exit_code = code
    return _settle(plan, chance, child)


def _settle(plan: Plan, chance: Random, child: Child) -> Child:
    """Placement, workers, an earlier spell for a few, and the day on which the authority's list first has the child."""
    child.in_county = chance.random() >= OUT_OF_COUNTY_SHARE
    child.restricted = chance.random() < RESTRICTED_SHARE
    child.social_worker, child.adviser = chance.choice(names.SOCIAL_WORKERS), chance.choice(names.ADVISERS)
    start = child.joined
    room = (start - child.dob).days
    if chance.random() < RETURNED_SHARE and room > 500 and not child.arrived:
        gap, length = chance.randint(90, room // 2), chance.randint(30, room // 3)
        child.spells.insert(0, (start - timedelta(days=gap + length), start - timedelta(days=gap)))
    lag = math.floor(chance.expovariate(0.9))
    child.known = max(plan.first_day, min(plan.as_at, child.spells[0][0] + timedelta(days=lag)))
    return child


def outside_care(plan: Plan) -> list[Child]:
    """Children in need, on protection plans, previously looked after, in kinship care: now and since the first day."""
    chance = plan.chance("outside care")
    years = (plan.as_at - plan.first_day).days / 365.25
    gone = round(plan.social_worker * SOCIAL_WORK_TURNOVER * years)
    wanted = [("social work", True)] * plan.social_worker + [("social work", False)] * gone
    for cohort, number in (("previously looked after", plan.previously_in_care), ("kinship", plan.kinship)):
        wanted += [(cohort, True)] * number + [(cohort, False)] * round(number * OTHER_TURNOVER * years)
    return [_outside(plan, chance, 30000 + n, cohort, stays) for n, (cohort, stays) in enumerate(wanted)]


def _outside(plan: Plan, chance: Random, number: int, cohort: str, stays: bool) -> Child:
    length = 1 + int(chance.expovariate(1 / OUTSIDE_DAYS[cohort]))
    window = (plan.as_at - plan.first_day).days
    end = None if stays else plan.as_at - timedelta(days=chance.randint(1, max(1, window)))
    on = end or plan.as_at
    child = _person(chance, number, _born(chance, chance.choices(range(18), SOCIAL_WORK_AGES)[0], on))
    start = max(on - timedelta(days=length), child.dob)
    child.cohort = _cohort(chance, cohort, (on - start).days)
    child.span = (start, end)
    child.known = max(plan.first_day, min(plan.as_at, start + timedelta(days=chance.randint(0, 3))))
    return child


def _cohort(chance: Random, cohort: str, days: int) -> str:
    """A protection plan seldom lasts over two years."""
    if cohort != "social work":
        return cohort
    return "child protection" if days < 730 and chance.random() < 0.3 else "child in need"

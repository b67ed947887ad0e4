"""A few registers that do not agree with what else is known, as schools' registers never all do."""

from collections.abc import Iterator
from datetime import date, timedelta

from vs_core.demo import terms
from vs_core.demo.conduct import Notice, Sitting
from vs_core.demo.plan import Plan
from vs_core.demo.world import Child

HOW_MANY = {"small": 1, "county": 4}
"""Of each kind."""
LAST_DAYS = 15
CODES = (("E", slice(3, 5)), ("Y5", slice(5, 9)), ("D", slice(2, 7)))
"""Codes with nothing beside them, and on which of the last school days."""


def sittings(plan: Plan, children: list[Child], found: list[Notice], detained: list[Child]) -> Iterator[Sitting]:
    """`E` of children without a notice, `Y5` of some who are not in custody, `D` of some with one school only."""
    days = [day for day in terms.school_days(plan.year) if plan.first_day < day < plan.as_at][-LAST_DAYS:]
    known = {notice.child_id for notice in found} | {child.child_id for child in detained}
    plain = [child for child in children if child.child_id not in known and _is_plain(plan, child, days)]
    count = min(HOW_MANY[plan.size], len(plain) // len(CODES))
    chosen = plan.chance("mismatches").sample(plain, count * len(CODES))
    for number, child in enumerate(chosen):
        code, when = CODES[number % len(CODES)]
        yield from (Sitting(child.child_id, day, half, code) for day in days[when] for half in (0, 1))


def _is_plain(plan: Plan, child: Child, days: list[date]) -> bool:
    """Of nobody in particular, of school age, in care and at one school on all the days."""
    if child.cast or child.short_breaks or not days or not 1 <= child.year_group(plan.year) <= 10:
        return False
    places = {stay.urn if (stay := child.at(day)) else "" for day in days}
    return len(places) == 1 and "" not in places and all(child.in_care(day) for day in (days[0], days[-1]))


def without_marks(plan: Plan, found: list[Notice], children: list[Child]) -> set[tuple[str, date]]:
    """The notices, by child and first day, for which the school went on marking as if nothing had happened: some of the
    last ones that are over."""
    plain = {child.child_id for child in children if not child.cast}
    begun, over = date(plan.year, 9, 1), plan.as_at - timedelta(days=3)
    own = [
        notice
        for notice in found
        if notice.child_id in plain
        and (notice.category, notice.status, notice.provision) == ("SUSP", "issued", None)
        and notice.start >= begun
        and notice.days[-1] < over
    ]
    chosen = plan.chance("suspensions without marks").sample(own, min(HOW_MANY[plan.size], (len(own) + 1) // 2))
    return {(notice.child_id, notice.start) for notice in chosen}

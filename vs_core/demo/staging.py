"""The cast's schools: what a stay must look like to show a member's situation."""

from datetime import date, timedelta

from vs_core.demo import rolls, terms
from vs_core.demo.plan import Plan
from vs_core.demo.world import Child, School, Stay


def school_day_back(day: date, count: int) -> date:
    """The school day `count` school days before `day` (1: the last one before it)."""
    year = terms.academic_year(day)
    days = [found for found in terms.school_days(year - 1) + terms.school_days(year) if found < day]
    return days[-count]


def stage(plan: Plan, children: list[Child], schools: list[School]) -> None:
    """Bend the stays of those of the cast whose situation is about schools."""
    found = rolls.pools(schools)
    by_cast = {child.cast: child for child in children if child.cast}
    _move(plan, by_cast["moved_school"], found["primary", True])
    _share(by_cast["two_schools"], found["special", True][0])
    _exclude(plan, by_cast["permanently_excluded"])
    for key in ("left", "turned_18"):
        member = by_cast[key]
        if member.stays and member.left and member.stays[-1].end is None:
            member.stays[-1].end = member.stays[-1].end_known = max(member.left, member.stays[-1].start)


def _move(plan: Plan, child: Child, urns: list[str]) -> None:
    """Half way through what has passed of the term, or six school days ago when it has just begun."""
    first = terms.term_start(plan.as_at)
    days = [day for day in terms.school_days(terms.half_term_at(plan.as_at).year) if first <= day < plan.as_at]
    day = days[len(days) // 2] if len(days) > 12 else school_day_back(plan.as_at, 6)
    stay = child.at(day)
    assert stay
    child.stays = [found for found in child.stays if found.start <= stay.start]
    stay.end, stay.end_known = day, day
    back = terms.after_school_days(day + terms.DAY, 0)
    urn = next(urn for urn in urns if urn != stay.urn)
    child.stays.append(Stay(urn, back, None, back, year_given=back >= terms.half_terms(plan.year)[0].start))


def _share(child: Child, urn: str) -> None:
    main = child.stays[-1]
    child.stays.append(Stay(urn, main.start, main.end, main.known, main.end_known, "subsidiary"))


def _exclude(plan: Plan, child: Child) -> None:
    day = school_day_back(plan.as_at, 12)
    stay = child.at(day)
    if stay is None or stay.end:
        stay = child.stays[-1]
        stay.start = min(stay.start, day)
        for before in child.stays[:-1]:
            before.end = min(before.end or day, stay.start - timedelta(days=1))
    child.permanently_excluded.append((day, stay.urn))

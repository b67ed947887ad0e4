"""Suspensions, lunchtime suspensions and permanent exclusions, and the register sessions that they take."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

import pandas as pd

from vs_core.demo import terms
from vs_core.demo.plan import Plan
from vs_core.demo.world import Child, Row, School

CHANCE_IN_A_YEAR = {"primary": 0.04, "secondary": 0.21, "special": 0.085, "alternative": 0.38}
LENGTHS = ((1, 6), (2, 34), (3, 8), (4, 24), (6, 14), (8, 5), (10, 6), (12, 2), (16, 1))
# Of the list in force since 2020/21; the codes added to it are used from the date below.
REASONS = (
    ("DB", 36),
    ("PA", 15),
    ("PP", 14),
    ("VA", 14),
    ("VP", 6),
    ("DM", 4),
    ("OW", 3),
    ("DA", 3),
    ("RA", 2),
    ("BU", 1),
    ("TH", 1),
    ("SM", 1),
    ("LG", 1),
    ("MT", 1),
    ("", 1),
)
NEWER_REASONS = (
    ("CB", 20),
    ("LD", 16),
    ("PA", 15),
    ("PP", 14),
    ("VA", 14),
    ("VP", 6),
    ("DM", 4),
    ("VR", 4),
    ("OW", 2),
    ("DR", 2),
    ("RA", 2),
    ("MP", 2),
    ("TB", 1),
    ("OS", 1),
    ("SB", 1),
    ("", 1),
)
NEWER_FROM = date(2026, 9, 1)
CAST_DAYS = {"days_44": 44, "days_45": 45}


@dataclass(frozen=True)
class Sitting:
    """One register session of one child: `half` is 0 in the morning, 1 in the afternoon."""

    child_id: str
    day: date
    half: int
    code: str


@dataclass(frozen=True)
class Notice:
    """One notice; `sessions` are the half days it takes from `start`."""

    child_id: str
    urn: str
    start: date
    sessions: int
    category: str
    status: str = "issued"
    provision: date | None = None

    @property
    def days(self) -> list[date]:
        """The school days it covers, in order."""
        year = terms.academic_year(self.start)
        ahead = [day for day in terms.school_days(year) if day >= self.start]
        return ahead[: (self.sessions + 1) // 2]


def notices(plan: Plan, children: list[Child], schools: list[School]) -> list[Notice]:
    """Every notice since the first day, oldest first; no child's overlap."""
    chance, kinds = plan.chance("conduct"), {school.urn: school.kind for school in schools}
    days = {year: _open_days(plan, year) for year in range(terms.academic_year(plan.first_day), plan.year + 1)}
    found: list[Notice] = []
    for child in children:
        if child.cast in ("", "moved_school", "restricted"):
            for year, own in days.items():
                found += _in_year(chance, kinds, child, year, own)
        found += _of_cast(plan, child)
        found += [_permanent(child.child_id, day, urn) for day, urn in child.permanently_excluded]
    return sorted(found, key=lambda notice: (notice.start, notice.child_id))


def _open_days(plan: Plan, year: int) -> list[date]:
    return [day for day in terms.school_days(year) if plan.first_day <= day <= plan.as_at]


def _in_year(chance: Random, kinds: dict[str, str], child: Child, year: int, days: list[date]) -> Iterator[Notice]:
    if len(days) < 3 or not 0 <= child.year_group(year) <= 11:
        return
    stay = child.at(days[len(days) // 2])
    exposure = len(days) / 190
    if not stay or chance.random() > CHANCE_IN_A_YEAR.get(kinds[stay.urn], 0) * exposure**0.7:
        return
    busy: date = date.min
    count = 1 + min(9, int(chance.expovariate(1 / (1.6 * exposure + 0.05))))
    for start in sorted(chance.sample(days, min(count, len(days)))):
        notice = _suspension(chance, child, start)
        if notice and start > busy:
            busy = notice.days[-1]
            yield notice


def _suspension(chance: Random, child: Child, start: date) -> Notice | None:
    sessions = chance.choices([length for length, _ in LENGTHS], [weight for _, weight in LENGTHS])[0]
    stay = child.at(start)
    if not stay or not child.in_care(start):
        return None
    if chance.random() < 0.06:
        return Notice(child.child_id, stay.urn, start, 1, "LNCH")
    status = "withdrawn" if chance.random() < 0.02 else "issued"
    notice = Notice(child.child_id, stay.urn, start, sessions, "SUSP", status)
    sixth = terms.after_school_days(start, 5)
    return replace(notice, provision=sixth) if sessions > 10 and len(notice.days) > 5 else notice


def _permanent(child_id: str, day: date, urn: str) -> Notice:
    return Notice(child_id, urn, day, 0, "PERM", provision=terms.after_school_days(day, 5))


def _of_cast(plan: Plan, child: Child) -> list[Notice]:
    """44 or 45 days spread over a year's three terms; 16 days in one term."""
    if child.cast in CAST_DAYS:
        return _over_terms(plan, child, CAST_DAYS[child.cast])
    if child.cast != "days_16":
        return []
    days = _term_days(plan, _sixteen_days_from(plan))
    stay = child.at(days[0])
    if not stay:
        return []
    blocks = ((days[1], 10), (days[8], 12), (days[16], 10))
    return [Notice(child.child_id, stay.urn, start, sessions, "SUSP") for start, sessions in blocks]


def _sixteen_days_from(plan: Plan) -> date:
    """First day of this term, or of the last term when this one has too few days behind it."""
    first = terms.term_start(plan.as_at)
    return first if len(_term_days(plan, first)) > 24 else terms.term_start(first - timedelta(days=1))


def _term_days(plan: Plan, first: date) -> list[date]:
    _, start, end = next(term for term in terms.terms_between(first, first))
    return [day for day in terms.school_days(terms.academic_year(start)) if start <= day <= min(end, plan.as_at)]


def suspension_year(plan: Plan) -> int:
    """The academic year of the 44 and 45 days: the running one when most of it has passed, else the one before."""
    gone = [day for day in terms.school_days(plan.year) if day <= plan.as_at]
    return plan.year if len(gone) > 175 else plan.year - 1


def _over_terms(plan: Plan, child: Child, days: int) -> list[Notice]:
    year = suspension_year(plan)
    found: list[Notice] = []
    for _, start, end in terms.terms_between(date(year, 9, 10), date(year + 1, 7, 10)):
        open_days = [day for day in terms.school_days(year) if start <= day <= end]
        for n, sessions in ((3, 10), (14, 10), (26, 10)):
            sessions = min(sessions, days * 2 - sum(notice.sessions for notice in found))
            stay = child.at(open_days[n])
            if stay and sessions > 0:
                found.append(Notice(child.child_id, stay.urn, open_days[n], sessions, "SUSP"))
    return found


def sittings(plan: Plan, found: list[Notice], children: list[Child]) -> list[Sitting]:
    """The sessions to be marked E, or with the code of the provision made for them, up to `as_at`."""
    by_id = {child.child_id: child for child in children}
    taken: list[Sitting] = []
    for notice in found:
        if notice.category == "PERM":
            taken += _after_permanent(plan, notice, by_id[notice.child_id])
        elif notice.category == "SUSP" and notice.status != "withdrawn":
            for n in range(min(notice.sessions, 2 * len(notice.days))):
                day = notice.days[n // 2]
                code = "B" if notice.provision and day >= notice.provision else "E"
                taken.append(Sitting(notice.child_id, day, n % 2, code))
    return [sitting for sitting in taken if sitting.day <= plan.as_at]


def _after_permanent(plan: Plan, notice: Notice, child: Child) -> Iterator[Sitting]:
    stay = child.at(notice.start)
    end = min(plan.as_at, stay.end or plan.as_at) if stay else notice.start
    for year in range(terms.academic_year(notice.start), plan.year + 1):
        for day in terms.school_days(year):
            if notice.start <= day <= end:
                code = "K" if notice.provision and day >= notice.provision else "E"
                yield from (Sitting(notice.child_id, day, half, code) for half in (0, 1))


def rows(plan: Plan, found: list[Notice]) -> pd.DataFrame:
    """Schools' notices: a row when notified, again when the child is back or the governors have met."""
    chance = plan.chance("notices")
    listed: list[Row] = []
    for n, notice in enumerate(found):
        listed += _versions(plan, chance, n, notice)
    return pd.DataFrame(listed)


def _versions(plan: Plan, chance: Random, number: int, notice: Notice) -> list[Row]:
    table = NEWER_REASONS if notice.start >= NEWER_FROM else REASONS
    first, second = chance.choices([code for code, _ in table], [weight for _, weight in table], k=2)
    notified = notice.start + timedelta(days=chance.choices((0, 1, 3, 6), (55, 28, 12, 5))[0])
    end = notice.days[-1] if notice.sessions else None
    row = {
        "_known": min(notified, plan.as_at),
        "notice_id": f"X{number + 1:05d}",
        "child_id": notice.child_id,
        "start_date": notice.start,
        "sessions": notice.sessions or "",
        "category": notice.category,
        "reason1": first,
        "reason2": second if chance.random() < 0.25 and second != first else "",
        "urn": notice.urn,
        "start_session": "PM" if notice.category == "LNCH" else "AM",
        "end_date": end,
        "consulted_virtual_school": "Y" if chance.random() < 0.62 else "N",
        "notified_on": min(notified, plan.as_at),
        "provision_from": notice.provision if notice.provision and notice.provision <= plan.as_at else None,
        "reintegration_on": None,
        "status": "issued",
    }
    return [row, *_later(plan, chance, notice, row)]


def _later(plan: Plan, chance: Random, notice: Notice, row: Row) -> list[Row]:
    if notice.category == "PERM":
        met = notice.start + timedelta(days=chance.randint(24, 40))
        later = {**row, "_known": met, "status": chance.choices(("upheld", "review"), (85, 15))[0]}
    elif notice.status == "withdrawn":
        later = {**row, "_known": row["_known"] + timedelta(days=9), "status": "withdrawn"}
    elif notice.category == "SUSP":
        back = terms.after_school_days(notice.days[-1] + terms.DAY, 0)
        later = {**row, "_known": max(back, row["_known"]), "reintegration_on": back}
    else:
        return []
    return [later] if later["_known"] <= plan.as_at else []

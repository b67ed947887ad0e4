"""Every project of the authority: places by child or school, weekly use where the project reports it, and licences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pandas as pd

from vs_core.demo import terms
from vs_core.demo.plan import Plan
from vs_core.demo.world import Child, Row, School


@dataclass(frozen=True)
class Project:
    """`first` and `last` year group of those it is for (-6 from birth); `share` of them offered a place."""

    name: str
    first: int
    last: int
    share: float
    minutes: int = 0
    ends: bool = False
    schools: bool = False
    licence: int = 0
    cost: str = ""


PROJECTS: tuple[Project, ...] = (
    Project("Laptops", -6, 13, 0.42, cost="310.00"),
    Project("Covid recovery", 0, 11, 0.3, ends=True, cost="150.00"),
    Project("Summer tuition", 0, 11, 0.16, ends=True, cost="280.00"),
    Project("Book offer", 0, 11, 0.5, ends=True, cost="25.00"),
    Project("Post-16 voucher", 12, 13, 0.45, ends=True, cost="20.00"),
    Project("Maths-Whizz", 1, 6, 0.38, minutes=45, licence=150),
    Project("Reading Plus", 3, 11, 0.27, minutes=60, licence=200),
    Project("Music lessons", 1, 11, 0.09, minutes=15, cost="180.00"),
    Project("Music workshops", 0, 11, 0.05, ends=True, schools=True),
    Project("Author workshops", 0, 11, 0.05, ends=True, schools=True),
    Project("Me, Myself and I", 3, 9, 0.05, ends=True, schools=True),
    Project("Britannica", 0, 13, 0.2, minutes=20, licence=400),
    Project("Imagination Library", -6, 0, 0.55, licence=220),
    Project("Letterbox", -2, 2, 0.3, ends=True, licence=120),
    Project("SPEC holiday multi-sports", 1, 6, 0.17, ends=True, cost="95.00"),
    Project("SPEC holiday multi-sports, older", 7, 11, 0.1, ends=True, cost="95.00"),
    Project("SPEC holiday, second offer", 1, 11, 0.06, ends=True, cost="60.00"),
)
STATUSES = (("enrolled", 62), ("offered", 14), ("waiting", 9), ("declined", 9), ("left", 6))
INSTRUMENTS = ("guitar", "piano", "drums", "violin", "voice", "ukulele")


@dataclass(frozen=True)
class Place:
    """An enrolled child's place, for the weekly reports of use."""

    project: Project
    child_id: str
    start: date
    end: date | None
    keen: float


def place_rows(plan: Plan, children: list[Child], schools: list[School]) -> tuple[pd.DataFrame, list[Place]]:
    """Places by child and by school with every state, and the places whose use is reported."""
    chance = plan.chance("projects")
    listed: list[Row] = []
    used: list[Place] = []
    years = range(terms.academic_year(plan.first_day), plan.year + 1)
    for project in PROJECTS:
        for child in children:
            versions = _of_child(plan, chance, project, child, years)
            listed += versions
            used += _use(chance, project, versions)
        if project.schools:
            listed += _of_schools(plan, chance, project, schools)
    return pd.DataFrame(listed), used


def _of_child(plan: Plan, chance: Random, project: Project, child: Child, years: range) -> list[Row]:
    if child.short_breaks or chance.random() > project.share:
        return []
    year = chance.choice(years)
    start = max(date(year, 9, 12), child.joined + timedelta(days=10)) + timedelta(days=chance.randint(0, 240))
    if not project.first <= child.year_group(terms.academic_year(start)) <= project.last:
        return []
    offered = start - timedelta(days=chance.randint(7, 40))
    if (
        not plan.first_day <= offered <= plan.as_at
        or not child.in_care(min(start, plan.as_at))
        or not child.in_care(offered)
    ):
        return []
    row = {
        "_known": offered,
        "project": project.name,
        "child_id": child.child_id,
        "urn": "",
        "start": start,
        "end": None,
        "status": "offered",
        "offered_on": offered,
        "instrument": chance.choice(INSTRUMENTS) if project.name == "Music lessons" else "",
        "device": f"LT{chance.randint(1000, 9999)}" if project.name == "Laptops" else "",
        "cost": project.cost,
    }
    return [row, *(version for version in _states(chance, project, child, row) if version["_known"] <= plan.as_at)]


def _states(chance: Random, project: Project, child: Child, row: Row) -> Iterator[Row]:
    status = chance.choices([name for name, _ in STATUSES], [weight for _, weight in STATUSES])[0]
    if status == "offered":
        return
    start = row["start"]
    first = "enrolled" if status == "left" else status
    row = {**row, "_known": start if first == "enrolled" else start - timedelta(days=5), "status": first}
    yield row
    if first != "enrolled":
        return
    end = start + timedelta(days=chance.randint(20, 90)) if project.ends or status == "left" else child.left
    if end and end > start:
        yield {
            **row,
            "_known": end,
            "end": end,
            "status": "left" if status == "left" or not project.ends else "completed",
        }


def _use(chance: Random, project: Project, versions: list[Row]) -> Iterator[Place]:
    enrolled = [row for row in versions if row["status"] in ("enrolled", "left", "completed")]
    if project.minutes and enrolled:
        yield Place(
            project, enrolled[0]["child_id"], enrolled[0]["start"], enrolled[-1]["end"], chance.betavariate(2, 1.6)
        )


def _of_schools(plan: Plan, chance: Random, project: Project, schools: list[School]) -> Iterator[Row]:
    for school in schools:
        start = plan.as_at - timedelta(days=chance.randint(-30, 900))
        offered = start - timedelta(days=30)
        if (
            school.closed
            or school.kind not in ("primary", "secondary")
            or chance.random() > 0.12
            or offered < plan.first_day
        ):
            continue
        row = {
            "_known": offered,
            "project": project.name,
            "child_id": "",
            "urn": school.urn,
            "start": start,
            "end": None,
            "status": chance.choice(("waiting", "offered", "offered")),
            "offered_on": offered,
            "instrument": "",
            "device": "",
            "cost": "450.00",
        }
        yield row
        if start <= plan.as_at and row["status"] == "offered":
            yield {**row, "_known": start, "status": "completed", "end": start}


def usage_rows(plan: Plan, used: list[Place]) -> pd.DataFrame:
    """Weekly reports: minutes by child for each school week of a place, from the project's own system."""
    chance = plan.chance("usage")
    listed: list[Row] = []
    for place in used:
        week = terms.monday_from(max(place.start, plan.first_day))
        end = min(place.end or plan.as_at, plan.as_at - timedelta(days=6))
        level = chance.randint(1, 8)
        while week <= end:
            if _school_week(week):
                listed.append(_week(chance, place, week, level))
            week += timedelta(days=7)
    columns = [
        "_known",
        "project",
        "child_id",
        "week",
        "minutes",
        "progressions",
        "level",
        "sessions_offered",
        "sessions_attended",
    ]
    return pd.DataFrame(listed, columns=columns)


def _school_week(monday: date) -> bool:
    return any(
        half.start <= monday + timedelta(days=2) <= half.end for half in terms.half_terms(terms.academic_year(monday))
    )


def _week(chance: Random, place: Place, week: date, level: int) -> Row:
    active = chance.random() < place.keen
    minutes = max(0, round(chance.gauss(place.project.minutes * (0.7 + 0.6 * place.keen), 12))) if active else 0
    lesson = place.project.name == "Music lessons"
    return {
        "_known": week + timedelta(days=7),
        "project": place.project.name,
        "child_id": place.child_id,
        "week": week,
        "minutes": (15 if active else 0) if lesson else minutes,
        "progressions": "" if lesson else minutes // 14,
        "level": "" if lesson else level + (week - place.start).days // 90,
        "sessions_offered": 1 if lesson else "",
        "sessions_attended": int(active) if lesson else "",
    }


def licence_rows(plan: Plan) -> pd.DataFrame:
    """Contracts, a year each from September, renewed."""
    listed: list[Row] = []
    for project in PROJECTS:
        for year in range(terms.academic_year(plan.first_day), plan.year + 1):
            if project.licence:
                listed.append(
                    {
                        "_known": max(plan.first_day, date(year, 9, 1)),
                        "project": project.name,
                        "start": date(year, 9, 1),
                        "end": date(year + 1, 8, 31),
                        "places": project.licence,
                        "cost": f"{project.licence * 34}.00",
                        "renewal_on": date(year + 1, 6, 30),
                    }
                )
    return pd.DataFrame([row for row in listed if row["_known"] <= plan.as_at])

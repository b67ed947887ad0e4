"""Part-time timetables, alternative provision, custody, school places sought, and what came after year 11."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pandas as pd

from vs_core.demo import terms
from vs_core.demo.conduct import Sitting
from vs_core.demo.plan import Plan
from vs_core.demo.world import Child, Row, School

PART_TIME_SHARE, ALTERNATIVE_SHARE = 0.02, 0.022
PROVIDERS = (
    "Westmere Outreach Farm",
    "Bridgeway Workshop",
    "Tideline Mentoring",
    "Kiln Lane Studio",
    "Harbour Boatyard",
)
REASONS = ("Anxiety, return planned", "Reintegration after suspension", "Medical needs", "New placement, settling in")
COLLEGES = ("Wesmouth College", "Pebblesea Sixth Form", "Great Holme College", "Northbrook Training Centre")
SETTINGS = ("SCH", "STC", "YOI")
BURSARY = ("Y", "Y", "N")


class Arrangement:
    """One timetable of one child, first and last day inclusive; `kind` as the timetables file has it."""

    def __init__(self, child: Child, kind: str, start: date, end: date | None) -> None:
        self.child, self.kind, self.start, self.end = child, kind, start, end


def arrangements(plan: Plan, children: list[Child]) -> list[Arrangement]:
    """Every part-time timetable and alternative provision since the first day, none before care or after it."""
    chance, found = plan.chance("provision"), []
    for child in children:
        if child.cast == "part_time":
            found.append(Arrangement(child, "part-time", _overdue_since(plan), None))
        elif not child.cast and not child.short_breaks:
            for year in range(terms.academic_year(plan.first_day), plan.year + 1):
                found += _in_year(plan, chance, child, year)
    return found


def _overdue_since(plan: Plan) -> date:
    return terms.after_school_days(plan.as_at - timedelta(days=70), 0)


def _in_year(plan: Plan, chance: Random, child: Child, year: int) -> Iterator[Arrangement]:
    group = child.year_group(year)
    if not 2 <= group <= 11:
        return
    share = (PART_TIME_SHARE, ALTERNATIVE_SHARE if group >= 7 else 0.002)
    for kind, likely in zip(("part-time", "alternative provision"), share, strict=True):
        if chance.random() < likely * 1.6:
            start = terms.after_school_days(date(year, 9, 15) + timedelta(days=chance.randint(0, 250)), 0)
            length = chance.randint(25, 110) if kind == "part-time" else chance.randint(60, 240)
            end = min(start + timedelta(days=length), terms.half_terms(year)[5].end)
            stay = child.at(start)
            if (
                plan.first_day <= start <= plan.as_at
                and stay
                and child.in_care(start)
                and child.in_care(min(end, plan.as_at))
            ):
                yield Arrangement(child, kind, start, end)


def sittings(plan: Plan, found: list[Arrangement]) -> Iterator[Sitting]:
    """Afternoons not required (C2), and two days a week at the provider (B)."""
    for arrangement in found:
        end = min(arrangement.end or plan.as_at, plan.as_at)
        for year in range(terms.academic_year(arrangement.start), terms.academic_year(end) + 1):
            for day in terms.school_days(year):
                if arrangement.start <= day <= end:
                    yield from _of_day(arrangement, day)


def _of_day(arrangement: Arrangement, day: date) -> Iterator[Sitting]:
    child_id = arrangement.child.child_id
    if arrangement.kind == "part-time":
        yield Sitting(child_id, day, 1, "C2")
    elif day.weekday() in (1, 3):
        yield Sitting(child_id, day, 0, "B")
        yield Sitting(child_id, day, 1, "B")


def timetable_rows(plan: Plan, found: list[Arrangement]) -> pd.DataFrame:
    """Schools' half-termly returns: a row at the start, after each review, and at the end."""
    chance = plan.chance("timetables")
    return pd.DataFrame(row for arrangement in found for row in _timetable(plan, chance, arrangement))


def _timetable(plan: Plan, chance: Random, arrangement: Arrangement) -> Iterator[Row]:
    away = arrangement.kind == "alternative provision"
    row: Row = {
        "_known": min(arrangement.start + timedelta(days=chance.randint(0, 6)), plan.as_at),
        "child_id": arrangement.child.child_id,
        "kind": arrangement.kind,
        "start": arrangement.start,
        "review_due": arrangement.start + timedelta(days=42),
        "hours_per_week": chance.choice((10, 12.5, 15)) if away else 12.5,
        "end": None,
        "reviewed_on": None,
        "provider": chance.choice(PROVIDERS) if away else "",
        "reason": "" if away else chance.choice(REASONS),
        "in_pep": "Y" if chance.random() < 0.85 else "N",
        "weekly_cost": f"{chance.randint(90, 260)}.00" if away else "",
    }
    yield row
    ended = arrangement.end if arrangement.end and arrangement.end <= plan.as_at else None
    while row["review_due"] <= (ended or plan.as_at) and arrangement.child.cast != "part_time":
        if chance.random() < 0.12:
            break
        reviewed = row["review_due"] - timedelta(days=chance.randint(0, 9))
        row = {**row, "_known": reviewed, "reviewed_on": reviewed, "review_due": reviewed + timedelta(days=42)}
        yield row
    if ended:
        yield {**row, "_known": ended, "end": ended}


def custody_spells(plan: Plan, children: list[Child]) -> list[tuple[Child, date, date | None]]:
    """(child, first day, last day) of detention: the cast's, and one boy in three hundred a year."""
    chance = plan.chance("custody")
    found: list[tuple[Child, date, date | None]] = []
    for child in children:
        if child.cast == "custody":
            found.append((child, plan.as_at - timedelta(days=40), None))
        elif not child.cast and 14 <= (plan.as_at - child.dob).days / 365.25 < 18 and chance.random() < 0.008:
            start = plan.as_at - timedelta(days=chance.randint(15, 400))
            end = start + timedelta(days=chance.randint(28, 150))
            if child.in_care(start) and child.in_care(min(end, plan.as_at)) and start >= plan.first_day:
                found.append((child, start, end if end <= plan.as_at else None))
    return found


def custody_sittings(plan: Plan, found: list[tuple[Child, date, date | None]]) -> Iterator[Sitting]:
    """Every session in detention is Y5."""
    for child, start, end in found:
        for year in range(terms.academic_year(start), plan.year + 1):
            for day in terms.school_days(year):
                if start <= day <= (end or plan.as_at):
                    yield from (Sitting(child.child_id, day, half, "Y5") for half in (0, 1))


def custody_rows(plan: Plan, found: list[tuple[Child, date, date | None]]) -> pd.DataFrame:
    """Youth justice's notes: a row at the start and again at the release."""
    listed = []
    for n, (child, start, end) in enumerate(found):
        row = {
            "_known": start + timedelta(days=1),
            "child_id": child.child_id,
            "start": start,
            "setting": SETTINGS[n % 3],
            "expected_release": end or plan.as_at + timedelta(days=21),
            "end": None,
            "education_assessed_on": start + timedelta(days=9),
            "pep_shared_on": start + timedelta(days=6) if n % 4 else None,
        }
        listed.append({**row, "education_assessed_on": None, "pep_shared_on": None})
        listed.append({**row, "_known": start + timedelta(days=9)})
        listed += [{**row, "_known": end, "end": end}] if end else []
    columns = [
        "_known",
        "child_id",
        "start",
        "setting",
        "expected_release",
        "end",
        "education_assessed_on",
        "pep_shared_on",
    ]
    return pd.DataFrame(listed, columns=columns)


def admission_rows(plan: Plan, children: list[Child], schools: list[School]) -> pd.DataFrame:
    """School places sought: one for each move within care, and for those who have no school now."""
    chance, open_urns = plan.chance("admissions"), [school.urn for school in schools if school.kind == "secondary"]
    listed: list[Row] = []
    for child in children:
        for before, stay in zip(child.stays, child.stays[1:], strict=False):
            if before.end and stay.status == "main" and child.joined < stay.start < (child.left or date.max):
                needed = max(before.end, stay.start - timedelta(days=chance.randint(12, 45)))
                listed += _admission(plan, chance, child, needed, stay.urn, stay.start)
        if (
            child.spells
            and child.in_care(plan.as_at)
            and 0 <= child.year_group(plan.year) <= 11
            and not child.at(plan.as_at)
        ):
            last = child.stays[-1].end if child.stays and child.stays[-1].end else child.joined
            listed += _admission(plan, chance, child, min(last, plan.as_at), chance.choice(open_urns), None)
    return pd.DataFrame(listed)


def _admission(plan: Plan, chance: Random, child: Child, needed: date, urn: str, started: date | None) -> Iterator[Row]:
    if needed < plan.first_day:
        return
    applied = needed + timedelta(days=chance.randint(0, 9))
    decided = applied + timedelta(days=chance.randint(6, 34))
    decision = "offered" if started or chance.random() < 0.3 else "refused"
    row: Row = {
        "_known": needed,
        "child_id": child.child_id,
        "needed_on": needed,
        "applied_on": None,
        "urn": urn,
        "decision": "",
        "decision_on": None,
        "directed_on": None,
        "started_on": None,
        "ehcp_owner": "Westmere" if child.sen == "E" else "",
    }
    yield row
    decided = min(decided, started) if started else decided
    steps: list[tuple[date, Row]] = [
        (applied, {"applied_on": applied}),
        (decided, {"decision": decision, "decision_on": decided}),
    ]
    if decision == "refused" and chance.random() < 0.4:
        steps.append((decided + timedelta(days=8), {"directed_on": decided + timedelta(days=8)}))
    if started:
        steps.append((started, {"started_on": started}))
    for known, change in steps:
        if known <= plan.as_at:
            row = {**row, **change, "_known": max(known, row["_known"])}
            yield row


def destination_rows(plan: Plan, children: list[Child]) -> pd.DataFrame:
    """Year 11's offers from January, and each autumn and spring what 16 and 17 year olds do."""
    chance = plan.chance("destinations")
    listed: list[Row] = []
    for child in children:
        for year in range(terms.academic_year(plan.first_day), plan.year + 1):
            listed += _destinations(plan, chance, child, year)
    return pd.DataFrame(listed)


def _destinations(plan: Plan, chance: Random, child: Child, year: int) -> Iterator[Row]:
    group = child.year_group(year)
    for begun in (
        (date(year, 10, 6), date(year + 1, 2, 2)) if group in (12, 13) else (date(year, 10, 12), date(year + 1, 2, 9))
    ):
        on = begun + timedelta(days=chance.randint(0, 24))
        if (
            group not in (11, 12, 13)
            or not plan.first_day <= on <= plan.as_at
            or not child.in_care(on)
            or child.short_breaks
        ):
            continue
        status = _status(chance, child, on, group)
        offered = group == 11 and child.cast != "no_offer" and chance.random() < (0.42 if on.month > 8 else 0.86)
        yield {
            "_known": min(on + timedelta(days=chance.randint(0, 6)), plan.as_at),
            "child_id": child.child_id,
            "on": on,
            "status": status,
            "provider": chance.choice(COLLEGES) if offered or (group > 11 and status == "education") else "",
            "offer": ("Y" if offered else "N") if group == 11 else "",
            "bursary": chance.choice(BURSARY) if group > 11 and status == "education" else "",
        }


def _status(chance: Random, child: Child, on: date, group: int) -> str:
    if child.cast == "neet":
        return "neet"
    if group == 11 or child.at(on):
        return "education"
    return chance.choices(
        ("training", "employment", "employment without training", "neet", "not known"), (14, 8, 10, 54, 14)
    )[0]

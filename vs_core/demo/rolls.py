"""Who is on roll where: stays at schools by year, with moves in the summer, in mid-year and by permanent exclusion."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

import pandas as pd

from vs_core.demo import terms
from vs_core.demo.plan import Plan
from vs_core.demo.world import Child, Row, School, Stay, phase_of, year_name

MID_YEAR_MOVES, SUMMER_MOVES, PERMANENT_EXCLUSIONS = 0.12, 0.055, 0.0022
GAP_SHARE, WAITING_SHARE = 0.3, 0.012
ON_ROLL = {"nursery": 0.75, "post-16": 0.68}
Pools = dict[tuple[str, bool], list[str]]


def pools(schools: list[School]) -> Pools:
    """Reference numbers of open schools by (kind, in county)."""
    found: Pools = defaultdict(list)
    for school in schools:
        if not school.closed:
            found[school.kind, school.in_county].append(school.urn)
    return found


def place(plan: Plan, children: list[Child], schools: list[School]) -> None:
    """Give every child its stays, oldest first."""
    chance, found = plan.chance("rolls"), pools(schools)
    for child in children:
        _Path(plan, chance, found, child).walk()


class _Path:
    """One child's way through schools, an academic year at a time."""

    def __init__(self, plan: Plan, chance: Random, found: Pools, child: Child) -> None:
        self.plan, self.chance, self.found, self.child = plan, chance, found, child
        begun, out = (child.joined, child.left) if child.spells else child.span or (plan.as_at, None)
        begun = child.spells[0][0] if child.spells else begun
        self.until = min(out or plan.as_at, plan.as_at)
        self.first = max(terms.academic_year(begun), terms.academic_year(plan.first_day))
        self.phase = ""

    def walk(self) -> None:
        for year in range(self.first, terms.academic_year(self.until) + 1):
            self._year(year)
        self._end_after(terms.academic_year(self.until))

    def _year(self, year: int) -> None:
        group, phase = self.child.year_group(year), phase_of(self.child.year_group(year))
        start = terms.half_terms(year)[0].start
        if start > self.plan.as_at:
            return
        if phase != self.phase:
            self._close(self._year_end(year - 1, group - 1))
            self.phase = phase
            if self._is_on_roll(phase):
                self._open(max(self._phase_start(year, group), self.child.dob), start)
        elif self.child.stays and not self.child.cast and self.chance.random() < SUMMER_MOVES:
            self._close(self._year_end(year - 1, group - 1))
            self._open(start, start)
        if self.child.stays and not self.child.cast and self.child.spells and phase:
            self._mid_year(year, phase)

    def _is_on_roll(self, phase: str) -> bool:
        if not phase or self.child.cast == "arrived" or (self.child.cast == "neet" and phase == "post-16"):
            return False
        return bool(self.child.cast) or self.chance.random() < ON_ROLL.get(phase, 0.994)

    def _phase_start(self, year: int, group: int) -> date:
        """A first stay began when the phase did; a later one begins this September."""
        begun = year - group + {"nursery": -2, "primary": 0, "secondary": 7, "post-16": 12}[self.phase]
        if group == -1 and self.phase == "nursery":
            begun = year
        return terms.half_terms(begun)[0].start if not self.child.stays else terms.half_terms(year)[0].start

    def _year_end(self, year: int, group: int) -> date:
        return terms.last_friday_of_june(year) if group == 11 else terms.half_terms(year)[5].end

    def _kind(self) -> str:
        if self.phase in ("nursery", "post-16"):
            return self.phase
        setting = self.child.setting
        if setting == "alternative" and self.phase == "primary":
            return "primary"
        return setting if setting in ("special", "alternative") else self.phase

    def _open(self, start: date, known: date, kind: str = "") -> None:
        home = self.child.in_county if self.chance.random() < 0.88 else not self.child.in_county
        past = {stay.urn for stay in self.child.stays}
        home, wanted = home or bool(self.child.cast), kind or self._kind()
        pool = self.found.get((wanted, home)) or self.found[wanted, not home]
        drawn = self.chance.choices(pool, k=20)
        urn = next((found for found in drawn if found not in past), drawn[0])
        known = max(known, self.child.known) + timedelta(days=self.chance.choice((0, 0, 1, 2, 4)))
        given = start >= terms.half_terms(self.plan.year)[0].start
        self.child.stays.append(Stay(urn, start, None, min(known, self.plan.as_at), year_given=given))

    def _close(self, end: date, known: date | None = None) -> None:
        if self.child.stays and self.child.stays[-1].end is None:
            stay = self.child.stays[-1]
            stay.end = max(end, stay.start)
            stay.end_known = max(known or stay.end, stay.known) + timedelta(days=self.chance.choice((0, 1, 3)))

    def _mid_year(self, year: int, phase: str) -> None:
        excluded = (
            phase == "secondary" and self.child.setting == "mainstream" and self.chance.random() < PERMANENT_EXCLUSIONS
        )
        if not excluded and self.chance.random() >= MID_YEAR_MOVES:
            return
        days = terms.school_days(year)
        day = days[self.chance.randint(18, 168)]
        if not self.child.joined < day < self.until - timedelta(days=2) or self.child.stays[-1].end:
            return
        if excluded:
            self._exclude(day)
            return
        gap = self.chance.randint(5, 30) if self.chance.random() < GAP_SHARE else 1
        self._close(day, day)
        back = terms.after_school_days(day, gap)
        if back < self.plan.as_at:
            self._open(back, back)

    def _exclude(self, day: date) -> None:
        """On roll, code E then K or B, until an alternative provider takes the child on."""
        stay = self.child.stays[-1]
        self.child.permanently_excluded.append((day, stay.urn))
        end = terms.after_school_days(day, self.chance.randint(14, 24))
        if end < self.until:
            self._close(end, end)
            self._open(terms.after_school_days(end + terms.DAY, 0), end, "alternative")

    def _end_after(self, year: int) -> None:
        """A child that has gone is followed to the end of that year; a few of those here wait for a place."""
        group = self.child.year_group(year)
        if self._year_end(year, group) < self.plan.as_at:
            self._close(self._year_end(year, group))
        elif self.child.spells and not self.child.cast and self.chance.random() < WAITING_SHARE:
            self._close(self.plan.as_at - timedelta(days=self.chance.randint(3, 60)))


def rows(plan: Plan, children: list[Child]) -> pd.DataFrame:
    """The enrolments export: a row when a stay is known, and again when its end is. `_known` is that day."""
    chance = plan.chance("designated teachers")
    listed = []
    for child in children:
        for stay in child.stays:
            listed += _versions(plan, chance, child, stay)
    return pd.DataFrame(listed)


def _versions(plan: Plan, chance: Random, child: Child, stay: Stay) -> list[Row]:
    told = max(stay.start, child.joined) + timedelta(days=chance.randint(1, 12)) if child.spells else None
    row = {
        "_known": stay.known,
        "child_id": child.child_id,
        "urn": stay.urn,
        "start": stay.start,
        "end": None,
        "nc_year": year_name(child.year_group(plan.year)) if stay.year_given else "",
        "sen": child.sen,
        "status": stay.status,
        "designated_teacher": f"DT {stay.urn[-3:]}" if chance.random() < 0.95 else "",
        "school_informed_on": told if told and told <= stay.known and chance.random() < 0.96 else None,
    }
    if stay.end is None or (stay.end_known or stay.end) > plan.as_at:
        return [row]
    return [row, {**row, "_known": stay.end_known, "end": stay.end}]

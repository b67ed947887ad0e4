"""Register marks for whole academic years at once: how often children miss school, when, and with which code.

What a child misses is drawn once a year from a spread that differs by kind of school and keeps to the child; weeks,
weekdays and seasons bend it. The spreads are set so that the county's figures sit near those published for children
looked after.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from vs_core.demo import terms
from vs_core.demo.conduct import Sitting
from vs_core.demo.plan import Plan
from vs_core.demo.world import Child, School, Stay

CODES = np.array(
    [
        "",
        "/",
        "\\",
        "L",
        "B",
        "V",
        "P",
        "W",
        "I",
        "M",
        "C",
        "R",
        "T",
        "S",
        "U",
        "O",
        "N",
        "G",
        "E",
        "C2",
        "K",
        "D",
        "X",
        "Y",
        "Y1",
        "Y2",
        "Y4",
        "Y5",
        "Y7",
        "J1",
    ]
)
NUMBER = {str(code): n for n, code in enumerate(CODES)}
NEW_CODES_FROM = date(2024, 8, 19)
BEFORE_2024 = {"C2": "C", "K": "B", "Y1": "Y", "Y2": "Y", "Y4": "Y", "Y5": "Y", "Y7": "Y", "J1": "C"}
ABSENT = ("I", "M", "C", "R", "T", "S", "U", "O", "N", "G", "E", "C2", "J1")
# Kind of school: median share of days missed, spread (log scale), share of children who miss most of the year.
SPREADS = {
    "primary": (0.023, 0.74, 0.004),
    "secondary": (0.034, 0.92, 0.095),
    "special": (0.044, 0.85, 0.07),
    "alternative": (0.19, 0.8, 0.4),
    "nursery": (0.03, 0.7, 0.005),
    "post-16": (0.04, 0.85, 0.045),
}
IN_NEED_TIMES, ON_PLAN_TIMES = 2.3, 2.9
WEEKDAYS = np.array([1.09, 0.94, 0.92, 0.96, 1.12])
MONTHS = {9: 0.8, 10: 0.95, 11: 1.06, 12: 1.28, 1: 1.2, 2: 1.08, 3: 1.0, 4: 0.95, 5: 0.95, 6: 1.0, 7: 1.1}
FALLING_SHARE, FALLING_DAYS = 0.028, 30


@dataclass
class Register:
    """One academic year: `codes` (children, days, halves) index CODES, 0: no mark; `urns` (children, days)."""

    year: int
    days: np.ndarray
    children: list[Child]
    codes: np.ndarray
    first: np.ndarray
    urns: np.ndarray

    def row_of(self, child_id: str) -> int | None:
        return next((n for n, child in enumerate(self.children) if child.child_id == child_id), None)


def register(
    plan: Plan, year: int, children: list[Child], schools: list[School], sittings: list[Sitting]
) -> Register | None:
    """The marks of one academic year up to `as_at`, as they stand when every late change has come in."""
    listed = [day for day in terms.school_days(year) if plan.first_day < day <= plan.as_at]
    if not listed:
        return None
    days = np.array(listed, dtype="datetime64[D]")
    marked = [child for child in children if _marked(child, listed[0], listed[-1])]
    urns = np.stack([_urns(child, days) for child in marked])
    numbers = plan.numbers(f"marks {year}")
    kinds = {int(school.urn): school.kind for school in schools}
    codes = _codes(numbers, _chances(plan, numbers, year, marked, urns, kinds, days), year, marked)
    codes[urns == 0] = 0
    found = Register(year, days, marked, codes, codes, urns)
    _disruption(found, numbers)
    _early_years(found)
    _sit(found, sittings)
    found.first = found.codes.copy()
    return found


def _marked(child: Child, start: date, end: date) -> bool:
    if not child.stays or child.short_breaks:
        return False
    return child.in_care_between(start, end) if child.spells else _belongs(child, start, end)


def _belongs(child: Child, start: date, end: date) -> bool:
    assert child.span
    begun, out = child.span
    return child.cohort.startswith("child") and begun <= end and (out or date.max) >= start


def _urns(child: Child, days: np.ndarray) -> np.ndarray:
    """The school of each day on roll and in care (or in the cohort), 0 on others."""
    found = np.zeros(len(days), dtype=np.int32)
    for stay in child.stays:
        if stay.status == "main":
            found[_between(days, stay.start, stay.end)] = int(stay.urn)
    spans = [(start, end) for start, end in child.spells] or [child.span or (date.max, None)]
    inside = np.zeros(len(days), dtype=bool)
    for start, end in spans:
        inside[_between(days, start, end)] = True
        if end and child.spells:
            inside[days == np.datetime64(end)] = False
    return np.where(inside, found, 0)


def _between(days: np.ndarray, start: date, end: date | None) -> slice:
    first = np.searchsorted(days, np.datetime64(start))
    return slice(first, np.searchsorted(days, np.datetime64(end), side="right") if end else len(days))


def _chances(
    plan: Plan,
    numbers: np.random.Generator,
    year: int,
    children: list[Child],
    urns: np.ndarray,
    kinds: dict[int, str],
    days: np.ndarray,
) -> np.ndarray:
    """The chance that a child misses a day: (children, days)."""
    base = _propensity(plan, numbers, children, [kinds.get(int(row.max()), "primary") for row in urns])
    weeks = (days.astype("datetime64[W]") - days[0].astype("datetime64[W]")).astype(int)
    rough = numbers.gamma(0.55, 1 / 0.55, size=(len(children), weeks.max() + 1))[:, weeks]
    months = days.astype("datetime64[M]").astype(int) % 12 + 1
    rhythm = np.array([MONTHS.get(int(month), 1.0) for month in months]) * WEEKDAYS[(days.astype(int) + 3) % 7]
    settled = np.clip((base - 0.12) / 0.4, 0, 1)[:, None]
    chances = base[:, None] * (rhythm * (1 - settled) + settled) * (rough * (1 - settled) + settled)
    return _falling(plan, numbers, np.clip(chances, 0, 0.97), base, days)


def _propensity(plan: Plan, numbers: np.random.Generator, children: list[Child], kinds: list[str]) -> np.ndarray:
    """A child's own bent, the same in every year, and the year's; some miss most of the year."""
    own = plan.numbers("own bent").standard_normal(60_000)
    bent = own[[int(child.child_id[2:]) % 60_000 for child in children]]
    spread = np.array([SPREADS[kind] for kind in kinds])
    z = 0.8 * bent + 0.6 * numbers.standard_normal(len(children))
    cohort = np.array(
        [{"child in need": IN_NEED_TIMES, "child protection": ON_PLAN_TIMES}.get(c.cohort, 1.0) for c in children]
    )
    base = spread[:, 0] * cohort * np.exp(spread[:, 1] * z)
    severe = z > np.quantile(own, 1 - np.minimum(spread[:, 2] * cohort, 0.6))
    return np.where(severe, numbers.uniform(0.54, 0.98, len(children)), np.clip(base, 0.002, 0.62))


def _falling(
    plan: Plan, numbers: np.random.Generator, chances: np.ndarray, base: np.ndarray, days: np.ndarray
) -> np.ndarray:
    """A few children fall away over the last six weeks: triage is to find them."""
    if days[-1] < np.datetime64(plan.as_at) - 10:
        return chances
    falling = (numbers.random(len(base)) < FALLING_SHARE) & (base < 0.12)
    ramp = np.linspace(0.05, 0.75, FALLING_DAYS)[-len(days) :]
    chances[falling, len(days) - len(ramp) :] = ramp
    return chances


def _codes(numbers: np.random.Generator, chances: np.ndarray, year: int, children: list[Child]) -> np.ndarray:
    shape = chances.shape
    away = numbers.random(shape) < chances * 1.12
    part = numbers.random(shape)
    codes = np.empty((*shape, 2), dtype=np.uint8)
    absent = _absent_codes(numbers, chances, shape)
    for half, mark in ((0, "/"), (1, "\\")):
        here = np.full(shape, NUMBER[mark], dtype=np.uint8)
        draw = numbers.random(shape)
        edge = 0.0
        for code, share in (("L", 0.022), ("V", 0.012), ("B", 0.0002), ("P", 0.005), ("W", 0.002)):
            here[(draw >= edge) & (draw < edge + share)] = NUMBER[code]
            edge += share
        missed = away & ((part < 0.78) | ((part < 0.89) == (half == 0)))
        codes[:, :, half] = np.where(missed, absent, here)
    _study_leave(numbers, codes, year, children)
    return codes


def _absent_codes(numbers: np.random.Generator, chances: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """One code a day. Children who miss much miss it without leave more often."""
    unauthorised = np.clip(0.1 + 0.55 * chances, 0, 0.55)
    draw, second = numbers.random(shape), numbers.random(shape)
    leave = np.select(
        [second < 0.72, second < 0.86, second < 0.965, second < 0.985], [NUMBER[c] for c in "IMCR"], NUMBER["T"]
    )
    without = np.select([second < 0.8, second < 0.88], [NUMBER["O"], NUMBER["U"]], NUMBER["G"])
    return np.where(draw < unauthorised, without, leave).astype(np.uint8)


def _study_leave(numbers: np.random.Generator, codes: np.ndarray, year: int, children: list[Child]) -> None:
    """Year 11 in its last weeks: some days of study leave."""
    eleven = np.array([child.year_group(year) == 11 for child in children])
    late = numbers.random(codes.shape[:2]) < 0.3
    late[~eleven] = False
    late[:, :168] = False
    codes[late] = NUMBER["S"]


def _disruption(found: Register, numbers: np.random.Generator) -> None:
    """One snow day in January, and one school shut for a day by its boiler."""
    january = np.flatnonzero(found.days.astype("datetime64[M]").astype(int) % 12 == 0)
    if len(january) < 8:
        return
    snow, boiler = january[4], january[7]
    stuck = (numbers.random(len(found.children)) < 0.12) & (found.urns[:, snow] > 0)
    found.codes[stuck, snow] = NUMBER["Y2"]
    shut = np.unique(found.urns[:, boiler])[-1]
    if shut:
        found.codes[found.urns[:, boiler] == shut, boiler] = NUMBER["Y4"]


def _early_years(found: Register) -> None:
    """Before statutory age two days of the week are not attended: X."""
    young = np.flatnonzero([child.year_group(found.year) < 0 for child in found.children])
    off = np.isin((found.days.astype(int) + 3) % 7, (0, 4))
    for child in young:
        found.codes[child][off & (found.urns[child] > 0)] = NUMBER["X"]


def _sit(found: Register, sittings: list[Sitting]) -> None:
    """Lay suspensions, timetables and custody over the marks of days on roll; provision where the child came."""
    rows = {child.child_id: n for n, child in enumerate(found.children)}
    columns = {day: n for n, day in enumerate(found.days.astype(object))}
    absent = {NUMBER[code] for code in ABSENT}
    for sitting in sittings:
        row, column = rows.get(sitting.child_id), columns.get(sitting.day)
        if row is None or column is None or not found.urns[row, column]:
            continue
        if sitting.code == "B" and found.codes[row, column, sitting.half] in absent - {NUMBER["E"]}:
            continue
        found.codes[row, column, sitting.half] = NUMBER[sitting.code]


def dated(codes: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Codes as text; before 19 August 2024 in the list that was in force."""
    old = CODES.copy()
    for code, before in BEFORE_2024.items():
        old[NUMBER[code]] = before
    early = days < np.datetime64(NEW_CODES_FROM)
    return np.where(early, old[codes], CODES[codes])


def subsidiary(found: Register, child: Child, stay: Stay) -> np.ndarray:
    """Mondays and Tuesdays at the second school: its marks (days, halves), D on others; the main school the reverse."""
    row = found.row_of(child.child_id)
    assert row is not None
    there = np.isin((found.days.astype(int) + 3) % 7, (0, 1))
    on_roll = (found.urns[row] > 0) & (found.days >= np.datetime64(stay.start))
    second = np.where(there[:, None], found.codes[row], NUMBER["D"]).astype(np.uint8)
    second[~on_roll] = 0
    found.codes[row][on_roll & there] = NUMBER["D"]
    return second

"""How register marks arrive: half terms at once, then week by week with reasons and corrections that come later."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from vs_core.demo import marks, terms
from vs_core.demo.conduct import Sitting
from vs_core.demo.marks import NUMBER, Register
from vs_core.demo.plan import Plan
from vs_core.demo.world import Child, School

NO_REASON_YET, LATE_CHANGE, NEVER_RECODED, LATE_SCHOOL, NOT_MARKED_TODAY = 0.34, 0.011, 0.03, 0.015, 0.06
EXACT = {"ten_percent": (10, 0), "under_ten": (10, -1), "exactly_half": (2, 0)}


@dataclass
class Marks:
    """Flat marks, one entry a half day: arrays of one length. `weekly`: of a weekly return, not of the daily one."""

    child: list[np.ndarray] = field(default_factory=list)
    day: list[np.ndarray] = field(default_factory=list)
    half: list[np.ndarray] = field(default_factory=list)
    code: list[np.ndarray] = field(default_factory=list)
    first: list[np.ndarray] = field(default_factory=list)
    urn: list[np.ndarray] = field(default_factory=list)
    weekly: list[np.ndarray] = field(default_factory=list)

    def add(self, ids: np.ndarray, found: Register, codes: np.ndarray, first: np.ndarray, urns: np.ndarray) -> None:
        """Every session of `codes` (children, days, halves) that has a mark."""
        row, column, half = np.nonzero(codes)
        weekly = np.array([not 0 <= child.year_group(found.year) <= 11 for child in found.children])
        self.child.append(ids[row])
        self.day.append(found.days[column])
        self.half.append(half.astype(np.int8))
        self.code.append(codes[row, column, half])
        self.first.append(first[row, column, half])
        self.urn.append(urns[row, column])
        self.weekly.append(weekly[row])


def deliveries(
    plan: Plan, children: list[Child], schools: list[School], sittings: list[Sitting]
) -> Iterator[tuple[date, pd.DataFrame]]:
    """(day of delivery, file) oldest first: wide by half term, long by week, as contracts lay `attendance` out."""
    for year in range(terms.academic_year(plan.first_day), plan.year + 1):
        found = marks.register(plan, year, children, schools, sittings)
        if found:
            yield from _of_year(plan, found, schools)


def _of_year(plan: Plan, found: Register, schools: list[School]) -> Iterator[tuple[date, pd.DataFrame]]:
    numbers = plan.numbers(f"late {found.year}")
    _stage(plan, found)
    _today(plan, found, numbers)
    _as_first_marked(found, numbers)
    flat = Marks()
    ids = np.array([child.child_id for child in found.children], dtype=object)
    second = _second_school(found)
    flat.add(ids, found, found.codes, found.first, found.urns)
    if second is not None:
        row, codes, urns = second
        only = np.zeros_like(found.codes)
        only[row] = codes
        flat.add(ids, found, only, only, np.broadcast_to(urns, found.urns.shape))
    if found.year == plan.year:
        _unknown_child(plan, found, flat, schools)
    yield from _files(plan, numbers, flat)


def _stage(plan: Plan, found: Register) -> None:
    """The cast's exact shares of the running year, and the absences that nobody has explained."""
    if found.year != plan.year:
        return
    for row, child in enumerate(found.children):
        if child.cast in EXACT:
            every, fewer = EXACT[child.cast]
            _exactly(plan, found, row, every, fewer)
        elif child.cast == "old_n":
            days = np.flatnonzero(found.urns[row])[-14:-10]
            found.codes[row][found.urns[row] > 0] = (NUMBER["/"], NUMBER["\\"])
            found.codes[row, days] = NUMBER["N"]


def _exactly(plan: Plan, found: Register, row: int, every: int, fewer: int) -> None:
    """One session in `every` missed, and `fewer`: what does not divide is no possible session (transport, Y1)."""
    days = np.flatnonzero(found.urns[row])
    found.codes[row, days] = (NUMBER["/"], NUMBER["\\"])
    sessions = [
        (day, half) for day in days for half in (0, 1) if half == 0 or found.days[day] < np.datetime64(plan.as_at)
    ]
    spare = len(sessions) % every
    for day, half in sessions[:spare]:
        found.codes[row, day, half] = NUMBER["Y1"]
    possible = sessions[spare:]
    for n in range(len(possible) // every + fewer):
        day, half = possible[n * every + every // 2]
        found.codes[row, day, half] = NUMBER["O" if n % 3 == 0 else "I"]


def _today(plan: Plan, found: Register, numbers: np.random.Generator) -> None:
    """On the day itself only the morning has been marked, and not by every school."""
    if found.days[-1] != np.datetime64(plan.as_at):
        return
    found.codes[:, -1, 1] = 0
    missing = np.unique(found.urns[:, -1])
    missing = missing[numbers.random(len(missing)) < NOT_MARKED_TODAY]
    plain = np.array([not child.cast for child in found.children])
    found.codes[plain & np.isin(found.urns[:, -1], missing), -1, 0] = 0


def _as_first_marked(found: Register, numbers: np.random.Generator) -> None:
    """`first`: what schools sent first. Some absences had no reason yet, some children had been there after all."""
    codes = found.codes
    explained = np.isin(codes, [NUMBER[code] for code in "IMOUG"])
    plain = np.array([not child.cast for child in found.children])[:, None, None]
    draw = numbers.random(codes.shape)
    codes[explained & plain & (draw < NEVER_RECODED * 0.25)] = NUMBER["N"]
    found.first = codes.copy()
    found.first[explained & plain & (draw > 1 - NO_REASON_YET)] = NUMBER["N"]
    here = np.isin(codes, [NUMBER[code] for code in ("/", "\\", "B", "V")])
    found.first[here & plain & (draw < LATE_CHANGE)] = NUMBER["O"]
    found.first[here & plain & (draw < LATE_CHANGE * 0.7)] = NUMBER["N"]


def _second_school(found: Register) -> tuple[int, np.ndarray, int] | None:
    for row, child in enumerate(found.children):
        stay = next((stay for stay in child.stays if stay.status == "subsidiary"), None)
        if stay and (found.days[-1] >= np.datetime64(stay.start)):
            second = marks.subsidiary(found, child, stay)
            found.first[row] = found.codes[row]
            return row, second, int(stay.urn)
    return None


def _unknown_child(plan: Plan, found: Register, flat: Marks, schools: list[School]) -> None:
    """A child that no other file mentions: three weeks of marks at one school."""
    urn = next(school.urn for school in schools if school.kind == "secondary" and not school.closed)
    days = found.days[found.days < np.datetime64(plan.as_at)][-15:]
    size = 2 * len(days)
    half = np.tile(np.array([0, 1], dtype=np.int8), len(days))
    code = np.where(half == 0, NUMBER["/"], NUMBER["\\"]).astype(np.uint8)
    flat.child.append(np.full(size, "000417", dtype=object))
    flat.day.append(np.repeat(days, 2))
    flat.half.append(half)
    flat.code.append(code)
    flat.first.append(code)
    flat.urn.append(np.full(size, int(urn), dtype=np.int32))
    flat.weekly.append(np.zeros(size, dtype=bool))


def _files(plan: Plan, numbers: np.random.Generator, flat: Marks) -> Iterator[tuple[date, pd.DataFrame]]:
    table = pd.DataFrame(
        {
            name: np.concatenate(getattr(flat, name))
            for name in ("child", "day", "half", "code", "first", "urn", "weekly")
        }
    )
    cuts = np.array(sorted(set(plan.cuts["weekly"])), dtype="datetime64[D]")
    days = table["day"].to_numpy().astype("datetime64[D]")
    known, changed = _known(plan, numbers, table, days, cuts)
    for cut in range(len(cuts)):
        on = cuts[cut].astype(object)
        new, late = known == cut, (changed == cut) & (known < cut)
        if not (new.any() or late.any()):
            continue
        if on in plan.half_term_cuts:
            yield on, _wide(table[new], days[new])
        else:
            taken = np.flatnonzero(new | late)
            code = np.where((changed > cut)[taken], table["first"].to_numpy()[taken], table["code"].to_numpy()[taken])
            yield on, _long(table.iloc[taken], days[taken], code, on)


def _known(
    plan: Plan, numbers: np.random.Generator, table: pd.DataFrame, days: np.ndarray, cuts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The delivery that brings each mark, and the one that changes it (the same one: it came right at once)."""
    begun = np.datetime64(plan.mondays[0] if plan.mondays else plan.as_at)
    live = days >= begun
    arrived = days + np.where(live, table["half"].to_numpy().astype(int), 0)
    monday = days + (7 - (days.astype(int) + 3) % 7)
    arrived = np.where(live & table["weekly"].to_numpy(), monday, arrived)
    schools_late = pd.util.hash_array((days.astype(int) * 1_000_003 + table["urn"].to_numpy()).astype(np.int64))
    late = (schools_late % 1000 < LATE_SCHOOL * 1000) & live & (days < np.datetime64(plan.as_at) - 12)
    known = np.searchsorted(cuts, arrived + np.where(late, 7, 0))
    differs = live & (table["code"].to_numpy() != table["first"].to_numpy())
    changed = np.searchsorted(cuts, days + numbers.integers(3, 15, len(days)))
    return known, np.where(differs, np.maximum(changed, known), known)


def _wide(table: pd.DataFrame, days: np.ndarray) -> pd.DataFrame:
    code = marks.dated(table["code"].to_numpy(), days)
    wide = pd.DataFrame({"child_id": table["child"].to_numpy(), "date": days, "urn": table["urn"].to_numpy()})
    morning = table["half"].to_numpy() == 0
    am, pm = wide[morning].reset_index(drop=True), wide[~morning].reset_index(drop=True)
    if not am.equals(pm):
        raise ValueError("a day of the half-term register lacks one of its two marks")
    am.insert(2, "am", code[morning])
    am.insert(3, "pm", code[~morning])
    am["date"] = np.datetime_as_string(days[morning])
    return am


def _long(table: pd.DataFrame, days: np.ndarray, code: np.ndarray, on: date) -> pd.DataFrame:
    half = table["half"].to_numpy()
    weekly = table["weekly"].to_numpy()
    received = np.where(weekly, np.datetime64(on), np.minimum(days + half, np.datetime64(on)))
    return pd.DataFrame(
        {
            "child_id": table["child"].to_numpy(),
            "date": np.datetime_as_string(days),
            "session": np.where(half == 0, "AM", "PM"),
            "code": marks.dated(code, days),
            "urn": table["urn"].to_numpy(),
            "received_at": np.char.add(
                np.datetime_as_string(received.astype("datetime64[D]")), np.where(half == 0, "T10:40:00", "T08:15:00")
            ),
            "source": np.where(weekly, "weekly return", "daily collection"),
        }
    )

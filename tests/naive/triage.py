"""Who needs somebody on a day and why, child by child over the marks and what is written down."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from .attendance import is_persistent, is_severe
from .deliveries import day
from .marks import Mark, is_possible, marks_of, sums
from .provision import SCHOOL_YEARS, _has_left, _is_open, _moves, _review_is_overdue
from .school_days import ONE, SchoolDays
from .setting import Setting
from .years import academic_year_start

Found = dict[str, tuple[int, date | None]]
"""Points by part, and since when."""
Limits = dict[str, int]


@dataclass(frozen=True)
class Written:
    """What the team wrote: `kind` action (`until` the day on which it is due, `closed` on which it was closed),
    contact, snooze (`until`), wake, referral."""

    child: str
    kind: str
    on: date
    until: date | None = None
    closed: date | None = None


@dataclass
class Question:
    s: Setting
    days: SchoolDays
    limits: Limits
    written: list[Written]
    came: dict[str, date]
    """The day on which a notice was first known, by its number."""

    @property
    def year(self) -> date:
        return academic_year_start(self.s.as_at)

    @property
    def before_on(self) -> date:
        return self.days.step("", self.s.as_at, self.limits["triage_new_school_days"], -1)


def worklist(q: Question) -> list[dict[str, Any]]:
    """One row a child with a part, in order."""
    children = q.s.children_on(q.s.as_at) | {each.child for each in q.written}
    rows = [row for child in sorted(children) if (row := _child(q, child))["parts"]]
    return sorted(rows, key=lambda row: (-row["score"], row["attendance_percent"] is None, row["attendance_percent"]))


def _child(q: Question, child: str) -> dict[str, Any]:
    inside = child in q.s.children_on(q.s.as_at)
    marks = [mark for mark in marks_of(q.s, child) if mark.on <= q.s.as_at] if inside else []
    needs = {**_of_marks(q, child, marks), **_of_records(q, child)} if inside else {}
    needs |= _woken(q, child, needs) if inside else {}
    acts = _acting(q, child)
    if not needs:
        kept = [key for key in ("action_overdue", "action_open") if key in acts][:1]
        parts = {key: acts[key] for key in kept}
        parts |= {} if inside or not kept else {"left_group": (0, acts["action_open"][1])}
    elif sum(points for points, _ in needs.values()) >= q.limits["triage_lift_from_points"]:
        parts = needs | {key: since for key, since in acts.items() if key != "action_open"}
    else:
        parts = needs
    return _row(q, child, marks, needs, parts)


def _row(q: Question, child: str, marks: list[Mark], needs: Found, parts: Found) -> dict[str, Any]:
    possible, absent = sums(marks, q.year, q.s.as_at)
    heaviest = max((points for points, _ in (needs or parts).values()), default=0)
    return {
        "child_id": child,
        "score": sum(points for points, _ in parts.values()),
        "parts": {key: points for key, (points, _) in parts.items()},
        "first_on": {since for points, since in (needs or parts).values() if points == heaviest},
        "possible_sessions": possible,
        "absent_sessions": absent,
        "attendance_percent": 100 * (possible - absent) / possible if possible else None,
        **_rolling(q, marks),
        **(_NOT_LEFT if "left_group" in parts else _left(q, child, marks, possible, absent)),
        **_written(q, child),
        **({"snoozed_until": None} if "woken" in parts else {}),
    }


_NOT_LEFT = dict.fromkeys(("sessions_left", "can_reach_90", "can_reach_95"))


def _of_marks(q: Question, child: str, marks: list[Mark]) -> Found:
    return {**_year(q, marks), **_fall(q, marks), **_runs(q, marks), **_no_mark(q, child, marks)}


def _year(q: Question, marks: list[Mark]) -> Found:
    def holds(kind: str, on: date) -> bool:
        possible, absent = sums(marks, q.year, on)
        return possible > 0 and (is_severe if kind == "severe" else is_persistent)(absent, possible)

    early = sums(marks, q.year, q.s.as_at)[0] < q.limits["provisional_possible_sessions"]

    def weight(key: str) -> int:
        full = q.limits[f"triage_weight_{key}"]
        return min(full, q.limits["triage_most_points_provisional"]) if early else full

    for kind in ("severe", "persistent"):
        if holds(kind, q.s.as_at):
            if holds(kind, q.before_on):
                return {kind: (weight(kind), q.before_on)}
            days = sorted({mark.on for mark in marks if mark.on >= q.year and is_possible(mark)})
            own = [on for on in days if on > q.before_on]
            broken = [on for on in own if not holds(kind, on)]
            since = next(on for on in own if not broken or on > broken[-1])
            return {f"newly_{kind}": (weight(f"newly_{kind}"), since)}
    return {}


def mondays(s: Setting) -> list[date]:
    """Of the last fifteen weeks in which anybody has a mark."""
    earliest = _monday(s.as_at - timedelta(weeks=30))
    weeks = {_monday(mark.on) for mark in marks_of(s)}
    return sorted(week for week in weeks if earliest <= week <= s.as_at)[-15:]


def _monday(on: date) -> date:
    return on - on.weekday() * ONE


def _in_weeks(marks: list[Mark], weeks: list[date]) -> tuple[int, int]:
    own = [mark for mark in marks if _monday(mark.on) in weeks and is_possible(mark)]
    return len(own), sum(mark.kind == "attended" for mark in own)


def _points(marks: list[Mark], weeks: list[date]) -> float | None:
    """Percentage points of the last four of these weeks over the last twelve."""
    recent, longer = _in_weeks(marks, weeks[-4:]), _in_weeks(marks, weeks[-12:])
    if min(recent[0], longer[0]) < 10:
        return None
    return 100 * recent[1] / recent[0] - 100 * longer[1] / longer[0]


def _whole_points_down(marks: list[Mark], weeks: list[date]) -> int:
    points = _points(marks, weeks)
    return 0 if points is None or points >= 0 else int(-points + 1e-9)


def _fall(q: Question, marks: list[Mark]) -> Found:
    weeks, enough = mondays(q.s), q.limits["triage_falling_points"]
    down = _whole_points_down(marks, weeks)
    if down < enough:
        return {}
    held = 0
    while held < 3 and len(weeks) > held + 1 and _whole_points_down(marks, weeks[: -held - 1]) >= enough:
        held += 1
    weight = min(q.limits["triage_most_points"], down * q.limits["triage_weight_falling_point"])
    return {"falling": (weight, weeks[-1 - held])}


def _rolling(q: Question, marks: list[Mark]) -> dict[str, Any]:
    weeks = mondays(q.s)
    if not any(_monday(mark.on) in weeks for mark in marks):
        return {"last_weeks": [], "recent_percent": None, "change_points": None}
    shares = [_in_weeks(marks, [week]) for week in weeks[-6:]]
    possible, attended = _in_weeks(marks, weeks[-4:])
    return {
        "last_weeks": [100 * there / of if of else None for of, there in shares],
        "recent_percent": 100 * attended / possible if possible else None,
        "change_points": _points(marks, weeks),
    }


def _runs(q: Question, marks: list[Mark]) -> Found:
    by_half: dict[tuple[date, int], list[Mark]] = {}
    for mark in marks:
        if is_possible(mark) and mark.on >= q.s.as_at - timedelta(days=365):
            by_half.setdefault((mark.on, mark.half), []).append(mark)
    missed: list[tuple[date, set[str]]] = []
    for (on, _), own in sorted(by_half.items()):
        codes = {mark.code for mark in own}
        if any(mark.kind == "attended" for mark in own):
            missed = []
        elif codes - {"C2", "S"}:
            missed.append((on, codes))
    found: Found = {}
    today = [codes for on, codes in missed if on == q.s.as_at] or _earlier_today(q, by_half)
    if today:
        found["absent_today"] = (q.limits["triage_weight_absent_today"], q.s.as_at)
    _add_run(q, found, missed, "missed_run", "triage_run_sessions", "triage_weight_run_session")
    why: list[tuple[date, set[str]]] = []
    while missed and missed[-1][1] <= {"N", "O"}:
        why.insert(0, missed.pop())
    _add_run(q, found, why, "unexplained", "triage_unexplained_sessions", "triage_weight_unexplained_session")
    return found


def _earlier_today(q: Question, by_half: dict[tuple[date, int], list[Mark]]) -> bool:
    """Missed the morning, and came in the afternoon."""
    own = by_half.get((q.s.as_at, 0), [])
    return bool({mark.code for mark in own} - {"C2", "S"}) and all(mark.kind != "attended" for mark in own)


def _add_run(q: Question, found: Found, run: list[tuple[date, set[str]]], key: str, at_least: str, weight: str) -> None:
    if len(run) >= q.limits[at_least]:
        found[key] = (min(q.limits["triage_most_points"], len(run) * q.limits[weight]), run[0][0])


def _no_mark(q: Question, child: str, marks: list[Mark]) -> Found:
    last = max((mark.on for mark in marks if mark.on >= q.s.as_at - timedelta(days=365)), default=None)
    on = max(q.year, last + ONE) if last else q.year
    missing: list[date] = []
    while on < q.s.as_at:
        urn = _school_on(q, child, on)
        if urn is not None:
            is_open = q.days.is_open(urn, on)
            if is_open is None:
                return {}
            missing += [on] if is_open else []
        on += ONE
    if len(missing) < q.limits["triage_no_mark_school_days"]:
        return {}
    return {"no_mark": (q.limits["triage_weight_no_mark"], missing[0])}


def _school_on(q: Question, child: str, on: date) -> str | None:
    """Whose register should hold the child."""
    then = replace(q.s, as_at=on)
    if not q.s.in_care(child, on) or then.year_group(child) not in SCHOOL_YEARS or _has_left(then, child):
        return None
    return _main_school(then, child)


def _main_school(s: Setting, child: str) -> str | None:
    own = s.enrolments_covering(child, s.as_at)
    own.sort(key=lambda row: (row.get("status", "") in ("", "main"), day(row["start"]), row["urn"]))
    return own[-1]["urn"] if own else None


def _of_records(q: Question, child: str) -> Found:
    s, found = q.s, Found()
    last_day = q.days.step("", s.as_at, 1, -1)
    notices = [(permanent, on) for permanent, on, _ in _notices(q, child) if last_day <= on]
    if notices:
        found["suspended"] = (q.limits["triage_weight_suspended"], max(notices)[1])
    stays = [row for row in s.known.of("custody") if row["child_id"] == child and _is_open(s, row)]
    waiting = [row for row in stays if not _by(row.get("education_assessed_on"), s.as_at)]
    if waiting:
        since = max(start for row in waiting if (start := day(row["start"])))
        found["custody"] = (q.limits["triage_weight_custody"], since)
    open_now = [row for row in s.known.of("timetables") if row["child_id"] == child and _is_open(s, row)]
    late = [due for row in open_now if _review_is_overdue(s, row) and (due := day(row["review_due"]))]
    if late:
        found["review_overdue"] = (q.limits["triage_weight_review_overdue"], min(late))
    off_roll = s.year_group(child) in SCHOOL_YEARS and not s.enrolments_covering(child, s.as_at)
    if s.arrived("enrolments") and off_roll and not _has_left(s, child) and not _moves(s, child):
        rolls = [row for row in s.known.of("enrolments") if row["child_id"] == child]
        ends = [end for row in rolls if (end := day(row["end"]))]
        found["not_on_roll"] = (q.limits["triage_weight_not_on_roll"], max(ends) + ONE if ends else None)
    return found


def _notices(q: Question, child: str) -> list[tuple[bool, date, date]]:
    """Of each suspension and exclusion whether it is for good, its first day, and when it was new."""
    found = []
    for row in q.s.known.of("exclusions"):
        on, category = day(row["start_date"]), row["category"].replace("FIXD", "SUSP")
        gone = row.get("status") == "withdrawn" or (category == "PERM" and row.get("status") == "reinstated")
        if row["child_id"] == child and on and on <= q.s.as_at and category != "LNCH" and not gone:
            found.append((category == "PERM", on, max(on, q.came[row["notice_id"]])))
    return found


def _woken(q: Question, child: str, needs: Found) -> Found:
    """What is heavy and came after the snooze that still runs."""
    last = next((each for each in reversed(_put_off(q, child))), None)
    if last is None or last.until is None or last.until <= q.s.as_at:
        return {}
    heavy = [since for key, (points, since) in needs.items()
             if points >= q.limits["triage_wake_from_points"] and key != "suspended" and since]  # fmt: skip
    news = [since for since in [*heavy, *(new for _, _, new in _notices(q, child))] if since > last.on]
    return {"woken": (q.limits["triage_weight_woken"], max(news))} if news else {}


def _put_off(q: Question, child: str) -> list[Written]:
    own = [each for each in q.written if each.child == child and each.on <= q.s.as_at]
    return [each for each in own if each.kind in ("snooze", "wake")]


def _by(text: str | None, on: date) -> bool:
    then = day(text)
    return then is not None and then <= on


def _acting(q: Question, child: str) -> Found:
    as_at, found = q.s.as_at, Found()
    told = _written(q, child)
    if told["contact_school_days"] is None or told["contact_school_days"] >= q.limits["triage_no_contact_school_days"]:
        found["no_contact"] = (q.limits["triage_weight_no_contact"], as_at)
    if told["due_on"] is None:
        found["no_action"] = (q.limits["triage_weight_no_action"], as_at)
    else:
        found["action_open"] = (0, told["open_from"])
    if told["is_overdue"]:
        found["action_overdue"] = (q.limits["triage_weight_action_overdue"], told["due_on"] + ONE)
    return found


def _written(q: Question, child: str) -> dict[str, Any]:
    as_at = q.s.as_at
    own = [each for each in q.written if each.child == child and each.on <= as_at]
    contacts = [each.on for each in own if each.kind == "contact"]
    put_off = [each.until for each in _put_off(q, child)]
    open_now = [each for each in own if each.kind == "action" and (each.closed is None or each.closed > as_at)]
    dues = [each.until for each in open_now if each.until]
    until = put_off[-1] if put_off else None
    return {
        "last_contact_on": max(contacts, default=None),
        "contact_school_days": q.days.since("", max(contacts), as_at) if contacts else None,
        "snoozed_until": until if until and until > as_at else None,
        "open_from": min((each.on for each in open_now), default=None),
        "due_on": min(dues, default=None),
        "is_overdue": any(due < as_at for due in dues),
    }


def _left(q: Question, child: str, marks: list[Mark], possible: int, absent: int) -> dict[str, Any]:
    """By trying: one session more missed after the other."""
    names = ("sessions_left", "can_reach_90", "can_reach_95")
    unknown = dict.fromkeys(names)
    group, urn = q.s.year_group(child), _main_school(q.s, child)
    if group not in SCHOOL_YEARS or urn is None:
        return unknown
    last = date(q.year.year + 1, 8, 31)
    if group == "11":
        last = date(q.year.year + 1, 6, 30)
        while last.weekday() != 4:
            last -= ONE
    if q.days.is_open(urn, q.s.as_at) is None:
        return unknown
    coming = q.days.counted(urn, q.s.as_at, last) if last >= q.s.as_at else []
    assert coming is not None
    had = {mark.half for mark in marks if mark.on == q.s.as_at} if q.s.as_at in coming else set()
    to_come = 2 * len(coming) - len(had)
    year = possible + to_come
    if not to_come:
        return unknown
    left = 0
    while left < to_come and not is_persistent(absent + left + 1, year):
        left += 1
    best = 100 * (year - absent) / year
    return dict(zip(names, (left, best >= 90, best >= 95), strict=True))

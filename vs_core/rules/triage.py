"""Who needs somebody today, and why: a score whose parts are said in words.

A part is a rule that holds for a child on the day. Its points are whole numbers of the settings (`triage_limits`); the
score is their sum. That nobody acts lifts the score of a child who needs something, and of nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from vs_core.rules import words
from vs_core.rules.absence_runs import Run
from vs_core.rules.exclusions import PERMANENT
from vs_core.rules.provision import PART_TIME
from vs_core.rules.register import PERSISTENT_ABSENCE_PERCENT, SEVERE_ABSENCE_PERCENT
from vs_core.rules.triage_limits import Limits


class Sessions(NamedTuple):
    """Possible sessions, and those missed."""

    possible: int = 0
    absent: int = 0

    @property
    def is_persistent(self) -> bool:
        return self._misses(PERSISTENT_ABSENCE_PERCENT)

    @property
    def is_severe(self) -> bool:
        return self._misses(SEVERE_ABSENCE_PERCENT)

    def _misses(self, percent: int) -> bool:
        return self.possible > 0 and self.absent * 100 >= self.possible * percent


class Review(NamedTuple):
    """A review of a timetable or placement (`provision.PART_TIME`, `ALTERNATIVE`) that is overdue: when it was due,
    school days ago."""

    kind: str
    due_on: date
    school_days: int


class Snooze(NamedTuple):
    """The day on which a child was put off, and until when."""

    on: date
    until: date


class Told(NamedTuple):
    """A record that begins on a day: a notice with its category, a stay in custody. new_on: the day on which it is new
    to those who read: that day, or the later one on which it came to be known."""

    what: str
    on: date
    new_on: date


class Fall(NamedTuple):
    """Attendance of the last four school weeks against that of the last twelve: whole points fewer, and the Monday of
    the week since whose end it has been so."""

    points: int
    since: date


@dataclass(frozen=True)
class Situation:
    """What is known of a child on the day.

    year: sessions of the academic year so far; before: as they stood `new_school_days` earlier, on `before_on`;
    crossed_on: the days since then on which it became persistent and severe, by "persistent" and "severe";
    missed, unexplained: the runs up to the last mark; absent_today: the codes; unmarked: school days, up to the day
    before, for which no mark came, and the first of them; reviews: those overdue; suspended: category and first day of
    a notice that began on the last school day or since; notices: the last suspensions and exclusions; custody: in
    custody since, education not assessed;
    is_out: without a school; out_from, out_school_days: since when and how long, None where that is not known;
    contact_school_days: school days since the last contact, None where there was none; open_from: when the first of
    the open actions was opened, None where none is; overdue: school days since the first due date that has passed, and
    that date; snooze: the one that holds; in_group: whether the child is in the cohort of the worklist on the day."""

    as_at: date
    year: Sessions
    before: Sessions
    before_on: date
    crossed_on: dict[str, date]
    fall: Fall | None
    missed: Run | None
    unexplained: Run | None
    absent_today: tuple[str, ...]
    unmarked: tuple[int, date] | None
    reviews: tuple[Review, ...]
    suspended: tuple[str, date] | None
    notices: tuple[Told, ...]
    custody: Told | None
    is_out: bool
    out_from: date | None
    out_school_days: int | None
    contact_school_days: int | None
    open_from: date | None
    overdue: tuple[int, date] | None
    snooze: Snooze | None = None
    in_group: bool = True


class Part(NamedTuple):
    """A rule that holds: its key, its points, the sentence, and the first day on which it held."""

    key: str
    points: int
    sentence: str
    first_on: date


def parts(of: Situation, limits: Limits) -> list[Part]:
    """The parts of a child's score, heaviest first, equals in the order of the rules; none where it needs nothing and
    nobody has taken anything on. An action that is open or overdue keeps a child on the list."""
    needs = _found(of, limits, _NEEDS) if of.in_group else []
    if of.in_group:
        needs += _woken(of, needs, limits)
    if not needs:
        own = _found(of, limits, (_action_overdue,)) or _found(of, limits, (_action_open,))
        return own + (_found(of, limits, (_left_group,)) if own else [])
    lifted = score(needs) >= limits.lift_from_points
    return _ranked([*needs, *(_found(of, limits, _NOBODY_ACTS) if lifted else [])])


def score(found: Iterable[Part]) -> int:
    return sum(each.points for each in found)


def first_on(found: Iterable[Part]) -> date:
    """The first day on which the heaviest reason held; that nobody acts is one only where there is no other."""
    own = sorted(found, key=lambda each: each.key in ACTING)
    return own[0].first_on


def crossings(before: Sessions, days: Iterable[tuple[date, int, int]]) -> dict[str, date]:
    """Since which of the days a child has been persistently and severely absent without a break to the last of them,
    by "persistent" and "severe"; `before` had been so already. days: in order, possible and attended sessions."""
    since: dict[str, date] = {}
    now = before
    for on, possible, attended in days:
        now = Sessions(now.possible + possible, now.absent + possible - attended)
        for kind, holds in (("persistent", now.is_persistent), ("severe", now.is_severe)):
            if holds:
                since.setdefault(kind, on)
            else:
                since.pop(kind, None)
    return since


Rule = Callable[[Situation, Limits], Part | None]


def _found(of: Situation, limits: Limits, rules: Iterable[Rule]) -> list[Part]:
    return [part for rule in rules if (part := rule(of, limits)) is not None]


def _ranked(found: list[Part]) -> list[Part]:
    return sorted(found, key=lambda each: -each.points)


def _custody(of: Situation, limits: Limits) -> Part | None:
    if of.custody is None:
        return None
    said = f"in custody since {words.short_day(of.custody.on)}, education not assessed"
    return Part("custody", limits.weight_custody, said, of.custody.on)


def _absence_of_year(of: Situation, limits: Limits) -> Part | None:
    """Severe or persistent, and whether it has become so within the last school days; severe children count once. While
    it is provisional it weighs little: of a few sessions a day or two is half."""
    early = of.year.possible < limits.provisional_possible_sessions
    tail = f" (provisional: {words.counted(of.year.possible, 'session')})" if early else ""
    weights = {
        "severe": (limits.weight_newly_severe, limits.weight_severe),
        "persistent": (limits.weight_newly_persistent, limits.weight_persistent),
    }
    most = limits.most_points_provisional if early else max(map(max, weights.values()))
    for kind, is_now, was in (
        ("severe", of.year.is_severe, of.before.is_severe),
        ("persistent", of.year.is_persistent, of.before.is_persistent),
    ):
        if is_now and not was:
            since = of.crossed_on.get(kind, of.as_at)
            return Part(f"newly_{kind}", min(weights[kind][0], most), f"newly {_ABSENCE[kind]}{tail}", since)
        if is_now:
            return Part(kind, min(weights[kind][1], most), f"{_ABSENCE[kind]}{tail}", of.before_on)
    return None


_ABSENCE = {"severe": "severe", "persistent": "persistently absent"}


def _not_on_roll(of: Situation, limits: Limits) -> Part | None:
    if not of.is_out:
        return None
    days = of.out_school_days
    said = "on no school's roll" if not days else f"on no school's roll for {words.counted(days, 'school day')}"
    return Part("not_on_roll", limits.weight_not_on_roll, said, of.out_from or of.before_on)


def _suspended(of: Situation, limits: Limits) -> Part | None:
    if of.suspended is None:
        return None
    category, on = of.suspended
    return Part("suspended", limits.weight_suspended, _notice(category, on), on)


def _notice(category: str, on: date) -> str:
    what = "permanently excluded" if category == PERMANENT else "suspended"
    return f"{what} on {on:%A} {words.short_day(on)}"


def _no_mark(of: Situation, limits: Limits) -> Part | None:
    if of.unmarked is None or of.unmarked[0] < limits.no_mark_school_days:
        return None
    days, since = of.unmarked
    return Part("no_mark", limits.weight_no_mark, f"no code for {words.counted(days, 'school day')}", since)


def _falling(of: Situation, limits: Limits) -> Part | None:
    if of.fall is None or of.fall.points < limits.falling_points:
        return None
    points = _at_most(limits, of.fall.points * limits.weight_falling_point)
    return Part("falling", points, f"fell {words.counted(of.fall.points, 'point')} in four weeks", of.fall.since)


def _unexplained(of: Situation, limits: Limits) -> Part | None:
    run = of.unexplained
    if run is None or run.sessions < limits.unexplained_sessions:
        return None
    points = _at_most(limits, run.sessions * limits.weight_unexplained_session)
    why = "no reason yet" if run.codes == ("N",) else "absence not explained"
    said = f"{why} for {words.counted(run.days, 'school day')} ({', '.join(run.codes)})"
    return Part("unexplained", points, said, run.first_on)


def _missed(of: Situation, limits: Limits) -> Part | None:
    run = of.missed
    if run is None or run.sessions < limits.run_sessions:
        return None
    points = _at_most(limits, run.sessions * limits.weight_run_session)
    return Part("missed_run", points, f"missed the last {run.sessions} sessions in a row", run.first_on)


def _reviews(of: Situation, limits: Limits) -> Part | None:
    if not of.reviews:
        return None
    oldest = min(of.reviews, key=lambda each: (each.due_on, each.kind))
    what = "part-time timetable" if oldest.kind == PART_TIME else oldest.kind
    said = f"{what} review overdue{_by(oldest.school_days)}"
    return Part("review_overdue", limits.weight_review_overdue, said, oldest.due_on)


def _absent_today(of: Situation, limits: Limits) -> Part | None:
    if not of.absent_today:
        return None
    said = f"absent today ({', '.join(of.absent_today)})"
    return Part("absent_today", limits.weight_absent_today, said, of.as_at)


def _woken(of: Situation, needs: Iterable[Part], limits: Limits) -> list[Part]:
    """What weighs much and is newer than the snooze that holds: it brings the child back, and stays the reason until
    the child is put off again, or the snooze is over."""
    if of.snooze is None:
        return []
    until, since = of.snooze.until, of.snooze.on
    new = [(on, said) for on, said in _heavy(of, needs, limits) if on > since]
    if not new:
        return []
    on, said = max(new)
    return [Part("woken", limits.weight_woken, f"snoozed until {words.short_day(until)}, but {said}", on)]


def _heavy(of: Situation, needs: Iterable[Part], limits: Limits) -> Iterator[tuple[date, str]]:
    enough = limits.wake_from_points
    for each in needs:
        if each.points >= enough and each.key not in ("suspended", "custody"):
            yield each.first_on, each.sentence
    if of.custody is not None and limits.weight_custody >= enough:
        yield of.custody.new_on, f"in custody since {words.short_day(of.custody.on)}"
    if limits.weight_suspended >= enough:
        yield from ((each.new_on, _notice(each.what, each.on)) for each in of.notices)


def _no_contact(of: Situation, limits: Limits) -> Part | None:
    days = of.contact_school_days
    if days is not None and days < limits.no_contact_school_days:
        return None
    said = "no contact recorded" if days is None else f"no contact for {words.counted(days, 'school day')}"
    return Part("no_contact", limits.weight_no_contact, said, of.as_at)


def _no_action(of: Situation, limits: Limits) -> Part | None:
    return None if of.open_from else Part("no_action", limits.weight_no_action, "nobody is acting", of.as_at)


def _action_overdue(of: Situation, limits: Limits) -> Part | None:
    if of.overdue is None:
        return None
    days, due_on = of.overdue
    said = f"action overdue{_by(days)}"
    return Part("action_overdue", limits.weight_action_overdue, said, due_on + timedelta(days=1))


def _action_open(of: Situation, limits: Limits) -> Part | None:
    return Part("action_open", 0, "a next step is open", of.open_from) if of.open_from else None


def _left_group(of: Situation, limits: Limits) -> Part | None:
    return None if of.in_group else Part("left_group", 0, "not in care", of.open_from or of.as_at)


def _by(school_days: int) -> str:
    return f" by {words.counted(school_days, 'school day')}" if school_days else ""


def _at_most(limits: Limits, points: int) -> int:
    return min(points, limits.most_points)


_NEEDS: tuple[Rule, ...] = (
    _custody,
    _absence_of_year,
    _not_on_roll,
    _suspended,
    _no_mark,
    _falling,
    _unexplained,
    _missed,
    _reviews,
    _absent_today,
)
_NOBODY_ACTS: tuple[Rule, ...] = (_no_contact, _no_action, _action_overdue)
ACTING = frozenset({"no_contact", "no_action", "action_overdue", "action_open", "left_group"})
"""Keys of the parts that say who acts, and that nobody does."""
KEYS = {
    "custody": "In custody without education",
    "newly_severe": "Newly severe",
    "severe": "Severely absent",
    "newly_persistent": "Newly persistent",
    "persistent": "Persistently absent",
    "not_on_roll": "On no roll",
    "suspended": "Suspended",
    "no_mark": "No mark received",
    "falling": "Falling",
    "unexplained": "Not explained",
    "missed_run": "Missed in a row",
    "review_overdue": "Review overdue",
    "absent_today": "Absent today",
    "woken": "Back from a snooze",
    "no_contact": "No contact",
    "no_action": "Nobody acting",
    "action_overdue": "Action overdue",
    "action_open": "Next step open",
    "left_group": "Not in care",
}
"""Every part by its key, with a short name, in the order of the rules."""

"""Mistakes that are made on purpose in the product's worklist, each of which some random authority has to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from vs_core.figures import triage_actions, triage_facts
from vs_core.queries import triage as queries
from vs_core.rules import absence_runs, effect, reconciling_marks, rolling_attendance, sessions_left, triage

DAY = timedelta(days=1)
_unmarked, _state, _overdue = triage_facts.unmarked, effect.state, reconciling_marks.overdue


def _today_too(pupils: Any, last_marks: Any, frame: Any, diary: Any, at_least: int) -> Any:
    return _unmarked(pupils, last_marks, replace(frame, as_at=frame.as_at + DAY), diary, at_least)


def _a_day_early(of: Any, before: int, after: int, as_at: date, fewest: int) -> str:
    return _state(of, before, after, as_at + DAY, fewest)


def _on_its_last_day(marks: Any, as_at: date, diary: Any, school_days: int) -> Any:
    return _overdue(marks, as_at, diary, school_days - 1)


SHOWN_BY: dict[int, tuple[str, ...]] = {
    1: ("eleven weeks", "three weeks", "an effect is known on the last day", "a reason is late on its last day"),
    5: ("four sessions are enough", "new codes are old", "a fortnight is one spell"),
    6: (),
    7: (),
    8: (),
    10: ("study leave is missed",),
    15: ("year 11 stays for the summer",),
    16: ("today's mark is due",),
    20: (),
    28: ("a snooze lasts its last day", "everybody is of age"),
    50: ("a snooze outlasts whatever comes",),
}
"""Authorities found by search, by number: each shows these, and between them every part and every reconciliation."""
MISTAKES: dict[str, tuple[Any, str, Any]] = {
    "study leave is missed": (absence_runs, "PLANNED", frozenset({"C2"})),
    "eleven weeks": (rolling_attendance, "LONG_WEEKS", 11),
    "three weeks": (rolling_attendance, "RECENT_WEEKS", 3),
    "four sessions are enough": (rolling_attendance, "FEWEST_SESSIONS", 4),
    "today's mark is due": (triage_facts, "unmarked", _today_too),
    "a snooze lasts its last day": (
        triage_actions, "_lasts", lambda until_on, frame: until_on is not None and until_on >= frame.as_at),
    "a snooze outlasts whatever comes": (triage, "_woken", lambda of, needs, limits: []),
    "an effect is known on the last day": (effect, "state", _a_day_early),
    "a reason is late on its last day": (reconciling_marks, "overdue", _on_its_last_day),
    "a fortnight is one spell": (reconciling_marks, "SAME_SPELL", timedelta(days=14)),
    "everybody is of age": (sessions_left, "is_of_age", lambda group: True),
    "year 11 stays for the summer": (
        sessions_left, "last_day_of_year", lambda group, as_at: date(as_at.year + (as_at.month >= 9), 8, 31)),
    "new codes are old": (queries, "_in_force", lambda meaning, on: meaning.c.starts_on.is_(None)),
}  # fmt: skip


@contextmanager
def planted(mistake: str) -> Iterator[None]:
    module, name, wrong = MISTAKES[mistake]
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(module, name, wrong)
        yield

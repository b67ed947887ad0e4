"""How many more sessions a child can miss this year, and how high its attendance can still get.

The year has so many sessions: those that were possible so far, and two for each day that the child's school is still
open until it ends. A half day for which no mark ever came is in neither. Exactly 10 per cent is persistent absence
(DfE, Working together to improve school attendance, 2024), so that a child may miss one session fewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vs_core.rules.cohorts import COMPULSORY_YEARS
from vs_core.rules.frame import academic_year_bounds
from vs_core.rules.register import PERSISTENT_ABSENCE_PERCENT
from vs_core.rules.summer import last_friday_of_june

GOALS = (90, 95)
NOT_OF_AGE = "Worked out from reception to year 11 only."
NO_SCHOOL = "Not known: on no school's roll."
NOT_IN_CARE = "Worked out for children in care only."
NO_SESSION = "The school year has no session left."


@dataclass(frozen=True)
class SessionsLeft:
    """left: how many more sessions can be missed with absence still under 10 per cent of the year, 0 where none can;
    can_reach_90, can_reach_95: whether attendance of the year comes to that, or over, if none is missed any more.
    None, with the sentence `why_not`, where that cannot be said."""

    left: int | None
    can_reach_90: bool | None
    can_reach_95: bool | None
    why_not: str = ""


def unknown(why_not: str) -> SessionsLeft:
    return SessionsLeft(None, None, None, why_not)


def sessions_left(possible: int, absent: int, to_come: int) -> SessionsLeft:
    """possible, absent: sessions so far; to_come: those until the end of the year."""
    if to_come == 0:
        return unknown(NO_SESSION)
    year = possible + to_come
    under = (year * PERSISTENT_ABSENCE_PERCENT - 1) // 100 - absent
    at_90, at_95 = ((year - absent) * 100 >= year * goal for goal in GOALS)
    return SessionsLeft(max(0, min(under, to_come)), at_90, at_95)


def last_day_of_year(group: str, as_at: date) -> date:
    """The last day of the academic year on which a child of a year group is at school: 31 August, and in year 11 the
    school leaving date."""
    last = academic_year_bounds(as_at)[1]
    return last_friday_of_june(last.year) if group == "11" else last


def is_of_age(group: str) -> bool:
    """Whether every school day is two sessions for the child: reception to year 11."""
    return group in COMPULSORY_YEARS

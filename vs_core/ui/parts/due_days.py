"""A day to choose, counted in school days."""

from __future__ import annotations

from datetime import date

import streamlit as st

from vs_core.rules.clocks import Clock, DayKind
from vs_core.rules.school_calendar import CalendarNotLoaded
from vs_core.ui import words

DUE_IN = (5, 1, 2, 3, 10, 15, 20)


def choose(clock: Clock, today: date, key: str, *, label: str = "Due", before: date | None = None) -> date:
    """A day after so many school days; of working days where no calendar is loaded. before: the day so far."""
    so_far = {before: f"as it is: {before:%a} {words.long_day(before)}"} if before else {}
    days = so_far | {day: said for day, said in _days(clock, today) if day not in so_far}
    chosen = st.selectbox(label, list(days), format_func=lambda day: days.get(day, ""), key=key, filter_mode=None)
    return chosen or today


def _days(clock: Clock, today: date) -> list[tuple[date, str]]:
    found = []
    for count in DUE_IN:
        day, kind = _after(clock, today, count)
        found.append((day, f"in {words.counted(count, kind.value)}: {day:%a} {words.long_day(day)}"))
    return found


def _after(clock: Clock, today: date, count: int) -> tuple[date, DayKind]:
    try:
        return clock.day_after(today, count, DayKind.SCHOOL), DayKind.SCHOOL
    except CalendarNotLoaded:
        return clock.day_after(today, count, DayKind.WORKING), DayKind.WORKING

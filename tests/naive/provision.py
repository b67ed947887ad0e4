"""Part-time timetables, alternative provision and children on no roll, at as_at."""

from datetime import date, timedelta
from typing import Any

from .deliveries import Row, day
from .setting import Setting

SCHOOL_YEARS = {"R", *(str(year) for year in range(1, 12))}


def figures(s: Setting) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(("part_time", "alternative_provision", "not_on_roll", "reviews_overdue"))
    if not s.arrived(*s.cohort_kinds()):
        return found
    cohort = s.children_on(s.as_at)
    if s.arrived("timetables"):
        running = [row for row in s.known.of("timetables") if row["child_id"] in cohort and _is_open(s, row)]
        found["part_time"] = len({row["child_id"] for row in running if row["kind"] == "part-time"})
        found["alternative_provision"] = len(
            {row["child_id"] for row in running if row["kind"] == "alternative provision"}
        )
        found["reviews_overdue"] = sum(_review_is_overdue(s, row) for row in running)
    if s.arrived("enrolments"):
        school_age = {child for child in cohort if s.year_group(child) in SCHOOL_YEARS}
        off_roll = {child for child in school_age if not s.enrolments_covering(child, s.as_at)}
        found["not_on_roll"] = sum(not _has_left(s, child) and not _moves(s, child) for child in off_roll)
    return found


def _is_open(s: Setting, row: Row) -> bool:
    start, end = day(row["start"]), day(row.get("end"))
    return start is not None and start <= s.as_at and (end is None or end >= s.as_at)


def _review_is_overdue(s: Setting, row: Row) -> bool:
    due, reviewed_on = day(row["review_due"]), day(row.get("reviewed_on"))
    if due is None or due >= s.as_at:
        return False
    return reviewed_on is None or reviewed_on > s.as_at or reviewed_on < due


def _has_left(s: Setting, child: str) -> bool:
    """Year 11 once its last Friday of June is over, and before September."""
    fridays = [day for day in (date(s.as_at.year, 6, number) for number in range(24, 31)) if day.weekday() == 4]
    return s.year_group(child) == "11" and fridays[0] < s.as_at < date(s.as_at.year, 9, 1)


def _moves(s: Setting, child: str) -> bool:
    """In the summer holiday: left a school when the term was over, and another one is known to come."""
    own = [row for row in s.known.of("enrolments") if row["child_id"] == child]
    left = [(day(row["end"]), day(row["start"]), row["urn"]) for row in own if day(row.get("end"))]
    left = [each for each in left if each[0] < s.as_at]
    if not left or not any((day(row["start"]) or s.as_at) > s.as_at for row in own):
        return False
    last_on, _, urn = max(left)
    holiday = _holiday(s, urn)
    return holiday is not None and holiday[0] <= last_on and holiday[0] < s.as_at < holiday[1]


def _holiday(s: Setting, urn: str) -> tuple[date, date] | None:
    """Last school day of the summer term and first day of the autumn term, by the school's authority, else by the one
    whose year ends first."""
    named = [row.get("LA (name)", "") for row in s.known.of("schools") if row["URN"] == urn]
    calendar = [row for row in [*s.reference.get("terms", []), *s.known.of("calendar")] if not row.get("urn")]
    each = {la: _holiday_of(s, [row for row in calendar if row["la"] == la]) for la in {row["la"] for row in calendar}}
    known = {la: found for la, found in each.items() if found}
    return known.get(named[0] if named else "") or min(known.values(), default=None)


def _holiday_of(s: Setting, calendar: list[Row]) -> tuple[date, date] | None:
    def half(number: int) -> tuple[date, date] | None:
        year = s.as_at.year - (number > 2)
        for row in calendar:
            start, end = day(row["start"]), day(row["end"])
            if row["what"] == f"half term {number}" and start and end and row["academic_year"].startswith(str(year)):
                return start, end
        return None

    fifth, sixth, first, second = half(5), half(6), half(1), half(2)
    if fifth is None or sixth is None:
        return None
    return _open_day(calendar, sixth[1], -1), _open_day(calendar, first[0], 1) if first and second else date(
        s.as_at.year, 9, 1
    )


def _open_day(calendar: list[Row], on: date, step: int) -> date:
    """The day itself, or the nearest one before (-1) or after (1) that is a weekday and not closed."""
    closed = [(day(row["start"]), day(row["end"])) for row in calendar if not row["what"].startswith("half term")]
    while on.weekday() > 4 or any(start and end and start <= on <= end for start, end in closed):
        on += timedelta(days=step)
    return on

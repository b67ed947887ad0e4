"""Rows on a day when the calendar says closed: taken in, and listed for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import Connection, and_, select

from vs_core.intake.checking import Checked
from vs_core.intake.identities import chunks
from vs_core.intake.problems import RowProblem
from vs_core.rules.closed_days import Closed, ClosedDays, NotLoaded
from vs_core.rules.school_calendar import CalendarRow
from vs_core.settings import settings
from vs_core.store import schema

RULE = "closed day"
MOST_LISTED = 10_000
NOUNS = {"attendance": ("mark", "marks"), "exclusions": ("suspension or exclusion", "suspensions and exclusions")}
DayAtSchool = tuple[date, int]  # day, school_key


def look(
    connection: Connection,
    checked: Checked,
    rows: Sequence[DayAtSchool],
    marks: Callable[[], Sequence[int]] | None = None,
) -> None:
    """Add a query for each accepted row on a closed day, and a sentence for each year that no calendar covers.

    rows: of the accepted rows, in their order; marks: how many marks of each could not have been made on such a day
    (0: not worth a query); without it each row is one. Each distinct day of a school is looked up once."""
    found = _looked_up(connection, set(rows))
    if not found:
        return
    weights = marks() if marks else [1] * len(rows)
    _say_what_was_not_checked(checked, rows, found, weights)
    _list(checked, rows, found, weights)


def _looked_up(connection: Connection, asked: set[DayAtSchool]) -> dict[DayAtSchool, Closed | NotLoaded]:
    """The days at schools that were closed, or that no calendar covers."""
    places = _places(connection, {school for _, school in asked})
    calendar = ClosedDays(_calendar_rows(connection, set(places)), settings().authority)
    why = {(day, school): calendar.why(day, *places[school]) for day, school in asked}
    return {at: closed for at, closed in why.items() if closed}


def _places(connection: Connection, schools: set[int]) -> dict[int, tuple[str | None, str | None]]:
    """URN and authority of the schools, by key."""
    school, details = schema.school, schema.school_details
    described = and_(details.c.school_key == school.c.id, details.c.known_to.is_(None))
    query = select(school.c.id, school.c.urn, details.c.la_name).outerjoin(details, described)
    found: dict[int, tuple[str | None, str | None]] = {0: (None, None)}
    for some in chunks(schools - {0}):
        rows = connection.execute(query.where(school.c.id.in_(some)))
        found |= {row.id: (row.urn, row.la_name) for row in rows}
    return found


def _calendar_rows(connection: Connection, schools: set[int]) -> list[CalendarRow]:
    """Of every authority and of these schools, as known now."""
    row, school = schema.calendar_entry.c, schema.school.c
    query = select(row.la, row.academic_year, row.what, row.started_on, row.ended_on, row.school_key, school.urn)
    known = query.join(schema.school, school.id == row.school_key).where(row.known_to.is_(None))
    return [
        CalendarRow(one.la, one.academic_year, one.what, one.started_on, one.ended_on, one.urn or None)
        for one in connection.execute(known)
        if one.school_key in schools
    ]


def _say_what_was_not_checked(
    checked: Checked,
    rows: Sequence[DayAtSchool],
    found: dict[DayAtSchool, Closed | NotLoaded],
    weights: Sequence[int],
) -> None:
    unknown = {at: why for at, why in found.items() if isinstance(why, NotLoaded)}
    number: Counter[NotLoaded] = Counter()
    for row, weight in zip(rows, weights, strict=True) if unknown else ():
        if row in unknown:
            number[unknown[row]] += weight
    noun = NOUNS[checked.kind.name]
    checked.notes += sorted(why.of(marks, noun) for why, marks in number.items() if marks)


def _list(
    checked: Checked,
    rows: Sequence[DayAtSchool],
    found: dict[DayAtSchool, Closed | NotLoaded],
    weights: Sequence[int],
) -> None:
    sentences = {at: why.on(at[0]) for at, why in found.items() if isinstance(why, Closed)}
    if not sentences:
        return
    column, numbers = checked.kind.column(checked.kind.on_school_day).name, checked.sheet.row_numbers
    accepted = zip(checked.accepted(), rows, weights, strict=True)
    listed = [(numbers[place], row) for place, row, weight in accepted if weight and row in sentences]
    checked.problems += [
        RowProblem(number, column, RULE, sentences[row], "query") for number, row in listed[:MOST_LISTED]
    ]
    checked.problems.sort(key=lambda problem: problem.row_number)
    if len(listed) > MOST_LISTED:
        checked.notes.append(
            f"{len(listed):,} rows are of days when the calendar says closed; the first {MOST_LISTED:,} are listed."
        )

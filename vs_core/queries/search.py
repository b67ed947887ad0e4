"""Finding a child: among those that the viewer may open, by name, by number or by school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from vs_core.queries.children import CURRENT, with_current
from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, may_open
from vs_core.store.folding import fold, folded
from vs_core.store.schema import child, enrolment, school, school_details, ssda903_header

NAME, NUMBER, SCHOOL = "name", "number", "school"
WAYS = (NAME, NUMBER, SCHOOL)
FEWEST_CHARACTERS = 2
MOST_WORDS = 6


def openable(child_key: int, scope: Scope = EVERYTHING) -> Select:
    """The child if the viewer may open its page: `child_key`. No row for a key that nobody has, for a child of somebody
    else's caseload and for a restricted child alike."""
    return select(child.c.id.label("child_key")).where(child.c.id == child_key, may_open(child.c.id, scope))


def found(way: str, typed: str, on: date, scope: Scope = EVERYTHING) -> Select:
    """Children whose page the viewer may open, by surname, those first whose name begins as it was typed: `child_key`.

    `name`: each word stands in the forename or the surname; `number`: in the authority's number of the child or the
    unique pupil number; `school`: each word in the name of a school on whose roll the child is on the day, or its URN.
    Without the right to names nobody is found. Raises KeyError for another way."""
    words = words_of(typed)
    fits = _FITS[way](words, on) if words and scope.names else false()
    header = and_(ssda903_header.c.child_key == child.c.id, ssda903_header.c.known_to.is_(None))
    return (
        select(child.c.id.label("child_key"))
        .select_from(with_current(child, child.c.id).outerjoin(ssda903_header, header))
        .where(may_open(child.c.id, scope), fits)
        .order_by(_begins_otherwise(words), *(func.coalesce(folded(part), "") for part in _NAMES), child.c.id)
    )


_NAMES = (CURRENT.c.surname, CURRENT.c.forename)


def _begins_otherwise(words: Sequence[str]) -> ColumnElement[int]:
    """0 for a child one of whose names begins with the first word, else 1."""
    begins = [folded(part).startswith(words[0], autoescape=True) for part in _NAMES] if words else [false()]
    return case((or_(*begins), 0), else_=1)


def words_of(typed: str) -> list[str]:
    """What was typed, word by word, without regard to case and accents; nothing where it is too short."""
    words = (fold(typed) or "").replace(",", " ").split()[:MOST_WORDS]
    return words if len("".join(words)) >= FEWEST_CHARACTERS else []


def _holds(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return folded(column).contains(word, autoescape=True)


def _name(words: Sequence[str], _: date) -> ColumnElement[bool]:
    return and_(*(or_(*(_holds(part, word) for part in _NAMES)) for word in words))


def _number(words: Sequence[str], _: date) -> ColumnElement[bool]:
    whole = "".join(words)
    return or_(*(_holds(column, whole) for column in (child.c.child_id, CURRENT.c.upn, ssda903_header.c.upn)))


def _school(words: Sequence[str], on: date) -> ColumnElement[bool]:
    row, place = enrolment, school_details
    named = and_(*(_holds(place.c.name, word) for word in words))
    source = row.join(school, school.c.id == row.c.school_key).outerjoin(
        place, and_(place.c.school_key == row.c.school_key, place.c.known_to.is_(None))
    )
    pupils = (
        select(row.c.child_key)
        .select_from(source)
        .where(known(row, None), row.c.started_on <= on, or_(row.c.ended_on.is_(None), row.c.ended_on >= on))
        .where(or_(named, school.c.urn == " ".join(words)))
    )
    return child.c.id.in_(pupils)


_FITS = {NAME: _name, NUMBER: _number, SCHOOL: _school}

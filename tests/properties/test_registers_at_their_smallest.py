"""Registers at their smallest: a period of one day, and the two half days of one day in different files."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.naive import Delivery
from tests.properties.agreement import disagreements
from tests.properties.authorities import Authority, Question
from tests.properties.reference import reference

COLUMNS = ("child_id", "date", "session", "code", "urn")
AS_AT = date(2024, 10, 31)


def register(session: str, code: str, known_on: date) -> Delivery:
    mark = dict(zip(COLUMNS, ("C1", "2024-10-01", session, code, "100001"), strict=True))
    return Delivery("attendance", known_on, [mark], COLUMNS)


def as_known(known_on: date) -> Question:
    return Question(AS_AT, known_on, date(2024, 9, 1), AS_AT, "all", False)


def test_an_older_file_adds_the_other_half_of_a_day(engine: Engine, tmp_path: Path) -> None:
    files = (register("PM", "/", date(2024, 10, 10)), register("AM", "O", date(2024, 10, 5)))
    asked = tuple(as_known(date(2024, 10, day)) for day in (4, 5, 10))
    assert disagreements(engine, Authority(files, asked), tmp_path, reference(), ["attendance"]) == []


@pytest.mark.parametrize("on", [date(2024, 9, 30), date(2024, 10, 1), date(2024, 10, 6)])
def test_a_period_of_one_day_holds_that_day_alone(engine: Engine, tmp_path: Path, on: date) -> None:
    """Monday, Tuesday, Sunday of one week."""
    week = [
        dict(zip(COLUMNS, ("C1", f"{date(2024, 9, 30) + timedelta(days=number)}", "AM", "/", "100001"), strict=True))
        for number in range(7)
    ]
    file = Delivery("attendance", date(2024, 10, 10), week, COLUMNS)
    asked = (Question(AS_AT, None, on, on, "all", False),)
    assert disagreements(engine, Authority((file,), asked), tmp_path, reference(), ["attendance"]) == []

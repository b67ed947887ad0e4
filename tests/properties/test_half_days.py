"""Two half days of one day that arrive in different files."""

from datetime import date
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


@pytest.mark.xfail(reason="An older file's half day is lost once a later file spoke of the other half of that day.")
def test_an_older_file_adds_the_other_half_of_a_day(engine: Engine, tmp_path: Path) -> None:
    files = (register("PM", "/", date(2024, 10, 10)), register("AM", "O", date(2024, 10, 5)))
    asked = tuple(as_known(date(2024, 10, day)) for day in (4, 5, 10))
    assert disagreements(engine, Authority(files, asked), tmp_path, reference(), ["attendance"]) == []

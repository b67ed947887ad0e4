"""What the page of attendance shows beyond the contract's figures, of random authorities, by a second opinion: bands,
lateness, attendance without some codes, sessions apart, and each of it for some of the children."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from sqlalchemy import Connection

from tests import naive
from tests.conftest import Databases, prepare
from tests.naive import attendance as second
from tests.naive.setting import Setting
from tests.properties.agreement import disagreements
from tests.properties.authorities import Authority, Question, authority
from tests.properties.days import FIRST, LAST
from tests.properties.reference import projects, reference
from vs_core import figures
from vs_core.figures import SubjectFigures, attendance_sessions, children, week
from vs_core.figures import attendance as subject
from vs_core.queries.scope import EVERYTHING
from vs_core.rules.frame import Frame
from vs_core.rules.measures_sessions import without_codes
from vs_core.rules.narrowing import Narrowing, a_year_in_care, day_of, holds
from vs_core.store.engine import engine_for, reading
from vs_core.ui.load.narrowing import narrowed

SEEDS = (13, 25, 36)
"""Authorities of four and six children with many of the codes that are set apart."""
QUESTIONS = (
    Question(LAST, None, FIRST, LAST, "all", False),
    Question(LAST, None, FIRST, LAST, "in care", False),
    Question(LAST, None, FIRST, LAST, "in care", True),
    Question(date(2025, 3, 31), date(2025, 3, 31), date(2024, 9, 1), date(2025, 3, 31), "all", False),
)
A_YEAR = "at the end of the period"
Marks = dict[str, list[tuple[str, str]]]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_rest_of_the_page_agrees(dialect: str, server_of_databases: Databases, tmp_path: Path) -> None:
    counted = 0
    for seed in SEEDS:
        url = server_of_databases.copy_of("prepared", prepare)
        engine, one = engine_for(url), authority(Random(seed), projects())
        assert disagreements(engine, one, tmp_path, reference(), ()) == []
        with reading(engine) as connection:
            counted += sum(_agrees(connection, one, question) for question in (*QUESTIONS, *one.questions))
        engine.dispose()
        server_of_databases.drop(url)
    assert counted > 40


def _agrees(connection: Connection, one: Authority, question: Question) -> int:
    """Compare one question; give how many children it was about."""
    frame = Frame(
        question.as_at, question.known_on, question.start, question.end, question.cohort, question.while_in_care
    )
    of = figures.compute(connection, "attendance", frame)
    if of.figures["possible_sessions"] is None:
        return 0
    setting = _setting(one, question)
    marks = second.marks(setting)
    _same(of, marks)
    own = subject.apart(connection, frame, EVERYTHING).merge(of.rows["children"], on="child_key")
    found = {(row.child_id, row.code): row.sessions for row in own.itertuples()}
    assert found == second.apart(marks)
    _narrowed(connection, frame, of, setting, marks)
    return len(marks)


def _setting(one: Authority, question: Question) -> Setting:
    known_on = date.max - timedelta(days=1) if question.known_on is None else question.known_on
    known = naive.replay(one.deliveries, known_on)
    end = min(question.end, question.as_at)
    return Setting(known, question.as_at, question.start, end, question.cohort, question.while_in_care, reference())


def _same(of: SubjectFigures, marks: Marks) -> None:
    assert attendance_sessions.further(of) == pytest.approx(second.further(marks))
    taken = without_codes(of.rows["children"]).set_index("key")["attendance_percent"]
    codes = {
        "": "",
        "part_time_sessions": "C2",
        "suspended_sessions": "E",
        "study_leave_sessions": "S",
        "all": "C2 E S",
    }
    for key, named in codes.items():
        expected = second.without(marks, named)
        assert (pd.isna(taken[key]) and expected is None) or taken[key] == pytest.approx(expected), key


def _narrowed(connection: Connection, frame: Frame, of: SubjectFigures, setting: Setting, marks: Marks) -> None:
    """The same of the children of each year group, and of those in care for a year."""
    known = children.of_cohort(connection, frame, EVERYTHING, frame.start, frame.end)
    years = {child: setting.year_group(child) for child in marks}
    for group in set(years.values()):
        inside = known.loc[holds(known, Narrowing(year_group=group), frame.as_at), "child_key"]
        own = {child: own for child, own in marks.items() if years[child] == group}
        part = narrowed(of, set(inside))
        assert part.figures == pytest.approx(second.of_marks(own))
        _same(part, own)
    on = day_of(A_YEAR, frame.end)
    a_year = a_year_in_care(week.care_spans(connection, frame.known_on), on)
    inside = known.loc[holds(known, Narrowing(looked_after_12_months=A_YEAR), frame.as_at, a_year), "child_key"]
    own = {child: own for child, own in marks.items() if _in_care_a_year(setting, child, on)}
    assert narrowed(of, set(inside)).figures == pytest.approx(second.of_marks(own))


def _in_care_a_year(setting: Setting, child: str, on: date) -> bool:
    first = date(on.year - 1, on.month, min(on.day, 28) if on.month == 2 else on.day) + timedelta(1)
    return all(setting.in_care(child, first + timedelta(count)) for count in range((on - first).days + 1))

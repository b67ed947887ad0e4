"""Cells to look at: listed once, closed by what corrects them, open again when that is undone."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.intake.kind_files import BY, FIRST, FULL, SECOND, THIRD, csv_bytes, taken_in
from vs_core.access.viewer import Viewer
from vs_core.casework import imports
from vs_core.intake.undo import undo
from vs_core.queries import ledger
from vs_core.store.engine import reading

HEAD = Viewer(1, "head", "A Head", "headteacher", "session 1", sees_restricted=True)
EPISODE = {**FULL["ssda903-episodes"], "RNE": ""}
SATURDAY = {"child_id": "1", "date": "12/09/2026", "session": "AM", "code": "/"}
NOTICE = {name: cell for name, cell in FULL["exclusions"].items() if name != "notice_id"} | {"sessions": ""}


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    year = {"la": "Westmere", "academic_year": "2026/27", "what": "half term 1"}
    taken_in(emptied, "calendar", csv_bytes([{**year, "start": "01/09/2026", "end": "23/10/2026"}]), FIRST)
    return emptied


def open_ones(engine: Engine) -> list[tuple[int, str]]:
    with reading(engine) as connection:
        found = sorted((row.import_id, row.column_name) for row in connection.execute(ledger.to_look_at(100)))
        assert connection.scalar(ledger.number_to_look_at()) == len(found)
    return found


FILES = {
    "an empty code": ("ssda903-episodes", [EPISODE], "RNE"),
    "a suspension without its length": ("exclusions", [NOTICE, {**NOTICE, "sessions": "6"}], "sessions"),
    "a mark on a closed day": ("attendance", [SATURDAY], "date"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_says_it_again_does_not_ask_twice(engine: Engine, what: str) -> None:
    kind, rows, column = FILES[what]
    first = taken_in(engine, kind, csv_bytes(rows))
    assert open_ones(engine) == [(first.import_id, column)]
    assert "1 cell was taken in that somebody should look at:" in first.lines()
    second = taken_in(engine, kind, csv_bytes(rows), SECOND)
    assert open_ones(engine) == [(second.import_id, column)]
    assert "1 cell that was noticed before still needs a look, on the Data page." in second.lines()
    assert [problem for problem in second.problems if problem.severity == "query"] == []
    undo(engine, second.import_id or 0, by=BY, known_on=THIRD)
    assert open_ones(engine) == [(first.import_id, column)]


def test_a_correction_closes_the_question_and_its_undoing_opens_it(engine: Engine) -> None:
    first = taken_in(engine, "ssda903-episodes", csv_bytes([EPISODE, {**EPISODE, "CHILD": "00124"}]))
    second = taken_in(engine, "ssda903-episodes", csv_bytes([FULL["ssda903-episodes"]]), SECOND)
    assert open_ones(engine) == [(first.import_id, "RNE")]
    undo(engine, second.import_id or 0, by=BY, known_on=THIRD)
    assert len(open_ones(engine)) == 2
    taken_in(engine, "ssda903-episodes", csv_bytes([FULL["ssda903-episodes"]]), THIRD)
    assert len(open_ones(engine)) == 1


def test_a_file_without_the_column_or_of_an_earlier_day_closes_nothing(engine: Engine) -> None:
    asked = {**FULL["pp-requests"], "approved_amount": "999999"}
    first = taken_in(engine, "pp-requests", csv_bytes([asked]), SECOND)
    right = {**asked, "approved_amount": "1"}
    taken_in(engine, "pp-requests", csv_bytes([right]), FIRST)
    taken_in(engine, "pp-requests", csv_bytes([{n: c for n, c in right.items() if n != "approved_amount"}]), THIRD)
    assert open_ones(engine) == [(first.import_id, "approved_amount")]
    taken_in(engine, "pp-requests", csv_bytes([right]), THIRD)
    assert open_ones(engine) == []


def test_a_row_that_one_further_down_replaces_is_not_asked_about(engine: Engine) -> None:
    told = taken_in(engine, "ssda903-episodes", csv_bytes([EPISODE, FULL["ssda903-episodes"]]))
    assert (told.counts.corrected, told.problems, open_ones(engine)) == (1, (), [])


def test_a_refused_row_that_is_corrected_answers_its_question(engine: Engine) -> None:
    taken_in(engine, "ssda903-episodes", csv_bytes([EPISODE]))
    taken_in(engine, "ssda903-episodes", csv_bytes([{**FULL["ssda903-episodes"], "LS": "Z9"}]), SECOND)
    assert len(open_ones(engine)) == 1
    with reading(engine) as connection:
        (waiting,) = connection.execute(ledger.refused("ssda903-episodes")).all()
    imports.offer_again(HEAD, waiting.id, {"LS": FULL["ssda903-episodes"]["LS"]}, THIRD, engine)
    assert open_ones(engine) == []

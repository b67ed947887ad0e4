"""The workbook: every figure that the command prints, with what it means; no formula, no author, nothing hidden."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from sqlalchemy import Connection

from tests.reports.conftest import ASKED, Small
from tests.reports.files import inside, names_in, sheet_rows
from vs_core import figures
from vs_core.access import roles
from vs_core.access.viewer import EVERYTHING, Viewer
from vs_core.reports import workbook
from vs_core.reports.asked import Asked
from vs_core.reports.reader import Reader, of_viewer
from vs_core.rules.frame import SUBJECTS


def cells(data: bytes, subject: str) -> list:
    return [row["Value"] for row in sheet_rows(data) if row["Subject"] == workbook.SUBJECT_WORDS[subject]]


def printed(connection: Connection, subject: str, asked: Asked = ASKED) -> list:
    """The values of a subject as the command prints them; money in pounds."""
    of = figures.compute(connection, subject, asked.frame(subject), asked.reader.scope)
    return [_cell(key, value) for key, value in of.flat.items()]


def _cell(key: str, value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value / 100 if key.endswith("_pence") and isinstance(value, int) else value


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_figure_is_the_one_that_the_command_prints(
    small_reports: Small, connection: Connection, subject: str
) -> None:
    shown = cells(small_reports.content("workbook"), subject)
    assert len(shown) > 1
    assert shown == pytest.approx(printed(connection, subject))


def test_a_row_says_what_it_means_and_over_which_days(small_reports: Small) -> None:
    rows = sheet_rows(small_reports.content("workbook"))
    row = next(row for row in rows if row["Figure"] == "Persistently absent" and row["Unit"] == "count")
    meaning = figures.measure("attendance", "persistently_absent")
    assert (row["Meaning"], row["Rule"], row["Source"]) == (meaning.meaning, meaning.rule, meaning.source)
    assert (row["From"].date(), row["To"].date()) == (date(2026, 9, 1), date(2026, 11, 23))
    assert list(row) == list(workbook.COLUMNS)


def test_a_change_is_the_one_of_the_page(small_reports: Small, connection: Connection) -> None:
    from vs_core.figures.changes import changes

    compared = changes(connection, "pep", ASKED.frame("pep"))
    rows = sheet_rows(small_reports.content("workbook"))
    row = next(row for row in rows if row["Figure"] == "Plans completed")
    assert row["Change since last week"] == compared.difference("completed")
    assert row["Change since last week"] not in (None, 0)


def test_breakdowns_add_up_to_their_figure(small_reports: Small, connection: Connection) -> None:
    data = small_reports.content("workbook")
    for subject, column, key in (
        ("cohort", "In care", "in_care"),
        ("attendance", "Children", "children"),
        ("attendance", "Persistently absent", "persistently_absent"),
        ("exclusions", "Suspensions", "suspensions"),
    ):
        rows = sheet_rows(data, workbook.SUBJECT_WORDS[subject])
        own = figures.compute(connection, subject, ASKED.frame(subject)).figures[key]
        assert sum(row[column] for row in rows) == own


def test_nothing_in_it_runs_is_hidden_or_names_anybody(small_reports: Small, connection: Connection) -> None:
    data = workbook.content(connection, replace(ASKED, authority='=HYPERLINK("http://192.0.2.1/","x")'))
    book = openpyxl.load_workbook(io.BytesIO(data))
    every = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in every if cell.data_type == "f" or cell.hyperlink]
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy
    assert names_in(connection, " ".join(str(cell.value) for cell in every)) == set()
    assert "<f>" not in inside(data)


def test_a_past_day(small_reports: Small, connection: Connection) -> None:
    asked = Asked(date(2026, 11, 9), date(2026, 11, 9), "Westmere")
    data = small_reports.content("workbook", asked)
    assert cells(data, "attendance") == pytest.approx(printed(connection, "attendance", asked))
    assert cells(data, "attendance") != cells(small_reports.content("workbook"), "attendance")


def test_without_data_no_figure_is_0(nothing_yet: Connection) -> None:
    data = workbook.content(nothing_yet, ASKED)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert workbook.NOTHING in [row[0] for row in book["Figures"].iter_rows(values_only=True)]
    assert book.sheetnames == ["Figures"]
    rows = [row for row in sheet_rows(data) if row["Subject"] not in ("Actions", "Projects")]
    assert len(rows) > 30
    known = [row["Figure"] for row in rows if row["Value"] is not None]
    assert [figure for figure in known if figure not in ("Financial year", "All children known")] == []
    assert all(row["Note"] for row in rows if row["Value"] is None)


def viewer(role: str) -> Viewer:
    return Viewer(1, role, role, role, "session", "A. Person" if role == "adviser" else None)


def test_a_person_gets_what_the_pages_show(small_reports: Small) -> None:
    assert of_viewer(viewer("headteacher")) == Reader(replace(EVERYTHING, restricted=False), SUBJECTS)
    adviser = of_viewer(viewer("adviser"))
    assert adviser.scope.adviser == "A. Person"
    assert "training" not in adviser.subjects
    assert adviser.sees_money
    analyst = of_viewer(viewer("analyst"))
    assert not analyst.scope.names
    with pytest.raises(PermissionError):
        of_viewer(viewer("administrator"))


def test_without_the_right_to_money_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    poorer = replace(roles.ROLES["inclusion"], rights=roles.ROLES["inclusion"].rights - {roles.SEE_MONEY})
    monkeypatch.setitem(roles.ROLES, "inclusion", poorer)
    assert "pp-plus" not in of_viewer(viewer("inclusion")).subjects


def test_subjects_that_are_not_the_reader_s_are_left_out(small_reports: Small) -> None:
    asked = replace(ASKED, reader=Reader(EVERYTHING, ("cohort", "attendance")))
    data = small_reports.content("workbook", asked)
    assert {row["Subject"] for row in sheet_rows(data)} == {"Children in care", "Attendance"}
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["Figures", "Children in care", "Attendance"]

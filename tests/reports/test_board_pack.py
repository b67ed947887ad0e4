"""The board pack: real Word, the command's figures, nobody's name, and no number that gives few children away."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import docx
import numpy as np
import pytest
from docx.oxml.ns import qn
from sqlalchemy import Connection

from tests.queries.written import Written
from tests.reports.conftest import ASKED, Small
from tests.reports.files import alternatives, inside, names_in, word_row, word_tables, word_text
from vs_core import figures
from vs_core.reports import board_counts, board_pack
from vs_core.reports.asked import Asked
from vs_core.reports.board_figures import Board, board
from vs_core.rules import words
from vs_core.rules.suppression import Sum

HOSTILE = "=cmd() <w:p/> ]]> & \x00\x1b <script>alert(1)</script>"
FIGURES = [
    ("Children in care", "cohort", "in_care"),
    ("Attendance, year to date", "attendance", "attendance_percent"),
    ("Persistently absent", "attendance", "persistently_absent_percent"),
    ("Plans due", "pep", "due"),
    ("Paid", "pp-plus", "paid_pence"),
    ("Forecast to 31 March", "pp-plus", "forecast_pence"),
]


def printed(connection: Connection, subject: str, key: str, asked: Asked = ASKED) -> str:
    value = figures.compute(connection, subject, asked.frame(subject), asked.reader.scope).figures[key]
    return words.figure(value, figures.measure(subject, key).unit) or words.NOT_YET


@pytest.mark.parametrize(("label", "subject", "key"), FIGURES)
def test_a_figure_is_the_one_that_the_command_prints(
    small_reports: Small, connection: Connection, label: str, subject: str, key: str
) -> None:
    assert word_row(small_reports.content("board-pack"), label)[1] == printed(connection, subject, key)


def test_a_past_day_has_that_day_s_figures(small_reports: Small, connection: Connection) -> None:
    asked = Asked(date(2026, 11, 9), date(2026, 11, 9), "Westmere")
    data = small_reports.content("board-pack", asked)
    assert "as at 9 November 2026 and as it was known on that day" in word_text(data)
    for label, subject, key in FIGURES[:3]:
        assert word_row(data, label)[1] == printed(connection, subject, key, asked)


def test_it_names_no_child_and_no_author(small_reports: Small, connection: Connection) -> None:
    data = small_reports.content("board-pack")
    assert names_in(connection, word_text(data)) == set()
    own = docx.Document(io.BytesIO(data)).core_properties
    assert [own.author, own.last_modified_by, own.comments, own.keywords] == [""] * 4
    assert own.title == "Report to the corporate parenting board"
    assert own.language == "en-GB"
    assert "python-docx" not in inside(data)
    assert "thumbnail" not in inside(data)


def test_it_is_built_of_headings_header_rows_and_described_pictures(small_reports: Small) -> None:
    data = small_reports.content("board-pack")
    document = docx.Document(io.BytesIO(data))
    headings = [each.text for each in document.paragraphs if each.style.name.startswith("Heading 1")]
    assert headings[:3] == ["Commentary", "Headline figures", "Children in care"]
    assert len(document.tables) > 8
    for table in document.tables:
        assert table.rows[0]._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
    assert len(document.inline_shapes) >= 2
    assert all(alternatives(data))


def test_benchmarks_stand_beside_with_year_and_source(small_reports: Small) -> None:
    data = small_reports.content("board-pack", replace(ASKED, authority="Essex"))
    assert word_row(data, "Attendance, year to date")[2].startswith(
        "England 91.0%, East of England 92.2%, Essex 92.2% (2024/25)"
    )
    assert word_row(data, "Essex, children in care") == ["Essex, children in care", "92.2%", "14.9%", "7.0%", "2024/25"]
    assert "Department for Education, Outcomes for children in need" in word_text(data)


def everybody_and_each_caseload(small_reports: Small) -> Iterator[tuple[Asked, bytes]]:
    for asked in (ASKED, small_reports.caseload()):
        yield asked, small_reports.content("board-pack", asked)


def test_no_small_number_is_shown(small_reports: Small, connection: Connection) -> None:
    for asked, data in everybody_and_each_caseload(small_reports):
        counts = board(connection, asked).counts
        small = [name for name, count in counts.exact.items() if 1 <= count <= 5]
        assert small
        assert [name for name in small if counts.counts[name] is not None] == []
        cells = [cell for table in word_tables(data) for row in table for cell in row[1:2]]
        assert [cell for cell in cells if re.fullmatch(r"[1-5]", cell)] == []
        assert "c" in cells


def test_no_hidden_number_can_be_worked_out(
    small_reports: Small, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second opinion: a hidden small count must not be fixed by the sums and everything that is printed."""
    for asked in (ASKED, small_reports.caseload()):
        sums: list[Sum] = []
        monkeypatch.setattr(board_counts, "safe_counts", _remembering(board_counts.safe_counts, sums))
        counts = board(connection, asked).counts
        monkeypatch.undo()
        hidden = sorted({name for each in sums for name in each.names if is_unknown(counts.counts[name], name)})
        system = np.array([[(name in s.parts) - (name == s.whole) for name in hidden] for s in sums], dtype=float)
        for place, name in enumerate(hidden):
            if 1 <= counts.exact[name] <= 5:
                one = np.eye(len(hidden))[place]
                assert np.linalg.matrix_rank(np.vstack([system, one])) > np.linalg.matrix_rank(system), name


def is_unknown(shown: int | None, name: str) -> bool:
    """What a reader does not have: hidden counts, and those that are never printed."""
    return shown is None or name.startswith(("rest of ", "of school age", "ways out"))


def _remembering(hide, sums: list[Sum]):  # type: ignore[no-untyped-def]
    def hiding(counts, given, *bounds, **options):  # type: ignore[no-untyped-def]
        sums[:] = [each for each in given if counts[each.whole] == sum(counts[part] for part in each.parts)]
        return hide(counts, given, *bounds, **options)

    return hiding


def test_a_percentage_hides_with_its_part_its_rest_and_its_whole(small_reports: Small, connection: Connection) -> None:
    of = board(connection, small_reports.caseload())
    for part, whole in (
        ("attendance.persistently_absent", "attendance.children"),
        ("attendance.severely_absent", "attendance.children"),
        ("pep.completed", "pep.due"),
        ("pep.green", "pep.rated"),
        ("post-16.in_education_employment_training", "post-16.young"),
    ):
        hidden = any(of.counts.counts[name] is None for name in (part, f"rest of {part}", whole))
        assert (of.percent(part, whole) == "c") == hidden


ON = date(2024, 11, 20)


def small_board(written: Written, notices: int, of: int) -> Iterator[Board]:
    """Children in care, and permanent exclusions of some of them, from as many notices."""
    for number in range(of):
        child = f"C{number}"
        written.child(child, born_on="2014-05-01")
        written.care(child, "2023-01-01")
    for number in range(notices):
        written.row(
            "exclusion",
            child=f"C{number}",
            started_on="2024-10-01",
            sessions=1,
            notice_key=f"N{number}",
            category="PERM",
            reason1="PP",
        )
    written.arrive("exclusions")
    with written.reading() as connection:
        yield board(connection, Asked(ON))


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (1, "c"), (5, "c"), (6, "6")])
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_edges_of_a_small_number(written: Written, count: int, shown: str) -> None:
    for of in small_board(written, count, 12):
        assert of.count("exclusions.permanent_exclusions") == shown


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_whole_and_the_rest_are_small_too(written: Written) -> None:
    for of in small_board(written, 0, 5):
        assert of.count("cohort.in_care") == "c"
        assert of.count("year.6") == "c"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_many_suspensions_of_few_children_are_hidden(written: Written) -> None:
    for number in range(9):
        written.child(f"S{number}", born_on="2014-05-01")
        written.care(f"S{number}", "2023-01-01")
    for number in range(8):
        written.row(
            "exclusion",
            child="S0",
            started_on=f"2024-10-{number + 1:02}",
            notice_key=f"N{number}",
            category="SUSP",
            sessions=2,
            reason1="DR",
        )
    written.arrive("exclusions")
    with written.reading() as connection:
        of = board(connection, Asked(ON))
        data = board_pack.content(connection, Asked(ON))
    assert of.of["exclusions"].figures["suspensions"] == 8
    assert of.count("exclusions.suspensions") == "c"
    assert of.reasons.empty
    assert word_row(data, "Days of suspension")[1] == "c"
    assert "Drug" not in word_text(data)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_one_table_does_not_give_away_what_another_hides(written: Written) -> None:
    """Ten in Year 11 stand in one table: seven without an offer in another would say that three have one."""
    for number in range(10):
        written.child(f"C{number}", born_on="2009-03-01")
        written.care(f"C{number}", "2023-01-01")
        written.row("destination", child=f"C{number}", on="2024-10-01", offer="Yes" if number < 3 else "No")
    with written.reading() as connection:
        of = board(connection, Asked(ON))
    assert of.of["post-16"].figures["year_11_without_offer"] == 7
    assert of.count("year.11") == "10"
    assert of.count("post-16.year_11_without_offer") == "c"


def test_text_from_outside_is_shown_as_it_is(connection: Connection) -> None:
    said = word_text(board_pack.content(connection, replace(ASKED, authority=HOSTILE)))
    assert "=cmd() <w:p/> ]]> &  <script>alert(1)</script>" in said


def test_without_data_it_says_so_and_no_figure_is_0(nothing_yet: Connection) -> None:
    data = board_pack.content(nothing_yet, ASKED)
    assert board_pack.NOTHING in word_text(data)
    assert word_tables(data) == []


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_has_not_arrived_is_not_0(written: Written) -> None:
    written.child("A", born_on="2014-05-01")
    written.care("A", "2023-01-01")
    with written.reading() as connection:
        data = board_pack.content(connection, Asked(ON))
    assert word_row(data, "Suspensions")[1] == words.NOT_YET
    assert word_row(data, "Attendance, year to date")[1] == words.NOT_YET
    assert "no file of exclusions has arrived yet" in word_text(data)


def test_one_caseload_and_no_money(small_reports: Small, connection: Connection) -> None:
    asked = small_reports.caseload()
    data = small_reports.content("board-pack", asked)
    assert word_row(data, "Children in care")[1] == printed(connection, "cohort", "in_care", asked)
    reader = replace(ASKED.reader, subjects=("cohort", "attendance"))
    assert "£" not in word_text(small_reports.content("board-pack", replace(ASKED, reader=reader)))

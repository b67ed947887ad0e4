"""export of the reports: the ending that each demands, the trail, a past day, an authority without data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from tests.commands.line import CommandLine, command_line
from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.reports.files import pdf_text, sheet_rows, word_text
from vs_core.reports.catalogue import REPORTS
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import engine_for, reading

BEGINS = {".pdf": b"%PDF-", ".docx": b"PK", ".xlsx": b"PK"}


@pytest.fixture
def small_line(small_authority_file: str) -> Iterator[CommandLine]:
    with command_line(small_authority_file, VS_AUTHORITY="Westmere") as made:
        yield made


@pytest.mark.parametrize("what", REPORTS)
def test_a_report_is_written_and_told_to_the_trail(
    small_line: CommandLine, small_authority_file: str, tmp_path: Path, what: str
) -> None:
    file = tmp_path / f"out{REPORTS[what].suffix}"
    answer = small_line("export", what, "--as-at", SMALL_AUTHORITY_AS_AT, "--out", file)
    assert (answer.status, answer.err) == (0, "")
    assert file.read_bytes().startswith(BEGINS[file.suffix])
    assert told(engine_for(small_authority_file))[-1] == ("export", what)


def told(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        rows = connection.execute(select(audit_event.c.what, audit_event.c.subject).order_by(audit_event.c.id)).all()
    engine.dispose()
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("what", REPORTS)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_another_ending_is_refused_in_a_sentence(line: CommandLine, tmp_path: Path, what: str) -> None:
    suffix = REPORTS[what].suffix
    for wrong in {".csv", ".pdf", ".docx", ".xlsx", ".PD", ""} - {suffix}:
        file = tmp_path / f"out{wrong}"
        answer = line("export", what, "--out", file)
        assert (answer.status, answer.out) == (2, "")
        assert answer.err.strip() == f"The file {file.name} must end in {suffix}."
        assert not file.exists()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_is_no_report_is_told_which_there_are(line: CommandLine, tmp_path: Path) -> None:
    answer = line("export", "monthly-brief", "--out", tmp_path / "out.csv")
    assert answer.status == 2
    assert "The reports: weekly-brief, board-pack, workbook." in answer.err
    assert line("export", "children", "--out", tmp_path / "out.pdf").err.strip().endswith("must end in .csv or .xlsx.")


def test_an_authority_without_data_is_said_to_be_one(line: CommandLine, tmp_path: Path) -> None:
    read = {".pdf": pdf_text, ".docx": word_text, ".xlsx": lambda data: str(sheet_rows(data))}
    for what, report in REPORTS.items():
        file = tmp_path / f"out{report.suffix}"
        answer = line("export", what, "--as-at", "2026-03-02", "--out", file)
        assert (answer.status, answer.err) == (0, "")
        assert "arrived yet" in read[report.suffix](file.read_bytes())


@pytest.mark.parametrize("day", ["2026-09-01", "2026-08-31", "2027-02-28"])
def test_a_day_without_marks_or_a_week_before(small_line: CommandLine, tmp_path: Path, day: str) -> None:
    for what, report in REPORTS.items():
        answer = small_line("export", what, "--as-at", day, "--out", tmp_path / f"out{report.suffix}")
        assert (answer.status, answer.err) == (0, "")


def test_a_past_day(small_line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "brief.pdf"
    assert small_line("export", "weekly-brief", "--as-at", "09/11/2026", "--out", file).status == 0
    assert "Monday 9 November 2026, compared with 2 November" in pdf_text(file.read_bytes())

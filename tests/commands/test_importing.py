"""import, undo and export: what they print, what they keep, and their exit status."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import Engine, select

from tests.commands.line import CommandLine, command_line
from vs_core.access import trail
from vs_core.intake.kinds import KINDS
from vs_core.store import schema
from vs_core.store.access_tables import audit_event
from vs_core.store.copying import row_counts
from vs_core.store.engine import reading

GOOD = "child_id,cohort,start\nC1,kinship,2025-09-01\nC2,kinship,2025-09-01\n"
HALF_GOOD = "child_id,cohort,start\nC1,kinship,2025-09-01\nC2,cousins,2025-09-01\nC3,kinship,31/31/2025\n"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return written(tmp_path, "good.csv", GOOD)


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_text(text, encoding=encoding)
    return file


def rows_by_table(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return row_counts(connection)


def table_of(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def test_a_file_without_a_fault_ends_with_0(line: CommandLine, good: Path) -> None:
    answer = line("import", "cohorts", good)
    assert (answer.status, answer.err) == (0, "")
    assert "2 rows in = 2 inserted + 0 unchanged + 0 corrected + 0 rejected." in answer.out


def test_a_rejected_row_ends_with_1_and_is_named(line: CommandLine, tmp_path: Path) -> None:
    answer = line("import", "cohorts", written(tmp_path, "half.csv", HALF_GOOD))
    assert answer.status == 1
    assert "3 rows in = 1 inserted + 0 unchanged + 0 corrected + 2 rejected." in answer.out
    assert "Row 3, cohort: 'cousins' is not one of:" in answer.out
    assert "Row 4, start: " in answer.out


WRONG = {
    "no such kind": ["import", "cousins", "good.csv"],
    "no such file": ["import", "cohorts", "none.csv"],
    "a kind that the file is not": ["import", "peps", "good.csv"],
    "no such encoding": ["import", "cohorts", "good.csv", "--encoding", "klingon"],
    "an encoding of nothing": ["import", "cohorts", "good.csv", "--encoding", "undefined"],
    "no such mapping": ["import", "cohorts", "good.csv", "--mapping", "none.toml"],
    "a day that is still to come": ["import", "cohorts", "good.csv", "--known-on", "2199-12-31"],
    "a trial of a day to come": ["import", "cohorts", "good.csv", "--known-on", "2199-12-31", "--dry-run"],
    "no date": ["import", "cohorts", "good.csv", "--known-on", "31/02/2026"],
    "nothing to undo": ["undo", "999"],
    "a number that no import has": ["undo", "99999999999999999999"],
    "no such export": ["export", "cousins", "--out", "x.csv"],
    "an export into no folder": ["export", "cohorts", "--out", "none/x.csv"],
    "refused rows of no kind": ["export", "rejected:cousins", "--out", "x.csv"],
    "refused rows of a past day": ["export", "rejected:cohorts", "--as-at", "2026-01-01", "--out", "x.csv"],
    "an export of no kind of file": ["export", "cohorts", "--out", "x.pdf"],
    "no command": [],
    "no such command": ["sing"],
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_call_ends_with_2_and_keeps_nothing(
    line: CommandLine, engine: Engine, good: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.chdir(good.parent)
    line("users", "list")
    before = rows_by_table(engine)
    answer = line(*WRONG[what])
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.strip()
    assert "Traceback" not in answer.err
    assert rows_by_table(engine) == before
    assert [path.name for path in good.parent.iterdir()] == ["good.csv"]


def test_a_dry_run_keeps_nothing(line: CommandLine, engine: Engine, tmp_path: Path) -> None:
    line("users", "list")
    before = rows_by_table(engine)
    answer = line("import", "cohorts", written(tmp_path, "half.csv", HALF_GOOD), "--dry-run")
    assert answer.status == 1
    assert "3 rows in = 1 inserted" in answer.out
    assert "This was a dry run: nothing was kept." in answer.out
    assert rows_by_table(engine) == before


def test_known_on_dates_a_late_delivery(line: CommandLine, good: Path) -> None:
    line("import", "cohorts", good, "--known-on", "15/10/2025")
    figures = ("figures", "cohort", "--as-at", "2025-10-20", "--json")
    assert line(*figures, "--known-on", "2025-10-15").json["cohort"]["kinship"] == 2
    assert line(*figures, "--known-on", "2025-10-14").json["cohort"]["kinship"] is None
    assert line(*figures).json["cohort"]["kinship"] == 2


def test_an_import_and_its_undoing_are_on_the_trail(line: CommandLine, engine: Engine, good: Path) -> None:
    line("import", "cohorts", good, "--known-on", "2025-10-15")
    with reading(engine) as connection:
        number = connection.scalar(select(schema.import_ledger.c.id).where(schema.import_ledger.c.kind == "cohorts"))
    answer = line("undo", number)
    assert (answer.status, answer.err) == (0, "")
    assert f"Import {number} (cohorts, good.csv) is undone" in answer.out
    assert line("undo", number).status == 2
    with reading(engine) as connection:
        told = connection.execute(select(audit_event.c.what, audit_event.c.subject).order_by(audit_event.c.id)).all()
        assert [tuple(row) for row in told] == [("import", str(number)), ("import undone", str(number))]
        assert trail.first_broken(connection) is None


def test_a_mapping_gives_a_council_s_own_names(line: CommandLine, tmp_path: Path) -> None:
    own = written(tmp_path, "own.csv", "Pupil ref,Group,From\nC1,K,2025-09-01\n")
    mapping = '[columns]\n"Pupil ref" = "child_id"\nGroup = "cohort"\nFrom = "start"\n[values.cohort]\nK = "kinship"\n'
    assert line("import", "cohorts", own).status == 2
    answer = line("import", "cohorts", own, "--mapping", written(tmp_path, "own.toml", mapping))
    assert (answer.status, answer.err) == (0, "")


def test_a_mapping_is_found_in_its_folder(prepared_url: str, tmp_path: Path) -> None:
    own = written(tmp_path, "own.csv", "Pupil ref,cohort,start\nC1,kinship,2025-09-01\n")
    (tmp_path / "mappings").mkdir()
    written(tmp_path / "mappings", "ours.toml", '[columns]\n"Pupil ref" = "child_id"\n')
    with command_line(prepared_url, VS_MAPPING_FOLDER=str(tmp_path / "mappings")) as line:
        assert line("import", "cohorts", own, "--mapping", "ours").status == 0


def test_an_encoding_can_be_named(line: CommandLine, tmp_path: Path) -> None:
    file = written(tmp_path, "s.csv", "URN,EstablishmentName\n999001,Ysgol Tŷ Gwyn\n", "utf-16")
    assert line("import", "schools", file).status == 2
    answer = line("import", "schools", file, "--encoding", "utf-16")
    assert answer.status == 0
    assert "read as utf-16" in answer.out
    line("export", "schools", "--out", tmp_path / "out.csv")
    assert table_of(tmp_path / "out.csv")[0]["EstablishmentName"] == "Ysgol Tŷ Gwyn"


def test_a_sheet_of_a_workbook_can_be_named(line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name, child in (("first", "C1"), ("second", "C2")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["child_id", "cohort", "start"])
            sheet.write_row(1, 0, [child, "kinship", "2025-09-01"])
    several = line("import", "cohorts", file)
    assert several.status == 2
    assert "'first', 'second'" in several.err
    assert line("import", "cohorts", file, "--sheet", "second").status == 0
    line("export", "cohorts", "--out", tmp_path / "out.csv")
    assert [row["child_id"] for row in table_of(tmp_path / "out.csv")] == ["C2"]


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_everything_can_be_exported_from_an_empty_authority(line: CommandLine, tmp_path: Path, what: str) -> None:
    for suffix in ("csv", "xlsx"):
        answer = line("export", what, "--out", tmp_path / f"out.{suffix}")
        assert (answer.status, answer.err) == (0, "")
        assert (tmp_path / f"out.{suffix}").stat().st_size > 0


def test_rejected_rows_are_exported_corrected_and_taken_in(line: CommandLine, engine: Engine, tmp_path: Path) -> None:
    line("import", "cohorts", written(tmp_path, "half.csv", HALF_GOOD))
    file = tmp_path / "refused.csv"
    assert line("export", "rejected:cohorts", "--out", file).status == 0
    text = file.read_text(encoding="utf-8-sig")
    first, second = table_of(file)
    assert "is not one of" in first["why it was refused"]
    assert (second["child_id"], second["start"]) == ("C3", "31/31/2025")
    file.write_text(text.replace("C2,cousins", "C2,kinship"))
    answer = line("import", "cohorts", file)
    assert answer.status == 1
    assert "2 rows in = 1 inserted + 0 unchanged + 0 corrected + 1 rejected." in answer.out
    assert states(engine) == ["taken in", "waiting"]
    file.write_text(text.replace("C2,cousins", "C2,kinship").replace("31/31/2025", "2025-10-31"))
    assert line("import", "cohorts", file).status == 0
    assert states(engine) == ["taken in", "taken in"]
    answer = line("export", "rejected:cohorts", "--out", tmp_path / "none.csv")
    assert (answer.status, answer.out) == (0, "No refused row of cohorts waits: nothing was written.\n")
    assert not (tmp_path / "none.csv").exists()
    assert line("check").status == 0


def states(engine: Engine) -> list[str]:
    table = schema.rejected_row.c
    with reading(engine) as connection:
        return list(connection.execute(select(table.state).order_by(table.id)).scalars())

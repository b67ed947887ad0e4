"""export: whole or not at all, together with its record; days of happening and of knowing; refused rows to correct."""

from __future__ import annotations

import csv
import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import OperationalError

from tests.commands.line import CommandLine, command_line
from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.reports.files import pdf_text
from vs_core.commands import exporting
from vs_core.intake.kinds import KINDS
from vs_core.intake.layout import xlsx_file
from vs_core.intake.refused import as_table, lacking
from vs_core.reports.catalogue import REPORTS
from vs_core.rules.excel import LONGEST_CELL, MOST_ROWS
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import reading, writing

COHORTS = "child_id,cohort,start\nC1,kinship,2025-09-01\nC2,kinship,2025-10-01\nC3,kinship,2025-11-01\n"
FORMER = b"what was there before"
EVERY_SORT = {"cohorts": "csv", "attendance": "xlsx", "rejected:cohorts": "csv", "cohort.in_care": "xlsx"} | {
    what: report.suffix[1:] for what, report in REPORTS.items()
}


def table_of(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))


def exports_told(engine: Engine) -> list[tuple[str, str]]:
    event = audit_event.c
    with reading(engine) as connection:
        found = connection.execute(select(event.subject, event.detail).where(event.what == "export").order_by(event.id))
        return [tuple(row) for row in found]


def brought_in(line: CommandLine, folder: Path, kind: str, text: str, *more: str) -> int:
    file = folder / f"{kind}_in.csv"
    file.write_text(text)
    status = line("import", kind, file, *more).status
    file.unlink()
    return status


@pytest.fixture
def filled(line: CommandLine, tmp_path: Path) -> CommandLine:
    """Three children of kinship, known since 15 October 2025, the third since 5 November; one row refused."""
    two = COHORTS.rsplit("C3", 1)[0]
    assert brought_in(line, tmp_path, "cohorts", two, "--known-on", "2025-10-15") == 0
    assert brought_in(line, tmp_path, "cohorts", COHORTS + "C4,cousins,2025-11-01\n", "--known-on", "2025-11-05") == 1
    return line


@contextmanager
def failing_at_its_end(engine: Engine) -> Iterator[Connection]:
    with writing(engine) as connection:
        yield connection
        raise OperationalError("COMMIT", {}, Exception("the server went away"))


def no_space(part: Path, content: bytes) -> None:
    with part.open("wb") as file:
        file.write(content[:5])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def no_replacing(*_: object) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


FAULTS = {
    "the disk is full": (Path, "write_bytes", no_space),
    "the file is open elsewhere": (os, "replace", no_replacing),
    "the record cannot be kept": (exporting, "writing", failing_at_its_end),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("there", [True, False], ids=["over a file", "a new file"])
def test_an_export_that_fails_leaves_file_and_trail_as_they_were(
    filled: CommandLine, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, there: bool
) -> None:
    file = tmp_path / "out.csv"
    if there:
        file.write_bytes(FORMER)
    with monkeypatch.context() as patch:
        patch.setattr(*FAULTS[fault])
        answer = filled("export", "cohorts", "--out", file)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.strip()
    assert exports_told(engine) == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == ({"out.csv": FORMER} if there else {})
    assert filled("export", "cohorts", "--out", file).status == 0
    assert len(exports_told(engine)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("what", EVERY_SORT)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_sort_of_export_is_whole_or_not_at_all(
    filled: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    file = tmp_path / f"out.{EVERY_SORT[what]}"
    file.write_bytes(FORMER)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", no_space)
        assert filled("export", what, "--as-at", "2025-11-20", "--out", file).status == 2
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [FORMER]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_file_that_nobody_else_may_read_stays_so(filled: CommandLine, tmp_path: Path) -> None:
    file, link = tmp_path / "out.csv", tmp_path / "link.csv"
    file.touch(0o600)
    link.symlink_to(file)
    assert filled("export", "cohorts", "--out", link).status == 0
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(table_of(file)) == 3


@pytest.mark.parametrize(
    ("days", "children"),
    [
        ([], ["C1", "C2", "C3"]),
        (["--as-at", "2025-10-31"], ["C1", "C2"]),
        (["--as-at", "2025-09-01"], ["C1"]),
        (["--as-at", "2025-08-31"], []),
        (["--known-on", "2025-11-05"], ["C1", "C2", "C3"]),
        (["--known-on", "2025-11-04"], ["C1", "C2"]),
        (["--known-on", "2025-10-14"], []),
        (["--known-on", "2025-11-04", "--as-at", "2025-09-30"], ["C1"]),
    ],
)
def test_days_of_happening_and_of_knowing(
    filled: CommandLine, engine: Engine, tmp_path: Path, days: list[str], children: list[str]
) -> None:
    file = tmp_path / "out.csv"
    assert filled("export", "cohorts", *days, "--out", file).status == 0
    assert [row["child_id"] for row in table_of(file)] == children
    ((_, detail),) = exports_told(engine)
    assert [day in detail for day in days[1::2]] == [True] * (len(days) // 2)


def test_every_kind_up_to_a_day(small_authority_url: str, tmp_path: Path) -> None:
    """Its own day is a column of its layout, no row is later, none of the others is left out."""
    day = "2026-10-05"
    with command_line(small_authority_url) as line:
        for name, kind in KINDS.items():
            every, some = tmp_path / "every.csv", tmp_path / "some.csv"
            assert line("export", name, "--out", every).status == 0
            answer = line("export", name, "--as-at", day, "--out", some)
            if not kind.happens_on:
                assert answer.out.endswith(f"Rows of {name} have no day of their own: --as-at left none out.\n")
                assert table_of(some) == table_of(every)
                continue
            column = kind.column(kind.happens_on).name
            assert table_of(some) == [row for row in table_of(every) if row[column] <= day], name
            assert "day of their own" not in answer.out


def test_a_list_behind_a_figure_as_it_was_known(small_authority_url: str, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    asked = ("--as-at", SMALL_AUTHORITY_AS_AT, "--known-on", "2026-10-05")
    with command_line(small_authority_url) as line:
        figures = line("figures", "exclusions", *asked, "--json").json["exclusions"]
        assert line("export", "exclusions.suspensions", *asked, "--out", file).status == 0
        assert len(table_of(file)) == figures["suspensions"]
        assert line("export", "exclusions.suspensions", "--as-at", SMALL_AUTHORITY_AS_AT, "--out", file).status == 0
    assert len(table_of(file)) > figures["suspensions"]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_report_as_it_was_known(small_authority_url: str, tmp_path: Path) -> None:
    file = tmp_path / "out.pdf"
    with command_line(small_authority_url, VS_AUTHORITY="Westmere") as line:
        asked = ("--as-at", SMALL_AUTHORITY_AS_AT, "--known-on", "2026-10-05")
        assert line("export", "weekly-brief", *asked, "--out", file).status == 0
    assert "Monday 23 November 2026, as known on 5 October 2026, compared with" in " ".join(
        pdf_text(file.read_bytes()).split()
    )


def test_refused_rows_have_every_column_that_must_be_there(line: CommandLine, tmp_path: Path) -> None:
    assert brought_in(line, tmp_path, "enrolments", "child_id,urn,start\nC1,990001\n") == 1
    file = tmp_path / "out.csv"
    assert line("export", "rejected:enrolments", "--out", file).status == 0
    (row,) = table_of(file)
    assert (row["child_id"], row["urn"], row["start"]) == ("C1", "990001", "")
    file.write_text(file.read_text(encoding="utf-8-sig").replace("990001,,", "990001,2026-09-01,"))
    assert line("import", "enrolments", file).status == 0
    answer = line("export", "rejected:enrolments", "--out", tmp_path / "none.csv")
    assert (answer.status, answer.out) == (0, "No refused row of enrolments waits: nothing was written.\n")
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.parametrize(
    ("kind", "names", "lacked"),
    [
        ("cohorts", ["child_id"], ["cohort", "start"]),
        ("attendance", ["pupil_id", "date"], ["session", "code"]),
        ("attendance", ["child_id", "date", "AM"], ["pm"]),
        ("attendance", ["child_id", "date", "am", "pm"], []),
        ("ssda903-uasc", [], ["CHILD", "DUC"]),
    ],
)
def test_what_a_refused_row_lacks(kind: str, names: list[str], lacked: list[str]) -> None:
    assert lacking(kind, names) == lacked
    header, rows = as_table(kind, [(7, dict.fromkeys(names, "x"), "why")])
    assert header == [*names, *lacked, "rejected_row", "why it was refused"]
    assert rows == [[*("x" for _ in names), *("" for _ in lacked), "7", "why"]]


def test_refused_rows_of_files_with_other_spellings_come_back_in_one_file(line: CommandLine, tmp_path: Path) -> None:
    assert brought_in(line, tmp_path, "enrolments", "child_id,urn,start\nC1,990001,x\n") == 1
    assert brought_in(line, tmp_path, "enrolments", "URN,Start,Child ID,remark\n990001,x,C2,new\n") == 1
    file = tmp_path / "out.csv"
    assert line("export", "rejected:enrolments", "--out", file).status == 0
    text = file.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "child_id,urn,start,remark,rejected_row,why it was refused"
    file.write_text(text.replace(",x,", ",2026-09-01,"))
    answer = line("import", "enrolments", file)
    assert answer.status == 0, answer
    assert "2 rows in = 2 inserted" in answer.out


def test_refused_marks_of_both_forms_come_back_in_one_file(line: CommandLine, tmp_path: Path) -> None:
    wide = "child_id,date,AM,PM\nC1,2026-09-15,/,??\nC2,2026-09-15,??,\n"
    assert brought_in(line, tmp_path, "attendance", wide) == 1
    assert brought_in(line, tmp_path, "attendance", "pupil_id,date,Session,code\nC3,2026-09-15,PM,??\n") == 1
    file = tmp_path / "out.csv"
    assert line("export", "rejected:attendance", "--out", file).status == 0
    assert [(row["child_id"], row["session"], row["code"]) for row in table_of(file)] == [
        ("C1", "AM", "/"),
        ("C1", "PM", "??"),
        ("C2", "AM", "??"),
        ("C3", "PM", "??"),
    ]
    file.write_text(file.read_text(encoding="utf-8-sig").replace(",??,", ",I,"))
    answer = line("import", "attendance", file)
    assert answer.status == 0, answer
    assert "4 rows in = 4 inserted" in answer.out
    assert "waits" in line("export", "rejected:attendance", "--out", file).out


TOO_LARGE = {
    "more rows than a sheet has": [["x"]] * MOST_ROWS,
    "a text that is too long": [["x" * (LONGEST_CELL + 1)]],
    "a text that Excel counts longer": [["\N{GRINNING FACE}" * (LONGEST_CELL // 2 + 1)]],
}


@pytest.mark.parametrize("what", TOO_LARGE)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_excel_cannot_hold_is_refused(
    filled: CommandLine, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(exporting, "current_rows", lambda *_: iter(TOO_LARGE[what]))
    answer = filled("export", "cohorts", "--out", tmp_path / "out.xlsx")
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.strip().endswith("take it as .csv instead.")
    assert list(tmp_path.iterdir()) == []
    assert exports_told(engine) == []
    assert filled("export", "cohorts", "--out", tmp_path / "out.csv").status == 0


def test_what_just_fits_into_excel_is_written() -> None:
    assert xlsx_file(["a"], [["x" * LONGEST_CELL], ["\N{GRINNING FACE}" * (LONGEST_CELL // 2)]])

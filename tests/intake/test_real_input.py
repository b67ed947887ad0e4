"""Public files, through the commands that their `expected.json` names, on both databases."""

from __future__ import annotations

import csv
import json
import lzma
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.commands.line import CommandLine, command_line
from vs_core.intake.reading import read
from vs_core.settings import ROOT
from vs_core.store import schema
from vs_core.store.engine import reading

REAL = ROOT / "tests" / "real_data"
SPECTRUM = REAL / "tricky" / "csv-spectrum"
COUNTS = re.compile(r"(\d+) rows in = (\d+) inserted \+ (\d+) unchanged \+ (\d+) corrected \+ (\d+) rejected\.")


@pytest.fixture
def line(prepared_url: str) -> Iterator[CommandLine]:
    with command_line(prepared_url) as made:
        yield made


def expected(folder: str) -> Any:
    return json.loads((REAL / folder / "expected.json").read_text(encoding="utf-8"))


def unpacked(packed: Path, folder: Path) -> Path:
    plain = folder / packed.stem
    plain.write_bytes(lzma.decompress(packed.read_bytes()))
    return plain


def counts(out: str) -> tuple[int, ...]:
    """rows in, inserted, unchanged, corrected, rejected, as the import printed them."""
    found = COUNTS.search(out)
    assert found, out
    return tuple(int(number) for number in found.groups())


def year_of(connection: Any, child_id: str) -> tuple[int, int]:
    year, child = schema.child_year.c, schema.child.c
    absent = year.authorised_absence_sessions + year.unauthorised_absence_sessions
    chosen = select(absent, year.possible_sessions).join(schema.child, child.id == year.child_key)
    return tuple(connection.execute(chosen.where(child.child_id == child_id)).one())


def test_the_register_of_a_county(line: CommandLine, engine: Engine, tmp_path: Path) -> None:
    folder = "attendance_essex_cla_2024-25"
    right, file = expected(folder), unpacked(REAL / folder / "sessions.csv.xz", tmp_path)
    taken = line("import", "attendance", file)
    assert (taken.status, counts(taken.out)) == (0, (right["rows"], right["rows"], 0, 0, 0))
    period = ("--from", "2024-09-01", "--to", "2025-07-31", "--as-at", "2025-07-31")
    found = line("figures", "attendance", "--cohort", "all", *period, "--json").json["attendance"]
    assert found["children"] == right["pupils"]
    assert found["possible_sessions"] == right["possible_sessions"]
    assert found["authorised_absence_sessions"] == right["authorised"]
    assert found["unauthorised_absence_sessions"] == right["unauthorised"]
    assert found["attendance_percent"] == pytest.approx(right["attendance_pct"], abs=5e-5)
    assert found["persistently_absent"] == right["persistent_absentees"]
    assert round(found["persistently_absent_percent"], 1) == right["persistent_pct"]
    assert found["severely_absent"] == right["severe_absentees"]
    assert round(found["severely_absent_percent"], 1) == right["severe_pct"]
    with reading(engine) as connection:
        for child, told in right["boundary_pupils"].items():
            assert f"{year_of(connection, child)[0]}/{year_of(connection, child)[1]} " in told


def test_the_suspensions_of_a_town(line: CommandLine) -> None:
    folder = "suspensions_southend_2016-17"
    right, file = expected(folder), REAL / folder / "suspensions.csv"
    taken = line("import", "exclusions", file)
    assert (taken.status, counts(taken.out)) == (0, (1553, 1553, 0, 0, 0))
    period = ("--from", "2016-09-01", "--to", "2017-08-31", "--as-at", "2017-08-31")
    found = line("figures", "exclusions", "--cohort", "all", *period, "--json").json["exclusions"]
    assert found["suspensions"] == right["suspensions"]
    assert found["suspended_children"] == right["pupils_with_one_or_more"]
    assert found["by_reason"] == right["by_reason"]
    assert found["days_lost"] == right["days_lost_generated(sessions/2)"]
    again = line("import", "exclusions", file)
    assert counts(again.out) == (1553, 0, 1553, 0, 0)
    assert "This very file was taken in before" in again.out
    assert "Nothing changed." in again.out


def queries(engine: Engine, column: str) -> int:
    table = schema.row_problem.c
    chosen = select(func.count()).where(table.severity == "query", table.rule == "empty cell")
    with reading(engine) as connection:
        return int(connection.execute(chosen.where(table.column_name == column)).scalar_one())


def test_a_faulty_statutory_return(line: CommandLine, engine: Engine) -> None:
    folder, right = REAL / "ssda903_2025", expected("ssda903_2025")
    header = line("import", "ssda903-header", folder / "SSDA903_2025_header.csv")
    assert header.status == 1
    assert counts(header.out)[::4] == (right["header_rows"], right["header_blank_child"])
    assert counts(header.out)[1] == right["header_children"]
    episodes = line("import", "ssda903-episodes", folder / "SSDA903_2025_episodes.csv")
    faults = right["episodes_rejected"]
    assert episodes.status == 1
    assert counts(episodes.out)[0] == right["episode_rows"]
    assert counts(episodes.out)[3:] == (right["episodes_repeated_key"], sum(faults.values()))
    assert len(re.findall(r"^Row \d+, CHILD:", episodes.out, re.M)) == faults["blank CHILD"]
    assert len(re.findall(r"^Row \d+, DECOM:", episodes.out, re.M)) == faults["blank or unreadable DECOM"]
    for column, number in right["episodes_taken_with_blank"].items():
        assert queries(engine, column) == number
    assert line("import", "ssda903-uasc", folder / "SSDA903_2025_uasc.csv").status in (0, 1)
    found = line("figures", "cohort", "--as-at", right["as_at"], "--json").json["cohort"]
    same = ("in_care", "in_care_with_short_breaks", "pp_plus_eligible", "pp_plus_eligible_with_short_breaks", "uasc")
    assert {name: found[name] for name in same} == {name: right[name] for name in same}
    assert line("check").status == 0


def test_every_school_of_the_country(line: CommandLine, engine: Engine, tmp_path: Path) -> None:
    file = unpacked(REAL / "schools" / "schools_gias_2025-07.csv.xz", tmp_path)
    taken = line("import", "schools", file)
    assert (taken.status, counts(taken.out)) == (0, (42_545, 42_545, 0, 0, 0))
    details, school = schema.school_details.c, schema.school.c
    chosen = select(details.name, details.opened_on, details.closed_on, details.town, details.postcode)
    with reading(engine) as connection:
        joined = chosen.join(schema.school, school.id == details.school_key)
        row = connection.execute(joined.where(school.urn == "100004")).one()
    closed = row.closed_on.isoformat()
    assert (row.name, row.opened_on, closed, row.town) == ("Sherborne Nursery School", None, "1992-08-31", "London")
    again = line("import", "schools", file)
    assert counts(again.out) == (42_545, 0, 42_545, 0, 0)


def test_a_sample_with_one_school_twice(line: CommandLine) -> None:
    taken = line("import", "schools", REAL / "schools" / "gias_lincoln_sample.csv")
    assert (taken.status, counts(taken.out)) == (0, (8, 7, 0, 1, 0))
    assert "Columns without a meaning here, ignored: SchoolWebsite." in taken.out


def test_the_full_extract_s_columns(line: CommandLine, tmp_path: Path) -> None:
    text = (REAL / "schools" / "edubasealldata_header.txt").read_text(encoding="utf-8")
    names = [name for name in next(csv.reader([",".join(text.splitlines())])) if name]
    cells = {"URN": "999001", "EstablishmentName": "Nowhere Primary", "OpenDate": "01-09-1999"}
    file = tmp_path / "edubase.csv"
    with file.open("w", newline="", encoding="windows-1252") as out:
        csv.writer(out).writerows([names, [cells.get(name, "") for name in names]])
    taken = line("import", "schools", file)
    assert len(names) == 140
    assert (taken.status, counts(taken.out)) == (0, (1, 1, 0, 0, 0))


@pytest.mark.parametrize("name", sorted(path.stem for path in (SPECTRUM / "csvs").glob("*.csv")))
def test_csv_spectrum(name: str) -> None:
    sheet = read(SPECTRUM / "csvs" / f"{name}.csv")
    meaning = json.loads((SPECTRUM / "json" / f"{name}.json").read_text(encoding="utf-8"))
    assert [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows] == meaning


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_command_as_people_type_it(prepared_url: str) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("VS_")}
    command = [sys.executable, "-m", "vs_core", "import", "schools", str(REAL / "schools" / "gias_lincoln_sample.csv")]
    environment = {**own, "VS_DATABASE_URL": prepared_url}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert counts(ended.stdout) == (8, 7, 0, 1, 0)

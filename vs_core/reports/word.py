"""A Word document that clerks can edit: real headings, real tables with header rows, pictures with words for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table

FONT = "Arial"
INK, BLUE, FAINT = RGBColor(0x14, 0x14, 0x14), RGBColor(0x1D, 0x5F, 0xA8), RGBColor(0x56, 0x5F, 0x6C)
HEADER_FILL = "E4EDF7"
_SIZES = {"Title": 24, "Heading 1": 16, "Heading 2": 13}
_CONTROLS = dict.fromkeys(code for code in range(32) if code not in (9, 10)) | dict.fromkeys((0xFFFE, 0xFFFF))


class WordFile:
    """One document being written; `content()` gives its bytes. Text is shown as it is written."""

    def __init__(self, title: str, subject: str, on: date) -> None:
        self._document: Document = docx.Document()
        self._pictures = 0
        _page(self._document)
        _styles(self._document)
        _properties(self._document, title, subject, on)
        self._document.add_paragraph(_text(title), style="Title")

    def heading(self, text: str, level: int = 1) -> None:
        self._document.add_heading(_text(text), level)

    def paragraph(self, text: str, *, faint: bool = False, italic: bool = False) -> None:
        run = self._document.add_paragraph().add_run(_text(text))
        run.italic = italic
        if faint:
            run.font.color.rgb, run.font.size = FAINT, Pt(9.5)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]], widths_cm: Sequence[float]) -> None:
        """A table with a header row that is repeated on each page; numbers stand at the right."""
        table = self._document.add_table(rows=1, cols=len(header))
        table.style, table.autofit = "Table Grid", False
        _fill_row(table, 0, header, bold=True)
        _mark_header(table)
        right = [_is_numbers([row[place] for row in rows]) for place in range(len(header))]
        for row in rows:
            table.add_row()
            _fill_row(table, len(table.rows) - 1, row)
        for place, width in enumerate(widths_cm):
            for cell in table.columns[place].cells:
                cell.width = Cm(width)
                if right[place]:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._document.add_paragraph().paragraph_format.space_after = Pt(2)

    def picture(self, png: bytes, *, alt: str, width_cm: float = 16.5) -> None:
        """A picture as wide as the text; `alt` says in a sentence what it shows."""
        shape = self._document.add_picture(BytesIO(png), width=Cm(width_cm))
        self._pictures += 1
        properties = shape._inline.docPr
        properties.set("descr", _text(alt))
        properties.set("name", f"Chart {self._pictures}")

    def content(self) -> bytes:
        file = BytesIO()
        self._document.save(file)
        return file.getvalue()


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2.0)


def _styles(document: Document) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = FONT, Pt(11), INK
    normal.paragraph_format.space_after = Pt(6)
    for name, size in _SIZES.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), True
        style.font.color.rgb = INK if name == "Title" else BLUE
        style.element.rPr.rFonts.attrib.clear()
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            style.element.rPr.rFonts.set(qn(f"w:{kind}"), FONT)
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        document.styles["Title"].element.pPr.remove(border)
    _language(document, "en-GB")


def _language(document: Document, language: str) -> None:
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), language)


def _properties(document: Document, title: str, subject: str, on: date) -> None:
    """Title, subject, day and language; nobody's name, and not the library's."""
    own = document.core_properties
    own.title, own.subject, own.language = _text(title), _text(subject), "en-GB"
    own.author = own.last_modified_by = own.comments = own.keywords = own.category = ""
    own.created = own.modified = datetime(on.year, on.month, on.day)
    _drop_thumbnail(document)


def _drop_thumbnail(document: Document) -> None:
    """The picture of somebody else's page that the library's template carries."""
    relations = document.part.package.rels
    for name in [name for name, each in relations.items() if each.reltype.endswith("/thumbnail")]:
        del relations[name]


def _fill_row(table: Table, number: int, texts: Sequence[str], *, bold: bool = False) -> None:
    for cell, text in zip(table.rows[number].cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(_text(text))
        run.bold, run.font.size = bold, Pt(10)
        cell.paragraphs[0].paragraph_format.space_after = Pt(1)
        cell.paragraphs[0].paragraph_format.space_before = Pt(1)


def _mark_header(table: Table) -> None:
    row = table.rows[0]
    properties = row._tr.get_or_add_trPr()
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    properties.append(header)
    for cell in row.cells:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", HEADER_FILL)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)


def _is_numbers(texts: Sequence[str]) -> bool:
    said = [text for text in texts if text]
    return bool(said) and all(
        len(text) <= 12 and (text == "c" or text[-1:].isdigit() or text[-1] == "%") for text in said
    )


def _text(text: str) -> str:
    """Without the characters that no Word file can hold."""
    return text.translate(_CONTROLS)

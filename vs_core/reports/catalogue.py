"""The reports that can be taken away: the same from a page and from the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from vs_core.reports import board_pack, weekly_brief, workbook
from vs_core.reports.asked import Asked

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Report:
    """title: as a person says it; suffix: of its file; form: of what kind, in a word; content: makes its bytes."""

    title: str
    suffix: str
    form: str
    media_type: str
    content: Callable[[Connection, Asked], bytes]


REPORTS = {
    "weekly-brief": Report("Weekly brief", ".pdf", "PDF", "application/pdf", weekly_brief.pdf),
    "board-pack": Report("Board pack", ".docx", "Word", f"{_OFFICE}.wordprocessingml.document", board_pack.content),
    "workbook": Report("Figures", ".xlsx", "Excel", f"{_OFFICE}.spreadsheetml.sheet", workbook.content),
}

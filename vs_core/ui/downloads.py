"""Tables and reports taken away: made when fetched, once, for this person, and written to the trail."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from vs_core.access import downloads, roles
from vs_core.access.viewer import Viewer
from vs_core.reports import payment_file
from vs_core.reports import tables as files
from vs_core.reports.asked import Asked
from vs_core.reports.catalogue import REPORTS, Report
from vs_core.reports.reader import of_viewer
from vs_core.rules.listed import CHILD, left_out, listed
from vs_core.rules.payables import Line
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui import words
from vs_core.ui.tables import Column, drawn

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(
    viewer: Viewer,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    title: str,
    notes: Sequence[str],
    as_at: date,
    noun: tuple[str, str] = CHILD,
) -> None:
    """A button that offers columns of the rows of `frame` that may be listed as Excel and as CSV; nothing for a role
    that may not export.

    title: of the sheet and, with the date, of the file; notes: lines under it such as the filters' sentence; noun: one
    and many of what a row is.
    """
    shown = listed(frame)
    if len(shown):
        also = [left_out(frame, noun)] if len(shown) < len(frame) else []
        lazily(viewer, lambda: shown, columns, title=title, notes=[*notes, *also], as_at=as_at, rows=len(shown))


def lazily(
    viewer: Viewer,
    read: Callable[[], pd.DataFrame],
    columns: Sequence[Column],
    *,
    title: str,
    notes: Sequence[str],
    as_at: date,
    rows: int | None = None,
) -> None:
    """The same for rows that are read only when the file is fetched. rows: how many, where that is known before."""
    if not viewer.may(roles.EXPORT):
        return
    stem = file_stem(title, as_at)
    menu = st.popover("Download", icon=":material/download:", key=f"download {stem}", on_change="rerun")
    if not menu.open:
        return
    shown = [column for column in columns if column.kind not in ("link", "course")]
    detail = {"title": title, "notes": list(notes)} | ({} if rows is None else {"rows": rows})

    def workbook() -> bytes:
        return files.xlsx_bytes(drawn(read(), shown), title, notes)

    def text() -> bytes:
        return files.csv_bytes(drawn(read(), shown))

    as_workbook = downloads.offer(viewer, f"{stem}.xlsx", _XLSX, workbook, detail)
    as_text = downloads.offer(viewer, f"{stem}.csv", "text/csv; charset=utf-8", text, detail)
    with menu:
        st.link_button("Excel (.xlsx)", as_workbook, on_click="rerun", icon=":material/table:", width="stretch")
        st.link_button("CSV (.csv)", as_text, on_click="rerun", icon=":material/csv:", width="stretch")
        st.caption("Each download is written to the trail.")


def payments(viewer: Viewer, lines: Sequence[Line], title: str, as_at: date, *, reversed_ones: bool = False) -> None:
    """A button that offers lines of a released batch for the finance system, in the council's layout; nothing for a
    role that may not export. reversed_ones: the counter-entries of the lines."""
    if not viewer.may(roles.EXPORT):
        return
    stem = file_stem(title, as_at)
    name = "Counter-entries for finance" if reversed_ones else "File for finance"
    menu = st.popover(name, icon=":material/download:", key=f"download {stem}", on_change="rerun")
    if not menu.open:
        return
    with menu:
        try:
            of = payment_file.layout()
        except payment_file.LayoutProblem as problem:
            st.error(words.plain(problem), icon=":material/error:")
            return
        total = sum(-line.amount_pence if reversed_ones else line.amount_pence for line in lines)
        detail = {"title": title, "rows": len(lines), "total_pence": total}
        for suffix, media, made, label in _FOR_FINANCE:
            content = partial(made, of, lines, reversed_ones=reversed_ones)
            address = downloads.offer(viewer, f"{stem}{suffix}", media, content, detail)
            st.link_button(label, address, on_click="rerun", icon=_ICONS[suffix], width="stretch")
        st.caption("Each download is written to the trail.")


def take_away(viewer: Viewer, as_at: date, known_on: date | None) -> None:
    """A button that offers the reports of a day; nothing for a role that may not export.

    They hold what the viewer may see: one adviser's children, money only with the right to see it."""
    if not viewer.may(roles.EXPORT):
        return
    menu = st.popover("Take away", icon=":material/download:", key="take away", on_change="rerun")
    if not menu.open:
        return
    asked = Asked(as_at, known_on, settings().authority, of_viewer(viewer))
    with menu:
        for report in REPORTS.values():
            address = _offered(viewer, report, asked)
            label = f"{report.title} ({report.form})"
            st.link_button(label, address, on_click="rerun", icon=_ICONS[report.suffix], width="stretch")
        st.caption("Made when you fetch it, which takes a few seconds. Each download is written to the trail.")


_FOR_FINANCE = (
    (".xlsx", _XLSX, payment_file.xlsx_file, "Excel (.xlsx)"),
    (".csv", "text/csv; charset=utf-8", payment_file.csv_file, "CSV (.csv)"),
)
_ICONS = {
    ".csv": ":material/csv:",
    ".pdf": ":material/picture_as_pdf:",
    ".docx": ":material/description:",
    ".xlsx": ":material/table:",
}


def _offered(viewer: Viewer, report: Report, asked: Asked) -> str:
    name = f"{file_stem(report.title, asked.as_at)}{report.suffix}"
    detail = {"title": report.title, "as_at": asked.as_at.isoformat(), "known_on": str(asked.known_on or "now")}
    made = partial(retried, lambda connection: report.content(connection, asked))
    return downloads.offer(viewer, name, report.media_type, made, detail)


def file_stem(title: str, as_at: date) -> str:
    """`Persistently absent`, 20 Nov 2026 -> `persistently-absent-2026-11-20`."""
    parts = "".join(letter if letter.isalnum() else " " for letter in title.lower()).split()
    return "-".join([*parts, as_at.isoformat()])

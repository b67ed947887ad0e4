"""Refused rows that wait: why, the row to correct and offer again, the file to correct in a spreadsheet."""

from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from vs_core.access import downloads as route
from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.casework import imports
from vs_core.casework.imports import NotNow
from vs_core.intake.kinds import KINDS
from vs_core.intake.problems import FileProblem
from vs_core.intake.refused import lacking
from vs_core.ui import tables, words
from vs_core.ui.downloads import file_stem
from vs_core.ui.load import data
from vs_core.ui.load.data import Refused
from vs_core.ui.tables import Column

FIXED = (
    Column("row_number", "Row", "number", "In its file, as a spreadsheet counts"),
    Column("why", "Why it was refused"),
)
ORIGIN = (Column("file_name", "File"), Column("known_on", "Known on", "date"), Column("import_id", "Import", "number"))
OF_RESTRICTED = ("row about a child", "rows about children")
WAIT_FOR = tuple(
    f"whose whereabouts are restricted {wait} for somebody who is named for such children."
    for wait in ("waits", "wait")
)
CELL = "cell: "
SAID = "refused rows said"
SHOWN_ROWS = 500
NO_LONGER = (
    Column("title", "Kind of file"),
    Column("what", "What became of it"),
    Column("row_number", "Row", "number"),
    Column("file_name", "File"),
    Column("known_on", "Known on", "date"),
)
TO_LOOK_AT = (
    Column("title", "Kind of file"),
    Column("column_name", "Column"),
    Column("sentence", "What to look at"),
    Column("row_number", "Row", "number"),
    Column("file_name", "File"),
    Column("known_on", "Known on", "date"),
)


def show(viewer: Viewer, today: date) -> None:
    """The part of the page."""
    st.subheader("Refused rows")
    _said()
    waiting = data.waiting(viewer)
    if waiting:
        _of_a_kind(viewer, waiting, today)
    else:
        st.info("No refused row is waiting.", icon=":material/task_alt:")
    _no_longer(viewer)
    st.subheader("Taken in, and to look at")
    _to_look_at(viewer)


def _of_a_kind(viewer: Viewer, waiting: dict[str, int], today: date) -> None:
    kind = st.selectbox(
        "Kind of file",
        list(waiting),
        format_func=lambda name: KINDS[name].title,
        key="refused of",
        width=420,
    )
    rows, others = data.refused(viewer, kind)
    if len(rows) > SHOWN_ROWS:
        st.caption(f"The first {SHOWN_ROWS} of {len(rows):,}; the download has them all.")
    frame = _frame(rows[:SHOWN_ROWS])
    cells = [Column(name, name.removeprefix(CELL)) for name in frame.columns if name.startswith(CELL)]
    chosen = tables.listing(
        frame,
        [*FIXED, *_free(cells), *ORIGIN],
        key=f"refused {kind} {' '.join(str(row.id) for row in rows[:1])} {len(rows)}",
        alt="Refused rows of this kind with the reasons and their cells",
        noun=("row waits", "rows wait"),
        empty="No row of this kind waits for you.",
        select=viewer.may(roles.IMPORT),
    )
    if others:
        st.caption(f"{words.counted(others, *OF_RESTRICTED).capitalize()} {WAIT_FOR[others > 1]}")
    _downloads(viewer, kind, rows, today)
    if len(chosen):
        _correct(viewer, next(row for row in rows if row.id == chosen.iloc[0]["id"]), kind, today)
    elif rows and viewer.may(roles.IMPORT):
        also = ", or download them, correct them and upload the file again" if viewer.may(roles.EXPORT) else ""
        st.caption(f"Choose a row to correct it here{also}.")


def _frame(rows: list[Refused]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "id": row.id,
                "row_number": row.row_number,
                "why": row.why,
                "file_name": row.file_name,
                "known_on": row.known_on,
                "import_id": row.import_id,
                **{f"{CELL}{name}": cell for name, cell in row.cells.items()},
            }
            for row in rows
        ]
    )


def _free(cells: list[Column]) -> list[Column]:
    """Cells whose label is not one of the table's own."""
    taken = {column.label for column in (*FIXED, *ORIGIN)}
    return [
        Column(column.field, f"{column.label} (cell)" if column.label in taken else column.label) for column in cells
    ]


def _downloads(viewer: Viewer, kind: str, rows: list[Refused], today: date) -> None:
    if not viewer.may(roles.EXPORT) or all(row.hidden for row in rows):
        return
    menu = st.popover("Download to correct", icon=":material/download:", key=f"download {kind}", on_change="rerun")
    if not menu.open:
        return
    stem = file_stem(f"refused {kind}", today)
    detail = {"title": f"refused rows of {kind}", "rows": sum(not row.hidden for row in rows)}
    forms = {
        "Excel (.xlsx)": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "CSV (.csv)": ("csv", "text/csv; charset=utf-8"),
    }
    with menu:
        for label, (ending, media_type) in forms.items():
            write = data.refused_as_xlsx if ending == "xlsx" else data.refused_as_csv
            made = partial(data.refused_file, rows, write)
            address = route.offer(viewer, f"{stem}.{ending}", media_type, made, detail)
            st.link_button(label, address, on_click="rerun", width="stretch")
        st.caption(
            "Correct the cells, keep the column rejected\\_row, and upload the file. It is written to the trail."
        )


def _correct(viewer: Viewer, row: Refused, kind: str, today: date) -> None:
    with st.container(border=True):
        st.markdown(f"**Row {row.row_number} of {words.plain(row.file_name)}**")
        for column, sentence in row.reasons.items():
            st.markdown(f":material/error: {words.plain(column)}: {words.plain(sentence)}")
        with st.form(f"correct {row.id}", border=False):
            changed = _cells(row, kind)
            if st.form_submit_button("Offer again", type="primary", icon=":material/redo:"):
                _offer(viewer, row, changed, today)
        with st.popover("Dismiss", icon=":material/delete:"):
            reason = st.text_input("Why it is not needed", key=f"reason {row.id}", max_chars=imports.LONGEST_REASON)
            if st.button("Dismiss the row", key=f"dismiss {row.id}"):
                _dismiss(viewer, row, reason)


def _cells(row: Refused, kind: str) -> dict[str, str]:
    """A field a cell, those that were complained about first; what stands in them when it differs from the row."""
    lacked = lacking(kind, row.cells)
    names = sorted([*row.cells, *lacked], key=lambda name: name not in row.reasons and name not in lacked)
    grid = st.columns(3)
    changed = {}
    for place, name in enumerate(name for name in names if name not in row.hidden):
        was = row.cells.get(name, "")
        now = grid[place % 3].text_input(
            words.plain(name), was, key=f"cell {row.id} {name}", help=words.plain(row.reasons.get(name, "")) or None
        )
        if now != was or name in lacked:
            changed[name] = now
    if row.hidden:
        st.caption(words.plain(f"Not shown to your role, and offered as they came: {', '.join(sorted(row.hidden))}."))
    return changed


def _offer(viewer: Viewer, row: Refused, changed: dict[str, str], today: date) -> None:
    said: list[tuple[str, str]] = st.session_state.setdefault(SAID, [])
    said.clear()
    try:
        told = imports.offer_again(viewer, row.id, changed, today)
    except NotNow as trouble:
        _try_again(trouble)
        return
    except FileProblem as problem:
        said.append(("error", str(problem)))
    else:
        if told.import_id is None:
            said += [("error", f"Still refused. {problem}") for problem in told.problems]
        else:
            said.append(("success", f"Row {row.row_number} is taken in, as import {told.import_id}."))
    st.rerun()


def _dismiss(viewer: Viewer, row: Refused, reason: str) -> None:
    said: list[tuple[str, str]] = st.session_state.setdefault(SAID, [])
    said.clear()
    try:
        imports.dismiss(viewer, row.id, reason)
        said.append(("success", f"Row {row.row_number} is dismissed."))
    except NotNow as trouble:
        _try_again(trouble)
        return
    except FileProblem as problem:
        said.append(("error", str(problem)))
    st.rerun()


def _try_again(trouble: NotNow) -> None:
    st.error(words.plain(trouble), icon=":material/database_off:")
    st.caption("The row waits as before. The same button tries again.")


def _said() -> None:
    for kind, sentence in st.session_state.get(SAID, []):
        if kind == "success":
            st.success(words.plain(sentence), icon=":material/check:")
        else:
            st.error(words.plain(sentence), icon=":material/error:")


def _no_longer(viewer: Viewer) -> None:
    rows = data.no_longer_waiting(viewer)
    if rows.empty:
        return
    with st.expander("Refused rows that wait no longer"):
        tables.listing(
            rows,
            NO_LONGER,
            key="wait no longer",
            alt="Refused rows that wait no longer, with what became of each",
            noun=("row", "rows"),
        )


def _to_look_at(viewer: Viewer) -> None:
    rows, number = data.to_look_at(viewer)
    if number > len(rows):
        st.caption(f"The latest {len(rows):,} of {number:,}.")
    tables.listing(
        rows,
        TO_LOOK_AT,
        key="cells to look at",
        alt="Cells that were taken in and that somebody should look at",
        noun=("cell", "cells"),
        empty="No cell that was taken in needs a look.",
    )

"""What arrived when and from whom: one row a kind, the whole ledger, and the undoing of an import."""

from datetime import date

import pandas as pd
import streamlit as st

from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.casework import imports
from vs_core.intake.kinds import KINDS
from vs_core.intake.problems import FileProblem
from vs_core.ui import downloads, tables, words
from vs_core.ui.load import data
from vs_core.ui.tables import Column

ENTRIES_A_PAGE = 50
EVERY_KIND = "Every kind"
MARKS = {
    "late": "⚠ late",
    "never arrived": "○ never arrived",
    "in time": "✓ in time",
    "shipped with the dashboard": "✓ shipped",
}

BY_KIND = (
    Column("title", "Kind of file"),
    Column("mark", "State"),
    Column("known_on", "Last known on", "date", "Day from which the rows of the last delivery count as known"),
    Column("age_days", "Age, days", "number"),
    Column("expected", "Expected"),
    Column("imported_by", "By"),
    Column("rows_in_last", "Rows in", "number", "Rows of the last delivery"),
    Column("inserted_last", "New", "number"),
    Column("corrected_last", "Corrected", "number"),
    Column("unchanged_last", "Unchanged", "number"),
    Column("rejected_last", "Refused", "number"),
    Column("files", "Files", "number", "Files of this kind in the ledger"),
)
LEDGER = (
    Column("id", "Entry", "number"),
    Column("title", "Kind of file"),
    Column("what", "What"),
    Column("file_name", "File"),
    Column("known_on", "Known on", "date"),
    Column("imported_at", "Taken in at"),
    Column("imported_by", "By"),
    Column("rows_in", "Rows in", "number"),
    Column("inserted", "New", "number"),
    Column("unchanged", "Unchanged", "number"),
    Column("corrected", "Corrected", "number"),
    Column("rejected", "Refused", "number"),
    Column("encoding", "Read as"),
    Column("mapping", "Mapping"),
    Column("ignored_columns", "Ignored columns"),
)


def show(viewer: Viewer, today: date) -> None:
    """The part of the page."""
    st.subheader("What arrived last, by kind")
    rows = _by_kind(viewer, today)
    tables.listing(
        rows,
        BY_KIND,
        key="deliveries by kind",
        alt="For each kind of file its last delivery, by whom, its rows and whether the next one is late",
        noun=("kind of file", "kinds of file"),
    )
    downloads.table(viewer, rows, BY_KIND, title="What arrived last", notes=[], as_at=today)
    st.subheader("The ledger of imports")
    _ledger(viewer, today)


def _by_kind(viewer: Viewer, today: date) -> pd.DataFrame:
    rows = data.deliveries(viewer, today)
    rows = rows.rename(columns={f"last_{name}": f"{name}_last" for name in data.COUNTS})
    rows["mark"] = [MARKS[state] for state in rows["state"]]
    return rows


def _ledger(viewer: Viewer, today: date) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            "Kind of file",
            ["", *KINDS],
            format_func=lambda name: KINDS[name].title if name else EVERY_KIND,
            key="ledger of",
            bind="query-params",
            width=320,
        )
        page = st.number_input("Page", 1, 100_000, key=f"ledger page {kind}", width=140)
    rows, number = data.entries(viewer, kind or "", ENTRIES_A_PAGE, (int(page) - 1) * ENTRIES_A_PAGE)
    pages = max(1, -(-number // ENTRIES_A_PAGE))
    st.caption(f"{words.counted(number, 'entry', 'entries').capitalize()}; page {page} of {pages}, latest first.")
    chosen = tables.listing(
        rows,
        LEDGER,
        key=f"ledger {kind} {page} {number}",
        alt="Entries of the ledger of imports with their counts",
        noun=("entry on this page", "entries on this page"),
        empty="This page of the ledger is empty.",
        select=viewer.may(roles.IMPORT),
    )
    _undone_before()
    if len(chosen):
        _undoing(viewer, chosen.iloc[0], today)
    elif len(rows) and viewer.may(roles.IMPORT):
        st.caption("Choose an entry to see what undoing it would do.")


def _undoing(viewer: Viewer, entry: pd.Series, today: date) -> None:
    number = int(entry["id"])
    with st.container(border=True):
        try:
            st.markdown(words.plain(imports.undo_outlook(viewer, number, today)))
        except FileProblem as problem:
            st.info(words.plain(problem), icon=":material/info:")
            return
        if st.button(f"Undo import {number}", icon=":material/undo:", key=f"undo {number}"):
            _undo(viewer, number, today)


def _undo(viewer: Viewer, number: int, today: date) -> None:
    told: dict[int, str] = st.session_state.setdefault("undone", {})
    if number not in told:
        try:
            told[number] = imports.undo(viewer, number, today)
        except FileProblem as problem:
            st.error(words.plain(problem), icon=":material/error:")
            return
    st.rerun()


def _undone_before() -> None:
    for sentence in st.session_state.get("undone", {}).values():
        st.success(words.plain(sentence), icon=":material/undo:")

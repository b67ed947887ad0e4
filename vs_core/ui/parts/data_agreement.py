"""Whether file = ledger = tables = figures."""

from datetime import date

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.ui import downloads, tables, words
from vs_core.ui.load import data
from vs_core.ui.tables import Column

KINDS = (
    Column("title", "Kind of file"),
    Column("agreement", "Agrees"),
    Column("files", "Files", "number"),
    Column("rows_in", "Rows in", "number", "Rows of all files = new + unchanged + corrected + refused"),
    Column("inserted", "New", "number"),
    Column("unchanged", "Unchanged", "number"),
    Column("corrected", "Corrected", "number"),
    Column("rejected", "Refused", "number"),
    Column("net_new", "New, less undone", "number", "What the ledger says that the table should hold"),
    Column("current_rows", "Rows in the table", "number", "Believed now; of attendance: marks"),
    Column("born_closed", "Replaced when they came", "number", "Rows of late deliveries, known for past days only"),
)
FIGURES = (
    Column("title", "Kind of file"),
    Column("agreement", "Agrees"),
    Column("figure", "Figure"),
    Column("table_rows", "Rows in the table", "number", "With a day up to today"),
    Column("figure_rows", "Counted by the figure", "number"),
)


def show(viewer: Viewer, today: date) -> None:
    """The part of the page."""
    st.subheader("File = ledger = tables = figures")
    with st.spinner("Counting everything again…"):
        found = data.reconciliation(viewer, today)
    if found.faults:
        for sentence in found.faults:
            st.error(words.plain(sentence), icon=":material/error:")
    else:
        files, rows = int(found.kinds["files"].sum()), int(found.kinds["rows_in"].sum())
        st.success(
            f"Everything agrees: {rows:,} rows of {words.counted(files, 'file')} are in the ledger, the tables hold"
            " what the ledger says, and the figures count what the tables hold.",
            icon=":material/task_alt:",
        )
    kinds = found.kinds.assign(agreement=_agreement(found.kinds["agrees"]))
    tables.listing(
        kinds,
        KINDS,
        key="reconciliation by kind",
        alt="Rows of files, of the ledger and of the tables, by kind of file",
        noun=("kind of file", "kinds of file"),
        empty="No file has come yet.",
    )
    downloads.table(viewer, kinds, KINDS, title="Reconciliation", notes=[], as_at=today)
    st.subheader("Tables and figures")
    st.caption("Over all time and every child known, up to today.")
    counted = found.figures.assign(agreement=_agreement(found.figures["agrees"]))
    tables.listing(
        counted,
        FIGURES,
        key="reconciliation of figures",
        alt="Rows of the tables beside what figures count of them",
        noun=("figure", "figures"),
    )
    st.caption(
        "Attendance files have a row a half day or a row a day, so the table holds one or two marks for each row."
        " How the figures are made: python -m vs_core figures --describe."
        " Summaries are proved by python -m vs_core check."
    )


def _agreement(agrees: pd.Series) -> list[str]:
    return ["✓ yes" if each else "✗ no" for each in agrees]

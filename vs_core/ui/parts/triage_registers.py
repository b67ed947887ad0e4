"""Register codes that do not agree with what else is known, as lists of work."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.figures import reconciling
from vs_core.ui import address, downloads, tables, words
from vs_core.ui.load import triage as read
from vs_core.ui.parts import children
from vs_core.ui.parts.triage import Day
from vs_core.ui.tables import Column

KIND = "registers"
SPELL = ("spell of marks", "spells of marks")
COLUMNS = (
    Column("child", "Child"),
    Column("year", "Year"),
    Column("school", "School"),
    Column("first_on", "From", "date"),
    Column("last_on", "To", "date"),
    Column("sessions", "Half days", "number"),
)


def draw(viewer: Viewer, day: Day) -> None:
    """How much there is of each kind, and the list of the one that is chosen."""
    with st.spinner("Comparing registers with what else is known"):
        rows = read.reconciliations(viewer, day.as_at, day.known_on)
    counts = reconciling.counts(rows)
    titles = {str(row.kind): f"{row.title} ({row.children})" for row in counts.itertuples()}
    usual = next((str(row.kind) for row in counts.itertuples() if row.children), next(iter(titles)))
    chosen = address.one_of("What does not agree", titles, KIND, usual=usual)
    _listing(viewer, rows[rows["kind"] == chosen], counts[counts["kind"] == chosen].iloc[0], day)


def _listing(viewer: Viewer, rows: pd.DataFrame, of: pd.Series, day: Day) -> None:
    st.markdown(words.plain(of["to_do"]))
    own = children.with_names(rows)
    linked, columns = children.linked(viewer, own, COLUMNS, day.frame)
    tables.listing(
        linked,
        columns,
        key=f"registers {of['kind']}",
        alt="Half days in registers that do not agree with what else is known, by child",
        noun=SPELL,
        empty="Nothing of this kind: the registers agree with what else is known.",
    )
    notes = [str(of["to_do"]), f"As at {words.long_day(day.as_at)}"]
    downloads.table(viewer, own, COLUMNS, title=str(of["title"]), notes=notes, as_at=day.as_at, noun=SPELL)

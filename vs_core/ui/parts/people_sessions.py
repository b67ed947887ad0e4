"""Who is signed in now, and the ending of sessions."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from vs_core.access import administering
from vs_core.access.viewer import Viewer
from vs_core.ui import tables
from vs_core.ui.load import people as read
from vs_core.ui.parts import people_told
from vs_core.ui.parts.people_told import Told
from vs_core.ui.tables import Column

WHOSE = (Column("display_name", "Name"), Column("name", "Sign-in name"))
COLUMNS = (
    Column("since", "Signed in"),
    Column("last_deed", "Last deed", help="When the person last did something; a screen that refreshes itself is none"),
    Column("until", "Ends at the latest"),
    Column("address", "Network address"),
    Column("browser", "Browser"),
    Column("how", "How"),
    Column("this", "Yours"),
)


def show(viewer: Viewer) -> None:
    """The part of the page."""
    people_told.say()
    rows = read.open_sessions(viewer)
    listing(rows, [*WHOSE, *COLUMNS])
    st.button("Look again", icon=":material/refresh:", key="look again at sessions")
    labels = _labels(rows)
    session_id = st.selectbox(
        "End a session",
        list(labels),
        index=None,
        format_func=lambda one: labels.get(one, one),
        placeholder="Choose a session",
        filter_mode="contains",
        key=f"session to end {people_told.changes()}",
        width=620,
    )
    chosen = rows[rows["id"] == session_id]
    if chosen.empty:
        st.caption("The open tabs of a session that is ended close within seconds.")
    else:
        _ending(viewer, chosen.iloc[0], int(rows["name"].eq(chosen.iloc[0]["name"]).sum()))


def listing(rows: pd.DataFrame, columns: Sequence[Column]) -> None:
    """The sessions with their count."""
    tables.listing(
        rows,
        columns,
        key="sessions",
        alt="Sessions that are open now, with their times, network address and browser",
        noun=("open session", "open sessions"),
        empty="Nobody is signed in.",
    )


def _labels(rows: pd.DataFrame) -> dict[str, str]:
    """A label a session, no two alike: whoever chooses one ends that one."""
    given: dict[str, str] = {}
    for row in rows.itertuples():
        parts = [f"{row.display_name} ({row.name})", f"since {row.since}", row.browser, row.address, row.this]
        said = ", ".join(part for part in parts if isinstance(part, str))
        same = sum(label == said or label.startswith(f"{said} · ") for label in given.values())
        given[str(row.id)] = f"{said} · {same + 1}" if same else said
    return given


def _ending(viewer: Viewer, row: pd.Series, number: int) -> None:
    with st.container(horizontal=True):
        if st.button("End this session", type="primary", icon=":material/logout:", key="end session"):
            people_told.changed(lambda: _ended(viewer, row))
        if number > 1 and st.button(f"End all {number} of this person", icon=":material/logout:", key="end all"):
            people_told.changed(lambda: _all_ended(viewer, row))


def _ended(viewer: Viewer, row: pd.Series) -> Told:
    administering.end_session(viewer, str(row["id"]))
    return Told(f"The session of {row['display_name']} has ended.")


def _all_ended(viewer: Viewer, row: pd.Series) -> Told:
    administering.end_sessions_of(viewer, str(row["name"]))
    return Told(f"Every session of {row['display_name']} has ended.")

"""The head of the Data page: its figures, what to do first, and the choice of its parts."""

from datetime import date

import pandas as pd
import streamlit as st

from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.intake.kinds import KINDS
from vs_core.ui import tiles, words
from vs_core.ui.load import data
from vs_core.ui.tiles import Tile

ARRIVED, UPLOAD, REFUSED = "Arrived", "Upload", "Refused rows"
COMPLETE, AGREEMENT = "Completeness", "Reconciliation"

START_WITH = (
    ("Schools", "schools", "the extract of Get Information About Schools, as it is downloaded"),
    ("Children", "children", "the authority's own list; or the SSDA903 header file"),
    ("Looked after: episodes", "ssda903-episodes", "the SSDA903 episodes file: it says who is in care"),
    ("Enrolments", "enrolments", "where each child is on roll"),
    ("Attendance", "attendance", "register marks, one row a half day or a day"),
)


def headline(viewer: Viewer, today: date) -> None:
    """The tiles; on a database without a file, what to begin with instead."""
    rows = data.deliveries(viewer, today)
    if data.nothing_imported(rows):
        _begin()
        return
    tiles.figures_row(_tiles(viewer, rows), key="data tiles")


def choose(viewer: Viewer) -> str:
    """The part that is shown, kept in the address."""
    parts = [ARRIVED, *([UPLOAD] if viewer.may(roles.IMPORT) else []), REFUSED, COMPLETE, AGREEMENT]
    chosen = st.segmented_control(
        "Part of the page", parts, default=ARRIVED, key="part", label_visibility="collapsed", bind="query-params"
    )
    return chosen if chosen in parts else ARRIVED


def _begin() -> None:
    st.info("Nothing has been imported yet, so every page is still empty.", icon=":material/info:")
    lines = [f"{place}. **{title}** (`{kind}`): {what}." for place, (title, kind, what) in enumerate(START_WITH, 1)]
    how = f"Choose **{UPLOAD}** below, say what is in the file, and look at the totals before anything is kept."
    st.markdown("\n".join(["Start with these files, in this order:", "", *lines, "", how]))
    st.caption(
        "Any order works: a child or school that a file names before its list has come is kept and listed under"
        f" {COMPLETE}. Files also come in from the command line: python -m vs_core import KIND FILE."
    )


def _tiles(viewer: Viewer, rows: pd.DataFrame) -> list[Tile]:
    came = rows[rows["known_on"].notna()]
    last = came["known_on"].max() if len(came) else None
    late, never = rows["state"].eq("late"), rows["state"].eq("never arrived")
    waiting = data.waiting(viewer)
    _, cells = data.to_look_at(viewer)
    return [
        Tile(
            "last",
            "Last delivery",
            f"{last.day} {last:%b}" if last else None,
            caption=(f"of {last.year}; " if last else "")
            + words.counted(int(rows["files"].sum()), "file in the ledger", "files in the ledger"),
            definition="The latest day from which the rows of a file count as known.",
        ),
        Tile(
            "late",
            "Kinds of file that are late",
            f"{int(late.sum())}",
            caption=f"of {len(came)} that have come; {int(never.sum())} never came",
            definition="Older than the limit for how often the kind is expected, from the list of thresholds.",
        ),
        Tile(
            "waiting",
            "Refused rows waiting",
            f"{sum(waiting.values()):,}",
            caption=words.listed([f"{KINDS[kind].title}: {number:,}" for kind, number in waiting.items()]) or "none",
            definition="Rows that an import could not take in and that nobody has corrected or dismissed yet.",
        ),
        Tile(
            "look at",
            "Cells to look at",
            f"{cells:,}",
            caption="taken in; somebody should check them",
            definition="Empty codes, dates out of order and the like: taken in as they came.",
        ),
    ]
